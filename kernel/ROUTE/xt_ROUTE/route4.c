// SPDX-License-Identifier: GPL-2.0-only
/* Routes of IPv4 packets. */
#include <linux/icmp.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/netfilter_bridge.h>
#include <net/dst_metadata.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "compat/route.h"
#include "ROUTE/xt_ROUTE/internal.h"

/*
 * The function that forwards packets. The kernel does not export it; it is
 * taken from an input route, and never changes. The kernel may replace the
 * function of a route that is removed meanwhile, so two look-ups have to agree.
 */
static int (*route_forward4)(struct sk_buff *skb) __read_mostly;
static int (*route_seen4)(struct sk_buff *skb) __read_mostly;

/**
 * route_is_local4() - whether this host sends a packet to itself
 * @skb: the packet, in OUTPUT or POSTROUTING
 *
 * Through lo, or in a VRF.
 */
bool route_is_local4(const struct sk_buff *skb)
{
	return skb_valid_dst(skb) && skb_rtable(skb)->rt_flags & RTCF_LOCAL;
}

/* The kernel drops these where they are not valid. */
static bool route_is_special4(__be32 to)
{
	return ipv4_is_multicast(to) || ipv4_is_lbcast(to) ||
	       ipv4_is_loopback(to) || ipv4_is_zeronet(to);
}

/**
 * route_applies4() - whether a packet can be routed
 * @skb: the packet
 * @state: of the hook that it is in
 *
 * Not routed: broadcast, multicast, frames that a bridge forwards, and packets
 * that this host sends to itself.
 */
bool route_applies4(const struct sk_buff *skb,
		    const struct nf_hook_state *state)
{
	if (route_is_special4(ip_hdr(skb)->daddr))
		return false;
	if ((state->hook == NF_INET_LOCAL_OUT ||
	     state->hook == NF_INET_POST_ROUTING) && route_is_local4(skb))
		return false;
	if (skb_valid_dst(skb) && skb_rtable(skb)->rt_flags &
	    (RTCF_BROADCAST | RTCF_MULTICAST))
		return false;
	return true;
}

static void route_learn4(const struct rtable *rt)
{
	int (*input)(struct sk_buff *skb) = READ_ONCE(rt->dst.input);

	if (likely(route_forward4) || rt->rt_type != RTN_UNICAST ||
	    !rt_is_input_route(rt) || rt->dst.lwtstate)
		return;
	if (READ_ONCE(route_seen4) == input)
		WRITE_ONCE(route_forward4, input);
	else
		WRITE_ONCE(route_seen4, input);
}

/*
 * Looks up the input route to @to, as if the packet were sent there. The type
 * of the route, or RTN_UNSPEC where the packet's source is not valid.
 */
static u8 route_input_type4(struct sk_buff *skb, struct net_device *in,
			    __be32 to)
{
	struct rtable *rt;

	skb_dst_drop(skb);
	if (pom_route_input(skb, to, in))
		return RTN_UNSPEC;
	rt = skb_rtable(skb);
	route_learn4(rt);
	/* The redirect would name a route that the packet does not take. */
	IPCB(skb)->flags &= ~IPSKB_DOREDIRECT;
	return rt->rt_type;
}

/*
 * The route that the packet would have had, or one to the gateway, or one back
 * to its source. Each also validates the source.
 */
static bool route_source_valid4(struct sk_buff *skb, struct in_device *in_dev,
				const struct route_hop *hop)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct net_device *in = in_dev->dev;
	u8 type = route_input_type4(skb, in, iph->daddr);

	if (type == RTN_UNREACHABLE && hop->key.has_gw)
		type = route_input_type4(skb, in, hop->key.gw.ip);
	if (type == RTN_UNICAST)
		return true;
	if (type == RTN_UNSPEC || type == RTN_BROADCAST)
		return false;
	if (type == RTN_LOCAL && READ_ONCE(route_forward4))
		return true;
	type = route_input_type4(skb, in, iph->saddr);
	/* The kernel has not validated a source to which no route leads. */
	if (type == RTN_UNREACHABLE)
		return !IN_DEV_RPFILTER(in_dev);
	return type != RTN_UNSPEC;
}

/**
 * route_admits4() - whether this host may forward a packet that it received
 * @skb: the packet, in PREROUTING or INPUT
 * @state: of the hook
 * @hop: counts a refusal
 *
 * A router drops packets whose source is not valid (rp_filter), and all
 * packets from an interface on which forwarding is off. The packet may have
 * a different route afterwards, or none.
 */
