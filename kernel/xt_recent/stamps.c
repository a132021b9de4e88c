// SPDX-License-Identifier: GPL-2.0-only
/*
 * The times of one address, all under its lock.
 *
 * They never go back, so "at least N of them in the last S seconds" is a
 * look at the N-th newest, however many there are. An address has room for a
 * few; one that is seen more often gets more, up to what its list says, by
 * doubling. Where memory is short, the oldest time is overwritten instead.
 */
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "proto/recent.h"
#include "xt_recent/recent.h"

static u64 *recent_stamps_slot(const struct recent_entry *e, u32 place)
{
	if (!e->ring)
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
u64 recent_stamps_at(const struct recent_entry *e, u32 place)
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
u64 recent_stamps_nth(const struct recent_entry *e, u32 n)
{
	return recent_stamps_at(e, recent_ring_back(e->next, n, e->size));
}

u64 recent_stamps_newest(const struct recent_entry *e)
{
	return recent_stamps_nth(e, 1);
}

static long recent_ring_bytes(u32 size)
{
	unsigned int chunks = DIV_ROUND_UP(size, RECENT_CHUNK);

	return struct_size((struct recent_ring *)NULL, chunk, chunks) +
	       size * sizeof(u64);
}

static void recent_ring_free(struct recent_ring *ring)
{
	unsigned int i;

	for (i = 0; i < ring->chunks; i++)
		kfree(ring->chunk[i]);
	kfree(ring);
}

static struct recent_ring *recent_ring_create(u32 size)
{
	unsigned int chunks = DIV_ROUND_UP(size, RECENT_CHUNK);
	const gfp_t gfp = GFP_ATOMIC | __GFP_NOWARN;
	struct recent_ring *ring;
	u32 part;

	ring = kzalloc(struct_size(ring, chunk, chunks), gfp);
	if (!ring)
		return NULL;
	for (; size; size -= part) {
		part = min_t(u32, size, RECENT_CHUNK);
		ring->chunk[ring->chunks] = kmalloc_array(part, sizeof(u64),
							  gfp);
		if (!ring->chunk[ring->chunks]) {
			recent_ring_free(ring);
			return NULL;
		}
		ring->chunks++;
	}
	return ring;
}

/* The list wants more than it did, but no more than fits into the entry. */
static void recent_stamps_grow_inline(struct recent_entry *e, u32 size)
{
	u64 first[RECENT_STAMPS_INLINE];
	u32 i;

	for (i = 0; i < e->count; i++)
		first[i] = recent_stamps_nth(e, e->count - i);
	memcpy(e->first, first, e->count * sizeof(first[0]));
	e->size = size;
	e->next = e->count;
}

/* Gives an entry that is full a larger ring, with its times in order. */
static void recent_stamps_grow(struct recent_list *list,
			       struct recent_entry *e, u32 size)
{
	long more = recent_ring_bytes(size);
	struct recent_ring *ring;
	u32 i;

	if (!recent_memory_charge(list, more))
		return;
	ring = recent_ring_create(size);
	if (!ring) {
		recent_memory_uncharge(list, more);
		return;
	}
	for (i = 0; i < e->count; i++)
		ring->chunk[i >> RECENT_CHUNK_SHIFT][i & (RECENT_CHUNK - 1)] =
			recent_stamps_nth(e, e->count - i);
	recent_stamps_free(list, e);
	e->ring = ring;
	e->size = size;
	e->next = e->count;
}

/**
 * recent_stamps_push - note that an address was seen
 * @list: its list
 * @e: its lock is held
 * @now: recent_now(), or a little earlier than what is there
 */
void recent_stamps_push(struct recent_list *list, struct recent_entry *e,
			u64 now)
{
	u32 limit = READ_ONCE(list->stamps);

	now = max(now, recent_stamps_newest(e));
	if (unlikely(e->count == e->size && e->size < limit)) {
		if (limit <= RECENT_STAMPS_INLINE)
			recent_stamps_grow_inline(e, limit);
		else
			recent_stamps_grow(list, e,
					   min(limit, max(16U, 2U * e->size)));
	}
	*recent_stamps_slot(e, e->next) = now;
	e->next = recent_ring_next(e->next, e->size);
	if (e->count < e->size)
		e->count++;
}

/**
 * recent_stamps_init - the times of an address that is seen for the first time
 * @e: nobody else knows it yet, or its lock is held and it has expired; its
 *	size is set
 * @now: when it is seen
 */
void recent_stamps_init(struct recent_entry *e, u64 now)
{
	*recent_stamps_slot(e, 0) = now;
	e->count = 1;
	e->next = recent_ring_next(0, e->size);
}

/**
 * recent_stamps_free - give the memory of the times back, but that in the entry
 * @list: its list
 * @e: its lock is held; it is not used any more, or gets another ring
 */
void recent_stamps_free(struct recent_list *list, struct recent_entry *e)
{
	if (!e->ring)
		return;
	recent_memory_uncharge(list, recent_ring_bytes(e->size));
	recent_ring_free(e->ring);
	e->ring = NULL;
}
