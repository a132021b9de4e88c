// SPDX-License-Identifier: GPL-2.0-only
/* Where a walk of the connection table is, see position.h. */
#include "ctnetlink/position.h"

#ifdef __KERNEL__
#include <linux/math64.h>
#else
static uint64_t div_u64(uint64_t a, uint32_t b)
{
	return a / b;
}
#endif

#define NO_SLICE	(~(uint32_t)0)

void ctn_position_begin(struct ctn_position *pos, uint32_t size)
{
	pos->bucket = 0;
	pos->size = size;
	pos->slice = NO_SLICE;
	pos->check = false;
}

/* Rounded down: what is before the new bucket was before the old one, too. */
void ctn_position_resize(struct ctn_position *pos, uint32_t size)
{
	if (size == pos->size)
		return;
	pos->bucket = (uint32_t)div_u64((uint64_t)pos->bucket * size,
					pos->size);
	pos->size = size;
	pos->check = true;
}

static uint32_t slice_of(const struct ctn_position *pos, uint32_t slices)
{
	return (uint32_t)div_u64((uint64_t)pos->bucket * slices, pos->size);
}

/* Rounded up: behind the position also in a table of an unexpected size. */
uint32_t ctn_position_end(const struct ctn_position *pos, uint32_t slices)
{
	uint64_t next = slice_of(pos, slices) + 1;

	return (uint32_t)div_u64(next * pos->size + slices - 1, slices);
}

bool ctn_position_enter(struct ctn_position *pos, uint32_t slices)
{
	uint32_t slice = slice_of(pos, slices);

	if (slice == pos->slice)
		return false;
	pos->slice = slice;
	pos->check = false;
	return true;
}

bool ctn_seen(const unsigned long *keys, uint32_t count, unsigned long key)
{
	uint32_t from = 0, to = count, middle;

	while (from < to) {
		middle = from + (to - from) / 2;
		if (keys[middle] == key)
			return true;
		if (keys[middle] < key)
			from = middle + 1;
		else
			to = middle;
	}
	return false;
}
