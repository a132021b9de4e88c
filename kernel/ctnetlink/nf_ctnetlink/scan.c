// SPDX-License-Identifier: GPL-2.0-only
/*
 * A walk of the connection table in short pieces.
 *
 * A piece is one RCU read section. It needs no lock of a bucket: a connection
 * is used with a reference, and the memory of one that is gone is that of a
 * later connection (SLAB_TYPESAFE_BY_RCU). A chain that changed meanwhile is
 * read again, under its lock.
 *
 * The kernel exports the table, but not the sequence count of its resizes. A
 * resize takes all locks, so taking one waits for its end. If the table is the
 * same before and after a piece, the piece has read all of it: the memory of a
 * table that was replaced is not used again before the read section ends.
 */
#include <linux/bottom_half.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/prefetch.h>
#include <linux/rculist_nulls.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <net/netfilter/nf_conntrack_core.h>

#include "compat/conntrack.h"
#include "ctnetlink/filter.h"
#include "ctnetlink/nf_ctnetlink/internal.h"
#include "ctnetlink/position.h"

struct ctn_table {
	struct hlist_nulls_head *hash;
	unsigned int size;
};

/* Of reading a bucket. */
enum bucket_end {
	BUCKET_WHOLE,
	BUCKET_TORN,	/* it changed: what was found is not what it has */
	BUCKET_FULL,	/* the batch is full */
	BUCKET_RESIZED,	/* the kernel uses a new table */
};

/* Waits for a resize. sparse does not see what nf_conntrack_lock() acquires. */
static void ctn_lock(spinlock_t *lock) __acquires(lock)
{
	local_bh_disable();
	nf_conntrack_lock(lock);
	__acquire(lock);
}

static void ctn_unlock(spinlock_t *lock) __releases(lock)
{
	spin_unlock(lock);
	local_bh_enable();
}

/* In an RCU read section. */
static void ctn_table_get(struct ctn_table *table)
{
	ctn_lock(&nf_conntrack_locks[0]);
	table->hash = nf_conntrack_hash;
	table->size = nf_conntrack_htable_size;
	ctn_unlock(&nf_conntrack_locks[0]);
}

static bool ctn_table_same(const struct ctn_table *table)
{
	struct ctn_table now;

	ctn_table_get(&now);
	return now.hash == table->hash;
}

/* Puts the connections of the batch from @first on back. */
static void batch_drop(struct ctn_scan *scan, unsigned int first)
{
	while (scan->found > first) {
		scan->found--;
		if (scan->hold)
			nf_ct_put(scan->batch[scan->found]);
	}
}

/*
 * Without a reference: what it reads may belong to two connections. A
 * connection that matches here is looked at again where that matters.
 */
static __no_kcsan enum ctn_result accept_quick(const struct ctn_scan *scan,
					       const struct nf_conn *ct)
{
	struct ctn_facts facts;
	unsigned int lacks;

	if (!scan->filter->count)
		return CTN_YES;
	facts.has = 0;
	ctn_facts_basic(&facts, ct);
	return ctn_filter_match(scan->filter, &facts, &lacks);
}

static __no_kcsan bool is_ours(const struct ctn_scan *scan,
			       const struct nf_conn *ct)
{
	return net_eq(nf_ct_net(ct), scan->net) && nf_ct_is_confirmed(ct) &&
	       !nf_ct_is_dying(ct) && !nf_ct_is_expired(ct);
}

static void count_unknown(struct ctn_counts *counts, unsigned int lacks)
{
	if (lacks & CTN_HAS_ACCT)
		counts->no_acct++;
	if (lacks & CTN_HAS_TSTAMP)
		counts->no_tstamp++;
}

/* With a reference. */
static bool accept(const struct ctn_scan *scan, const struct nf_conn *ct,
		   struct ctn_counts *counts)
{
	enum ctn_result result;
	struct ctn_facts facts;
	unsigned int lacks;

