// SPDX-License-Identifier: GPL-2.0-only
/* The match on lines with which eggdrops share their file of users. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include <linux/netfilter/xt_eggdrop.h>

#include "eggdrop/parser.h"
#include "lib/lines_mt.h"
#include "lib/log.h"
#include "lib/xtables.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: eggdrop user file sharing match");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_eggdrop");
MODULE_ALIAS("ip6t_eggdrop");

static bool egg_mt_line(const void *matchinfo, const u8 *line, size_t len,
			u8 *scratch)
{
	const struct xt_eggdrop_mtinfo *info = matchinfo;
	struct egg_line found;

	if (egg_parse(line, len, &found) != EGG_OK ||
	    found.share == EGG_NONE)
		return false;
	return !!(info->shares & 1 << found.share) != info->invert;
}

static bool egg_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	return pom_match_lines(skb, par, egg_mt_line);
}

static int egg_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_eggdrop_mtinfo *info = par->matchinfo;

	if (info->shares & ~XT_EGGDROP_SHARES || info->invert > 1 ||
	    info->pad[0] || info->pad[1]) {
		pom_info(par->net,
			 "unknown flags; is libxt_eggdrop newer than the module?\n");
		return -EINVAL;
	}
	if (!info->shares) {
		pom_info(par->net, "--share is needed\n");
		return -EINVAL;
	}
	if (info->invert && info->shares == XT_EGGDROP_SHARES) {
		pom_info(par->net, "! --share leaves no line\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match egg_mt_reg[2] __read_mostly = {
	{
		.name		= "eggdrop",
		.proto		= IPPROTO_TCP,
		.match		= egg_mt,
		.checkentry	= egg_mt_check,
		.matchsize	= sizeof(struct xt_eggdrop_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init egg_mt_init(void)
{
	BUILD_BUG_ON(XT_EGGDROP_OFFER != 1 << EGG_OFFER ||
		     XT_EGGDROP_ACCEPT != 1 << EGG_ACCEPT ||
		     XT_EGGDROP_REFUSE != 1 << EGG_REFUSE ||
		     XT_EGGDROP_SEND != 1 << EGG_SEND);
	BUILD_BUG_ON(EGG_LINE_MAX != POM_LINE_MAX);
	return pom_register_matches(egg_mt_reg, 1);
}

static void __exit egg_mt_exit(void)
{
	pom_unregister_matches(egg_mt_reg, 1);
}

module_init(egg_mt_init);
module_exit(egg_mt_exit);
