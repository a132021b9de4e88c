// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the H.323 helpers: addresses in messages are replaced by
 * those that the other side can reach.
 */

#include "h323/nf_conntrack_h323.h"
#include "lib/helper_nat.h"

MODULE_DESCRIPTION("NAT for the H.323 connection tracking helpers");
MODULE_ALIAS_NF_NAT_HELPER("RAS");
MODULE_ALIAS_NF_NAT_HELPER("Q.931");
MODULE_ALIAS_NF_NAT_HELPER("H.225");
MODULE_ALIAS_NF_NAT_HELPER("H.245");
MODULE_ALIAS("ip_nat_h323");
struct pom_helper *const pom_nat_of = &pom_h323_ras_helper;