	if (!scan->filter->count)
		return true;
	facts.has = 0;
	ctn_facts_basic(&facts, ct);
	ctn_facts_more(&facts, ct, scan->filter->needs);
	result = ctn_filter_match(scan->filter, &facts, &lacks);
	if (result == CTN_UNKNOWN)
		count_unknown(counts, lacks);
	return result == CTN_YES;
}

/*
 * Adds a connection to the batch if the filter selects it. False if it should,
 * but the batch has @limit.
 */
static bool batch_add(struct ctn_scan *scan, struct nf_conn *ct,
		      struct ctn_counts *counts, unsigned int limit)
{
	bool use = scan->hold || scan->filter->needs;
	enum ctn_result quick;

	if (!is_ours(scan, ct))
		return true;
	if (scan->pos.check && ctn_seen(scan->reported, scan->reported_count,
					(unsigned long)ct))
		return true;
	quick = accept_quick(scan, ct);
	if (quick != CTN_NO && scan->found == limit)
		return false;
	if (quick == CTN_NO || !use) {
		counts->seen++;
		if (quick == CTN_YES)
			scan->batch[scan->found++] = ct;
		return true;
	}
	if (!pom_ct_get(ct))
		return true;
	if (!is_ours(scan, ct)) {
		nf_ct_put(ct);
		return true;
	}
	counts->seen++;
	if (!accept(scan, ct, counts)) {
		nf_ct_put(ct);
		return true;
	}
	scan->batch[scan->found++] = ct;
	if (!scan->hold)
		nf_ct_put(ct);
	return true;
}

/* A connection that moved to the head of its chain is met again. */
static bool in_bucket(const struct ctn_scan *scan, const struct nf_conn *ct)
{
	unsigned int i;

	for (i = scan->bucket_first; i < scan->found; i++)
		if (scan->batch[i] == ct)
			return true;
	return false;
}

static enum bucket_end bucket_read(struct ctn_scan *scan,
				   const struct ctn_table *table,
				   struct ctn_counts *counts,
				   unsigned int limit)
{
	struct nf_conntrack_tuple_hash *h;
	struct hlist_nulls_node *n;
	unsigned int nodes = 0;
	struct nf_conn *ct;

	hlist_nulls_for_each_entry_rcu(h, n, &table->hash[scan->pos.bucket],
				       hnnode) {
		if (++nodes > CTN_CHAIN)
			return BUCKET_TORN;
		/* another connection may begin to use this memory */
		if (data_race(NF_CT_DIRECTION(h)) != IP_CT_DIR_ORIGINAL)
			continue;
		ct = nf_ct_tuplehash_to_ctrack(h);
		if (in_bucket(scan, ct))
			return BUCKET_TORN;
		if (!batch_add(scan, ct, counts, limit))
			return BUCKET_FULL;
	}
	scan->nodes += nodes + 1;
	return get_nulls_value(n) == scan->pos.bucket ? BUCKET_WHOLE :
							BUCKET_TORN;
}

/* Nothing enters or leaves the chain, and no resize begins. */
static enum bucket_end bucket_read_locked(struct ctn_scan *scan,
					  const struct ctn_table *table,
					  struct ctn_counts *counts,
					  unsigned int limit)
{
	unsigned int bucket = scan->pos.bucket;
	spinlock_t *lock = &nf_conntrack_locks[bucket % CONNTRACK_LOCKS];
	enum bucket_end end = BUCKET_WHOLE;
	struct nf_conntrack_tuple_hash *h;
	struct hlist_nulls_node *n;

	ctn_lock(lock);
	if (nf_conntrack_hash != table->hash) {
		end = BUCKET_RESIZED;
		goto out;
	}
	hlist_nulls_for_each_entry(h, n, &table->hash[bucket], hnnode) {
		scan->nodes++;
		if (NF_CT_DIRECTION(h) == IP_CT_DIR_ORIGINAL &&
		    !batch_add(scan, nf_ct_tuplehash_to_ctrack(h), counts,
			       limit)) {
			end = BUCKET_FULL;
			break;
		}
	}
out:
	ctn_unlock(lock);
	return end;
}

