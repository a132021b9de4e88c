// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the Amanda helper: announced ports are replaced by those that
 * the backup server can reach.
 */

#include "amanda/nf_conntrack_amanda.h"
#include "lib/helper_nat.h"

MODULE_DESCRIPTION("NAT for the Amanda connection tracking helper");
MODULE_ALIAS_NF_NAT_HELPER("amanda");
struct pom_helper *const pom_nat_of = &pom_amanda_helper;
