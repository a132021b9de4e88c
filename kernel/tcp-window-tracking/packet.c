// SPDX-License-Identifier: GPL-2.0-only
/* Packets and connections of the kernel for window.h. */

#include <linux/build_bug.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netfilter/nf_conntrack_synproxy.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "compat/tcp_window.h"
#include "tcp-window-tracking/packet.h"
#include "tcp-window-tracking/window.h"

/* window.h has these numbers for programs without the kernel's headers. */
static_assert((int)WINDOW_SYN_SENT == TCP_CONNTRACK_SYN_SENT);
static_assert((int)WINDOW_LAST_ACK == TCP_CONNTRACK_LAST_ACK);
static_assert((int)WINDOW_SYN_SENT2 == TCP_CONNTRACK_SYN_SENT2);
static_assert((int)WINDOW_STATES == TCP_CONNTRACK_MAX);
static_assert((int)WINDOW_SIDE_SACK == IP_CT_TCP_FLAG_SACK_PERM);
static_assert((int)WINDOW_SIDE_LIBERAL == IP_CT_TCP_FLAG_BE_LIBERAL);
static_assert((int)WINDOW_SIDE_MAXACK == IP_CT_TCP_FLAG_MAXACK_SET);
static_assert((int)WINDOW_LAST_CHALLENGE == IP_CT_EXP_CHALLENGE_ACK);

/* The offset of the TCP header; negative for what is no segment's beginning. */
static int tcpwindow_offset(const struct sk_buff *skb, u8 family)
{
	const struct iphdr *iph;
	__be16 frag_off = 0;
	u8 protocol;
	int off;

	if (family == NFPROTO_IPV4) {
		iph = ip_hdr(skb);
		if (iph->protocol != IPPROTO_TCP ||
		    iph->frag_off & htons(IP_OFFSET))
			return -1;
		return skb_network_offset(skb) + iph->ihl * 4;
	}
	protocol = ipv6_hdr(skb)->nexthdr;
	off = ipv6_skip_exthdr(skb, skb_network_offset(skb) +
				    sizeof(struct ipv6hdr),
			       &protocol, &frag_off);
	if (protocol != IPPROTO_TCP || frag_off & htons(~0x7))
		return -1;
	return off;
}

/**
 * tcpwindow_is_tcp() - whether a packet is a TCP segment
 * @skb: the packet
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Any context. An ICMP error has the connection that it quotes, and anyone can
 * send one.
 */
bool tcpwindow_is_tcp(const struct sk_buff *skb, u8 family)
{
	return tcpwindow_offset(skb, family) >= 0;
}

/* Return: whether it is complete. */
static bool tcpwindow_read(const struct sk_buff *skb, unsigned int off,
			   struct window_segment *seg)
{
	u8 buffer[WINDOW_TCP_MAX];
	const u8 *tcp;
	unsigned int have;

	if (off >= skb->len)
		return false;
	have = min_t(unsigned int, skb->len - off, WINDOW_TCP_MAX);
	tcp = skb_header_pointer(skb, off, have, buffer);
	return tcp && window_parse(tcp, have, skb->len - off, seg);
}

/**
 * tcpwindow_segment() - read the segment of a packet
 * @skb: the packet
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @seg: the result
 *
 * Any context. Return: false if it is not a TCP segment, or a truncated one
 */
bool tcpwindow_segment(const struct sk_buff *skb, u8 family,
		       struct window_segment *seg)
{
	int off = tcpwindow_offset(skb, family);

	return off >= 0 && tcpwindow_read(skb, off, seg);
}

/**
 * tcpwindow_copy_side() - what conntrack knows of a sender
 * @to: the result
 * @from: the sender, with the connection's lock held
 */
void tcpwindow_copy_side(struct window_side *to,
			 const struct ip_ct_tcp_state *from)
{
	*to = (struct window_side) {
		.end	= from->td_end,
		.maxend	= from->td_maxend,
		.maxwin	= from->td_maxwin,
		.maxack	= from->td_maxack,
		.scale	= from->td_scale,
		.flags	= from->flags,
	};
}

/**
 * tcpwindow_store_side() - change what conntrack knows of a sender
 * @to: the sender, with the connection's lock held
 * @from: the new values
 */
void tcpwindow_store_side(struct ip_ct_tcp_state *to,
			  const struct window_side *from)
{
	to->td_end = from->end;
	to->td_maxend = from->maxend;
	to->td_maxwin = from->maxwin;
	to->td_maxack = from->maxack;
	to->td_scale = from->scale;
	WRITE_ONCE(to->flags, from->flags);
}

/* With the connection's lock. */
static void tcpwindow_copy(struct window_conn *conn, const struct nf_conn *ct)
{
	const struct ip_ct_tcp *tcp = &ct->proto.tcp;

	tcpwindow_copy_side(&conn->side[0], &tcp->seen[0]);
	tcpwindow_copy_side(&conn->side[1], &tcp->seen[1]);
	conn->last_seq = tcp->last_seq;
	conn->last_ack = tcp->last_ack;
	conn->last_end = tcp->last_end;
	conn->last_window = tcp->last_win;
	conn->last_dir = tcp->last_dir;
	conn->last_kind = tcp->last_index;
	conn->last_scale = tcp->last_wscale;
	conn->last_flags = tcp->last_flags;
	conn->retrans = tcp->retrans;
	/* ctnetlink of old kernels takes any state from a program */
	conn->state = tcp->state < WINDOW_STATES ? tcp->state : 0;
}

