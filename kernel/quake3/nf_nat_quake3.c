// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the Quake III helper. Nothing is rewritten: an answer names
 * servers that NAT does not change. A client reaches them from the address that
 * the master server has seen.
 */

#include "lib/helper_nat.h"
#include "quake3/nf_conntrack_quake3.h"

MODULE_DESCRIPTION("NAT for the Quake III connection tracking helper");
MODULE_ALIAS_NF_NAT_HELPER("quake3");
struct pom_helper *const pom_nat_of = &pom_quake3_helper;
