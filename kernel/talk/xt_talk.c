// SPDX-License-Identifier: GPL-2.0-only
/* The match on what a message of talk or ntalk says. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include <linux/netfilter/xt_talk.h>

#include "lib/log.h"
#include "lib/udp_payload.h"
#include "lib/xtables.h"
#include "talk/parser.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: talk message, answer and user match");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_talk");
MODULE_ALIAS("ip6t_talk");

/* Ports of talk and of ntalk. */
#define OLD_PORT	517
#define NEW_PORT	518

static bool talk_mt_agrees(const struct xt_talk_mtinfo *info, unsigned int test,
			   bool truth)
{
	return !(info->tests & test) || truth != !!(info->invert & test);
}

/* @want is padded with zero bytes. */
static bool is_name(const char *want, const u8 *data,
		    const struct talk_name *name)
{
	return name->len == strnlen(want, XT_TALK_NAME_MAX) &&
	       !memcmp(want, data + name->off, name->len);
}

/* Only requests name users, and only responses have an answer. */
static bool talk_mt_matches(const struct xt_talk_mtinfo *info, const u8 *data,
			    const struct talk_message *msg)
{
	if (!talk_mt_agrees(info, XT_TALK_TYPE, info->types & 1 << msg->type))
		return false;
	if (msg->response)
		return !(info->tests & (XT_TALK_CALLER | XT_TALK_CALLEE)) &&
		       talk_mt_agrees(info, XT_TALK_ANSWER,
				      info->answers & 1 << msg->answer);
	return !(info->tests & XT_TALK_ANSWER) &&
	       talk_mt_agrees(info, XT_TALK_CALLER,
			      is_name(info->caller, data, &msg->caller)) &&
	       talk_mt_agrees(info, XT_TALK_CALLEE,
			      is_name(info->callee, data, &msg->callee));
}

/*
 * Responses of both protocols overlap; a port tells which one it is. A client
 * may send from any port, also to the daemon of the other protocol.
 */
static enum talk_protocol protocol_of(const struct sk_buff *skb,
				      unsigned int thoff)
{
	const struct udphdr *uh;
	struct udphdr _uh;

	uh = skb_header_pointer(skb, thoff, sizeof(_uh), &_uh);
	if (!uh || uh->dest == htons(NEW_PORT))
		return TALK_NEW;
	return uh->source == htons(OLD_PORT) || uh->dest == htons(OLD_PORT) ?
	       TALK_OLD : TALK_NEW;
}

/* Anything else than a whole message never matches. */
static bool talk_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_talk_mtinfo *info = par->matchinfo;
	struct udp_payload payload;
	struct talk_message msg;
	u8 buf[TALK_HEAD_MAX];

	if (par->fragoff)
		return false;
	if (!udp_payload_peek(skb, par->thoff, buf, sizeof(buf), &payload))
		return false;
	if (talk_parse(protocol_of(skb, par->thoff), payload.data, payload.len,
		       &msg) != TALK_OK)
		return false;
	return talk_mt_matches(info, payload.data, &msg);
}

static bool is_valid_name(const char *name, bool wanted)
{
	size_t len = strnlen(name, XT_TALK_NAME_MAX);

	return (len != 0) == wanted &&
	       !memchr_inv(name + len, 0, XT_TALK_NAME_MAX - len);
}

static bool is_known(const struct xt_talk_mtinfo *info)
{
	return !(info->tests & ~XT_TALK_TESTS) &&
	       !(info->invert & ~info->tests) &&
	       !(info->types & ~XT_TALK_TYPES) &&
	       !(info->answers & ~XT_TALK_ANSWERS) &&
	       !memchr_inv(info->reserved, 0, sizeof(info->reserved));
}

/* Each test has its value, and what is not asked about has none. */
static bool is_complete(const struct xt_talk_mtinfo *info)
{
	return !(info->tests & XT_TALK_TYPE) == !info->types &&
	       !(info->tests & XT_TALK_ANSWER) == !info->answers &&
	       is_valid_name(info->caller, info->tests & XT_TALK_CALLER) &&
	       is_valid_name(info->callee, info->tests & XT_TALK_CALLEE);
}

static bool is_possible(const struct xt_talk_mtinfo *info)
{
	if (info->invert & XT_TALK_TYPE && info->types == XT_TALK_TYPES)
		return false;
	if (info->invert & XT_TALK_ANSWER && info->answers == XT_TALK_ANSWERS)
		return false;
	return !(info->tests & XT_TALK_ANSWER) ||
	       !(info->tests & (XT_TALK_CALLER | XT_TALK_CALLEE));
}

static int talk_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_talk_mtinfo *info = par->matchinfo;

	if (!is_known(info)) {
		pom_info(par->net, "unknown flags; is libxt_talk newer than the module?\n");
		return -EINVAL;
	}
	if (!is_complete(info)) {
		pom_info(par->net, "--type, --answer, --caller or --callee without its value\n");
		return -EINVAL;
	}
	if (!is_possible(info)) {
		pom_info(par->net, "no message can match (responses have an answer, requests a caller and a callee)\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match talk_mt_reg[2] __read_mostly = {
	{
		.name		= "talk",
		.proto		= IPPROTO_UDP,
		.match		= talk_mt,
		.checkentry	= talk_mt_check,
		.matchsize	= sizeof(struct xt_talk_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init talk_mt_init(void)
{
	BUILD_BUG_ON(XT_TALK_TYPES != (1 << TALK_TYPES) - 1 ||
		     XT_TALK_REPLY_QUERY != 1 << TALK_REPLY_QUERY ||
		     XT_TALK_ANSWERS != (1 << TALK_ANSWERS) - 1 ||
		     XT_TALK_SELECTIVE_REFUSAL != 1 << TALK_SELECTIVE_REFUSAL ||
		     XT_TALK_NAME_MAX != TALK_NAME_MAX);
	return pom_register_matches(talk_mt_reg, 1);
}

static void __exit talk_mt_exit(void)
{
	pom_unregister_matches(talk_mt_reg, 1);
}

module_init(talk_mt_init);
module_exit(talk_mt_exit);