bool route_admits4(struct sk_buff *skb, const struct nf_hook_state *state,
		   const struct route_hop *hop)
{
	struct in_device *in_dev = __in_dev_get_rcu(state->in);

	if (!in_dev || !IN_DEV_FORWARD(in_dev))
		goto refused;
	/* In INPUT the kernel has validated the source. */
	if (state->hook == NF_INET_LOCAL_IN && READ_ONCE(route_forward4))
		return true;
	if (!route_source_valid4(skb, in_dev, hop))
		goto refused;
	if (READ_ONCE(route_forward4))
		return true;
	/* The second look-up that has to agree. */
	if (route_source_valid4(skb, in_dev, hop) && READ_ONCE(route_forward4))
		return true;
refused:
	route_count(hop, ROUTE_NO_ROUTE);
	return false;
}

/* @flags: FLOWI_FLAG_KNOWN_NH makes a private route if @to is on its link. */
static struct rtable *route_lookup4(struct net *net, __be32 to, int oif,
				    u8 flags)
{
	struct flowi4 fl4 = {
		.daddr = to,
		.flowi4_oif = oif,
		.flowi4_scope = RT_SCOPE_UNIVERSE,
		.flowi4_flags = flags,
	};
	struct rtable *rt = ip_route_output_key(net, &fl4);

	if (IS_ERR(rt))
		return NULL;
	if (rt->rt_type == RTN_UNICAST && (!oif || rt->dst.dev->ifindex == oif))
		return rt;
	ip_rt_put(rt);
	return NULL;
}

/*
 * A private route to the next hop of @from, or NULL without memory. NULL, too,
 * if @from encapsulates packets: the kernel exports too little to copy that.
 *
 * The kernel lists the routes that its look-ups make, and takes a device away
 * from them when that is unregistered. A packet that waits with a route of no
 * list would keep the device, and no network namespace could end any more. A
 * look-up of the broadcast address makes a new route, without any table.
 */
static struct rtable *route_copy4(struct net *net, const struct rtable *from)
{
	const struct net_device *dev = from->dst.dev;
	struct flowi4 fl4 = {
		.daddr = htonl(INADDR_BROADCAST),
		.flowi4_oif = dev->ifindex,
	};
	struct rtable *rt;

	if (from->dst.lwtstate)
		return NULL;
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt))
		return NULL;
	/* The device is being unregistered. */
	if (rt->dst.dev != dev || !pom_rt_is_private(rt)) {
		ip_rt_put(rt);
		return NULL;
	}
	rt->rt_flags = 0;
	rt->rt_type = RTN_UNICAST;
	/* ip_output(), which not every 5.10 exports. */
	rt->dst.output = from->dst.output;
	rt->rt_gw_family = from->rt_gw_family;
	if (from->rt_gw_family == AF_INET6)
		rt->rt_gw6 = from->rt_gw6;
	else
		rt->rt_gw4 = from->rt_gw4;
	ip_dst_init_metrics(&rt->dst, (void *)DST_METRICS_PTR(&from->dst));
	return rt;
}

/*
 * The same, with the MTU that ICMP errors have announced: for the destination
 * of packets that have no other gateway. *@keep: false if it expires.
 */
static struct rtable *route_own4(struct net *net, const struct rtable *from,
				 const struct route_hop *hop, bool *keep)
{
	struct rtable *rt = route_copy4(net, from);

	if (from->rt_flags & RTCF_REDIRECTED)
		*keep = false;
	if (rt && !hop->key.has_gw) {
		rt->rt_pmtu = from->rt_pmtu;
		rt->rt_mtu_locked = from->rt_mtu_locked;
		rt->dst.expires = from->dst.expires;
	}
	return rt;
}

/* Whether the route has to be changed for its purpose. */
static bool route_needs_change4(const struct rtable *rt,
				const struct route_hop *hop,
				enum route_kind kind)
{
	return kind == ROUTE_INPUT || (hop->key.has_gw && !rt->rt_gw_family);
}

/*
 * A new reference on a route to the next hop, or NULL, counted. *@keep: it may
 * be used for other packets.
 */
