// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches the rsh helper to its ports. Only an administrator loads this
 * module; a request of the kernel loads nf_conntrack_rsh_core.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "autohelper/nf_autohelper.h"
#include "rsh/nf_conntrack_rsh.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("rsh connection tracking helper, attached to port 514");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ip_conntrack_rsh");
MODULE_SOFTDEP("post: nf_nat_rsh");

static unsigned short ports[NF_AUTOHELPER_PORTS];
static unsigned int n_ports;
module_param_array(ports, ushort, &n_ports, 0400);
MODULE_PARM_DESC(ports, "ports of servers, up to 8 (default: 514)");

static unsigned int range = RSH_RESERVED_LAST;
module_param(range, uint, 0400);
MODULE_PARM_DESC(range, "last reserved port, 512 to 32767 (default: 1023)");

static int __init nf_conntrack_rsh_init(void)
{
	int ret;

	if (range < RSH_RESERVED_FIRST || range > RSH_RANGE_MAX) {
		pr_err("range=%u: must be %u to %u\n", range,
		       RSH_RESERVED_FIRST, RSH_RANGE_MAX);
		return -EINVAL;
	}
	pom_rsh_set_range(range);
	ret = nf_autohelper_attach(&pom_rsh_helper, ports, n_ports);
	if (ret)
		pom_rsh_set_range(RSH_RESERVED_LAST);
	return ret;
}

static void __exit nf_conntrack_rsh_exit(void)
{
	nf_autohelper_detach(&pom_rsh_helper);
	pom_rsh_set_range(RSH_RESERVED_LAST);
}

module_init(nf_conntrack_rsh_init);
module_exit(nf_conntrack_rsh_exit);
