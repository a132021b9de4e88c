// SPDX-License-Identifier: GPL-2.0-only
/* Matches connectionless messages of Quake III and its kin. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/skbuff.h>

#include <linux/netfilter/xt_quake3.h>

#include "lib/log.h"
#include "lib/udp_payload.h"
#include "lib/xtables.h"
#include "quake3/parser.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: match on connectionless messages of Quake III");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_quake3");
MODULE_ALIAS("ip6t_quake3");

/* A packet that is no message or incomplete never matches. */
static bool quake3_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_quake3_mtinfo *info = par->matchinfo;
	struct udp_payload payload;
	struct quake3_packet pkt;
	u8 buf[QUAKE3_HEAD_MAX];

	if (par->fragoff ||
	    !udp_payload_peek(skb, par->thoff, buf, sizeof(buf), &payload) ||
	    quake3_parse(payload.data, payload.have, &pkt) != QUAKE3_OK)
		return false;
	return (info->messages >> pkt.message & 1) ^ info->invert;
}

static int quake3_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_quake3_mtinfo *info = par->matchinfo;

	if (info->messages & ~XT_QUAKE3_ALL || info->invert > 1 ||
	    info->reserved[0] || info->reserved[1] || info->reserved[2]) {
		pom_info(par->net, "unknown flags; is libxt_quake3 newer than the module?\n");
		return -EINVAL;
	}
	if (!info->messages ||
	    (info->invert && info->messages == XT_QUAKE3_ALL)) {
		pom_info(par->net, "no message can match\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match quake3_mt_reg[2] __read_mostly = {
	{
		.name		= "quake3",
		.proto		= IPPROTO_UDP,
		.match		= quake3_mt,
		.checkentry	= quake3_mt_check,
		.matchsize	= sizeof(struct xt_quake3_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init quake3_mt_init(void)
{
	BUILD_BUG_ON(XT_QUAKE3_ALL != (1 << QUAKE3_MESSAGES) - 1 ||
		     XT_QUAKE3_SERVERS_EXT != 1 << QUAKE3_SERVERS_EXT ||
		     XT_QUAKE3_HEARTBEAT != 1 << QUAKE3_HEARTBEAT);
	return pom_register_matches(quake3_mt_reg, 1);
}

static void __exit quake3_mt_exit(void)
{
	pom_unregister_matches(quake3_mt_reg, 1);
}

module_init(quake3_mt_init);
module_exit(quake3_mt_exit);
