// SPDX-License-Identifier: GPL-2.0-only
/* The match on the version and the call id of GRE. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/skbuff.h>

#include <linux/netfilter/xt_gre.h>

#include "lib/log.h"
#include "lib/xtables.h"
#include "pptp/parser.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: GRE version and call id match");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_gre");
MODULE_ALIAS("ip6t_gre");

static bool gre_mt_version(const struct xt_gre_mtinfo *info, u8 version)
{
	bool same = version == info->version;

	return !(info->tests & XT_GRE_VERSION) ||
	       same != !!(info->invert & XT_GRE_VERSION);
}

static bool gre_mt_call_id(const struct xt_gre_mtinfo *info,
			   unsigned int known, u16 id)
{
	bool within;

	if (!(info->tests & XT_GRE_CALL_ID))
		return true;
	within = id >= info->id_low && id <= info->id_high;
	return known == 2 && within != !!(info->invert & XT_GRE_CALL_ID);
}

static bool gre_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_gre_mtinfo *info = par->matchinfo;
	unsigned int have, known;
	u8 buf[PPTP_GRE_READ];
	const u8 *data;
	u8 version;
	u16 id = 0;

	if (par->fragoff || skb->len < par->thoff)
		return false;
	have = min_t(unsigned int, skb->len - par->thoff, sizeof(buf));
	data = skb_header_pointer(skb, par->thoff, have, buf);
	known = data ? pptp_gre_parse(data, have, &version, &id) : 0;
	return known && gre_mt_version(info, version) &&
	       gre_mt_call_id(info, known, id);
}

static bool gre_mt_is_valid(const struct xt_gre_mtinfo *info)
{
	u8 tests = info->tests;

	return tests && !(tests & ~XT_GRE_TESTS) && !(info->invert & ~tests) &&
	       info->version <= XT_GRE_VERSION_MAX &&
	       (tests & XT_GRE_VERSION || !info->version) &&
	       info->id_low <= info->id_high &&
	       (tests & XT_GRE_CALL_ID || !info->id_high) && !info->pad;
}

static bool gre_mt_can_match(const struct xt_gre_mtinfo *info)
{
	bool pptp = info->version == XT_GRE_PPTP;

	if (!(info->tests & XT_GRE_CALL_ID))
		return true;
	if (info->tests & XT_GRE_VERSION &&
	    pptp == !!(info->invert & XT_GRE_VERSION))
		return false;
	return !(info->invert & XT_GRE_CALL_ID) || info->id_low ||
	       info->id_high != U16_MAX;
}

static int gre_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_gre_mtinfo *info = par->matchinfo;

	if (!gre_mt_is_valid(info)) {
		pom_info(par->net,
			 "unknown flags or values; is libxt_gre newer than the module?\n");
		return -EINVAL;
	}
	if (!gre_mt_can_match(info)) {
		pom_info(par->net,
			 "no packet can pass --gre-version and --call-id together\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match gre_mt_reg[2] __read_mostly = {
	{
		.name		= "gre",
		.proto		= IPPROTO_GRE,
		.match		= gre_mt,
		.checkentry	= gre_mt_check,
		.matchsize	= sizeof(struct xt_gre_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init gre_mt_init(void)
{
	return pom_register_matches(gre_mt_reg, 1);
}

static void __exit gre_mt_exit(void)
{
	pom_unregister_matches(gre_mt_reg, 1);
}

module_init(gre_mt_init);
module_exit(gre_mt_exit);
