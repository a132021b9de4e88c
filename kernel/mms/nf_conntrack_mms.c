// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches the MMS helper to its ports. Only an administrator loads this
 * module; a request of the kernel loads nf_conntrack_mms_core.
 */

#include <linux/module.h>

#include "lib/helper_attach.h"
#include "mms/nf_conntrack_mms.h"

MODULE_DESCRIPTION("MMS connection tracking helper, attached to port 1755");
MODULE_ALIAS("ip_conntrack_mms");
MODULE_SOFTDEP("post: nf_nat_mms");
struct pom_helper *const pom_attach_of = &pom_mms_helper;
