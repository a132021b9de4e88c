// SPDX-License-Identifier: GPL-2.0-only
/* Searches through the segments of a TCP connection. */
#include <linux/netfilter/x_tables.h>
#include <linux/rcupdate.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include "string/search.h"
#include "string/automaton.h"
#include "string/segments.h"
#include "string/xt_string/conntrack.h"
#include "string/xt_string/internal.h"
#include "string/xt_string/set.h"
#include "string/xt_string/stream.h"

/* string_set_place.state[0] of --prefix: it can no longer match. */
#define STRING_PREFIX_GONE	(~0U)

/**
 * struct string_search - the search of a segment, and its result
 * @pattern: a single string, else NULL
 * @prefix: at the beginning only
 * @patterns: those of a set, else NULL
 * @found: a match was found
 * @number: the pattern, or STRING_SET_NONE
 * @marks: retransmitted bytes contain an earlier match of a pattern with a mark
 * @mark: that mark
 */
struct string_search {
	const struct string_pattern *pattern;
	bool prefix;
	struct string_patterns *patterns;
	bool found;
	u32 number;
	bool marks;
	u32 mark;
};

static void string_search_prefix(struct string_search *h, u32 *matched,
				 const u8 *data, unsigned int len)
{
	int state;

	if (*matched == STRING_PREFIX_GONE)
		return;
	state = string_at_start(h->pattern, matched, data, len);
	if (state != 1)
		*matched = STRING_PREFIX_GONE;
	h->found |= state == 2;
}

static void string_search_single(struct string_search *h, u32 *matched,
				 const u8 *data, unsigned int len)
{
	size_t done = 0;

	if (!h->found) {
		done = string_scan(h->pattern, matched, data, len, true);
		if (!done)
			return;
		h->found = true;
	}
	string_pass(h->pattern, matched, data + done, len - done);
}

static void string_search_set(struct string_search *h,
			      struct string_set_place *place, const u8 *data,
			      unsigned int len)
{
	size_t done = 0;

	if (!h->found) {
		done = string_set_scan(&h->patterns->set, place, data, len,
				       &h->number);
		if (h->number == STRING_SET_NONE)
			return;
		h->found = true;
	}
	string_set_pass(&h->patterns->set, place, data + done, len - done);
}

/* Searches a piece to its end, even after a match. */
static void string_search_piece(struct string_search *h,
				struct string_set_place *place, const u8 *data,
				unsigned int len)
{
	if (h->patterns)
		string_search_set(h, place, data, len);
	else if (h->prefix)
		string_search_prefix(h, &place->state[0], data, len);
	else
		string_search_single(h, &place->state[0], data, len);
}

static void string_search_span(struct string_search *h,
			       const struct sk_buff *skb, unsigned int from,
			       unsigned int len, struct string_set_place *place)
{
	struct string_window w = { .from = from, .to = from + len };
	struct string_reader r;
	unsigned int piece;
	const u8 *data;

	if (string_window_linear(skb, w)) {
		string_search_piece(h, place, skb->data + from, len);
		return;
	}
	string_reader_init(&r, skb, &w);
	while ((piece = string_reader_next(&r, &data)))
		string_search_piece(h, place, data, piece);
	string_reader_stop(&r);
}

/* The state of a search that does not begin with the connection. */
static struct string_set_place
string_place_anywhere(const struct string_search *h)
{
	struct string_set_place place = {};
	unsigned int kind;

	if (h->prefix)
		place.state[0] = STRING_PREFIX_GONE;
	for (kind = 0; h->patterns && kind < STRING_SET_KINDS; kind++)
		if (kind & STRING_SET_PREFIX)
			place.state[kind] = STRING_SET_NOWHERE;
	return place;
}

/* Carries out a plan. Under the connection's lock. */
static void string_search_segment(struct string_search *h,
				  const struct sk_buff *skb,
				  const struct string_window *w,
				  struct string_flow *flow, u8 dir,
				  const struct string_plan *plan)
{
	struct string_stream *s = &flow->stream[dir];
	struct string_set_place *places[] = {
		[STRING_STREAM_HEAD] = &flow->head[dir],
		[STRING_STREAM_HOLE] = &flow->hole[dir],
	};
	struct string_set_place place;
	unsigned int i;

	if (plan->open)
		flow->hole[dir] = flow->head[dir];
	for (i = 0; i < plan->count; i++) {
		const struct string_span *span = &plan->spans[i];
		const struct string_set_place *from = places[span->from];
		struct string_set_place *to = places[span->to] ?: &place;

		if (to != from)
			*to = from ? *from : string_place_anywhere(h);
		string_search_span(h, skb, w->from + span->off, span->len, to);
	}
	if (plan->keep_len &&
	    !skb_copy_bits(skb, w->from + plan->keep_off, s->keep + s->kept,
			   plan->keep_len))
		s->kept += plan->keep_len;
	if (plan->join)
		string_search_piece(h, &flow->hole[dir], s->keep, s->kept);
}

static void string_flow_forget(struct string_flow *flow, u8 dir)
{
	memset(&flow->head[dir], 0, sizeof(flow->head[dir]));
	memset(&flow->hole[dir], 0, sizeof(flow->hole[dir]));
	WRITE_ONCE(flow->ends,
		   flow->ends & ~(1 << dir | STRING_FLOW_CLOSED));
}

