/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets and connections of the kernel for window.h. */
#ifndef POM_TCP_WINDOW_PACKET_H
#define POM_TCP_WINDOW_PACKET_H

#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>
#include "tcp-window-tracking/window.h"

struct net;
struct sk_buff;

/**
 * struct tcpwindow_place - where a packet is
 * @net: its network namespace
 * @hook: NF_INET_*
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @zone: of conntrack; the template that told it is gone
 */
struct tcpwindow_place {
	struct net *net;
	unsigned int hook;
	u8 family;
	u16 zone;
};

/**
 * struct tcpwindow_refusal - what conntrack thinks of a packet
 * @off: of its TCP header, from skb->data
 * @seg: the segment, unless it is truncated
 * @fault: the reason; WINDOW_NONE for a packet that is not TCP
 * @ct: its connection, with a reference; NULL if there is none, or if the
 *	reason is WINDOW_FLAGS, WINDOW_CHECKSUM or WINDOW_TRUNCATED
 * @dir: its direction there
 */
struct tcpwindow_refusal {
	unsigned int off;
	struct window_segment seg;
	struct window_fault fault;
	struct nf_conn *ct;
	enum ip_conntrack_dir dir;
};

bool tcpwindow_is_tcp(const struct sk_buff *skb, u8 family);
bool tcpwindow_segment(const struct sk_buff *skb, u8 family,
		       struct window_segment *seg);
void tcpwindow_copy_side(struct window_side *to,
			 const struct ip_ct_tcp_state *from);
void tcpwindow_store_side(struct ip_ct_tcp_state *to,
			  const struct window_side *from);
void tcpwindow_snapshot(struct nf_conn *ct, const struct window_segment *seg,
			enum ip_conntrack_dir dir, struct window_conn *conn,
			u32 *offset);
void tcpwindow_explain(struct sk_buff *skb, const struct tcpwindow_place *at,
		       struct tcpwindow_refusal *r);

/**
 * tcpwindow_done() - drop what tcpwindow_explain() holds
 * @r: its result
 */
static inline void tcpwindow_done(struct tcpwindow_refusal *r)
{
	if (r->ct)
		nf_ct_put(r->ct);
}

#endif /* POM_TCP_WINDOW_PACKET_H */
