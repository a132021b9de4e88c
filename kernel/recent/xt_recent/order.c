// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order in which the addresses of a list were last seen. Eviction and
 * reaping remove the first one.
 *
 * list->order is sorted by @queued, a time at which each entry was seen. Only
 * an entry that belongs farther from the end than RECENT_TRIES may be too near
 * to it. A hit changes neither, so it needs no lock of the list. Eviction
 * checks whether the first entry was seen after @queued. If so, it moves the
 * entry to the place of its newest time, near the end, and checks the next one.
 *
 * A restored address can belong anywhere in the order. If its place is far from
 * the end, its entry is in the tree list->late instead, until it is evicted or
 * was seen again. Eviction takes the older one of the first entries of both.
 */
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include "compat/memcg.h"
#include "recent/xt_recent/internal.h"

/*
 * How many entries move to find the oldest one, and past how many each. Lists
 * that are not larger evict exactly the oldest.
 */
#define RECENT_TRIES	128

/* A node of list->late, which is ordered by the @queued of its entries. */
struct recent_late {
	struct rb_node node;
	struct recent_entry *entry;
};

/*
 * Where @seen belongs in the order: behind *@at. Under the list's lock. False
 * if it is farther from the end than this looks.
 */
static bool recent_place(struct recent_list *list, u64 seen,
			 struct list_head **at)
{
	unsigned int tries;

	*at = list->order.prev;
	for (tries = 0; *at != &list->order; tries++) {
		if ((s64)(list_entry(*at, struct recent_entry, order)->queued -
			  seen) <= 0)
			break;
		if (tries == RECENT_TRIES)
			return false;
		*at = (*at)->prev;
	}
	return true;
}

/* Puts an entry where @seen belongs in the order, or as near as this looks. */
void recent_queue(struct recent_list *list, struct recent_entry *e, u64 seen)
{
	struct list_head *at;

	recent_place(list, seen, &at);
	e->queued = seen;
	list_add(&e->order, at);
	/* One of list->late may be older. */
	if (at == &list->order)
		atomic64_set(&list->oldest, recent_first(list)->queued);
}

/* Process context. NULL: the order will be inexact if it is long. */
struct recent_late *recent_late_alloc(struct recent_list *list)
{
	struct recent_late *late;
	struct mem_cgroup *old;

	if (!recent_charge(list, sizeof(*late)))
		return NULL;
	old = pom_memcg_enter(list->memcg);
	late = kmalloc(sizeof(*late), GFP_KERNEL_ACCOUNT | __GFP_NOWARN |
				      __GFP_NORETRY);
	pom_memcg_leave(old);
	if (!late)
		recent_uncharge(list, sizeof(*late));
	return late;
}

void recent_late_free(struct recent_list *list, struct recent_late *late)
{
	if (!late)
		return;
	kfree(late);
	recent_uncharge(list, sizeof(*late));
}

/* Links an entry into list->late. Under the list's lock. */
static void recent_late_link(struct recent_list *list, struct recent_entry *e,
			     struct recent_late *late)
{
	struct rb_node **link = &list->late.rb_root.rb_node, *parent = NULL;
	bool first = true;

	while (*link) {
		parent = *link;
		if ((s64)(e->queued - rb_entry(parent, struct recent_late,
					       node)->entry->queued) < 0) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			first = false;
		}
	}
	late->entry = e;
	e->late = late;
	e->listed = NULL;
	rb_link_node(&late->node, parent, link);
	rb_insert_color_cached(&late->node, &list->late, first);
}

/* The entry with the oldest @queued, or NULL. Under the list's lock. */
struct recent_entry *recent_first(struct recent_list *list)
{
	struct rb_node *node = rb_first_cached(&list->late);
	struct recent_entry *e, *late;

	e = list_first_entry_or_null(&list->order, struct recent_entry, order);
	if (likely(!node))
		return e;
	late = rb_entry(node, struct recent_late, node)->entry;
	return e && (s64)(e->queued - late->queued) <= 0 ? e : late;
}

/*
 * Puts a restored entry where @seen belongs: into list->late if that is far
 * from the end. If *@late is NULL, the place is as near as recent_place()
 * looks. Sets *@late to NULL if it uses the node. Under the list's lock.
 */
void recent_queue_restored(struct recent_list *list, struct recent_entry *e,
			   u64 seen, struct recent_late **late)
{
	struct list_head *at;

	e->queued = seen;
	if (recent_place(list, seen, &at) || !*late) {
		list_add(&e->order, at);
	} else {
		recent_late_link(list, e, *late);
		*late = NULL;
	}
	atomic64_set(&list->oldest, recent_first(list)->queued);
}

/* Undoes recent_queue() and recent_queue_restored(). Under the list's lock. */
void recent_unqueue(struct recent_list *list, struct recent_entry *e)
{
	if (likely(e->listed)) {
		list_del(&e->order);
		return;
	}
	rb_erase_cached(&e->late->node, &list->late);
	recent_late_free(list, e->late);
}

/*
 * The oldest entry, with its lock held, so that no hit is lost between the
 * decision to remove it and its removal: for recent_unlink() or
 * recent_unlock(). NULL: the list is empty. Under the list's lock. Where the
 * first RECENT_TRIES of the order were all seen since they were queued, they
 * are queued again, and the last of them is returned.
 */
struct recent_entry *recent_oldest(struct recent_list *list)
{
	struct recent_entry *e, *first;
	unsigned int tries;
	u64 seen;

	for (tries = 1;; tries++) {
		e = recent_first(list);
		if (!e)
			break;
		spin_lock(&e->lock);
		__release(&e->lock); /* for sparse: see recent_find_lock() */
		seen = recent_stamp(e, 1);
		if ((s64)(seen - e->queued) <= 0)
			break;
		recent_unqueue(list, e);
		recent_queue(list, e, seen);
		if (tries == RECENT_TRIES)
			break;
		recent_unlock(e);
	}
	first = recent_first(list);
	atomic64_set(&list->oldest, first ? first->queued : recent_now());
	return e;
}
