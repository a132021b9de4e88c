/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Init, exit and licence of a module nf_conntrack_NAME_core, which registers a
 * helper and those that follow it by @next. The module exports them and defines
 * MODULE_DESCRIPTION(), MODULE_ALIAS_NFCT_HELPER() and, if it has a NAT half,
 * MODULE_SOFTDEP().
 */
#ifndef POM_LIB_HELPER_CORE_H
#define POM_LIB_HELPER_CORE_H

#include "lib/helper.h"

/* Defined by the module: its first helper. */
extern struct pom_helper *const pom_core_of;

#endif /* POM_LIB_HELPER_CORE_H */
