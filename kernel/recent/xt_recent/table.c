// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash table of a list, read under RCU and written under the list's lock.
 *
 * Why not rhashtable: its worker allocates tables that no memory cgroup is
 * charged for, and its walk has no order in which a dump that broke off could
 * go on. Here a bucket is a range of hashes, whatever the size of the table,
 * so addresses have an order. doc/benchmarks/recent.md has the instructions.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "compat/memcg.h"
#include "recent/xt_recent/internal.h"

#define RECENT_MAX_BITS	24

/* Where a table cannot grow, addresses for each bucket, on average. */
#define RECENT_CHAIN	8

static long recent_table_bytes(unsigned int bits)
{
	return struct_size((struct recent_table *)NULL, bucket, 1UL << bits);
}

static u32 recent_table_size(const struct recent_table *table)
{
	return 1U << (32 - table->shift);
}

/* Process context. NULL: no memory, or no more than the limits allow. */
struct recent_table *recent_table_create(struct account_net *account,
					 unsigned int bits)
{
	struct recent_table *table;
	u32 i;

	if (!account_charge(account, recent_table_bytes(bits)))
		return NULL;
	table = kvmalloc(recent_table_bytes(bits),
			 GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_NORETRY);
	if (!table) {
		account_uncharge(account, recent_table_bytes(bits));
		return NULL;
	}
	table->shift = 32 - bits;
	RCU_INIT_POINTER(table->next, NULL);
	for (i = 0; i < 1U << bits; i++) {
		table->bucket[i].first = recent_nulls(&table->bucket[i]);
		if (i % 4096 == 0)
			cond_resched();
	}
	return table;
}

/* Process context, after a grace period. */
void recent_table_free(struct account_net *account, struct recent_table *table)
{
	long bytes = recent_table_bytes(32 - table->shift);

	kvfree(table);
	account_uncharge(account, bytes);
}

/*
 * When the list's table, of 2^@bits buckets, has to be resized. Where it should
 * have 2^@wanted, there is no memory for that: the list may take some more
 * addresses, so that chains stay short, and tries again.
 */
void recent_table_limits(struct recent_list *list, unsigned int bits,
			 unsigned int wanted)
{
	list->grow_at = bits < RECENT_MAX_BITS ? 1U << bits : U32_MAX;
	list->shrink_at = bits > list->base_bits ? 1U << bits >> 3 : 0;
	list->most = U32_MAX;
	if (bits < wanted) {
		list->grow_at = max(list->grow_at,
				    list->count + list->count / 4);
		list->most = RECENT_CHAIN << bits;
	} else if (bits > wanted) {
		list->shrink_at = min(list->shrink_at, list->count / 2);
	}
}

/* Under the list's lock and the entry's. */
void recent_table_add(struct recent_list *list, struct recent_entry *e,
		      u32 hash)
{
	struct recent_table *table, *next;

	table = rcu_dereference_protected(list->table,
					  lockdep_is_held(&list->lock));
	next = rcu_dereference_protected(table->next,
					 lockdep_is_held(&list->lock));
	if (unlikely(next))
		table = next;
	hlist_nulls_add_head_rcu(&e->node,
				 &table->bucket[hash >> table->shift]);
}

/*
 * Moves a bucket's entries, the first one first: it is in its new chain before
 * it leaves the old one, so a reader misses none. A reader that follows it into
 * the new chain notices at the end. Under the list's lock. Return: how many
 */
static unsigned int recent_bucket_move(struct recent_list *list,
				       struct hlist_nulls_head *head,
				       struct recent_table *to)
{
	struct hlist_nulls_node *first, *next;
	struct recent_entry *e;
	unsigned int n = 0;
	u32 hash;

	for (first = head->first; !is_a_nulls(first); first = next, n++) {
		next = first->next;
		e = hlist_nulls_entry(first, struct recent_entry, node);
		hash = recent_hash_of(list, e->word);
		hlist_nulls_add_head_rcu(first, &to->bucket[hash >> to->shift]);
		/* After it is in the new chain: pairs with recent_find(). */
		smp_store_release(&head->first, next);
		if (!is_a_nulls(next))
			next->pprev = &head->first;
	}
	return n;
}

