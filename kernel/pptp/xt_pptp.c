// SPDX-License-Identifier: GPL-2.0-only
/* The match on messages of PPTP control connections. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include <linux/netfilter/xt_pptp.h>

#include "lib/log.h"
#include "lib/tcp_payload.h"
#include "lib/xtables.h"
#include "pptp/parser.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: PPTP message match");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_pptp");
MODULE_ALIAS("ip6t_pptp");

/* The most messages of a segment that are looked at; GRO makes 64 KiB. */
#define MESSAGES_MAX	64

static bool pptp_mt_agrees(const struct xt_pptp_mtinfo *info,
			   unsigned int test, bool truth)
{
	return !(info->tests & test) || truth != !!(info->invert & test);
}

static bool pptp_mt_has_id(const struct xt_pptp_mtinfo *info, u8 off, u16 id)
{
	return off && id >= info->id_low && id <= info->id_high;
}

static bool pptp_mt_message(const struct xt_pptp_mtinfo *info,
			    const struct pptp_message *msg)
{
	if ((info->tests & XT_PPTP_CALL_ID && !msg->own_off &&
	     !msg->peer_off) ||
	    (info->tests & XT_PPTP_RESULT && !msg->has_result))
		return false;
	return pptp_mt_agrees(info, XT_PPTP_MESSAGE, info->messages &
			      XT_PPTP_MESSAGE_BIT(msg->control)) &&
	       pptp_mt_agrees(info, XT_PPTP_CALL_ID,
			      pptp_mt_has_id(info, msg->own_off, msg->own) ||
			      pptp_mt_has_id(info, msg->peer_off,
					     msg->peer)) &&
	       pptp_mt_agrees(info, XT_PPTP_RESULT,
			      msg->result >= info->result_low &&
			      msg->result <= info->result_high);
}

/* A message begins where the payload does, and where the one before ends. */
static bool pptp_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_pptp_mtinfo *info = par->matchinfo;
	struct tcp_payload payload;
	struct pptp_message msg;
	unsigned int at = 0, have, n;
	u8 buf[PPTP_READ_MAX];
	const u8 *data;

	if (par->fragoff || !tcp_payload_find(skb, par->thoff, &payload))
		return false;
	for (n = 0; n < MESSAGES_MAX && at < payload.len; n++) {
		have = min_t(unsigned int, payload.len - at, sizeof(buf));
		data = skb_header_pointer(skb, payload.off + at, have, buf);
		if (!data || pptp_parse(data, have, &msg) != PPTP_OK)
			return false;
		if (pptp_mt_message(info, &msg))
			return true;
		at += msg.len;
	}
	return false;
}

static bool pptp_mt_is_valid(const struct xt_pptp_mtinfo *info)
{
	u8 tests = info->tests;

	return !(tests & ~XT_PPTP_TESTS) && !(info->invert & ~tests) &&
	       !(info->messages & ~XT_PPTP_MESSAGES) &&
	       !(tests & XT_PPTP_MESSAGE) == !info->messages &&
	       info->id_low <= info->id_high &&
	       (tests & XT_PPTP_CALL_ID || !info->id_high) &&
	       info->result_low <= info->result_high &&
	       (tests & XT_PPTP_RESULT || !info->result_high) &&
	       !info->pad[0] && !info->pad[1];
}

/* The messages that can pass all tests. */
static unsigned int pptp_mt_left(const struct xt_pptp_mtinfo *info)
{
	unsigned int left = XT_PPTP_MESSAGES;

	if (info->tests & XT_PPTP_MESSAGE)
		left &= info->invert & XT_PPTP_MESSAGE ? ~info->messages :
							 info->messages;
	if (info->tests & XT_PPTP_CALL_ID)
		left &= XT_PPTP_WITH_CALL_ID;
	if (info->tests & XT_PPTP_RESULT)
		left &= XT_PPTP_WITH_RESULT;
	if ((info->invert & XT_PPTP_CALL_ID && !info->id_low &&
	     info->id_high == U16_MAX) ||
	    (info->invert & XT_PPTP_RESULT && !info->result_low &&
	     info->result_high == U8_MAX))
		left = 0;
	return left;
}

static int pptp_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_pptp_mtinfo *info = par->matchinfo;

	if (!pptp_mt_is_valid(info)) {
		pom_info(par->net,
			 "unknown flags or values; is libxt_pptp newer than the module?\n");
		return -EINVAL;
	}
	if (!pptp_mt_left(info)) {
		pom_info(par->net,
			 "no message can pass --message, --call-id and --result together\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match pptp_mt_reg[2] __read_mostly = {
	{
		.name		= "pptp",
		.proto		= IPPROTO_TCP,
		.match		= pptp_mt,
		.checkentry	= pptp_mt_check,
		.matchsize	= sizeof(struct xt_pptp_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init pptp_mt_init(void)
{
	BUILD_BUG_ON(XT_PPTP_MESSAGES != (1 << PPTP_CONTROLS) - 2);
	return pom_register_matches(pptp_mt_reg, 1);
}

static void __exit pptp_mt_exit(void)
{
	pom_unregister_matches(pptp_mt_reg, 1);
}

module_init(pptp_mt_init);
module_exit(pptp_mt_exit);
