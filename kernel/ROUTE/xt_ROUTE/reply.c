// SPDX-License-Identifier: GPL-2.0-only
/*
 * --reply: the replies of a connection leave through the next hop from which
 * its first packet came.
 *
 * The first packet stores the number of that next hop in the connection's mark,
 * if its field is 0. No later packet changes it, so nobody can move a
 * connection with a forged packet on a different link.
 *
 * A connection that a helper expected has the mark of its master. Either side
 * may have begun it, so its packets to the host that began the master are the
 * replies.
 */
#include <linux/atomic.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/log2.h>
#include <linux/netdevice.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/neighbour.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_ecache.h>

#include "ROUTE/xt_ROUTE/internal.h"

/* After its link, a packet passes the hooks of a VRF with the VRF's device. */
static bool route_is_from(const struct route_choice *choice,
			  struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	const struct net_device *dev =
		dev_get_by_name_rcu(state->net, choice->hop->key.name);
	int link = state->pf == NFPROTO_IPV4 ? inet_sdif(skb) :
					       inet6_sdif(skb);

	return dev && (dev == state->in || dev->ifindex == link);
}

/* A bit for each next hop whose interface has received the packet. */
static unsigned int route_sources(const struct route_rule *rule,
				  struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	unsigned int sources = 0, i;

	if (!state->in)
		return 0;
	for (i = 0; i < rule->hops; i++)
		if (route_is_from(&rule->hop[i], skb, state))
			sources |= BIT(i);
	return sources;
}

/* Whether the frame has the address of the gateway. */
static bool route_is_sender(const struct sk_buff *skb,
			    const struct nf_hook_state *state,
			    const struct route_hop *hop)
{
	struct neighbour *neigh = NULL;
	char address[MAX_ADDR_LEN];
	bool is_same;

	if (!hop->key.has_gw)
		return false;
	local_bh_disable();
	if (state->pf == NFPROTO_IPV4)
		route_neighbour4(state->net, hop, state->in->ifindex, &neigh);
	else
		route_neighbour6(state->net, hop, state->in->ifindex, &neigh);
	local_bh_enable();
	if (!neigh)
		return false;
	neigh_ha_snapshot(address, neigh, neigh->dev);
	is_same = READ_ONCE(neigh->nud_state) & NUD_VALID &&
		  ether_addr_equal_unaligned((u8 *)address,
					     eth_hdr(skb)->h_source);
	neigh_release(neigh);
	return is_same;
}

static bool route_has_sender(const struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	return state->in->type == ARPHRD_ETHER && skb_mac_header_was_set(skb) &&
	       skb_mac_header_len(skb) >= ETH_HLEN;
}

/*
 * The next hop from which a packet came, or @rule->hops. Of several gateways on
 * one link, it is the one that has sent the frame.
 */
static unsigned int route_source(const struct route_rule *rule,
				 struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	unsigned int sources = route_sources(rule, skb, state), i;

	if (!sources)
		return rule->hops;
	if (is_power_of_2(sources))
		return __ffs(sources);
	if (!route_has_sender(skb, state))
		return rule->hops;
	for (i = 0; i < rule->hops; i++)
		if (sources & BIT(i) &&
		    route_is_sender(skb, state, rule->hop[i].hop))
			break;
	return i;
}

/*
 * The field of @mark is 0. Segments into which NFQUEUE has split a packet may
 * come to several CPUs, all from the same next hop.
 */
static void route_note(const struct route_rule *rule, struct nf_conn *ct,
		       u32 mark, unsigned int i)
{
	u32 number = (u32)rule->hop[i].number << rule->shift;

	if (cmpxchg(&ct->mark, mark, mark | number) == mark)
		nf_conntrack_event_cache(IPCT_MARK, ct);
}

/* The source of the other direction is where NAT sends a packet of this one. */
static bool route_is_reply(const struct nf_conn *ct,
			   enum ip_conntrack_info ctinfo)
{
	unsigned int dir = CTINFO2DIR(ctinfo);

	if (!test_bit(IPS_EXPECTED_BIT, &ct->status))
		return dir == IP_CT_DIR_REPLY;
	return nf_inet_addr_cmp(&nf_ct_tuple(ct, !dir)->src.u3,
				&nf_ct_tuple(ct->master,
					     IP_CT_DIR_ORIGINAL)->src.u3);
}

/**
 * route_reply() - the next hop of a reply
 * @rule: with XT_ROUTE_REPLY
 * @skb: the packet
 * @state: of the hook that it is in
 *
 * Stores the next hop from which the first packet of a connection came. Under
 * rcu_read_lock.
 *
 * Return: its place in @rule, or @rule->hops for a packet that is no reply or
 * whose connection came from none of the next hops
 */
unsigned int route_reply(const struct route_rule *rule, struct sk_buff *skb,
			 const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	unsigned int i;
	u32 mark;

	if (!ct || nf_ct_is_template(ct))
		return rule->hops;
	mark = READ_ONCE(ct->mark);
	if (mark & rule->field) {
		i = route_stored(rule, mark);
		return route_is_reply(ct, ctinfo) ? i : rule->hops;
	}
	if (nf_ct_is_confirmed(ct))
		return rule->hops;
	i = route_source(rule, skb, state);
	if (i < rule->hops)
		route_note(rule, ct, mark, i);
	return rule->hops;
}
