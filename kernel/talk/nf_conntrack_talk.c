// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attaches the talk helpers to the ports of talk daemons. Only an administrator
 * loads this module; a request of the kernel loads nf_conntrack_talk_core.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "autohelper/nf_autohelper.h"
#include "talk/nf_conntrack_talk.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("talk connection tracking helpers, attached to ports 517 and 518");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ip_conntrack_talk");
MODULE_SOFTDEP("post: nf_nat_talk");

static bool talk = true;
module_param(talk, bool, 0400);
MODULE_PARM_DESC(talk, "help talk, port 517 (default: 1)");

static bool ntalk = true;
module_param(ntalk, bool, 0400);
MODULE_PARM_DESC(ntalk, "help ntalk, port 518 (default: 1)");

static bool ntalk2 = true;
module_param(ntalk2, bool, 0400);
MODULE_PARM_DESC(ntalk2, "help version 2 of ntalk, port 518 (default: 1)");

static int attach(void)
{
	int ret;

	if (talk) {
		ret = nf_autohelper_attach(&pom_talk_helper, NULL, 0);
		if (ret < 0)
			return ret;
	}
	if (!ntalk && !ntalk2)
		return 0;
	ret = nf_autohelper_attach(&pom_ntalk_helper, NULL, 0);
	if (ret < 0 && talk)
		nf_autohelper_detach(&pom_talk_helper);
	return ret;
}

static int __init nf_conntrack_talk_init(void)
{
	int ret;

	if (!talk && !ntalk && !ntalk2) {
		pr_err("talk=0 ntalk=0 ntalk2=0: nothing is left to help\n");
		return -EINVAL;
	}
	/* Where only talk is attached, rules have both versions. */
	if (ntalk || ntalk2)
		pom_ntalk_set_versions((ntalk ? BIT(1) : 0) |
				       (ntalk2 ? BIT(2) : 0));
	ret = attach();
	if (ret < 0)
		pom_ntalk_set_versions(POM_NTALK_VERSIONS);
	return ret;
}

static void __exit nf_conntrack_talk_exit(void)
{
	if (ntalk || ntalk2)
		nf_autohelper_detach(&pom_ntalk_helper);
	if (talk)
		nf_autohelper_detach(&pom_talk_helper);
	pom_ntalk_set_versions(POM_NTALK_VERSIONS);
}

module_init(nf_conntrack_talk_init);
module_exit(nf_conntrack_talk_exit);
