/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameter, init, exit and licence of a module nf_conntrack_NAME, which
 * attaches a helper to ports. The module defines MODULE_DESCRIPTION(), its
 * classic alias, and MODULE_SOFTDEP() if it has a NAT half. A protocol with
 * several parameters for ports does this itself, see nf_autohelper.h.
 */
#ifndef POM_LIB_HELPER_ATTACH_H
#define POM_LIB_HELPER_ATTACH_H

#include "autohelper/nf_autohelper.h"

/* Defined by the module. */
extern struct pom_helper *const pom_attach_of;

#endif /* POM_LIB_HELPER_ATTACH_H */
