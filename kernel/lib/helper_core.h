/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A module nf_conntrack_NAME_core, which registers a helper: init, exit and
 * licence. The module exports the helper and says MODULE_DESCRIPTION(),
 * MODULE_ALIAS_NFCT_HELPER() and, where it has a NAT half, MODULE_SOFTDEP().
 */
#ifndef POM_LIB_HELPER_CORE_H
#define POM_LIB_HELPER_CORE_H

#include "lib/helper.h"

/* Defined by the module. */
extern struct pom_helper *const pom_core_of;

#endif /* POM_LIB_HELPER_CORE_H */
