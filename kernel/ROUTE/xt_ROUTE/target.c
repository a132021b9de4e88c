// SPDX-License-Identifier: GPL-2.0-only
/*
 * ROUTE: sends a packet through an interface or to a gateway of the rule, or
 * receives it again on a different interface.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jump_label.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter_bridge.h>
#include <net/ipv6.h>
#include <net/netfilter/ipv4/nf_dup_ipv4.h>
#include <net/netfilter/ipv6/nf_dup_ipv6.h>

#include "lib/log.h"
#include "lib/xtables.h"
#include "ROUTE/xt_ROUTE/internal.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: send packets through an interface or gateway of a rule");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_ROUTE");
MODULE_ALIAS("ip6t_ROUTE");

/* A frame that a bridge forwards, which it would send on its own. */
static bool route_is_bridged(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	return nf_bridge_info_exists(skb) &&
	       (nf_bridge_in_prerouting(skb) || nf_bridge_get_physoutdev(skb));
#else
	return false;
#endif
}

/* A packet that this host has sent to itself, or a neighbour not to it. */
static bool route_is_not_ours(struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	if (state->hook != NF_INET_PRE_ROUTING &&
	    state->hook != NF_INET_LOCAL_IN)
		return false;
	return state->in->flags & IFF_LOOPBACK ||
	       skb->pkt_type != PACKET_HOST ||
	       (state->hook == NF_INET_LOCAL_IN &&
		route_tag_looped(state->net, skb));
}

static bool route_applies(struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	if (route_is_not_ours(skb, state) || route_is_too_early(state) ||
	    route_is_bridged(skb))
		return false;
	return state->pf == NFPROTO_IPV4 ? route_applies4(skb, state) :
					   route_applies6(skb, state);
}

static void route_tee4(struct sk_buff *skb, const struct nf_hook_state *state,
		       const struct route_hop *hop, int oif)
{
	struct in_addr to = { .s_addr = hop->key.gw.ip };

	if (!hop->key.has_gw)
		to.s_addr = ip_hdr(skb)->daddr;
	nf_dup_ipv4(state->net, skb, state->hook, &to, oif);
}

static void route_tee6(struct sk_buff *skb, const struct nf_hook_state *state,
		       const struct route_hop *hop, int oif)
{
	struct in6_addr to = hop->key.gw.in6;

	if (!hop->key.has_gw)
		to = ipv6_hdr(skb)->daddr;
	nf_dup_ipv6(state->net, skb, state->hook, &to, oif);
}

/*
 * The copy is untracked and passes OUTPUT and POSTROUTING. In PREROUTING and
 * INPUT the kernel decrements its TTL, even below 0.
 */
static void route_tee(struct sk_buff *skb, const struct nf_hook_state *state,
		      const struct route_hop *hop)
{
	const struct net_device *dev;
	struct route_tag tag;
	int oif = -1;

	if (hop->key.name[0]) {
		dev = route_interface(state->net, hop);
		if (!dev)
			return;
		oif = dev->ifindex;
	}
	if ((state->hook == NF_INET_PRE_ROUTING ||
	     state->hook == NF_INET_LOCAL_IN) &&
	    !route_has_hops(skb, state->pf)) {
		route_count(hop, ROUTE_NO_HOPS);
		return;
	}
	route_count(hop, ROUTE_ROUTED);
	tag = route_tag_copies(state->net, skb);
	if (state->pf == NFPROTO_IPV4)
		route_tee4(skb, state, hop, oif);
	else
		route_tee6(skb, state, hop, oif);
	route_tag_restore(skb, tag);
}

static unsigned int route_tg(struct sk_buff *skb,
			     const struct xt_action_param *par)
{
	const struct xt_route_tginfo *info = par->targinfo;
	const struct nf_hook_state *state = par->state;
	const struct route_rule *rule = info->state;
	u32 id = rule->hop[0].id;

	if (!route_applies(skb, state))
		return XT_CONTINUE;
	if (info->flags & XT_ROUTE_TEE) {
		route_tee(skb, state, rule->hop[0].hop);
		return XT_CONTINUE;
	}
	if (!rule->is_plain) {
		id = route_rule_choose(rule, skb, state);
		if (id == ROUTE_ID_NONE)
			return XT_CONTINUE;
		if (!id)
			return rule->drops ? NF_DROP : XT_CONTINUE;
	}
	route_tag_set(skb, state, id | (info->flags & XT_ROUTE_UNTRACK ?
					ROUTE_TAG_UNTRACK : 0));
	return info->flags & XT_ROUTE_CONTINUE ? XT_CONTINUE : NF_ACCEPT;
}

static int route_tg_check(const struct xt_tgchk_param *par)
{
	struct xt_route_tginfo *info = par->targinfo;
	const char *error = route_error(info, par->family);
	struct route_rule *rule;

	if (error) {
		pom_info(par->net, "%s\n", error);
		return -EINVAL;
	}
	rule = route_rule_create(par->net, info, par->family);
	if (IS_ERR(rule))
		return PTR_ERR(rule);
	info->state = rule;
	/* The copy passes tables while this one is not done. */
	if (info->flags & XT_ROUTE_TEE)
		static_key_slow_inc(&xt_tee_enabled);
	return 0;
}

static void route_tg_destroy(const struct xt_tgdtor_param *par)
{
	const struct xt_route_tginfo *info = par->targinfo;

	if (info->flags & XT_ROUTE_TEE)
		static_key_slow_dec(&xt_tee_enabled);
	route_rule_remove(par->net, info->state, par->family);
}

/* The first half is complete but for the family. */
static struct xt_target route_tg_reg[2] __read_mostly = {
	{
		.name		= "ROUTE",
		.revision	= 0,
		.table		= "mangle",
		.target		= route_tg,
		.checkentry	= route_tg_check,
		.destroy	= route_tg_destroy,
		.targetsize	= sizeof(struct xt_route_tginfo),
		.usersize	= offsetof(struct xt_route_tginfo, state),
		.me		= THIS_MODULE,
	},
};

static int __init route_tg_init(void)
{
	int err;

	route_hook_init();
	err = route_hop_init();
	if (err)
		return err;
	err = route_netlink_init();
	if (err)
		goto err_hop;
	err = pom_register_targets(route_tg_reg, 1);
	if (err)
		goto err_netlink;
	return 0;
err_netlink:
	route_netlink_exit();
err_hop:
	route_hop_exit();
	return err;
}

static void __exit route_tg_exit(void)
{
	pom_unregister_targets(route_tg_reg, 1);
	route_netlink_exit();
	route_hop_exit();
}

module_init(route_tg_init);
module_exit(route_tg_exit);
