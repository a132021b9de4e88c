/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a walk of the connection table is, in a table that may change its size.
 *
 * A bucket has the connections of one part of the hash space: in a table of N
 * buckets, the parts are N equal ones, in order. So a position in one table is
 * a position in a table of any other size. Only the bucket at that position may
 * have connections that were reported before.
 *
 * All sizes are multiples of a number of slices. A slice is a part of the hash
 * space that has whole buckets in each table, so a walk forgets what it has
 * reported when it enters the next slice.
 *
 * Plain C: the same file serves the module and the unit test.
 */
#ifndef POM_CTNETLINK_POSITION_H
#define POM_CTNETLINK_POSITION_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/**
 * struct ctn_position - the next bucket
 * @bucket: its number; @size at the end
 * @size: buckets of the table, not 0
 * @slice: in which @bucket is
 * @check: connections of this slice may have been reported
 */
struct ctn_position {
	uint32_t bucket;
	uint32_t size;
	uint32_t slice;
	bool check;
};

/* The beginning of a table of @size buckets. */
void ctn_position_begin(struct ctn_position *pos, uint32_t size);

/* The same place in a table of @size buckets. */
void ctn_position_resize(struct ctn_position *pos, uint32_t size);

/**
 * ctn_position_end() - the first bucket that is not in the slice of a position
 * @pos: the position, not the end
 * @slices: how many there are; the sizes of all tables are multiples of it
 */
uint32_t ctn_position_end(const struct ctn_position *pos, uint32_t slices);

/**
 * ctn_position_enter() - take note of the slice
 * @pos: the position
 * @slices: as in ctn_position_end()
 *
 * Return: true in a new slice. Nothing in it has been reported.
 */
bool ctn_position_enter(struct ctn_position *pos, uint32_t slices);

/* Whether @key is among the @count in ascending order at @keys. */
bool ctn_seen(const unsigned long *keys, uint32_t count, unsigned long key);

#endif
