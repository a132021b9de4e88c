// SPDX-License-Identifier: GPL-2.0-only
/*
 * The numbers that a host chooses: initial sequence number, clock of the
 * timestamps, IP id. All come from a keyed hash of the flow: they look random
 * without the key (RFC 6528, RFC 7323 section 5.4), and need not be stored. The
 * upper half of the hash is for the clock, the lower half for the other two.
 *
 * An initial sequence number has two halves, under a mask of the flow:
 *
 *	15 bits	hash of flow and the peer's own initial number
 *	 1 bit	window scale was agreed on
 *	16 bits	hash of flow and of the 16 bits above
 *
 * The first half is the same for a retransmitted SYN, and differs in the next
 * connection between the same ports. The second half proves, in any later ACK,
 * that the tarpit sent the number to this peer, even if the peer's initial
 * number is no longer known. The peer's number remains known as long as only
 * its SYN is acknowledged: then both halves are computed again.
 *
 * RFC 6528 adds a clock, so that a peer does not take an old segment for a new
 * one. The tarpit sends no data and needs no clock.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "TARPIT/xt_TARPIT/internal.h"

/* What a number is for that is derived from a flow's hash. */
enum tarpit_purpose {
	TARPIT_FOR_ISN,
	TARPIT_FOR_PROOF,
	TARPIT_FOR_IP_ID,
	TARPIT_FOR_SKB_HASH,
};

static const siphash_key_t *tarpit_key(struct net *net)
{
	return &((struct tarpit_net *)net_generic(net, tarpit_net_id))->key;
}

/* Spreads the bits, by the finalizer of MurmurHash3. Not one-way. */
static u32 tarpit_mix(u64 x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccdULL;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53ULL;
	return x >> 32;
}

/*
 * Only the two ends of a flow see what is derived from its hash. The peer may
 * find the lower half by trying all numbers, and knows nothing then but what
 * its own connection shows: not the key, another flow's hash, or the upper
 * half. A second and third siphash made an answer 9 % more expensive.
 */
static u32 tarpit_derive(u64 flow, enum tarpit_purpose purpose, u32 value)
{
	return tarpit_mix((u32)flow ^ ((u64)purpose << 32 | value));
}

static u32 tarpit_mask(u64 flow)
{
	return flow;
}

/* Both ports as one word; the byte order does not matter to a hash. */
static u32 tarpit_ports(const struct tarpit_segment *seg)
{
	return (u32)seg->sport << 16 | seg->dport;
}

/* A hash of the four numbers that name a connection, as the peer sends them. */
u64 tarpit_flow4(struct net *net, __be32 saddr, __be32 daddr,
		 const struct tarpit_segment *seg)
{
	return siphash_3u32((__force u32)saddr, (__force u32)daddr,
			    tarpit_ports(seg), tarpit_key(net));
}

u64 tarpit_flow6(struct net *net, const struct in6_addr *saddr,
		 const struct in6_addr *daddr,
		 const struct tarpit_segment *seg)
{
	struct {
		struct in6_addr saddr;
		struct in6_addr daddr;
		u32 ports;
		u32 pad;
	} __aligned(SIPHASH_ALIGNMENT) tuple = {
		.saddr = *saddr,
		.daddr = *daddr,
		.ports = tarpit_ports(seg),
	};

	return siphash(&tuple, sizeof(tuple), tarpit_key(net));
}

static u16 tarpit_proof(u64 flow, u16 claim)
{
	return tarpit_derive(flow, TARPIT_FOR_PROOF, claim);
}

static u16 tarpit_claim(u64 flow, u32 peer_isn, bool scaled)
{
	u32 hash = tarpit_derive(flow, TARPIT_FOR_ISN, peer_isn);

	return (hash & ~1U) | scaled;
}

/**
 * tarpit_isn() - the initial sequence number of the answer to a SYN
 * @flow: of tarpit_flow4() or tarpit_flow6()
 * @peer_isn: sequence number of the SYN
 * @scaled: window scale is agreed on in the answer
 */
u32 tarpit_isn(u64 flow, u32 peer_isn, bool scaled)
{
	u16 claim = tarpit_claim(flow, peer_isn, scaled);
	u32 isn = (u32)claim << 16 | tarpit_proof(flow, claim);

	return isn ^ tarpit_mask(flow);
}

/**
 * tarpit_standing() - whether a segment belongs to an accepted connection
 * @flow: of tarpit_flow4() or tarpit_flow6()
 * @seg: the segment; without TARPIT_ACK it is foreign
 * @scaled: set to whether window scale was agreed on, unless foreign
 *
 * A forged ACK is taken for TARPIT_LATER with probability 2^-16, and for the
 * other two with 2^-31.
 */
enum tarpit_standing tarpit_standing(u64 flow,
				     const struct tarpit_segment *seg,
				     bool *scaled)
{
	u32 isn = (seg->ack - 1) ^ tarpit_mask(flow);
	u16 claim = isn >> 16;

	if (!(seg->flags & TARPIT_ACK) ||
	    (u16)isn != tarpit_proof(flow, claim))
		return TARPIT_FOREIGN;
	*scaled = claim & 1;
	if (claim == tarpit_claim(flow, seg->seq - 1, *scaled))
		return TARPIT_START;
	if (claim == tarpit_claim(flow, seg->seq, *scaled))
		return TARPIT_PROBE;
	return TARPIT_LATER;
}

/* Milliseconds from a secret origin, as in Linux. */
u32 tarpit_tsval(struct net *net, u64 flow)
{
	u32 now = ktime_to_ms(ktime_get());

	/* 2: without a random offset, as in Linux */
	if (READ_ONCE(net->ipv4.sysctl_tcp_timestamps) == 2)
		return now;
	return now + (u32)(flow >> 32);
}

/*
 * Linux counts the packets of a socket from a random number on. Without a
 * socket, count units of 32 to 64 ms: the id grows from reply to reply.
 */
u16 tarpit_ip_id(u64 flow)
{
	u32 now = jiffies;

	return tarpit_derive(flow, TARPIT_FOR_IP_ID, 0) +
	       (now >> ilog2(HZ / 16));
}

/*
 * The hash of a reply, of which IPv6 makes the flow label: without one, the
 * kernel dissects the packet. A RST has no flow, and a random number keeps its
 * label from being the same on every host.
 */
u32 tarpit_skb_hash(struct net *net, u64 flow, const struct tarpit_segment *seg)
{
	const struct tarpit_net *tn = net_generic(net, tarpit_net_id);

	if (flow)
		return tarpit_derive(flow, TARPIT_FOR_SKB_HASH, 0);
	return tarpit_mix(tn->label ^ ((u64)tarpit_ports(seg) << 32 |
				       (seg->seq ^ seg->ack)));
}
