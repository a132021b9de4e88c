// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash table of a list.
 *
 * It is read under RCU and written under recent_list.lock. While it grows,
 * a worker moves the entries bucket by bucket, and readers look into both
 * tables. One that reads a chain while an entry of it moves follows it into
 * the other table and may miss what came behind; so while a table grows, who
 * finds nothing looks again under the lock. Entries that are there are found
 * without it.
 *
 * Entries are kept in the order of their hashes, whatever the size of the
 * table, so that who lists them can go on after the last one he told.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/prefetch.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "compat/compat.h"
#include "recent/xt_recent/find.h"
#include "recent/xt_recent/recent.h"

#define RECENT_MIN_BITS	4
#define RECENT_MAX_BITS	24

/* How many buckets are moved before the lock is given up. */
#define RECENT_MOVE_BATCH	64

/**
 * recent_key_cmp - where an entry is, seen from a key
 * @a: the key
 * @b: the entry
 *
 * Return: less than, equal to, or greater than 0 where the key comes before,
 * is that of, or comes after the entry
 */
int recent_key_cmp(const struct recent_key *a, const struct recent_entry *b)
{
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->word, b->word, sizeof(a->word));
}

static long recent_table_bytes(unsigned int bits)
{
	return struct_size((struct recent_buckets *)NULL, bucket, 1UL << bits);
}

/**
 * recent_table_create - an empty table
 * @account: where its memory is counted
 * @count: how many entries it is for; what is not sensible is made so
 *
 * Process context. Return: the table, or NULL if there is no memory, or no
 * more than the limits allow
 */
struct recent_buckets *recent_table_create(struct account_net *account,
					   u32 count)
{
	struct recent_buckets *table;
	unsigned int bits;

	bits = count > 1 ? ilog2(count - 1) + 1 : 0;
	bits = clamp_t(unsigned int, bits, RECENT_MIN_BITS, RECENT_MAX_BITS);
	if (!account_charge(account, recent_table_bytes(bits), ACCOUNT_COMMON))
		return NULL;
	table = kvzalloc(recent_table_bytes(bits), GFP_KERNEL_ACCOUNT);
	if (table)
		table->shift = 32 - bits;
	else
		account_uncharge(account, recent_table_bytes(bits));
	return table;
}

/* Process context; nobody may be reading it any more. */
void recent_table_free(struct account_net *account,
		       struct recent_buckets *table)
{
	if (!table)
		return;
	account_uncharge(account, recent_table_bytes(32 - table->shift));
	kvfree(table);
}

static u32 recent_table_size(const struct recent_buckets *table)
{
	return 1U << (32 - table->shift);
}

/**
 * recent_table_find_locked - look an address up, for good
 * @list: its lock is held
 * @key: the address
 *
 * Return: the entry, or NULL if there is none
 */
struct recent_entry *recent_table_find_locked(struct recent_list *list,
					      const struct recent_key *key)
{
	struct recent_buckets *table, *old;
	struct recent_entry *e;

	table = rcu_dereference_protected(list->table,
					  lockdep_is_held(&list->lock));
	old = rcu_dereference_protected(list->old,
					lockdep_is_held(&list->lock));
	e = recent_bucket_find(table, key);
	if (!e && old)
		e = recent_bucket_find(old, key);
	return e;
}

/*
 * For recent_table_find(): the table grew while it found nothing. The key
 * comes in pieces, since one in memory would cost those who need this not.
 */
struct recent_entry *recent_table_find_again(struct recent_list *list, u32 hash,
					     u8 family, u64 word0, u64 word1)
{
	const struct recent_key key = {
		.hash = hash, .family = family, .word = { word0, word1 },
	};
	struct recent_buckets *old = rcu_dereference(list->old);
	struct recent_entry *e = old ? recent_bucket_find(old, &key) : NULL;

	if (e)
		return e;
	spin_lock_bh(&list->lock);
	e = recent_table_find_locked(list, &key);
	spin_unlock_bh(&list->lock);
	return e;
}

/**
 * recent_table_find_after - the next entry in the order of the list
 * @list: its @resizing is held, so that its table stays as it is
 * @key: the last entry that was read; NULL begins with the first
 *
 * Under rcu_read_lock(). Entries that come or go meanwhile make it neither
 * skip nor repeat others.
 *
 * Return: the entry, or NULL after the last one
 */
