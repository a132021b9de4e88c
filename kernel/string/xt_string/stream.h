/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Searches that continue from segment to segment of a TCP connection.
 *
 * Each rule with --stream has a table of the connections that it has seen. The
 * key of an entry is the address of the connection's conntrack entry, without a
 * reference, and a hash of its addresses and ports. An entry is removed
 * - by the first packet of a new connection with the same key, which conntrack
 *   has not confirmed yet,
 *   or
 * - after some minutes without a packet, sooner if both sides have ended it or
 *   a RST has closed it. Conntrack still passes segments of a closed one.
 * The memory of the entries of a network namespace is limited; connections
 * beyond the limit are searched packet by packet. A rule with
 * --stream-ambiguous has a table of the same kind, with larger entries and a
 * limit of its own.
 */
#ifndef POM_XT_STRING_STREAM_H
#define POM_XT_STRING_STREAM_H

#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "lib/reserve.h"
#include "string/automaton.h"
#include "string/overlap.h"
#include "string/segments.h"

struct mem_cgroup;
struct net;
struct nf_conn;
struct string_share;

/* In string_flow.ends: a RST has closed the connection. */
#define STRING_FLOW_CLOSED	4

struct string_flow_key {
	unsigned long ct;
	u64 id;
};

/**
 * struct string_flow - one connection, 256 bytes
 * @node: in string_streams.flows
 * @key: its conntrack entry, which must not be dereferenced
 * @streams: its table
 * @lock: guards @ends, @marks, @ambiguous and the members after @seen
 * @ends: bit by direction: it has sent a FIN; STRING_FLOW_CLOSED; also read
 *	without the lock
 * @marks: bit by direction: the segment string_stream.hit got @mark
 * @early: in string_share.early; under early_lock, also read without it
 * @ambiguous: --stream-ambiguous matches
 * @seen: time of the last packet, in jiffies, without a lock
 * @patterns: string_patterns.id of the patterns of @head and @hole; 0 for a
 *	rule with a single string
 * @stream: by direction: the sequence numbers that have arrived
 * @head: by direction: the state of the search; for a single string, state[0]
 *	is the number of its bytes that were found
 * @hole: the same, before the gap
 * @mark: the mark for a retransmission of that segment
 * @early_node: in string_share.early, if @early
 * @rcu: if not @early
 */
struct string_flow {
	struct rhash_head node;
	struct string_flow_key key;
	struct string_streams *streams;
	spinlock_t lock; /* one packet of the connection at a time */
	u8 ends;
	u8 marks;
	bool early;
	bool ambiguous;
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
 * struct string_watched - one connection of --stream-ambiguous, 8 KiB
 * @flow: its members for a search are unused
 * @overlap: by direction; under @flow.lock
 */
struct string_watched {
	struct string_flow flow;
	struct string_overlap overlap[2];
};

/* How many of struct string_flow are as large: 8 KiB of 256 bytes. */
#define STRING_WATCHED_WEIGHT	32

/**
 * struct string_streams - the connections of one rule
 * @flows: of struct string_flow, or struct string_watched
 * @sweep: removes connections that have ended
 * @net: the rule's namespace
 * @memcg: of the task that created the rule; pays for @flows
 * @reserve: for @flows, where packets cannot charge @memcg
 * @share: of the namespace, which counts @flows
 * @weight: how many of struct string_flow one of @flows is as large as
 * @closing: the table is being freed; under string_net.early_lock
 * @secret: for string_flow_key.id, as long as a conntrack tuple
 */
struct string_streams {
	struct rhashtable flows;
	struct delayed_work sweep;
	struct net *net;
	struct mem_cgroup *memcg;
	struct pom_reserve reserve;
	struct string_share *share;
	unsigned int weight;
	bool closing;
	u32 secret[10];
};

/* stream.c */
struct string_streams *string_streams_create(struct net *net, bool watched);
void string_streams_free(struct string_streams *s);
struct string_flow *string_flow_find(struct string_streams *s,
				     const struct nf_conn *ct);
struct string_flow *string_flow_add(struct string_streams *s,
				    const struct nf_conn *ct);
void string_flow_remove(struct string_flow *flow);
void string_flow_close(struct string_flow *flow);
u32 string_streams_max(void);

#endif /* POM_XT_STRING_STREAM_H */
