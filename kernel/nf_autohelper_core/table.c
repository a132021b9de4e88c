// SPDX-License-Identifier: GPL-2.0-only
/* The table of one namespace: which port has which helper. */

#include <linux/slab.h>

#include "nf_autohelper_core/core.h"

/**
 * ah_table_find() - the entry of a port
 * @an: the namespace
 * @key: AH_KEY()
 *
 * Under rcu_read_lock, or with ah_lock held.
 *
 * Return: the entry, or NULL.
 */
struct ah_entry *ah_table_find(struct ah_net *an, u32 key)
{
	struct hlist_head *head = &an->ports[hash_min(key, AH_HASH_BITS)];
	struct ah_entry *e;

	hlist_for_each_entry_rcu(e, head, hash, lockdep_is_held(&ah_lock)) {
		if (e->key == key)
			return e;
	}
	return NULL;
}

static struct ah_entry *entry_alloc(struct ah_binding *b, u16 port,
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

static void link_in_order(struct ah_net *an, struct ah_entry *e)
{
	struct ah_entry *next;

	list_for_each_entry(next, &an->entries, list) {
		if (next->key > e->key)
			break;
	}
	list_add_tail(&e->list, &next->list);
}

/**
 * ah_table_add() - give a port its helper
 * @an: the namespace
 * @b: the helper; the entry becomes one more user
 * @port: host byte order
 * @origin: who asks
 * @note: what the entry is a copy of, or NULL
 *
 * With ah_lock held. The first entry hooks the namespace in.
 *
 * Return: 0; -EEXIST where the port has a helper, even the same; -ENOSPC;
 * -ENODEV where the namespace goes away; -ENOMEM or what hooking in says.
 */
int ah_table_add(struct ah_net *an, struct ah_binding *b, u16 port,
		 enum ah_origin origin, const struct ah_note *note)
{
	u32 key = AH_KEY(b->l4proto, port);
	struct ah_entry *e;
	LIST_HEAD(gone);
	int ret;

	lockdep_assert_held(&ah_lock);
	if (an->leaving)
		return -ENODEV;
	if (ah_table_find(an, key))
		return -EEXIST;
	if (an->count >= AH_MAX)
		return -ENOSPC;
	e = entry_alloc(b, port, origin);
	if (!e)
		return -ENOMEM;
	e->note = note;
	link_in_order(an, e);
	hlist_add_head_rcu(&e->hash,
			   &an->ports[hash_min(key, AH_HASH_BITS)]);
	an->count++;

	ret = ah_hooks_update(an);
	if (ret < 0) {
		/* Not hooked in, so no packet has seen it. */
		ah_table_unlink(an, e, &gone);
		ah_table_free(&gone);
	}
	return ret;
}

/**
 * ah_table_replace() - give a port another helper, with no gap for packets
 * @old: the port's entry
 * @b: the new helper, of the same transport protocol; asked for at run time
 * @gone: where @old is put for ah_table_dispose()
 *
 * With ah_lock held.
 *
 * Return: 0 or -ENOMEM, and then @old stays.
 */
int ah_table_replace(struct ah_entry *old, struct ah_binding *b,
		     struct list_head *gone)
{
	struct ah_entry *e;

	lockdep_assert_held(&ah_lock);
	e = entry_alloc(b, old->key & 0xffff, AH_RUNTIME);
	if (!e)
		return -ENOMEM;
	hlist_replace_rcu(&old->hash, &e->hash);
	list_replace(&old->list, &e->list);
	list_add(&old->list, gone);
	return 0;
}

/**
 * ah_table_unlink() - take a port's helper away
 * @an: the namespace
 * @e: its entry
 * @gone: where it is put for ah_table_free() or ah_table_dispose()
 *
 * With ah_lock held. The last entry unhooks the namespace.
 */
void ah_table_unlink(struct ah_net *an, struct ah_entry *e,
		     struct list_head *gone)
{
	lockdep_assert_held(&ah_lock);
	hlist_del_rcu(&e->hash);
	list_move(&e->list, gone);
	an->count--;
	if (!an->count)
		ah_hooks_update(an);
}

/**
 * ah_table_unlink_note() - take away what was copied from a note
 * @an: the namespace
 * @note: the note
 * @gone: as for ah_table_unlink()
 */
void ah_table_unlink_note(struct ah_net *an, const struct ah_note *note,
			  struct list_head *gone)
{
	struct ah_entry *e, *next;

	list_for_each_entry_safe(e, next, &an->entries, list) {
		if (e->note == note)
			ah_table_unlink(an, e, gone);
	}
}

/**
 * ah_table_free() - free entries that no packet can look at
 * @gone: unlinked entries
 */
void ah_table_free(struct list_head *gone)
{
	struct ah_entry *e, *next;

	list_for_each_entry_safe(e, next, gone, list) {
		ah_binding_put(e->binding);
		kfree(e);
	}
}

/**
 * ah_table_dispose() - free entries once no packet looks at them any more
 * @gone: unlinked entries, may be empty
 *
 * Sleeps for a grace period; without ah_lock.
 */
void ah_table_dispose(struct list_head *gone)
{
	if (list_empty(gone))
		return;
	synchronize_rcu();
	ah_table_free(gone);
}
