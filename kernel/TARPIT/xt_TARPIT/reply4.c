// SPDX-License-Identifier: GPL-2.0-only
/* The answer over IPv4. */
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/tcp.h>
#include <net/dst_metadata.h>
#include <net/ip.h>
#include <net/l3mdev.h>
#include <net/route.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "TARPIT/xt_TARPIT/internal.h"

/* Whether the packet is addressed to one host; also works before routing. */
static bool is_unicast4(const struct sk_buff *skb, struct net *net)
{
	if (skb->pkt_type != PACKET_HOST)
		return false;
	if (skb_valid_dst(skb))
		return !(skb_rtable(skb)->rt_flags &
			 (RTCF_BROADCAST | RTCF_MULTICAST));
	switch (inet_addr_type(net, ip_hdr(skb)->daddr)) {
	case RTN_LOCAL:
	case RTN_UNICAST:
		return true;
	}
	return false;
}

/* Whether a host can have sent the packet and can receive an answer. */
static bool has_sender4(const struct iphdr *iph, const struct net_device *in)
{
	__be32 from = iph->saddr;

	if (ipv4_is_multicast(from) || ipv4_is_lbcast(from) ||
	    ipv4_is_zeronet(from))
		return false;
	return (in->flags & IFF_LOOPBACK) ||
	       !(ipv4_is_loopback(from) || ipv4_is_loopback(iph->daddr));
}

/* The route to the sender; the source address need not be local. */
static struct dst_entry *route4(const struct tarpit_packet *packet)
{
	const struct iphdr *iph = ip_hdr(packet->skb);
	struct net *net = packet->state->net;
	struct flowi4 fl4 = {
		.flowi4_oif = l3mdev_master_ifindex(packet->state->in),
		.flowi4_mark = IP4_REPLY_MARK(net, packet->skb->mark),
		.flowi4_uid = sock_net_uid(net, NULL),
		.flowi4_proto = IPPROTO_TCP,
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
		.saddr = iph->daddr,
		.daddr = iph->saddr,
		.fl4_sport = htons(packet->seg.dport),
		.fl4_dport = htons(packet->seg.sport),
	};
	struct rtable *rt;

	rt = ip_route_output_flow(net, &fl4, NULL);
	if (IS_ERR(rt))
		return NULL;
	if ((rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) ||
	    tarpit_would_loop(packet, &rt->dst, rt->rt_flags & RTCF_LOCAL)) {
		ip_rt_put(rt);
		return NULL;
	}
	return &rt->dst;
}

/*
 * As Linux does: DF is set. Segments of a connection have an id, a SYN+ACK and
 * a RST have none.
 */
static void write_ip4(struct sk_buff *reply, const struct iphdr *to,
		      const struct tarpit_packet *packet,
		      const struct dst_entry *dst)
{
	unsigned int tcp_len = reply->len - sizeof(struct iphdr);
	struct tcphdr *tcp = tcp_hdr(reply);
	struct iphdr *iph = ip_hdr(reply);

	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->frag_off = htons(IP_DF);
	iph->ttl = ip4_dst_hoplimit(dst);
	iph->protocol = IPPROTO_TCP;
	iph->saddr = to->daddr;
	iph->daddr = to->saddr;
	if (packet->kind == TARPIT_HOLD || packet->kind == TARPIT_READ)
		iph->id = htons(tarpit_ip_id(packet->flow));
	tcp->check = tcp_v4_check(tcp_len, iph->saddr, iph->daddr,
				  csum_partial(tcp, tcp_len, 0));
}

static void send4(const struct tarpit_packet *packet)
{
	struct net *net = packet->state->net;
	struct sk_buff *reply;
	struct dst_entry *dst;

	dst = route4(packet);
	if (!dst)
		return;
	reply = tarpit_alloc(packet, dst, sizeof(struct iphdr));
	if (!reply) {
		dst_release(dst);
		return;
	}
	skb_dst_set(reply, dst);
	write_ip4(reply, ip_hdr(packet->skb), packet, dst);
	reply->mark = IP4_REPLY_MARK(net, packet->skb->mark);
	tarpit_attach(reply, packet);
	ip_local_out(net, NULL, reply);
}

/**
 * tarpit_answer4() - answer an IPv4 packet, if it may have an answer
 * @skb: the packet, at its IP header; stays the caller's
 * @state: of the hook that it is in
 * @variant: what the user chose
 */
void tarpit_answer4(struct sk_buff *skb, const struct nf_hook_state *state,
		    enum tarpit_variant variant)
{
	struct tarpit_packet packet = { .skb = skb, .state = state };
	const struct iphdr *iph = ip_hdr(skb);
	unsigned int thoff = ip_hdrlen(skb);

	if (iph->protocol != IPPROTO_TCP || ip_is_fragment(iph) ||
	    !has_sender4(iph, state->in) || !is_unicast4(skb, state->net))
		return;
	if (!tarpit_read(&packet, thoff, variant))
		return;
	if (packet.kind != TARPIT_REFUSE)
		packet.flow = tarpit_flow4(state->net, iph->saddr, iph->daddr,
					   &packet.seg);
	if (!tarpit_proven(&packet))
		return;
	if (nf_ip_checksum(skb, state->hook, thoff, IPPROTO_TCP))
		return;
	send4(&packet);
}