static struct rtable *route_resolve4(struct net *net,
				     const struct route_hop *hop, __be32 to,
				     int oif, enum route_kind kind, bool *keep)
{
	u8 flags = kind == ROUTE_INPUT || hop->key.has_gw ?
		   FLOWI_FLAG_KNOWN_NH : 0;
	struct rtable *rt = route_lookup4(net, to, oif, flags), *own;

	if (!rt)
		return NULL;
	*keep = hop->key.has_gw;
	if (!route_needs_change4(rt, hop, kind))
		return rt;
	if (!pom_rt_is_private(rt)) {
		own = route_own4(net, rt, hop, keep);
		ip_rt_put(rt);
		rt = own;
	}
	if (!rt)
		return NULL;
	if (!rt->rt_gw_family) {
		rt->rt_gw_family = AF_INET;
		rt->rt_gw4 = to;
	}
	if (kind == ROUTE_INPUT) {
		rt->rt_is_input = 1;
		rt->rt_iif = 0;
		rt->rt_uses_gateway = hop->key.has_gw;
		rt->dst.input = READ_ONCE(route_forward4);
	}
	return rt;
}

static bool route_find4(struct sk_buff *skb, const struct nf_hook_state *state,
			struct route_hop *hop, enum route_kind kind)
{
	__be32 to = hop->key.has_gw ? hop->key.gw.ip : ip_hdr(skb)->daddr;
	const struct net_device *dev = NULL;
	struct rtable *rt;
	bool keep;

	if (hop->key.name[0]) {
		dev = route_interface(state->net, hop);
		if (!dev)
			return false;
	}
	/* After NFQUEUE this is process context. */
	local_bh_disable();
	rt = route_resolve4(state->net, hop, to, dev ? dev->ifindex : 0, kind,
			    &keep);
	local_bh_enable();
	if (!rt) {
		route_count(hop, ROUTE_NO_ROUTE);
		return false;
	}
	if (keep)
		route_hop_remember(hop, kind, &rt->dst, 0);
	skb_dst_drop(skb);
	skb_dst_set(skb, &rt->dst);
	return true;
}

/**
 * route_set4() - replace the route of a packet
 * @skb: the packet
 * @state: of the hook that it is in
 * @hop: the next hop
 * @kind: ROUTE_INPUT after route_admits4()
 *
 * Return: false, and counted, where there is no route
 */
bool route_set4(struct sk_buff *skb, const struct nf_hook_state *state,
		struct route_hop *hop, enum route_kind kind)
{
	struct dst_entry *dst = route_hop_path(state->net, hop, kind);

	if (unlikely(!dst))
		return route_find4(skb, state, hop, kind);
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, dst);
	return true;
}

static bool route_exceeds4(const struct sk_buff *skb, unsigned int mtu)
{
	if (skb->len <= mtu || !(ip_hdr(skb)->frag_off & htons(IP_DF)))
		return false;
	if (IPCB(skb)->frag_max_size > mtu)
		return true;
	return !skb->ignore_df &&
	       !(skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}

/**
 * route_fits4() - check the packet against the MTU of the new path
 * @skb: the packet, in FORWARD, OUTPUT or POSTROUTING
 * @state: of the hook
 *
 * What may be fragmented fits.
 *
 * Return: false where an ICMP error with the MTU was sent
 */
bool route_fits4(struct sk_buff *skb, const struct nf_hook_state *state)
{
	unsigned int mtu = ip_skb_dst_mtu(state->sk, skb);

	/* IPsec checks packets of this host itself. */
	if (dst_xfrm(skb_dst(skb)) || !route_exceeds4(skb, mtu))
		return true;
	route_set_device(skb, state);
	icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	return false;
}

/**
 * route_neighbour4() - the neighbour to which packets for a next hop go
 * @net: the network namespace
 * @hop: the next hop, with a gateway
 * @oif: its interface, or 0
 * @found: becomes the neighbour, new if need be, with a reference; or NULL
 *
 * Under rcu_read_lock, bottom halves off.
 *
 * Return: false where no route leads to the gateway
 */
bool route_neighbour4(struct net *net, const struct route_hop *hop, int oif,
		      struct neighbour **found)
{
	struct rtable *rt = route_lookup4(net, hop->key.gw.ip, oif,
					  FLOWI_FLAG_KNOWN_NH);

	if (!rt)
		return false;
	*found = dst_neigh_lookup(&rt->dst, &hop->key.gw.ip);
	ip_rt_put(rt);
	return true;
}
