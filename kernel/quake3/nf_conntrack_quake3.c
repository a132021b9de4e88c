// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches the Quake III helper to the ports of master servers. Only an
 * administrator loads this module; a request of the kernel loads
 * nf_conntrack_quake3_core.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "autohelper/nf_autohelper.h"
#include "lib/param.h"
#include "quake3/nf_conntrack_quake3.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Quake III connection tracking helper, attached to port 27950");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ip_conntrack_quake3");
MODULE_SOFTDEP("post: nf_nat_quake3");

static unsigned short ports[NF_AUTOHELPER_PORTS];
static unsigned int n_ports;
module_param_array(ports, ushort, &n_ports, 0400);
MODULE_PARM_DESC(ports, "ports of master servers, up to 8 (default: 27950)");

static unsigned int max_servers = NF_CT_EXPECT_MAX_CNT;
module_param(max_servers, uint, 0400);
MODULE_PARM_DESC(max_servers, "most game servers that a client may reach at a time through one master server, 1 to 255 (default: 255)");

static struct nf_conntrack_expect_policy policy;

static int __init nf_conntrack_quake3_init(void)
{
	int ret;

	if (!pom_param_is_valid("max_servers", max_servers,
				NF_CT_EXPECT_MAX_CNT))
		return -EINVAL;
	policy = *pom_quake3_helper.policy;
	policy.max_expected = max_servers;
	ret = nf_autohelper_attach(&pom_quake3_helper, ports, n_ports);
	if (ret == 0)
		pom_helper_set_policy(&pom_quake3_helper, &policy);
	return ret;
}

static void __exit nf_conntrack_quake3_exit(void)
{
	pom_helper_set_policy(&pom_quake3_helper, pom_quake3_helper.policy);
	/* Waits until no packet reads the policy of this module. */
	nf_autohelper_detach(&pom_quake3_helper);
}

module_init(nf_conntrack_quake3_init);
module_exit(nf_conntrack_quake3_exit);
