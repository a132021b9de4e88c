/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface of nf_autohelper_core for nf_autohelper, which has the attach=
 * parameter. They are two modules because attaching loads the modules of the
 * helpers, some of which need nf_autohelper_core. It must be loaded completely
 * by then, but nf_autohelper still is in its init function.
 */
#ifndef POM_NF_AUTOHELPER_CORE_PARAM_H
#define POM_NF_AUTOHELPER_CORE_PARAM_H

/**
 * nf_autohelper_param_attach() - attach one helper, in the initial namespace
 * @text: PROTO:PORT=HELPER; the helper's module is loaded if needed
 * @owner: for nf_autohelper_param_detach()
 *
 * Process context, may sleep. Logs the reason of a failure.
 *
 * Return: 0; -EINVAL if @text is invalid or has a duplicate port; -ENOENT for
 * an unknown helper; -EBUSY if a different helper is requested for the port;
 * -ENOSPC at the limit; -ENOMEM.
 */
int nf_autohelper_param_attach(const char *text, const void *owner);

/**
 * nf_autohelper_param_detach() - undo all of an owner's attachments
 * @owner: as given to nf_autohelper_param_attach()
 *
 * Process context, sleeps for a grace period.
 */
void nf_autohelper_param_detach(const void *owner);

#endif
