// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the pptp helper: GRE connections get the addresses of their
 * control connection, and call ids that no other call has.
 */

#include "lib/helper_nat.h"
#include "pptp/nf_conntrack_pptp.h"

MODULE_DESCRIPTION("NAT for the PPTP connection tracking helper");
MODULE_ALIAS_NF_NAT_HELPER("pptp");
MODULE_ALIAS("ip_nat_proto_gre");
struct pom_helper *const pom_nat_of = &pom_pptp_helper;
