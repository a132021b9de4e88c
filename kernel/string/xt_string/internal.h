/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private header of xt_string.
 *
 * match.c     the match, which rules call
 * check.c     checks of a rule
 * classic.c   the meaning of --to in the kernel's own module
 * window.c    which bytes of a packet are searched, and how they are read
 * set.c       pattern sets: names, lifetime, memory (set.h)
 * compile.c   from lines to patterns that can be searched for
 * counts.c    how often each pattern was found
 * proc.c      /proc/net/nf_string
 * stream.c    the connections that --stream follows (stream.h)
 * flow.c      searching through their segments
 * ambiguous.c --stream-ambiguous: comparing what overlaps
 * conntrack.c which segments may move that search (conntrack.h)
 */
#ifndef POM_XT_STRING_INTERNAL_H
#define POM_XT_STRING_INTERNAL_H

#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/netfilter/xt_string.h>

/**
 * struct string_window - the bytes of a packet that are searched
 * @from: the first one, from skb->data on
 * @to: the one after the last one; @from or less if the window is empty
 */
struct string_window {
	unsigned int from;
	unsigned int to;
};

/* Whether the window is in the packet's linear part. */
static inline bool string_window_linear(const struct sk_buff *skb,
					struct string_window w)
{
	return w.to <= skb_headlen(skb);
}

/**
 * struct string_reader - the pieces of a window, one after the other
 * @at: the beginning of the next piece, from skb->data on
 * @end: of the window
 * @seq: only used if the window is not in the linear part
 */
struct string_reader {
	const struct sk_buff *skb;
	unsigned int at;
	unsigned int end;
	unsigned int from;
	bool linear;
	struct skb_seq_state seq;
};

/* Any context. The packet must not change while it is read. */
static inline void string_reader_init(struct string_reader *r,
				      const struct sk_buff *skb,
				      const struct string_window *w)
{
	r->skb = skb;
	r->at = w->from;
	r->from = w->from;
	r->end = w->to;
	r->linear = string_window_linear(skb, *w);
	if (!r->linear)
		skb_prepare_seq_read((struct sk_buff *)skb, w->from, w->to,
				     &r->seq);
}

/* Returns the length of the next piece, 0 after the last one. */
static inline unsigned int string_reader_next(struct string_reader *r,
					      const u8 **data)
{
	unsigned int len;

	if (r->linear) {
		*data = r->skb->data + r->at;
		len = r->at < r->end ? r->end - r->at : 0;
	} else {
		len = skb_seq_read(r->at - r->from, data, &r->seq);
		/* A piece may extend beyond the window. */
		if (len > r->end - r->at)
			len = r->end - r->at;
	}
	r->at += len;
	return len;
}

static inline bool string_reader_more(const struct string_reader *r)
{
	return r->at < r->end;
}

/* Must be called if not all pieces were read; harmless otherwise. */
static inline void string_reader_stop(struct string_reader *r)
{
	if (!r->linear)
		skb_abort_seq_read(&r->seq);
}

struct net;
struct nf_conn;
struct string_named;
struct string_pattern;
struct string_patterns;
struct string_streams;
struct tcphdr;
struct xt_action_param;

/**
 * struct string_rule - the kernel objects of a rule of revision 2 or 3
 * @pattern: the string; NULL with XT_STRING_SET or @ambiguous
 * @set: the pattern set, else NULL
 * @streams: the connections, with XT_STRING_STREAM; else NULL
 * @ambiguous: XT_STRING_AMBIGUOUS: a rule without a string
 * @conntrack_put: drops connection tracking, with @streams
 * @from: as in struct xt_string_mtinfo_v2, also what follows
 */
struct string_rule {
	struct string_pattern *pattern;
	struct string_named *set;
	struct string_streams *streams;
	void (*conntrack_put)(struct net *net, u8 family);
	u32 from;
	u32 to;
	u32 mark_mask;
	u8 base;
	u8 flags;
	bool ambiguous;
};

/* match.c */
void string_mark(const struct sk_buff *skb, u32 mark,
		 const struct string_rule *rule);
void string_found(const struct sk_buff *skb, struct string_patterns *p,
		  u32 number, const struct string_rule *rule);

/* ambiguous.c */
bool string_ambiguous(const struct sk_buff *skb,
		      const struct xt_action_param *par,
		      const struct string_rule *rule);

/* flow.c */
struct nf_conn *string_flow_conn(const struct sk_buff *skb, u8 *dir);
int string_flow_search(const struct sk_buff *skb,
		       const struct xt_action_param *par,
		       const struct string_rule *rule);

/* classic.c */
int string_classic_init(void);
u32 string_classic_end(const struct xt_string_info *info);

/* check.c */
struct xt_mtchk_param;
struct xt_mtdtor_param;
int string_mt_check_v0(const struct xt_mtchk_param *par);
int string_mt_check_v1(const struct xt_mtchk_param *par);
void string_mt_destroy_classic(const struct xt_mtdtor_param *par);
int string_mt_check_v2(const struct xt_mtchk_param *par);
int string_mt_check_v3(const struct xt_mtchk_param *par);
void string_mt_destroy_v2(const struct xt_mtdtor_param *par);
void string_mt_destroy_v3(const struct xt_mtdtor_param *par);

/* window.c */
struct string_window string_window_find(const struct sk_buff *skb, u8 family,
					enum xt_string_base base, u32 from,
					u32 to);
const struct tcphdr *string_window_tcp(const struct sk_buff *skb, u8 family,
				       struct tcphdr *buf,
				       struct string_window *w);

#endif /* POM_XT_STRING_INTERNAL_H */