/* A SYN+ACK acknowledges the SYN of the other direction: its start. */
static void string_flow_opened(struct string_flow *flow, u8 other, u32 ack)
{
	struct string_plan plan;

	string_stream_plan(&flow->stream[other], ack - 1, 0, true, &plan);
	if (plan.forget)
		string_flow_forget(flow, other);
}

/* A retransmission of a match gets its mark again. */
static void string_flow_found(const struct string_search *h,
			      struct string_flow *flow, u8 dir, u32 seq,
			      u32 len)
{
	const struct string_entry *e;

	if (!string_stream_hit(&flow->stream[dir], seq, len) || !h->patterns)
		return;
	e = &h->patterns->entries[h->number];
	flow->marks &= ~(1 << dir);
	flow->marks |= e->marks << dir;
	flow->mark[dir] = e->mark;
}

/* Under the connection's lock. */
static bool string_flow_segment(struct string_search *h,
				const struct sk_buff *skb,
				const struct string_window *w,
				const struct tcphdr *th,
				struct string_flow *flow, u8 dir)
{
	u32 seq = ntohl(th->seq), len = w->to - w->from;
	u32 id = h->patterns ? h->patterns->id : 0;
	struct string_plan plan;

	/* States of other patterns are invalid. */
	if (flow->patterns != id) {
		flow->patterns = id;
		flow->head[0] = string_place_anywhere(h);
		flow->head[1] = flow->head[0];
		flow->hole[0] = flow->head[0];
		flow->hole[1] = flow->head[0];
	}
	if (th->syn && th->ack)
		string_flow_opened(flow, !dir, ntohl(th->ack_seq));
	string_stream_plan(&flow->stream[dir], seq, len, th->syn, &plan);
	if (plan.forget)
		string_flow_forget(flow, dir);
	string_search_segment(h, skb, w, flow, dir, &plan);
	if (th->fin)
		WRITE_ONCE(flow->ends, flow->ends | 1 << dir);
	if (plan.hit) {
		h->marks = flow->marks >> dir & 1;
		h->mark = flow->mark[dir];
	}
	if (h->found)
		string_flow_found(h, flow, dir, seq + th->syn, len);
	return h->found || plan.hit;
}

/* The connection of a TCP segment, or NULL. Any context. */
struct nf_conn *string_flow_conn(const struct sk_buff *skb, u8 *dir)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || nf_ct_is_template(ct) || nf_ct_protonum(ct) != IPPROTO_TCP)
		return NULL;
	*dir = CTINFO2DIR(ctinfo);
	return ct;
}

/*
 * The state of a segment's connection; NULL if it has none, or the segment must
 * not change it. A RST that conntrack has accepted shortens its life.
 */
static struct string_flow *
string_flow_get(struct string_streams *streams, const struct sk_buff *skb,
		const struct xt_action_param *par, const struct tcphdr *th,
		const struct string_window *w, u8 *dir)
{
	struct nf_conn *ct = string_flow_conn(skb, dir);
	struct string_flow *flow;

	if (!ct)
		return NULL;
	if (th->rst) {
		flow = string_flow_find(streams, ct);
		if (flow && string_ct_closed(ct))
			string_flow_close(flow);
		return NULL;
	}
	if (!string_ct_accepts(skb, xt_hooknum(par), xt_family(par), th, w, ct,
			       *dir))
		return NULL;
	return string_flow_find(streams, ct) ?: string_flow_add(streams, ct);
}

/**
 * string_flow_search - search a packet as part of its connection
 * @skb: the packet
 * @par: of the match
 * @rule: the rule, with XT_STRING_STREAM
 *
 * Any context, in an RCU read-side section.
 *
 * Return: whether it matches; -1 if its connection is not followed, so that the
 * packet must be searched alone
 */
int string_flow_search(const struct sk_buff *skb,
		       const struct xt_action_param *par,
		       const struct string_rule *rule)
{
	struct string_search h = {
		.pattern = rule->pattern,
		.prefix = rule->flags & XT_STRING_PREFIX,
		.number = STRING_SET_NONE,
	};
	struct string_window w;
	struct string_flow *flow;
	const struct tcphdr *th;
	struct tcphdr _th;
	bool found;
	u8 dir;

	th = string_window_tcp(skb, xt_family(par), &_th, &w);
	if (!th)
		return -1;
	if (rule->set) {
		h.patterns = rcu_dereference(rule->set->now);
		if (!h.patterns)
			return -1;
	}
	flow = string_flow_get(rule->streams, skb, par, th, &w, &dir);
	if (!flow)
		return -1;
	/* The receiver may read urgent data separately. */
	if (unlikely(th->urg) && w.from < w.to)
		atomic_inc(&string_pernet(xt_net(par))->streams_urgent);

	spin_lock_bh(&flow->lock);
	found = string_flow_segment(&h, skb, &w, th, flow, dir);
	spin_unlock_bh(&flow->lock);
	if (h.number != STRING_SET_NONE)
		string_found(skb, h.patterns, h.number, rule);
	if (h.marks)
		string_mark(skb, h.mark, rule);
	return found;
}
