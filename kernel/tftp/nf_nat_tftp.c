// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NAT half of the TFTP helper. No packet contains an address, so nothing
 * is rewritten: the transfer that answers a request is mapped as the request.
 */

#include "lib/helper_nat.h"
#include "tftp/nf_conntrack_tftp.h"

MODULE_DESCRIPTION("NAT for the TFTP connection tracking helper");
MODULE_ALIAS_NF_NAT_HELPER("tftp");
struct pom_helper *const pom_nat_of = &pom_tftp_helper;
