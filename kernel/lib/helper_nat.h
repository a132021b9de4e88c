/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Init, exit and licence of a module nf_nat_NAME, the NAT half of a helper. The
 * module defines MODULE_DESCRIPTION() and MODULE_ALIAS_NF_NAT_HELPER(), which
 * also contains the classic name ip_nat_NAME.
 */
#ifndef POM_LIB_HELPER_NAT_H
#define POM_LIB_HELPER_NAT_H

#include <linux/module.h>

#include "lib/helper.h"

/* Most helpers of one module. */
#define POM_NAT_HELPERS	4

/* Defined by the module: the first of up to POM_NAT_HELPERS helpers. */
extern struct pom_helper *const pom_nat_of;

#endif /* POM_LIB_HELPER_NAT_H */
