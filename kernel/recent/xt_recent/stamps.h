/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The times of one address, all under its lock; in line what each packet does
 * with them.
 */
#ifndef POM_XT_RECENT_STAMPS_H
#define POM_XT_RECENT_STAMPS_H

#include <linux/compiler.h>
#include "recent/parser.h"
#include "recent/xt_recent/recent.h"

void recent_stamps_grow_push(struct recent_list *list, struct recent_entry *e,
			     u64 now, u32 limit);
void recent_stamps_free(struct recent_list *list, struct recent_entry *e);

/* The place is below the size of the ring. */
static __always_inline u64 *recent_stamps_slot(const struct recent_entry *e,
					       u32 place)
{
	if (likely(!e->ring))
		return (u64 *)&e->first[place];
	return &e->ring->chunk[place >> RECENT_CHUNK_SHIFT]
			      [place & (RECENT_CHUNK - 1)];
}

/**
 * recent_stamps_at - a time by its place
 * @e: its lock is held
 * @place: 0 to e->count - 1
 *
 * Return: the time, in milliseconds of recent_now()
 */
static inline u64 recent_stamps_at(const struct recent_entry *e, u32 place)
{
	return *recent_stamps_slot(e, place);
}

/**
 * recent_stamps_nth - the n-th newest time
 * @e: its lock is held
 * @n: 1 to e->count
 *
 * Return: the time, in milliseconds of recent_now()
 */
static __always_inline u64 recent_stamps_nth(const struct recent_entry *e,
					     u32 n)
{
	return *recent_stamps_slot(e, recent_ring_back(e->next, n, e->size));
}

static __always_inline u64 recent_stamps_newest(const struct recent_entry *e)
{
	return recent_stamps_nth(e, 1);
}

/**
 * recent_stamps_push - note that an address was seen
 * @list: its list
 * @e: its lock is held
 * @now: recent_now(); perhaps by a tick earlier than the newest one
 */
static __always_inline void recent_stamps_push(struct recent_list *list,
					       struct recent_entry *e, u64 now)
{
	u32 next = e->next, size = e->size, count = e->count, limit;

	if (unlikely(count == size)) {
		/* Rules and netlink change it at any time: read it once. */
		limit = READ_ONCE(list->stamps);
		if (unlikely(size < limit)) {
			recent_stamps_grow_push(list, e, now, limit);
			return;
		}
	}
	*recent_stamps_slot(e, next) = now;
	e->next = recent_ring_next(next, size);
	if (count < size)
		e->count = count + 1;
}

/**
 * recent_stamps_init - the times of an address that is seen for the first time
 * @e: nobody else knows it yet, or its lock is held and it has expired; its
 *	size is set
 * @now: when it is seen
 */
static inline void recent_stamps_init(struct recent_entry *e, u64 now)
{
	*recent_stamps_slot(e, 0) = now;
	e->count = 1;
	e->next = recent_ring_next(0, e->size);
}

#endif /* POM_XT_RECENT_STAMPS_H */
