// SPDX-License-Identifier: GPL-2.0-only
/* The match on what an Amanda packet says. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include <linux/netfilter/xt_amanda.h>

#include "amanda/parser.h"
#include "lib/log.h"
#include "lib/udp_payload.h"
#include "lib/xtables.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: Amanda packet type and service match");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_amanda");
MODULE_ALIAS("ip6t_amanda");

static bool amanda_mt_agrees(const struct xt_amanda_mtinfo *info,
			     unsigned int test, bool truth)
{
	return !(info->tests & test) || truth != !!(info->invert & test);
}

/* Packets other than requests have no service; neither have some requests. */
static bool amanda_mt_service(const struct xt_amanda_mtinfo *info,
			      const struct amanda_packet *pkt)
{
	if (!(info->tests & XT_AMANDA_SERVICE))
		return true;
	return pkt->service != AMANDA_NO_SERVICE &&
	       amanda_mt_agrees(info, XT_AMANDA_SERVICE,
				info->services & 1 << pkt->service);
}

/* Anything else than a whole Amanda packet never matches. */
static bool amanda_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_amanda_mtinfo *info = par->matchinfo;
	struct udp_payload payload;
	struct amanda_packet pkt;
	u8 buf[AMANDA_HEAD_MAX];

	if (par->fragoff)
		return false;
	if (!udp_payload_peek(skb, par->thoff, buf, sizeof(buf), &payload))
		return false;
	if (amanda_parse(payload.data, payload.have, &pkt) != AMANDA_OK)
		return false;
	return amanda_mt_agrees(info, XT_AMANDA_PACKET,
				info->packets & 1 << pkt.type) &&
	       amanda_mt_service(info, &pkt);
}

/* The types of packets that @info lets through. */
static unsigned int amanda_mt_packets(const struct xt_amanda_mtinfo *info)
{
	if (!(info->tests & XT_AMANDA_PACKET))
		return XT_AMANDA_PACKETS;
	if (info->invert & XT_AMANDA_PACKET)
		return XT_AMANDA_PACKETS & ~info->packets;
	return info->packets;
}

static int amanda_mt_check_values(const struct net *net,
				  const struct xt_amanda_mtinfo *info)
{
	if (info->tests & ~XT_AMANDA_TESTS || info->invert & ~info->tests ||
	    info->packets & ~XT_AMANDA_PACKETS ||
	    info->services & ~XT_AMANDA_SERVICES ||
	    memchr_inv(info->reserved, 0, sizeof(info->reserved))) {
		pom_info(net, "unknown flags; is libxt_amanda newer than the module?\n");
		return -EINVAL;
	}
	if (!(info->tests & XT_AMANDA_PACKET) != !info->packets ||
	    !(info->tests & XT_AMANDA_SERVICE) != !info->services) {
		pom_info(net, "--packet or --service without its value\n");
		return -EINVAL;
	}
	return 0;
}

static int amanda_mt_check(const struct xt_mtchk_param *par)
{
	const struct xt_amanda_mtinfo *info = par->matchinfo;
	unsigned int packets = amanda_mt_packets(info);
	int ret = amanda_mt_check_values(par->net, info);

	if (ret < 0)
		return ret;
	if (info->tests & XT_AMANDA_SERVICE)
		packets &= XT_AMANDA_REQ;
	if (!packets) {
		pom_info(par->net, "--packet leaves no packet that can match (only req has a service)\n");
		return -EINVAL;
	}
	return 0;
}

static struct xt_match amanda_mt_reg[2] __read_mostly = {
	{
		.name		= "amanda",
		.proto		= IPPROTO_UDP,
		.match		= amanda_mt,
		.checkentry	= amanda_mt_check,
		.matchsize	= sizeof(struct xt_amanda_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init amanda_mt_init(void)
{
	BUILD_BUG_ON(XT_AMANDA_PACKETS != (1 << AMANDA_TYPES) - 1 ||
		     XT_AMANDA_NAK != 1 << AMANDA_NAK ||
		     XT_AMANDA_SERVICES != (1 << AMANDA_SERVICES) - 1 ||
		     XT_AMANDA_AMBACKUPD != 1 << AMANDA_AMBACKUPD);
	return pom_register_matches(amanda_mt_reg, 1);
}

static void __exit amanda_mt_exit(void)
{
	pom_unregister_matches(amanda_mt_reg, 1);
}

module_init(amanda_mt_init);
module_exit(amanda_mt_exit);
