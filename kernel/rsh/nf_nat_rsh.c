// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the rsh helper: an announced port is replaced by one that the
 * server can reach.
 */

#include "lib/helper_nat.h"
#include "rsh/nf_conntrack_rsh.h"

MODULE_DESCRIPTION("NAT for the rsh connection tracking helper");
MODULE_ALIAS_NF_NAT_HELPER("rsh");
struct pom_helper *const pom_nat_of = &pom_rsh_helper;
