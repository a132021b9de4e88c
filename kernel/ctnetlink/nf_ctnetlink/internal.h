/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef POM_NF_CTNETLINK_INTERNAL_H
#define POM_NF_CTNETLINK_INTERNAL_H

#include <linux/in.h>
#include <linux/mm.h>
#include <linux/netfilter/nf_ctnetlink.h>
#include <linux/netfilter/nf_ctnetlink_events.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netlink.h>

#include "ctnetlink/filter.h"
#include "ctnetlink/position.h"

enum {
	/* Connections that one RCU read section collects at most. */
	CTN_BATCH = 256,
	/* Nodes that it looks at: some 50 us where none is cached. */
	CTN_BATCH_NODES = 512,
	/* Buckets whose first node is fetched ahead, and used half as far. */
	CTN_AHEAD = 8,
	/* A longer chain is read under its lock. */
	CTN_CHAIN = 64,
	/* Nodes that one message looks at: some milliseconds. */
	CTN_PART_NODES = 32768,
	/* nf_ct_alloc_hashtable() rounds the size of a table up to a page. */
	CTN_SLICES = PAGE_SIZE / sizeof(struct hlist_nulls_head),
};

/**
 * struct ctn_counts - what a walk has found
 * @seen: connections of the network namespace; one that a resize makes the
 *	walk meet again may count twice if the filter does not select it
 * @matched: that the filter selects
 * @no_acct: that the filter cannot judge without accounting
 * @no_tstamp: that the filter cannot judge without a timestamp
 */
struct ctn_counts {
	u64 seen;
	u64 matched;
	u64 no_acct;
	u64 no_tstamp;
};

/**
 * struct ctn_scan - a walk of the table
 * @net: whose connections
 * @filter: which of them
 * @hold: the batch has references
 * @done: the walk is at the end
 * @pos: where it is
 * @counts: until @pos
 * @nodes: that it has looked at, for the caller to reset
 * @reported: pointers to connections of the current slice, never followed
 * @reported_count: how many
 * @reported_size: how many there is space for
 * @reported_sorted: how many are in order
 * @batch: what pom_ctn_scan_next() has found
 * @bucket_first: where in @batch the current bucket begins
 * @found: connections in @batch
 */
struct ctn_scan {
	struct net *net;
	struct ctn_filter *filter;
	bool hold;
	bool done;
	struct ctn_position pos;
	struct ctn_counts counts;
	unsigned int nodes;
	unsigned long *reported;
	u32 reported_count;
	u32 reported_size;
	u32 reported_sorted;
	unsigned int bucket_first;
	unsigned int found;
	struct nf_conn *batch[CTN_BATCH];
};

void pom_ctn_scan_begin(struct ctn_scan *scan);
int pom_ctn_scan_next(struct ctn_scan *scan, unsigned int limit);
void pom_ctn_scan_put(struct ctn_scan *scan);
void pom_ctn_scan_free(struct ctn_scan *scan);

/* The state of TCP or SCTP, else 0. As for ctn_facts_basic(). */
static __always_inline u8 ctn_state(const struct nf_conn *ct)
{
	switch (nf_ct_protonum(ct)) {
	case IPPROTO_TCP:
		return READ_ONCE(ct->proto.tcp.state);
	case IPPROTO_SCTP:
		return READ_ONCE(ct->proto.sctp.state);
	default:
		return 0;
	}
}

void ctn_facts_state(struct ctn_facts *facts, const struct nf_conn *ct);
void ctn_facts_basic(struct ctn_facts *facts, const struct nf_conn *ct);
void ctn_facts_more(struct ctn_facts *facts, const struct nf_conn *ct,
		    unsigned int needs);

struct nf_conntrack_expect;

struct ctn_filter *pom_ctn_filter_create(const void *terms, unsigned int len,
					 const char **wrong);
bool pom_ctn_filter_selects(const struct ctn_filter *filter,
			    const struct nf_conn *ct, bool dead);

unsigned int pom_ctn_record_len(u32 blocks);
unsigned int pom_ctn_record_write(void *to, const struct nf_conn *ct,
				  u32 blocks, u32 uses);
void pom_ctn_expect_write(struct nf_ctnetlink_expect *to,
			  const struct nf_conntrack_expect *exp);

struct ctn_request;

/**
 * struct ctn_command - what a command does with the walk
 * @cmd: its number
 * @begin: reads the attributes
 * @part: adds to a message until it is full, or until the part is long enough.
 *	Sets @finished of the request after it has added everything.
 * @end: frees what @begin and @part have allocated; or NULL
 */
struct ctn_command {
	u8 cmd;
	int (*begin)(struct ctn_request *req, struct nlattr **attrs,
		     struct netlink_ext_ack *extack);
	int (*part)(struct ctn_request *req, struct sk_buff *skb);
	void (*end)(struct ctn_request *req);
};

/**
 * struct ctn_change - what CHANGE does
 * @delete: and nothing else
 * @set_mark: the mark is set
 * @set_timeout: the timeout is set
 * @set_labels: labels are set
 * @mark: new bits
 * @mark_mask: which bits are new
 * @timeout: in jiffies
 * @labels: new bits
 * @labels_mask: which bits are new
 * @changed: how many connections
 * @dying: that were deleted meanwhile
 * @offload: that a flow table has
 * @no_labels: that have no memory for labels
 * @failed: with a fixed timeout
 */
struct ctn_change {
	bool delete;
	bool set_mark;
	bool set_timeout;
	bool set_labels;
	u32 mark;
	u32 mark_mask;
	u32 timeout;
	u32 labels[4];
	u32 labels_mask[4];
	u64 changed;
	u64 dying;
	u64 offload;
	u64 no_labels;
	u64 failed;
};

struct ctn_groups;

/**
 * struct ctn_request - a request that is being answered
 * @command: of the request
 * @scan: the walk
 * @finished: all is in messages
 * @blocks: of LIST
 * @record_len: the most bytes of a record of LIST
 * @groups: of COUNT; NULL without GROUP
 * @change: of CHANGE
 */
struct ctn_request {
	const struct ctn_command *command;
	struct ctn_scan scan;
	bool finished;
	u32 blocks;
	unsigned int record_len;
	struct ctn_groups *groups;
	struct ctn_change change;
};

extern const struct ctn_command ctn_list;
extern const struct ctn_command ctn_count;
extern const struct ctn_command ctn_change;

/* Space for the counters of the last message. */
#define CTN_COUNTERS_LEN	(12 * nla_total_size_64bit(sizeof(u64)))

int ctn_put_counts(struct sk_buff *skb, const struct ctn_counts *counts);

#endif /* POM_NF_CTNETLINK_INTERNAL_H */