/**
 * tcpwindow_snapshot() - what conntrack knows of a connection
 * @ct: a TCP connection
 * @seg: a segment of it
 * @dir: its direction
 * @conn: the result
 * @offset: what NAT has added to the number that @seg acknowledges
 *
 * Softirq or process context, without the connection's lock.
 */
void tcpwindow_snapshot(struct nf_conn *ct, const struct window_segment *seg,
			enum ip_conntrack_dir dir, struct window_conn *conn,
			u32 *offset)
{
	struct net *net = nf_ct_net(ct);

	spin_lock_bh(&ct->lock);
	tcpwindow_copy(conn, ct);
	*offset = nf_ct_seq_offset(ct, !dir, seg->ack - 1);
	spin_unlock_bh(&ct->lock);
	conn->replied = test_bit(IPS_SEEN_REPLY_BIT, &ct->status);
	conn->assured = test_bit(IPS_ASSURED_BIT, &ct->status);
	conn->synproxy = nfct_synproxy(ct);
	conn->liberal = READ_ONCE(nf_tcp_pernet(net)->tcp_be_liberal);
	conn->any_rst = pom_tcp_any_rst(net);
	conn->lenient_rst = POM_TCP_LENIENT_RST;
	conn->tolerant = POM_TCP_TOLERANT;
}

/*
 * Conntrack checks what comes from a device. A packet of this host has a
 * checksum that is not yet complete, or its sender's own.
 */
static bool tcpwindow_checksum_ok(struct sk_buff *skb,
				  const struct tcpwindow_place *at,
				  unsigned int off)
{
	if (at->hook == NF_INET_LOCAL_OUT ||
	    (at->hook == NF_INET_POST_ROUTING && !skb->skb_iif) ||
	    !READ_ONCE(at->net->ct.sysctl_checksum))
		return true;
	return !nf_checksum(skb, NF_INET_PRE_ROUTING, off, IPPROTO_TCP,
			    at->family);
}

/* The connection of a packet, with a reference. */
static struct nf_conn *tcpwindow_find(const struct sk_buff *skb,
				      const struct tcpwindow_place *at,
				      enum ip_conntrack_dir *dir)
{
	struct nf_conntrack_tuple_hash *found;
	struct nf_conntrack_tuple tuple;
	struct nf_conntrack_zone zone;

	if (!nf_ct_get_tuplepr(skb, skb_network_offset(skb), at->family,
			       at->net, &tuple))
		return NULL;
	nf_ct_zone_init(&zone, at->zone, NF_CT_DEFAULT_ZONE_DIR, 0);
	found = nf_conntrack_find_get(at->net, &zone, &tuple);
	if (!found)
		return NULL;
	*dir = NF_CT_DIRECTION(found);
	return nf_ct_tuplehash_to_ctrack(found);
}

static struct window_fault
tcpwindow_without_connection(const struct window_segment *seg, struct net *net)
{
	bool pick_up = READ_ONCE(nf_tcp_pernet(net)->tcp_loose);

	/* a new connection, which has ended since */
	if (window_may_open(seg, pick_up))
		return (struct window_fault) { .reason = WINDOW_UNKNOWN };
	return (struct window_fault) { .reason = WINDOW_NO_CONNECTION };
}

/**
 * tcpwindow_explain() - why conntrack has refused a packet
 * @skb: a packet without a connection, after conntrack has seen it; computing
 *	its checksum may change how the packet keeps it
 * @at: where it is
 * @r: the result, for tcpwindow_done()
 *
 * Softirq or process context, under rcu_read_lock. Without a lock of the
 * table; takes that of the connection.
 */
void tcpwindow_explain(struct sk_buff *skb, const struct tcpwindow_place *at,
		       struct tcpwindow_refusal *r)
{
	int off = tcpwindow_offset(skb, at->family);
	struct window_conn conn;
	u32 offset;

	r->ct = NULL;
	r->fault = (struct window_fault) { .reason = WINDOW_NONE };
	if (off < 0)
		return;
	r->off = off;
	if (!tcpwindow_read(skb, off, &r->seg)) {
		r->fault.reason = WINDOW_TRUNCATED;
		return;
	}
	if (!tcpwindow_checksum_ok(skb, at, off)) {
		r->fault.reason = WINDOW_CHECKSUM;
		return;
	}
	if (!window_flags_valid(&r->seg)) {
		r->fault.reason = WINDOW_FLAGS;
		return;
	}
	r->ct = tcpwindow_find(skb, at, &r->dir);
	if (!r->ct) {
		r->fault = tcpwindow_without_connection(&r->seg, at->net);
		return;
	}
	tcpwindow_snapshot(r->ct, &r->seg, r->dir, &conn, &offset);
	r->fault = window_refused(&conn, &r->seg, r->dir, offset);
}
