/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A module nf_nat_NAME, the NAT half of a helper: init, exit and licence. The
 * module says MODULE_DESCRIPTION() and MODULE_ALIAS_NF_NAT_HELPER(), which is
 * the classic name too: ip_nat_NAME.
 */
#ifndef POM_LIB_HELPER_NAT_H
#define POM_LIB_HELPER_NAT_H

#include <linux/module.h>

#include "lib/helper.h"

/* Defined by the module. */
extern struct pom_helper *const pom_nat_of;

#endif /* POM_LIB_HELPER_NAT_H */
