// SPDX-License-Identifier: GPL-2.0-only
/* The answer over IPv6. */
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <linux/tcp.h>
#include <net/dst_metadata.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/sock.h>
#include <net/xfrm.h>

#include "TARPIT/xt_TARPIT/internal.h"

static bool is_unicast6(const struct sk_buff *skb)
{
	const struct in6_addr *to = &ipv6_hdr(skb)->daddr;

	if (skb->pkt_type != PACKET_HOST || ipv6_addr_is_multicast(to))
		return false;
	return !skb_valid_dst(skb) ||
	       !ipv6_anycast_destination(skb_dst(skb), to);
}

/* Whether a host can have sent the packet and can receive an answer. */
static bool has_sender6(const struct ipv6hdr *ip6h,
			const struct net_device *in)
{
	if (ipv6_addr_any(&ip6h->saddr) ||
	    ipv6_addr_is_multicast(&ip6h->saddr))
		return false;
	return (in->flags & IFF_LOOPBACK) ||
	       !(ipv6_addr_loopback(&ip6h->saddr) ||
		 ipv6_addr_loopback(&ip6h->daddr));
}

/* A link-local sender is reachable on its own link only. */
static int oif6(const struct tarpit_packet *packet)
{
	const struct in6_addr *to = &ipv6_hdr(packet->skb)->saddr;

	if (rt6_need_strict(to))
		return packet->state->in->ifindex;
	return l3mdev_master_ifindex(packet->state->in);
}

/* The route to the sender; the source address need not be local. */
static struct dst_entry *route6(const struct tarpit_packet *packet,
				struct flowi6 *fl6)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(packet->skb);
	struct net *net = packet->state->net;
	const struct rt6_info *rt;
	struct dst_entry *dst;

	*fl6 = (struct flowi6){
		.flowi6_oif = oif6(packet),
		.flowi6_mark = IP6_REPLY_MARK(net, packet->skb->mark),
		.flowi6_uid = sock_net_uid(net, NULL),
		.flowi6_proto = IPPROTO_TCP,
		.saddr = ip6h->daddr,
		.daddr = ip6h->saddr,
		.fl6_sport = htons(packet->seg.dport),
		.fl6_dport = htons(packet->seg.sport),
	};
	dst = ip6_route_output(net, NULL, fl6);
	rt = container_of(dst, struct rt6_info, dst);
	if (dst->error ||
	    tarpit_would_loop(packet, dst,
			      rt->rt6i_flags & (RTF_LOCAL | RTF_ANYCAST))) {
		dst_release(dst);
		return NULL;
	}
	dst = xfrm_lookup(net, dst, flowi6_to_flowi(fl6), NULL, 0);
	return IS_ERR(dst) ? NULL : dst;
}

static void write_ip6(struct sk_buff *reply, const struct ipv6hdr *to,
		      struct net *net, struct dst_entry *dst,
		      struct flowi6 *fl6)
{
	unsigned int tcp_len = reply->len - sizeof(struct ipv6hdr);
	struct tcphdr *tcp = tcp_hdr(reply);
	struct ipv6hdr *ip6h = ipv6_hdr(reply);

	ip6_flow_hdr(ip6h, 0, ip6_make_flowlabel(net, reply, 0,
						 ip6_default_np_autolabel(net),
						 fl6));
	ip6h->nexthdr = IPPROTO_TCP;
	ip6h->hop_limit = ip6_dst_hoplimit(dst);
	ip6h->saddr = to->daddr;
	ip6h->daddr = to->saddr;
	tcp->check = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, tcp_len,
				     IPPROTO_TCP,
				     csum_partial(tcp, tcp_len, 0));
}

static void send6(const struct tarpit_packet *packet)
{
	struct net *net = packet->state->net;
	struct sk_buff *reply;
	struct dst_entry *dst;
	struct flowi6 fl6;

	dst = route6(packet, &fl6);
	if (!dst)
		return;
	reply = tarpit_alloc(packet, dst, sizeof(struct ipv6hdr));
	if (!reply) {
		dst_release(dst);
		return;
	}
	skb_dst_set(reply, dst);
	write_ip6(reply, ipv6_hdr(packet->skb), net, dst, &fl6);
	reply->mark = fl6.flowi6_mark;
	tarpit_attach(reply, packet);
	ip6_local_out(net, NULL, reply);
}

/* The offset of the TCP header in an unfragmented packet, or -1. */
static int find_tcp6(const struct sk_buff *skb)
{
	unsigned short fragment = 0;
	unsigned int thoff = 0;
	int flags = 0;

	if (ipv6_find_hdr(skb, &thoff, IPPROTO_TCP, &fragment, &flags) < 0 ||
	    (flags & IP6_FH_F_FRAG))
		return -1;
	return thoff;
}

/**
 * tarpit_answer6() - answer an IPv6 packet, if it may have an answer
 * @skb: the packet, at its IPv6 header; stays the caller's
 * @state: of the hook that it is in
 * @variant: what the user chose
 */
void tarpit_answer6(struct sk_buff *skb, const struct nf_hook_state *state,
		    enum tarpit_variant variant)
{
	struct tarpit_packet packet = { .skb = skb, .state = state };
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	int thoff;

	if (!has_sender6(ip6h, state->in) || !is_unicast6(skb))
		return;
	thoff = find_tcp6(skb);
	if (thoff < 0 || !tarpit_read(&packet, thoff, variant))
		return;
	if (packet.kind != TARPIT_REFUSE)
		packet.flow = tarpit_flow6(state->net, &ip6h->saddr,
					   &ip6h->daddr, &packet.seg);
	if (!tarpit_proven(&packet))
		return;
	if (nf_ip6_checksum(skb, state->hook, thoff, IPPROTO_TCP))
		return;
	send6(&packet);
}