static void recent_table_move(struct recent_list *list,
			      struct recent_table *old, struct recent_table *to,
			      unsigned int wanted)
{
	u32 i, size = recent_table_size(old), done = 0;

	spin_lock_bh(&list->lock);
	rcu_assign_pointer(old->next, to); /* pairs with recent_find() */
	for (i = 0; i < size; i++) {
		done += 1 + recent_bucket_move(list, &old->bucket[i], to);
		if (done >= RECENT_BATCH) {
			recent_relax(list);
			done = 0;
		}
	}
	rcu_assign_pointer(list->table, to);
	recent_table_limits(list, 32 - to->shift, wanted);
	spin_unlock_bh(&list->lock);
}

/*
 * A table of 2^@wanted buckets; where there is no memory for it, the largest
 * one with more than 2^@bits, or NULL.
 */
static struct recent_table *recent_table_other(struct recent_list *list,
					       unsigned int bits,
					       unsigned int wanted)
{
	struct recent_table *to;
	struct mem_cgroup *memcg;

	memcg = pom_memcg_enter(list->memcg);
	do
		to = recent_table_create(list->account, wanted);
	while (!to && --wanted > bits);
	pom_memcg_leave(memcg);
	return to;
}

/* Under the list's @resizing. */
static void recent_table_replace(struct recent_list *list,
				 struct recent_table *old, unsigned int wanted)
{
	unsigned int bits = 32 - old->shift;
	struct recent_table *to = recent_table_other(list, bits, wanted);

	if (!to) {
		spin_lock_bh(&list->lock);
		recent_table_limits(list, bits, wanted);
		spin_unlock_bh(&list->lock);
		return;
	}
	recent_table_move(list, old, to, wanted);
	synchronize_rcu();
	recent_table_free(list->account, old);
}

/* Gives a list a table that suits its entries: resize_work. */
void recent_table_resize(struct work_struct *work)
{
	struct recent_list *list = container_of(work, struct recent_list,
						resize_work);
	struct recent_table *old;
	unsigned int bits, wanted;
	bool resize;

	mutex_lock(&list->resizing);
	old = rcu_dereference_protected(list->table,
					lockdep_is_held(&list->resizing));
	bits = 32 - old->shift;
	spin_lock_bh(&list->lock);
	wanted = clamp_t(unsigned int, fls(list->count) + 1, list->base_bits,
			 RECENT_MAX_BITS);
	resize = list->count > list->grow_at || list->count < list->shrink_at;
	if (resize) {
		/* Until it is done, this is not queued all the time. */
		list->grow_at = max(list->grow_at,
				    list->count + list->count / 4);
		list->shrink_at = min(list->shrink_at, list->count / 2);
	}
	spin_unlock_bh(&list->lock);
	if (resize && bits != wanted)
		recent_table_replace(list, old, wanted);
	mutex_unlock(&list->resizing);
}

/* The order of a list. */
static int recent_key_cmp(const struct recent_key *a,
			  const struct recent_key *b)
{
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->word, b->word, sizeof(a->word));
}

/* The first entry of a bucket behind @after. */
static struct recent_entry *recent_bucket_next(const struct recent_list *list,
					       struct hlist_nulls_head *head,
					       const struct recent_key *after)
{
	struct recent_entry *e, *best = NULL;
	struct recent_key key, least = {};
	struct hlist_nulls_node *at;

	hlist_nulls_for_each_entry(e, at, head, node) {
		key = recent_entry_key(list, e);
		if ((after && recent_key_cmp(&key, after) <= 0) ||
		    (best && recent_key_cmp(&key, &least) >= 0))
			continue;
		best = e;
		least = key;
	}
	return best;
}

/**
 * recent_table_next - the next entry in the order of the list
 * @list: @resizing and @lock are held; @lock is given up now and then
 * @after: the last one; NULL: the first
 *
 * Return: the entry, as long as @lock is held, or NULL
 */
struct recent_entry *recent_table_next(struct recent_list *list,
				       const struct recent_key *after)
{
	struct recent_table *table =
		rcu_dereference_protected(list->table,
					  lockdep_is_held(&list->resizing));
	u32 i = after ? after->hash >> table->shift : 0;
	struct recent_entry *e;

	for (; i < recent_table_size(table); i++, after = NULL) {
		e = recent_bucket_next(list, &table->bucket[i], after);
		if (e)
			return e;
		if (i % 1024 == 0)
			recent_relax(list);
	}
	return NULL;
}
