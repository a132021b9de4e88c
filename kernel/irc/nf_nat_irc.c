// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the IRC helper: announced addresses and ports are replaced
 * by those that the peer can reach.
 */

#include "lib/helper_nat.h"
#include "irc/nf_conntrack_irc.h"

MODULE_DESCRIPTION("NAT for the IRC connection tracking helper");
MODULE_ALIAS_NF_NAT_HELPER("irc");
struct pom_helper *const pom_nat_of = &pom_irc_helper;
