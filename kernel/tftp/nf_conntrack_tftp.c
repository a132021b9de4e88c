// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches the TFTP helper to its ports. Only an administrator loads this
 * module; a request of the kernel loads nf_conntrack_tftp_core.
 */

#include <linux/module.h>

#include "lib/helper_attach.h"
#include "tftp/nf_conntrack_tftp.h"

MODULE_DESCRIPTION("TFTP connection tracking helper, attached to port 69");
MODULE_ALIAS("ip_conntrack_tftp");
MODULE_SOFTDEP("post: nf_nat_tftp");

struct pom_helper *const pom_attach_of = &pom_tftp_helper;
