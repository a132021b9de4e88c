// SPDX-License-Identifier: GPL-2.0-only
/*
 * Routes of IPv6 packets. An IPv6 route has the function that forwards packets
 * and the one that sends them, so all hooks use the same routes.
 */
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/netfilter_bridge.h>
#include <net/dst_metadata.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/xfrm.h>

#include "compat/route.h"
#include "ROUTE/xt_ROUTE/internal.h"

/* Neighbour discovery does not leave its link (RFC 4861). */
static bool route_is_ndisc(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	u8 buf;
	const u8 *type;

	if (ip6h->nexthdr != IPPROTO_ICMPV6 || ip6h->hop_limit != 255)
		return false;
	type = skb_header_pointer(skb, sizeof(*ip6h), sizeof(buf), &buf);
	return type && *type >= NDISC_ROUTER_SOLICITATION &&
	       *type <= NDISC_REDIRECT;
}

/**
 * route_is_local6() - route_is_local4() for IPv6
 * @skb: the packet, in OUTPUT or POSTROUTING
 */
bool route_is_local6(const struct sk_buff *skb)
{
	const struct rt6_info *rt;

	if (!skb_valid_dst(skb))
		return false;
	rt = container_of(skb_dst(skb), struct rt6_info, dst);
	return rt->rt6i_flags & RTF_LOCAL;
}

/**
 * route_applies6() - whether a packet can be routed
 * @skb: the packet
 * @state: of the hook that it is in
 *
 * As route_applies4(). Link-local addresses and neighbour discovery do not
 * leave their link.
 */
bool route_applies6(const struct sk_buff *skb,
		    const struct nf_hook_state *state)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);

	if ((state->hook == NF_INET_LOCAL_OUT ||
	     state->hook == NF_INET_POST_ROUTING) && route_is_local6(skb))
		return false;
	return !(ipv6_addr_type(&ip6h->daddr) &
		 (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL)) &&
	       !(ipv6_addr_type(&ip6h->saddr) & IPV6_ADDR_LINKLOCAL) &&
	       !route_is_ndisc(skb);
}

static struct rt6_info *route_lookup6(struct net *net,
				      const struct in6_addr *to, int oif,
				      u8 flags)
{
	struct flowi6 fl6 = {
		.daddr = *to,
		.flowi6_oif = oif,
		.flowi6_flags = flags,
	};
	struct dst_entry *dst = ip6_route_output(net, NULL, &fl6);
	struct rt6_info *rt = container_of(dst, struct rt6_info, dst);

	if (!dst->error && !(rt->rt6i_flags & (RTF_LOCAL | RTF_ANYCAST)) &&
	    (!oif || dst->dev->ifindex == oif))
		return rt;
	dst_release(dst);
	return NULL;
}

/*
 * A route on the link of an interface that has no other one to @to, as IPv4
 * makes it: the route of the link-local prefix with a different next hop.
 */
static struct rt6_info *route_on_link6(struct net *net,
				       const struct in6_addr *to, int oif)
{
	/* This host may have one of them. */
	static const struct in6_addr prefix[] = {
		{ .s6_addr = { 0xfe, 0x80, [15] = 1 } },
		{ .s6_addr = { 0xfe, 0x80, [15] = 2 } },
	};
	struct rt6_info *rt;

	rt = route_lookup6(net, &prefix[0], oif, FLOWI_FLAG_KNOWN_NH);
	if (!rt)
		rt = route_lookup6(net, &prefix[1], oif, FLOWI_FLAG_KNOWN_NH);
	if (!rt)
		return NULL;
	if (rt->rt6i_flags & RTF_CACHE && pom_rt6_is_private(rt)) {
		rt->rt6i_dst.addr = *to;
		return rt;
	}
	dst_release(&rt->dst);
	return NULL;
}

/* @oif: or 0 */
static struct rt6_info *route_resolve6(struct net *net,
				       const struct in6_addr *to, int oif,
				       u8 flags)
{
	struct rt6_info *rt = route_lookup6(net, to, oif, flags);

	return rt || !oif ? rt : route_on_link6(net, to, oif);
}

static bool route_find6(struct sk_buff *skb, const struct nf_hook_state *state,
			struct route_hop *hop)
{
	const struct in6_addr *to = hop->key.has_gw ? &hop->key.gw.in6 :
						      &ipv6_hdr(skb)->daddr;
	const struct net_device *dev = NULL;
	struct rt6_info *rt;
	int oif = 0;

	if (hop->key.name[0]) {
		dev = route_interface(state->net, hop);
		if (!dev)
			return false;
		oif = dev->ifindex;
	}
	rt = route_resolve6(state->net, to, oif,
			    hop->key.has_gw ? FLOWI_FLAG_KNOWN_NH : 0);
	if (!rt) {
		route_count(hop, ROUTE_NO_ROUTE);
		return false;
	}
	if (hop->key.has_gw)
		route_hop_remember(hop, ROUTE_OUTPUT, &rt->dst,
				   rt6_get_cookie(rt));
	skb_dst_drop(skb);
	skb_dst_set(skb, &rt->dst);
	return true;
}

/**
 * route_set6() - replace the route of a packet
 * @skb: the packet
 * @state: of the hook that it is in
 * @hop: the next hop
 * @kind: all are the same
 *
 * Return: false, and counted, where there is no route
 */
bool route_set6(struct sk_buff *skb, const struct nf_hook_state *state,
		struct route_hop *hop, enum route_kind kind)
{
	struct dst_entry *dst = route_hop_path(state->net, hop,
					       ROUTE_OUTPUT);

	if (unlikely(!dst))
		return route_find6(skb, state, hop);
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, dst);
	return true;
}

static bool route_exceeds6(const struct sk_buff *skb, unsigned int mtu)
{
	if (skb->len <= mtu)
		return false;
	if (IP6CB(skb)->frag_max_size > mtu)
		return true;
	return !skb->ignore_df &&
	       !(skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}

/**
 * route_fits6() - check the packet against the MTU of the new path
 * @skb: the packet, in FORWARD, OUTPUT or POSTROUTING
 * @state: of the hook
 *
 * Return: false where an ICMP error with the MTU was sent
 */
bool route_fits6(struct sk_buff *skb, const struct nf_hook_state *state)
{
	unsigned int mtu = max_t(unsigned int, ip6_skb_dst_mtu(skb),
				 IPV6_MIN_MTU);

	/* IPsec checks packets of this host itself. */
	if (dst_xfrm(skb_dst(skb)) || !route_exceeds6(skb, mtu))
		return true;
	route_set_device(skb, state);
	icmpv6_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
	return false;
}

/**
 * route_neighbour6() - route_neighbour4() for IPv6
 * @net: the network namespace
 * @hop: the next hop, with a gateway
 * @oif: its interface, or 0
 * @found: becomes the neighbour
 */
bool route_neighbour6(struct net *net, const struct route_hop *hop, int oif,
		      struct neighbour **found)
{
	struct rt6_info *rt = route_resolve6(net, &hop->key.gw.in6, oif,
					     FLOWI_FLAG_KNOWN_NH);

	if (!rt)
		return false;
	*found = dst_neigh_lookup(&rt->dst, &hop->key.gw.in6);
	dst_release(&rt->dst);
	return true;
}
