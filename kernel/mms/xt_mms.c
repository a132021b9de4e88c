// SPDX-License-Identifier: GPL-2.0-only
/* The match on messages of MMS. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/skbuff.h>

#include <linux/netfilter/xt_mms.h>

#include "lib/log.h"
#include "lib/tcp_payload.h"
#include "lib/xtables.h"
#include "mms/parser.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: MMS message and transport match");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_mms");
MODULE_ALIAS("ip6t_mms");

static bool mms_mt_agrees(const struct xt_mms_mtinfo *info, unsigned int test,
			  bool truth)
{
	return truth != !!(info->invert & test);
}

/* A message without a transport has neither this one nor any other. */
static bool mms_mt_transport(const struct xt_mms_mtinfo *info,
			     const struct mms_reader *r,
			     const struct mms_message *m)
{
	struct mms_funnel f;

	return m->kind == MMS_CONNECT_FUNNEL &&
	       mms_parse_funnel(r, m, &f) == MMS_OK &&
	       mms_mt_agrees(info, XT_MMS_TRANSPORT,
			     info->transports & 1 << f.transport);
}

static bool mms_mt_message(const struct xt_mms_mtinfo *info,
			   const struct mms_reader *r,
			   const struct mms_message *m)
{
	if (info->messages && !mms_mt_agrees(info, XT_MMS_MESSAGE,
					     info->messages & 1U << m->kind))
		return false;
	return !info->transports || mms_mt_transport(info, r, m);
}

static bool mms_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	struct tcp_payload payload;
	struct mms_message m;
	u8 buf[MMS_READ_MAX];
	struct mms_reader r = { 0 };

	if (par->fragoff || !tcp_payload_find(skb, par->thoff, &payload) ||
	    payload.len < MMS_HEADER)
		return false;
	r.have = min_t(unsigned int, payload.len, sizeof(buf));
	r.data = skb_header_pointer(skb, payload.off, r.have, buf);
	if (!r.data)
		return false;
	while (mms_next(&r, &m))
		if (mms_mt_message(par->matchinfo, &r, &m))
			return true;
	return false;
}

/* What no message can satisfy. */
static bool mms_mt_is_empty(const struct xt_mms_mtinfo *info)
{
	u32 left = info->messages;

	if (info->invert & XT_MMS_MESSAGE)
		left ^= XT_MMS_ALL;
	if (info->messages && !left)
		return true;
	if (!info->transports)
		return false;
	return (info->invert & XT_MMS_TRANSPORT &&
		info->transports == XT_MMS_TRANSPORTS) ||
	       (info->messages && !(left & XT_MMS_CONNECT_FUNNEL));
}

static int mms_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_mms_mtinfo *info = par->matchinfo;
	u8 tests = (info->messages ? XT_MMS_MESSAGE : 0) |
		   (info->transports ? XT_MMS_TRANSPORT : 0);

	if (info->messages & ~XT_MMS_ALL ||
	    info->transports & ~XT_MMS_TRANSPORTS || info->invert & ~tests ||
	    info->reserved[0] || info->reserved[1]) {
		pom_info(par->net,
			 "unknown flags; is libxt_mms newer than the module?\n");
		return -EINVAL;
	}
	if (mms_mt_is_empty(info)) {
		pom_info(par->net,
			 "no message can match (only connectFunnel has a transport)\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match mms_mt_reg[2] __read_mostly = {
	{
		.name		= "mms",
		.proto		= IPPROTO_TCP,
		.match		= mms_mt,
		.checkentry	= mms_mt_check,
		.matchsize	= sizeof(struct xt_mms_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init mms_mt_init(void)
{
	BUILD_BUG_ON(XT_MMS_ALL != (1U << MMS_KINDS) - 1);
	BUILD_BUG_ON(XT_MMS_CONNECT_FUNNEL != 1 << MMS_CONNECT_FUNNEL ||
		     XT_MMS_STREAM_SWITCH != 1 << MMS_STREAM_SWITCH ||
		     XT_MMS_REPORT_REDIRECT != 1 << MMS_REPORT_REDIRECT);
	BUILD_BUG_ON(XT_MMS_TCP != 1 << MMS_TCP || XT_MMS_UDP != 1 << MMS_UDP);
	return pom_register_matches(mms_mt_reg, 1);
}

static void __exit mms_mt_exit(void)
{
	pom_unregister_matches(mms_mt_reg, 1);
}

module_init(mms_mt_init);
module_exit(mms_mt_exit);
