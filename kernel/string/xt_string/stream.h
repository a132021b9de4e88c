/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Searches that continue from segment to segment of a TCP connection.
 *
 * Each rule with --stream has a table of the connections that it has seen. An
 * entry is found by the address of the connection's conntrack entry, of which it
 * holds no reference, and a hash of its addresses and ports. Where the same
 * connection begins again in the place of one that has ended, the first packet
 * of it, which conntrack has not confirmed, removes the old entry. An entry is
 * also removed when the connection is reset, or after some minutes in which the
 * rule saw no packet of it, fewer when both sides have ended it. The number of
 * entries in a network namespace is limited; connections beyond the limit are
 * searched packet by packet.
 */
#ifndef POM_XT_STRING_STREAM_H
#define POM_XT_STRING_STREAM_H

#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "string/automaton.h"
#include "string/segments.h"

struct net;
struct nf_conn;

struct string_flow_key {
	unsigned long ct;
	u64 id;
};

/**
 * struct string_flow - one connection; of 256 bytes
 * @node: in string_streams.flows
 * @key: its conntrack entry, not to be followed
 * @streams: the table that it is in
 * @lock: guards @ends, @marks and what follows @seen
 * @ends: bit by direction: it has sent a FIN; also read without the lock
 * @marks: bit by direction: the segment that string_stream.hit names got @mark
 * @early: in string_net.early; under early_lock, also read without it
 * @seen: when a packet of it came last, in jiffies, without a lock
 * @patterns: string_patterns.id of those that @head and @hole are places in; 0
 *	for a rule with a single string
 * @stream: the sequence numbers that have come, by direction
 * @head: where the search is, by direction; of a single string, state[0] is the
 *	number of its bytes that were found
 * @hole: the same, before the gap
 * @mark: what that segment gets when it is sent again, too
 * @early_node: in string_net.early, where @early
 * @rcu: where not @early
 */
struct string_flow {
	struct rhash_head node;
	struct string_flow_key key;
	struct string_streams *streams;
	spinlock_t lock; /* one packet of the connection at a time */
	u8 ends;
	u8 marks;
	bool early;
	u32 seen;
	u32 patterns;
	struct string_stream stream[2];
	struct string_set_place head[2];
	struct string_set_place hole[2];
	u32 mark[2];
	union {
		struct list_head early_node;
		struct rcu_head rcu;
	};
};

/**
 * struct string_streams - the connections of one rule
 * @flows: of struct string_flow
 * @sweep: takes away those that are over
 * @net: the rule's namespace
 * @closing: is being freed; under string_net.early_lock
 * @secret: for string_flow_key.id, as long as a conntrack tuple
 */
struct string_streams {
	struct rhashtable flows;
	struct delayed_work sweep;
	struct net *net;
	bool closing;
	u32 secret[10];
};

/* stream.c */
struct string_streams *string_streams_create(struct net *net);
void string_streams_free(struct string_streams *s);
struct string_flow *string_flow_find(struct string_streams *s,
				     const struct nf_conn *ct);
struct string_flow *string_flow_add(struct string_streams *s,
				    const struct nf_conn *ct);
void string_flow_remove(struct string_flow *flow);
u32 string_streams_max(void);

#endif /* POM_XT_STRING_STREAM_H */
