// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the talk helpers: addresses in messages are replaced by those
 * that the other host can reach.
 */

#include "lib/helper_nat.h"
#include "talk/nf_conntrack_talk.h"

MODULE_DESCRIPTION("NAT for the talk connection tracking helpers");
MODULE_ALIAS_NF_NAT_HELPER("talk");
MODULE_ALIAS_NF_NAT_HELPER("ntalk");
struct pom_helper *const pom_nat_of = &pom_ntalk_helper;
