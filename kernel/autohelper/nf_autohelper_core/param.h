/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What nf_autohelper, which has the attach= parameter, asks of
 * nf_autohelper_core. They are two modules because a parameter is read while
 * its module is still being loaded, and a helper module that the parameter
 * names may itself need nf_autohelper_core before it can be loaded.
 */
#ifndef POM_NF_AUTOHELPER_CORE_PARAM_H
#define POM_NF_AUTOHELPER_CORE_PARAM_H

/**
 * nf_autohelper_param_attach() - attach one helper, in the initial namespace
 * @text: PROTO:PORT=HELPER; the helper's module is loaded where needed
 * @owner: for nf_autohelper_param_detach()
 *
 * Process context, may sleep. Says in the kernel log what went wrong.
 *
 * Return: 0; -EINVAL where @text is not understood or names a port twice;
 * -ENOENT for an unknown helper; -EEXIST where another helper is requested for
 * the port; -ENOSPC beyond the limit; -ENOMEM.
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
