// SPDX-License-Identifier: GPL-2.0-only
/* Tables from ports to helpers. */

#include <linux/rculist.h>
#include <linux/slab.h>

#include "autohelper/nf_autohelper_core/internal.h"

/**
 * ah_entry_alloc() - an entry that is in no table yet
 * @b: the helper; the entry becomes one more user
 * @port: host byte order
 * @origin: a module, a parameter, or a write to the file
 *
 * Process context. The memory is charged to the cgroup of the caller.
 *
 * Return: the entry, or NULL.
 */
struct ah_entry *ah_entry_alloc(struct ah_binding *b, u16 port,
				enum ah_origin origin)
{
	struct ah_entry *e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);

	if (!e)
		return NULL;
	e->key = AH_KEY(b->l4proto, port);
	e->origin = origin;
	e->binding = b;
	refcount_inc(&b->users);
	return e;
}

/**
 * ah_entry_free() - free an entry that no packet can look at
 * @e: unlinked, and a grace period has passed since; or never linked; or NULL
 */
void ah_entry_free(struct ah_entry *e)
{
	if (!e)
		return;
	ah_binding_put(e->binding);
	kfree(e);
}

/**
 * ah_table_init() - an empty table
 * @t: zeroed memory
 */
void ah_table_init(struct ah_table *t)
{
	mutex_init(&t->lock);
	hash_init(t->ports);
	INIT_LIST_HEAD(&t->entries);
}

static struct hlist_head *bucket(struct ah_table *t, u32 key)
{
	return &t->ports[hash_min(key, AH_HASH_BITS)];
}

/**
 * ah_table_find() - the entry of a port
 * @t: the table
 * @key: AH_KEY()
 *
 * Under rcu_read_lock, or with the table's lock held.
 *
 * Return: the entry, the newest if several have that key, or NULL.
 */
struct ah_entry *ah_table_find(struct ah_table *t, u32 key)
{
	struct ah_entry *e;

	hlist_for_each_entry_rcu(e, bucket(t, key), hash,
				 lockdep_is_held(&t->lock)) {
		if (e->key == key)
			return e;
	}
	return NULL;
}

/**
 * ah_table_link() - make an entry visible to packets
 * @t: the table, with its lock held
 * @e: complete
 */
void ah_table_link(struct ah_table *t, struct ah_entry *e)
{
	struct ah_entry *next;

	lockdep_assert_held(&t->lock);
	list_for_each_entry(next, &t->entries, list) {
		if (next->key > e->key)
			break;
	}
	list_add_tail_rcu(&e->list, &next->list);
	hlist_add_head_rcu(&e->hash, bucket(t, e->key));
	WRITE_ONCE(t->count, t->count + 1);
}

/**
 * ah_table_replace() - give a port a different helper, atomically for packets
 * @old: the port's entry; the caller frees it after a grace period
 * @e: complete, of the same key
 *
 * With the table's lock held.
 */
void ah_table_replace(struct ah_entry *old, struct ah_entry *e)
{
	hlist_replace_rcu(&old->hash, &e->hash);
	list_replace_rcu(&old->list, &e->list);
}

/**
 * ah_table_unlink() - hide an entry from packets
 * @t: the table, with its lock held
 * @e: the entry; the caller frees it after a grace period
 */
void ah_table_unlink(struct ah_table *t, struct ah_entry *e)
{
	lockdep_assert_held(&t->lock);
	hlist_del_rcu(&e->hash);
	list_del_rcu(&e->list);
	WRITE_ONCE(t->count, t->count - 1);
}
