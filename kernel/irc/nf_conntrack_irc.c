// SPDX-License-Identifier: GPL-2.0-only
/*
 * The IRC helper attached to its ports, where an administrator loads this
 * module, and with the limits of its parameters. No request of the kernel leads
 * here: nf_conntrack_irc_core serves those.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "autohelper/nf_autohelper.h"
#include "irc/nf_conntrack_irc.h"
#include "lib/param.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("IRC connection tracking helper, attached to port 6667");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ip_conntrack_irc");
MODULE_SOFTDEP("post: nf_nat_irc");

#define TIMEOUT_MAX	86400	/* seconds */

static unsigned short ports[NF_AUTOHELPER_PORTS];
static unsigned int n_ports;
module_param_array(ports, ushort, &n_ports, 0400);
MODULE_PARM_DESC(ports, "ports of servers, up to 8 (default: 6667)");

static unsigned int max_dcc_channels = 8;
module_param(max_dcc_channels, uint, 0400);
MODULE_PARM_DESC(max_dcc_channels, "most connections that each connection to a server may announce, 1 to 255 (default: 8)");

static unsigned int dcc_timeout = 300;
module_param(dcc_timeout, uint, 0400);
MODULE_PARM_DESC(dcc_timeout, "seconds that an announced connection may take to come, 1 to 86400 (default: 300)");

static struct nf_conntrack_expect_policy policy;

static int __init nf_conntrack_irc_init(void)
{
	int ret;

	if (!pom_param_is_valid("max_dcc_channels", max_dcc_channels,
				NF_CT_EXPECT_MAX_CNT) ||
	    !pom_param_is_valid("dcc_timeout", dcc_timeout, TIMEOUT_MAX))
		return -EINVAL;
	ret = nf_autohelper_attach(&pom_irc_helper, ports, n_ports);
	if (ret < 0)
		return ret;
	policy.max_expected = max_dcc_channels;
	policy.timeout = dcc_timeout;
	pom_helper_set_policy(&pom_irc_helper, &policy);
	return 0;
}

static void __exit nf_conntrack_irc_exit(void)
{
	pom_helper_set_policy(&pom_irc_helper, pom_irc_helper.policy);
	/* Waits until no packet uses ours any more. */
	nf_autohelper_detach(&pom_irc_helper);
}

module_init(nf_conntrack_irc_init);
module_exit(nf_conntrack_irc_exit);
