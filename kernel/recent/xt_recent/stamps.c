// SPDX-License-Identifier: GPL-2.0-only
/*
 * The times of one address, all under its lock.
 *
 * They do not go back, or by a tick at most, so "at least N of them in the
 * last S seconds" is a look at the N-th newest, however many there are. An
 * address has space for a few; one that is seen more often gets more, up to
 * what its list says, by doubling. Where memory is short, the oldest time is
 * overwritten instead.
 */
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "recent/parser.h"
#include "recent/xt_recent/recent.h"
#include "recent/xt_recent/stamps.h"

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

/*
 * The list keeps more than before, but no more than fits into the entry:
 * e->count <= e->size < @size <= RECENT_STAMPS_INLINE, and there is no ring.
 */
static void recent_stamps_grow_first(struct recent_entry *e, u32 size)
{
	u64 first[RECENT_STAMPS_INLINE];
	u32 i;

	for (i = 0; i < e->count; i++)
		first[i] = recent_stamps_nth(e, e->count - i);
	memcpy(e->first, first, e->count * sizeof(first[0]));
	e->size = size;
	e->next = e->count;
}

/*
 * Gives an entry that is full a larger ring, with its times in order:
 * e->count <= e->size < @size.
 */
static void recent_stamps_grow_ring(struct recent_list *list,
				    struct recent_entry *e, u32 size)
{
	long more = recent_ring_bytes(size);
	struct recent_ring *ring;
	u32 i;

	if (!recent_memory_charge(list, more, ACCOUNT_COMMON))
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
 * recent_stamps_grow_push - record it in a full ring, and try to grow it
 * @list: its list, which keeps more times of an address
 * @e: its lock is held; its ring is full
 * @now: recent_now()
 * @limit: how many times the list allowed when the caller looked; more than
 *	e->size. Not read again here: it may be less by now.
 */
void recent_stamps_grow_push(struct recent_list *list, struct recent_entry *e,
			     u64 now, u32 limit)
{
	if (limit <= RECENT_STAMPS_INLINE)
		recent_stamps_grow_first(e, limit);
	else
		recent_stamps_grow_ring(list, e,
					min(limit, max(16U, 2U * e->size)));
	*recent_stamps_slot(e, e->next) = now;
	e->next = recent_ring_next(e->next, e->size);
	if (e->count < e->size)
		e->count++;
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
