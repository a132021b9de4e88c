// SPDX-License-Identifier: GPL-2.0-only
/*
 * --stream-ambiguous: connections whose receiver may read bytes that were not
 * searched, or not in this order.
 */
#include <linux/netfilter/x_tables.h>
#include <linux/rcupdate.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include "string/overlap.h"
#include "string/xt_string/conntrack.h"
#include "string/xt_string/internal.h"
#include "string/xt_string/set.h"
#include "string/xt_string/stream.h"

/* Compares a segment with earlier ones. Under the connection's lock. */
static enum string_overlap_result
string_watched_compare(struct string_overlap *o, const struct sk_buff *skb,
		       const struct string_window *w, u32 seq, u32 acked)
{
	enum string_overlap_result result = STRING_OVERLAP_EQUAL, part;
	struct string_reader r;
	unsigned int len;
	const u8 *data;

	string_reader_init(&r, skb, w);
	while ((len = string_reader_next(&r, &data))) {
		part = string_overlap_add(o, seq, data, len, acked);
		result = max(result, part);
		seq += len;
	}
	string_reader_stop(&r);
	return result;
}

/*
 * A SYN+ACK acknowledges @first - 1, the SYN of the other direction. Conntrack
 * has ignored that SYN where it knew an earlier connection with these ports,
 * and takes over its numbers now. A number among the bytes that have arrived
 * begins nothing: the receiver could make a match forget what it has got.
 * Under the connection's lock. Returns whether it replaces another beginning.
 */
static bool string_watched_reopen(struct string_overlap *o, u32 first)
{
	if (!o->started || first - o->start <= o->next - o->start)
		return false;
	return string_overlap_begin(o, first, first);
}

/* A segment arrives that may move the search. Under the connection's lock. */
static void string_watched_segment(struct string_watched *watched,
				   struct string_net *sn,
				   const struct sk_buff *skb,
				   const struct string_window *w,
				   const struct tcphdr *th, u32 acked, u8 dir)
{
	enum string_overlap_result result = STRING_OVERLAP_EQUAL;
	struct string_overlap *o = &watched->overlap[dir];
	struct string_flow *flow = &watched->flow;
	u32 seq = ntohl(th->seq) + th->syn;
	bool begins;

	/* An entry of an earlier connection with the same ports. */
	begins = th->syn && string_overlap_begin(o, seq,
						 seq + (w->to - w->from));
	begins |= th->syn && th->ack &&
		  string_watched_reopen(&watched->overlap[!dir],
					ntohl(th->ack_seq));
	if (begins) {
		flow->ambiguous = false;
		WRITE_ONCE(flow->ends, 0);
	}
	if (th->fin)
		WRITE_ONCE(flow->ends, flow->ends | 1 << dir);
	if (flow->ambiguous)
		return;
	if (w->from < w->to)
		result = string_watched_compare(o, skb, w, seq, acked);
	if (result == STRING_OVERLAP_UNKNOWN)
		atomic_inc(&sn->streams_uncompared);
	/* Its byte may be in a segment without the flag. */
	if (result != STRING_OVERLAP_DIFFERS && !th->urg)
		return;
	flow->ambiguous = true;
	atomic_inc(&sn->streams_ambiguous);
}

/*
 * The state of a segment's connection, or NULL. @moves: the segment may change
 * it. The first segment with something to compare makes it, so an exchange of
 * SYNs costs nothing. A RST that conntrack has accepted shortens its life.
 */
static struct string_flow *
string_watched_get(struct string_streams *streams, const struct sk_buff *skb,
		   const struct xt_action_param *par, const struct tcphdr *th,
		   const struct string_window *w, struct nf_conn *ct, u8 dir,
		   bool *moves)
{
	struct string_flow *flow = string_flow_find(streams, ct);

	*moves = !th->rst && string_ct_accepts(skb, xt_hooknum(par),
					       xt_family(par), th, w, ct, dir);
	if (*moves && !flow && !th->syn && (w->from < w->to || th->urg))
		flow = string_flow_add(streams, ct);
	if (flow && th->rst && string_ct_closed(ct))
		string_flow_close(flow);
	return flow;
}

/**
 * string_ambiguous - whether a packet's connection is ambiguous
 * @skb: the packet
 * @par: of the match
 * @rule: the rule, with @rule->ambiguous
 *
 * Any context, in an RCU read-side section.
 *
 * Return: whether a segment with urgent data, or one that overlaps earlier ones
 * with different bytes, has come, this one included
 */
bool string_ambiguous(const struct sk_buff *skb,
		      const struct xt_action_param *par,
		      const struct string_rule *rule)
{
	struct string_net *sn = string_pernet(xt_net(par));
	struct string_window w;
	struct string_flow *flow;
	const struct tcphdr *th;
	bool moves, ambiguous;
	struct tcphdr _th;
	struct nf_conn *ct;
	u32 acked;
	u8 dir;

	th = string_window_tcp(skb, xt_family(par), &_th, &w);
	ct = th ? string_flow_conn(skb, &dir) : NULL;
	if (!ct)
		return false;
	flow = string_watched_get(rule->streams, skb, par, th, &w, ct, dir,
				  &moves);
	if (!flow)
		return false;
	if (unlikely(th->urg) && moves && w.from < w.to)
		atomic_inc(&sn->streams_urgent);
	acked = string_ct_acked(ct, dir, ntohl(th->seq));

	spin_lock_bh(&flow->lock);
	if (moves)
		string_watched_segment(container_of(flow, struct string_watched,
						    flow),
				       sn, skb, &w, th, acked, dir);
	ambiguous = flow->ambiguous;
	spin_unlock_bh(&flow->lock);
	return ambiguous;
}