struct recent_entry *recent_table_find_after(struct recent_list *list,
					     const struct recent_key *key)
{
	struct recent_buckets *table = rcu_dereference(list->table);
	u32 size = recent_table_size(table);
	struct recent_entry *e;
	u32 i;

	lockdep_assert_held(&list->resizing);
	for (i = key ? key->hash >> table->shift : 0; i < size; i++) {
		hlist_for_each_entry_rcu(e, &table->bucket[i], node) {
			if (key && recent_key_cmp(key, e) >= 0)
				continue;
			/* Entries lie anywhere in memory. */
			if (i + 1 < size)
				prefetch(READ_ONCE(table->bucket[i + 1].first));
			return e;
		}
	}
	return NULL;
}

static void recent_bucket_add(struct recent_buckets *table,
			      struct recent_entry *e)
{
	struct hlist_head *head = &table->bucket[e->hash >> table->shift];
	struct recent_key key = recent_entry_key(e);
	struct recent_entry *at, *last = NULL;

	hlist_for_each_entry(at, head, node) {
		if (recent_key_cmp(&key, at) < 0) {
			hlist_add_before_rcu(&e->node, &at->node);
			return;
		}
		last = at;
	}
	if (last)
		hlist_add_behind_rcu(&e->node, &last->node);
	else
		hlist_add_head_rcu(&e->node, head);
}

/**
 * recent_table_add - let an entry be found
 * @list: its lock is held
 * @e: complete, and of an address that is not there yet
 */
void recent_table_add(struct recent_list *list, struct recent_entry *e)
{
	recent_bucket_add(rcu_dereference_protected(list->table,
						    lockdep_is_held(&list->lock)),
			  e);
	if (unlikely(list->count > list->grow_at))
		queue_work(system_dfl_wq, &list->resize_work);
}

static void recent_bucket_move(struct recent_buckets *old,
			       struct recent_buckets *table, u32 i)
{
	struct recent_entry *e;
	struct hlist_node *next;

	hlist_for_each_entry_safe(e, next, &old->bucket[i], node) {
		hlist_del_rcu(&e->node);
		recent_bucket_add(table, e);
	}
}

static void recent_table_move(struct recent_list *list,
			      struct recent_buckets *old,
			      struct recent_buckets *table)
{
	u32 i, size = recent_table_size(old);

	spin_lock_bh(&list->lock);
	rcu_assign_pointer(list->old, old);
	/* Who sees the new table must see that it grows. */
	smp_store_release(&list->resizes, list->resizes + 1);
	rcu_assign_pointer(list->table, table);
	for (i = 0; i < size; i++) {
		if (i % RECENT_MOVE_BATCH == RECENT_MOVE_BATCH - 1) {
			spin_unlock_bh(&list->lock);
			cond_resched();
			spin_lock_bh(&list->lock);
		}
		recent_bucket_move(old, table, i);
	}
	RCU_INIT_POINTER(list->old, NULL);
	list->grow_at = recent_table_size(table);
	/* All entries have moved: pairs with recent_table_find(). */
	smp_store_release(&list->resizes, list->resizes + 1);
	spin_unlock_bh(&list->lock);
}

/**
 * recent_table_resize - give a list a table that suits its entries
 * @work: its resize_work
 */
void recent_table_resize(struct work_struct *work)
{
	struct recent_list *list = container_of(work, struct recent_list,
						resize_work);
	struct recent_buckets *table, *old;
	u32 count = READ_ONCE(list->count), size;

	mutex_lock(&list->resizing);
	old = rcu_dereference_protected(list->table,
					lockdep_is_held(&list->resizing));
	size = recent_table_size(old);
	if (count <= size && (count >= size / 16 || size <= 256))
		goto out;
	table = recent_table_create(list->account,
				    2 * min_t(u32, count, 1 << RECENT_MAX_BITS));
	if (!table || table->shift == old->shift) {
		/* Slower, but as right as before. */
		recent_table_free(list->account, table);
		spin_lock_bh(&list->lock);
		list->grow_at = max(count + count / 4 + 1, size);
		spin_unlock_bh(&list->lock);
		goto out;
	}
	recent_table_move(list, old, table);
	synchronize_rcu();
	recent_table_free(list->account, old);
out:
	mutex_unlock(&list->resizing);
}