/*
 * Reads the bucket at the position. Where it does not fit into the batch, and
 * others are there already, the batch ends before it. A bucket that is larger
 * than a batch is reported in parts.
 */
static enum bucket_end bucket_next(struct ctn_scan *scan,
				   const struct ctn_table *table,
				   struct ctn_counts *counts,
				   unsigned int limit)
{
	struct ctn_counts before = *counts;
	enum bucket_end end;

	scan->bucket_first = scan->found;
	end = bucket_read(scan, table, counts, limit);
	if (end == BUCKET_TORN || (end == BUCKET_FULL && !scan->bucket_first)) {
		batch_drop(scan, scan->bucket_first);
		*counts = before;
		end = bucket_read_locked(scan, table, counts, limit);
	}
	if (end == BUCKET_FULL && scan->bucket_first) {
		batch_drop(scan, scan->bucket_first);
		*counts = before;
	}
	return end;
}

/* The first node of a bucket, or NULL. In an RCU read section. */
static struct hlist_nulls_node *bucket_head(const struct ctn_table *table,
					    unsigned int bucket)
{
	struct hlist_nulls_node *n =
		rcu_dereference_raw(hlist_nulls_first_rcu(&table->hash[bucket]));

	return is_a_nulls(n) ? NULL : n;
}

/*
 * Nodes of a large table are in no cache. The memory of several is fetched at
 * the same time: the first node of a bucket that comes later, then the second
 * one, and the connection of the first.
 */
static __no_kcsan void buckets_prefetch(const struct ctn_table *table,
					unsigned int bucket, unsigned int last)
{
	const struct nf_conntrack_tuple_hash *h;
	struct hlist_nulls_node *n;

	if (bucket + CTN_AHEAD < last) {
		n = bucket_head(table, bucket + CTN_AHEAD);
		if (n)
			prefetch(n);
	}
	if (bucket + CTN_AHEAD / 2 >= last)
		return;
	n = bucket_head(table, bucket + CTN_AHEAD / 2);
	if (!n)
		return;
	prefetch(READ_ONCE(n->next));
	h = hlist_nulls_entry(n, struct nf_conntrack_tuple_hash, hnnode);
	if (NF_CT_DIRECTION(h) == IP_CT_DIR_ORIGINAL)
		prefetch(&nf_ct_tuplehash_to_ctrack(h)->status);
}

/* Reads buckets of one slice into the batch. False after a resize. */
static bool piece_read(struct ctn_scan *scan, const struct ctn_table *table,
		       unsigned int limit)
{
	u32 last = ctn_position_end(&scan->pos, CTN_SLICES);
	unsigned int before = scan->nodes;	/* it may wrap */
	struct ctn_counts counts = scan->counts;
	enum bucket_end end = BUCKET_WHOLE;

	while (scan->pos.bucket < last &&
	       scan->nodes - before < CTN_BATCH_NODES) {
		buckets_prefetch(table, scan->pos.bucket, last);
		if (bucket_head(table, scan->pos.bucket)) {
			end = bucket_next(scan, table, &counts, limit);
			if (end != BUCKET_WHOLE)
				break;
		} else {
			scan->nodes++;
		}
		scan->pos.bucket++;
	}
	if (end == BUCKET_RESIZED || !ctn_table_same(table))
		return false;
	/* The next piece begins in the middle of this bucket. */
	if (end == BUCKET_FULL && !scan->bucket_first)
		scan->pos.check = true;
	counts.matched += scan->found;
	scan->counts = counts;
	return true;
}

/*
 * One RCU read section.
 *
 * Return: false after a resize, with an empty batch and the same position, in
 * the new table if it is known
 */
