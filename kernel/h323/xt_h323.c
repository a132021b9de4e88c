// SPDX-License-Identifier: GPL-2.0-only
/* The match on messages of H.323: call signalling over TCP, RAS over UDP. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include <linux/netfilter/xt_h323.h>

#include "h323/messages.h"
#include "lib/log.h"
#include "lib/packet_bytes.h"
#include "lib/tcp_payload.h"
#include "lib/udp_payload.h"
#include "lib/xtables.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: H.323 message match");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_h323");
MODULE_ALIAS("ip6t_h323");

/* Messages of a segment that are looked at. */
#define MESSAGES_MAX	64

/* Types of Q.931 messages (H.225.0 table 4). */
static u32 bit_of_call(int type)
{
	switch (type) {
	case 0x01:
		return XT_H323_ALERTING;
	case 0x02:
		return XT_H323_CALL_PROCEEDING;
	case 0x03:
		return XT_H323_PROGRESS;
	case 0x05:
		return XT_H323_SETUP;
	case 0x07:
		return XT_H323_CONNECT;
	case 0x0d:
		return XT_H323_SETUP_ACKNOWLEDGE;
	case 0x5a:
		return XT_H323_RELEASE_COMPLETE;
	case 0x62:
		return XT_H323_FACILITY;
	case 0x6e:
		return XT_H323_NOTIFY;
	case 0x75:
		return XT_H323_STATUS_INQUIRY;
	case 0x7b:
		return XT_H323_INFORMATION;
	case 0x7d:
		return XT_H323_STATUS;
	}
	return 0;
}

static bool h323_mt_agrees(u32 wanted, u32 bit, bool invert)
{
	return bit && !!(wanted & bit) != invert;
}

/* Whether one of the messages agrees that begin in this segment. */
static bool h323_mt_call(const struct sk_buff *skb,
			 const struct xt_action_param *par,
			 const struct xt_h323_mtinfo *info)
{
	u8 buf[H323_TPKT_LEN + Q931_HEAD_MAX];
	struct tcp_payload payload;
	unsigned int at = 0, i, n;
	const u8 *head;
	size_t len;

	if (!tcp_payload_find(skb, par->thoff, &payload))
		return false;
	for (i = 0; i < MESSAGES_MAX && at < payload.len; i++, at += len) {
		n = min_t(unsigned int, payload.len - at, sizeof(buf));
		head = skb_header_pointer(skb, payload.off + at, n, buf);
		len = head && n > H323_TPKT_LEN ? h323_tpkt(head) : 0;
		if (!len)
			return false;
		n = min_t(size_t, n, len) - H323_TPKT_LEN;
		if (h323_mt_agrees(info->messages,
				   bit_of_call(q931_type(head + H323_TPKT_LEN,
							 n)),
				   info->invert & XT_H323_MESSAGE))
			return true;
	}
	return false;
}

/* Number of a message that can be read up to its end, or -1. */
static int ras_number(const u8 *data, unsigned int len)
{
	struct h323_reader r;
	struct per_fact fact;
	enum per_result ret;
	int number = -1;

	h323_begin(&r, H323_PROTOCOL_RAS, data, len, len);
	do {
		ret = h323_next(&r, &fact);
		if (ret == PER_FACT && fact.what == H323_RAS_MESSAGE)
			number = fact.value;
	} while (ret == PER_FACT);
	return ret == PER_END && number < H323_RAS_MESSAGES ? number : -1;
}

static bool h323_mt_ras(const struct sk_buff *skb,
			const struct xt_action_param *par,
			const struct xt_h323_mtinfo *info)
{
	unsigned int off = par->thoff + sizeof(struct udphdr);
	struct udp_payload payload;
	const u8 *data;
	u8 byte, *copy;
	int number;

	if (!udp_payload_peek(skb, par->thoff, &byte, sizeof(byte), &payload))
		return false;
	data = pom_packet_bytes(skb, off, payload.len, &copy);
	number = data ? ras_number(data, payload.len) : -1;
	kfree(copy);
	if (number == H323_ACS)
		number = H323_ACF;
	return number >= 0 && h323_mt_agrees(info->ras, 1U << number,
					     info->invert & XT_H323_RAS);
}

/* Anything else than a whole message never matches. */
static bool h323_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_h323_mtinfo *info = par->matchinfo;

	if (par->fragoff)
		return false;
	return info->tests == XT_H323_RAS ? h323_mt_ras(skb, par, info) :
					    h323_mt_call(skb, par, info);
}

static bool has_protocol(const struct xt_mtchk_param *par, u8 proto)
{
	const struct ip6t_ip6 *ip6 = par->entryinfo;
	const struct ipt_ip *ip = par->entryinfo;

	if (par->family == NFPROTO_IPV6)
		return ip6->proto == proto && !(ip6->invflags & XT_INV_PROTO);
	return ip->proto == proto && !(ip->invflags & XT_INV_PROTO);
}

static int h323_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_h323_mtinfo *info = par->matchinfo;
	bool ras = info->tests == XT_H323_RAS;

	if ((info->tests != XT_H323_MESSAGE && !ras) ||
	    info->invert & ~info->tests ||
	    info->messages & ~XT_H323_MESSAGES ||
	    !info->messages != ras || !info->ras == ras) {
		pom_info(par->net, "needs --message or --ras, and not both; or libxt_h323 is newer than the module\n");
		return -EINVAL;
	}
	if (info->invert && (ras ? info->ras == XT_H323_RAS_MESSAGES :
				   info->messages == XT_H323_MESSAGES)) {
		pom_info(par->net, "! --message and ! --ras with all names leave no message\n");
		return -EINVAL;
	}
	if (!has_protocol(par, ras ? IPPROTO_UDP : IPPROTO_TCP)) {
		pom_info(par->net,
			 "--message needs -p tcp, --ras needs -p udp\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match h323_mt_reg[2] __read_mostly = {
	{
		.name		= "h323",
		.match		= h323_mt,
		.checkentry	= h323_mt_check,
		.matchsize	= sizeof(struct xt_h323_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init h323_mt_init(void)
{
	BUILD_BUG_ON(H323_RAS_MESSAGES != 33 || H323_ACS != 32);
	return pom_register_matches(h323_mt_reg, 1);
}

static void __exit h323_mt_exit(void)
{
	pom_unregister_matches(h323_mt_reg, 1);
}

module_init(h323_mt_init);
module_exit(h323_mt_exit);
