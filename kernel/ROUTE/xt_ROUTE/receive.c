// SPDX-License-Identifier: GPL-2.0-only
/* --iif: the packet enters again, as if an interface had received it. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <net/dst_metadata.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "compat/route.h"
#include "lib/log.h"
#include "ROUTE/xt_ROUTE/internal.h"

static void route_error4(struct sk_buff *skb, const struct nf_hook_state *state)
{
	/* In PREROUTING there is no route yet, which the error needs. */
	if (!skb_valid_dst(skb) &&
	    (!state->in ||
	     pom_route_input(skb, ip_hdr(skb)->daddr, state->in)))
		return;
	icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
}

static void route_error6(struct sk_buff *skb)
{
	icmpv6_send(skb, ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT, 0);
}

/* Only a mistake in the rules is logged: anyone can send a small TTL. */
static void route_log_circle(struct net *net, const struct route_hop *hop)
{
	pom_info(net, "--iif %s: rules send packets round in a circle, until their TTL or hop limit is used up\n",
		 hop->key.name);
}

static void route_expired(struct sk_buff *skb,
			  const struct nf_hook_state *state,
			  const struct route_hop *hop)
{
	route_count(hop, ROUTE_NO_HOPS);
	if (route_tag_returned(state->net, skb))
		route_log_circle(state->net, hop);
	route_set_device(skb, state);
	if (hop->key.family == NFPROTO_IPV4)
		route_error4(skb, state);
	else
		route_error6(skb);
}

/**
 * route_has_hops() - whether TTL or hop limit allows to send the packet on
 * @skb: the packet, at its network header
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 */
bool route_has_hops(const struct sk_buff *skb, u8 family)
{
	return (family == NFPROTO_IPV4 ? ip_hdr(skb)->ttl :
					 ipv6_hdr(skb)->hop_limit) > 1;
}

/* The header of the link, for programs that capture on the interface. */
static void route_link_header(struct sk_buff *skb,
			      const struct net_device *dev)
{
	struct ethhdr *eth;

	if (dev->type != ARPHRD_ETHER && dev->type != ARPHRD_LOOPBACK) {
		skb_reset_mac_header(skb);
		skb->mac_len = 0;
		return;
	}
	eth = skb_push(skb, ETH_HLEN);
	memcpy(eth->h_dest, dev->dev_addr, ETH_ALEN);
	memcpy(eth->h_source, dev->dev_addr, ETH_ALEN);
	eth->h_proto = skb->protocol;
	skb_reset_mac_header(skb);
	skb->mac_len = ETH_HLEN;
	skb_pull(skb, ETH_HLEN);
}

/* Nothing of the packet's former path remains, but its mark. */
static void route_scrub(struct sk_buff *skb, struct net_device *dev, u8 family)
{
	u32 mark = skb->mark;

	skb_forward_csum(skb);
	skb_orphan(skb);
	/* Of the interface that received it, which may have more queues. */
	skb_clear_hash_if_not_l4(skb);
	skb_set_queue_mapping(skb, 0);
	skb_scrub_packet(skb, true);
	skb->mark = mark;
	__vlan_hwaccel_clear_tag(skb);
	skb->dev = dev;
	skb->protocol = family == NFPROTO_IPV4 ? htons(ETH_P_IP) :
						 htons(ETH_P_IPV6);
	route_link_header(skb, dev);
}

/**
 * route_receive() - give a packet to an interface, as if it had received it
 * @skb: the packet, in the table mangle
 * @state: of the hook
 * @hop: names the interface
 *
 * Return: NF_STOLEN, or NF_DROP, counted
 */
unsigned int route_receive(struct sk_buff *skb,
			   const struct nf_hook_state *state,
			   const struct route_hop *hop)
{
	struct net_device *dev = route_interface(state->net, hop);
	u8 family = hop->key.family;

	if (!dev)
		return NF_DROP;
	if (!route_has_hops(skb, family)) {
		route_expired(skb, state, hop);
		return NF_DROP;
	}
	if (skb_cow(skb, ETH_HLEN)) {
		route_count(hop, ROUTE_NO_ROUTE);
		return NF_DROP;
	}
	if (family == NFPROTO_IPV4)
		ip_decrease_ttl(ip_hdr(skb));
	else
		ipv6_hdr(skb)->hop_limit--;
	route_scrub(skb, dev, family);
	route_tag_received(state->net, skb, hop->id);
	route_count(hop, ROUTE_ROUTED);
	/* Up to 5.17, netif_rx() needs this in process context. */
	local_bh_disable();
	netif_rx(skb);
	local_bh_enable();
	return NF_STOLEN;
}
