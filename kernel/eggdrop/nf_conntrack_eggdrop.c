// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches the eggdrop helper to its ports. Only an administrator loads this
 * module; a request of the kernel loads nf_conntrack_eggdrop_core.
 */

#include <linux/module.h>

#include "eggdrop/nf_conntrack_eggdrop.h"
#include "lib/helper_attach.h"

MODULE_DESCRIPTION("eggdrop connection tracking helper, attached to port 3333");
MODULE_ALIAS("ip_conntrack_eggdrop");
MODULE_ALIAS("ip_conntrack_egg");
MODULE_SOFTDEP("post: nf_nat_eggdrop");
struct pom_helper *const pom_attach_of = &pom_eggdrop_helper;
