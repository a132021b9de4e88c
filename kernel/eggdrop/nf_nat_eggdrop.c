// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the eggdrop helper: announced addresses and ports are
 * replaced by those that the other bot can reach.
 */

#include "eggdrop/nf_conntrack_eggdrop.h"
#include "lib/helper_nat.h"

MODULE_DESCRIPTION("NAT for the eggdrop connection tracking helper");
MODULE_ALIAS_NF_NAT_HELPER("eggdrop");
struct pom_helper *const pom_nat_of = &pom_eggdrop_helper;
