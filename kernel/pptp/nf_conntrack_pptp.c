// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches the pptp helper to its ports. Only an administrator loads this
 * module; a request of the kernel loads nf_conntrack_pptp_core.
 */

#include <linux/module.h>

#include "lib/helper_attach.h"
#include "pptp/nf_conntrack_pptp.h"

MODULE_DESCRIPTION("PPTP connection tracking helper, attached to port 1723");
MODULE_ALIAS("ip_conntrack_pptp");
MODULE_SOFTDEP("post: nf_nat_pptp");
struct pom_helper *const pom_attach_of = &pom_pptp_helper;
