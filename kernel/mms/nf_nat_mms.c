// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the MMS helper: an announced address and port are replaced by
 * those that the server can reach.
 */

#include "lib/helper_nat.h"
#include "mms/nf_conntrack_mms.h"

MODULE_DESCRIPTION("NAT for the MMS connection tracking helper");
MODULE_ALIAS_NF_NAT_HELPER("mms");
struct pom_helper *const pom_nat_of = &pom_mms_helper;
