/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The packets of modules that send through netfilter's hooks: benchmarks and
 * comparisons. The programs that build such a module copy this file next to it.
 */
#ifndef POM_KERNEL_PACKET_H
#define POM_KERNEL_PACKET_H

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>

static inline unsigned int packet_transport_size(u8 protocol)
{
	return protocol == IPPROTO_TCP ? sizeof(struct tcphdr)
				       : sizeof(struct udphdr);
}

static inline void packet_put_ip(struct sk_buff *skb, bool six, u8 protocol,
				 unsigned int length)
{
	skb_reset_network_header(skb);
	if (six) {
		struct ipv6hdr *iph = skb_put_zero(skb, sizeof(*iph));

		iph->version = 6;
		iph->payload_len = htons(length);
		iph->nexthdr = protocol;
		iph->hop_limit = 64;
		iph->saddr.s6_addr32[0] = htonl(0x20010db8);
		iph->daddr.s6_addr32[0] = htonl(0x20010db8);
		skb->protocol = htons(ETH_P_IPV6);
	} else {
		struct iphdr *iph = skb_put_zero(skb, sizeof(*iph));

		iph->version = 4;
		iph->ihl = 5;
		iph->tot_len = htons(length + sizeof(*iph));
		iph->ttl = 64;
		iph->protocol = protocol;
		iph->daddr = htonl(0x0a000001);
		skb->protocol = htons(ETH_P_IP);
	}
	skb_set_transport_header(skb, skb->len);
}

/*
 * A received packet without a sender: headers, with space for @payload bytes
 * that the caller adds. Ports are 1024 and @port.
 */
static inline struct sk_buff *packet_alloc(bool six, u8 protocol, u16 port,
					   unsigned int payload)
{
	unsigned int length = packet_transport_size(protocol) + payload;
	struct sk_buff *skb = alloc_skb(
		LL_MAX_HEADER + sizeof(struct ipv6hdr) + length, GFP_KERNEL);
	struct tcphdr *tcp;
	struct udphdr *udp;

	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER);
	packet_put_ip(skb, six, protocol, length);
	if (protocol == IPPROTO_TCP) {
		tcp = skb_put_zero(skb, sizeof(*tcp));
		tcp->source = htons(1024);
		tcp->dest = htons(port);
		tcp->doff = sizeof(*tcp) / 4;
		tcp->ack = 1;
	} else {
		udp = skb_put_zero(skb, sizeof(*udp));
		udp->source = htons(1024);
		udp->dest = htons(port);
		udp->len = htons(length);
	}
	skb->pkt_type = PACKET_HOST;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}

#endif