static bool ctn_piece(struct ctn_scan *scan, unsigned int limit)
{
	struct ctn_position start = scan->pos;
	struct ctn_table table;
	bool whole = false;

	rcu_read_lock();
	ctn_table_get(&table);
	if (table.size != scan->pos.size) {
		ctn_position_resize(&scan->pos, table.size);
	} else if (piece_read(scan, &table, limit)) {
		whole = true;
	} else {
		batch_drop(scan, 0);
		scan->pos = start;
	}
	rcu_read_unlock();
	return whole;
}

static int compare_pointers(const void *a, const void *b)
{
	unsigned long left = *(const unsigned long *)a;
	unsigned long right = *(const unsigned long *)b;

	return left < right ? -1 : left > right;
}

/* Space for what a piece reports, and order if it is to be checked. */
static int reported_prepare(struct ctn_scan *scan, unsigned int limit)
{
	unsigned long *bigger;
	u32 size;

	if (ctn_position_enter(&scan->pos, CTN_SLICES)) {
		scan->reported_count = 0;
		scan->reported_sorted = 0;
	}
	if (scan->reported_size - scan->reported_count < limit) {
		size = 2 * scan->reported_size + CTN_BATCH;
		bigger = kvmalloc_array(size, sizeof(*bigger),
					GFP_KERNEL_ACCOUNT);
		if (!bigger)
			return -ENOMEM;
		if (scan->reported_count)
			memcpy(bigger, scan->reported,
			       scan->reported_count * sizeof(*bigger));
		kvfree(scan->reported);
		scan->reported = bigger;
		scan->reported_size = size;
	}
	if (scan->pos.check && scan->reported_sorted != scan->reported_count) {
		sort(scan->reported, scan->reported_count,
		     sizeof(*scan->reported), compare_pointers, NULL);
		scan->reported_sorted = scan->reported_count;
	}
	return 0;
}

static void reported_add(struct ctn_scan *scan)
{
	unsigned int i;

	for (i = 0; i < scan->found; i++)
		scan->reported[scan->reported_count++] =
			(unsigned long)scan->batch[i];
}

/**
 * pom_ctn_scan_next() - find the next connections that the filter selects
 * @scan: the walk
 * @limit: the most that are wanted, 1 to CTN_BATCH
 *
 * Process context; sleeps. The connections are in @batch, and
 * pom_ctn_scan_put() drops their references. A batch may be empty before the
 * end, where @done is set.
 *
 * Return: 0, -ENOMEM, or -EINTR where the process is being killed
 */
int pom_ctn_scan_next(struct ctn_scan *scan, unsigned int limit)
{
	int err;

	scan->found = 0;
	do {
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
		if (scan->pos.bucket == scan->pos.size) {
			scan->done = true;
			return 0;
		}
		err = reported_prepare(scan, limit);
		if (err)
			return err;
	} while (!ctn_piece(scan, limit));
	reported_add(scan);
	return 0;
}
EXPORT_SYMBOL_GPL(pom_ctn_scan_next);

/* Drops the references of the batch. */
void pom_ctn_scan_put(struct ctn_scan *scan)
{
	batch_drop(scan, 0);
}
EXPORT_SYMBOL_GPL(pom_ctn_scan_put);

void pom_ctn_scan_free(struct ctn_scan *scan)
{
	batch_drop(scan, 0);
	kvfree(scan->reported);
	kfree(scan->filter);
}
EXPORT_SYMBOL_GPL(pom_ctn_scan_free);

/**
 * pom_ctn_scan_begin() - go to the beginning of the table
 * @scan: the walk
 */
void pom_ctn_scan_begin(struct ctn_scan *scan)
{
	ctn_position_begin(&scan->pos, READ_ONCE(nf_conntrack_htable_size));
	scan->reported_count = 0;
	scan->done = false;
	memset(&scan->counts, 0, sizeof(scan->counts));
}
EXPORT_SYMBOL_GPL(pom_ctn_scan_begin);
