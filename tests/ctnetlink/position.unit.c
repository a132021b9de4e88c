// SPDX-License-Identifier: GPL-2.0-only
/*
 * A walk of a table that is resized at random: each key that stays is reported
 * once. The table is the simplest one, the walk that of scan.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctnetlink/position.h"

#define SLICES	16
#define KEYS	3000

static uint32_t hash[KEYS];
static unsigned int found[KEYS];

static uint32_t bucket_of(uint32_t key, uint32_t size)
{
	return (uint32_t)((uint64_t)hash[key] * size >> 32);
}

struct walk {
	struct ctn_position pos;
	unsigned long seen[KEYS];
	uint32_t count;
	uint32_t sorted;
};

static int compare(const void *a, const void *b)
{
	unsigned long left = *(const unsigned long *)a;
	unsigned long right = *(const unsigned long *)b;

	return left < right ? -1 : left > right;
}

/* Reports up to @limit keys of the bucket. 0 if there are more. */
static int report(struct walk *w, unsigned int *limit)
{
	uint32_t key;

	for (key = 0; key < KEYS; key++) {
		if (bucket_of(key, w->pos.size) != w->pos.bucket)
			continue;
		if (w->pos.check && ctn_seen(w->seen, w->sorted, key))
			continue;
		if (!*limit)
			return 0;
		(*limit)--;
		found[key]++;
		w->seen[w->count++] = key;
	}
	return 1;
}

/* One piece: buckets of one slice. */
static void piece(struct walk *w, unsigned int limit)
{
	uint32_t last;

	if (ctn_position_enter(&w->pos, SLICES))
		w->count = 0;
	qsort(w->seen, w->count, sizeof(*w->seen), compare);
	w->sorted = w->count;
	last = ctn_position_end(&w->pos, SLICES);
	assert_true(last > w->pos.bucket && last <= w->pos.size);
	while (w->pos.bucket < last) {
		if (!report(w, &limit)) {
			w->pos.check = true;
			return;
		}
		w->pos.bucket++;
	}
}

static void walk_size(uint32_t size, unsigned int resizes, unsigned int limit)
{
	static struct walk w;
	unsigned int i;

	for (i = 0; i < KEYS; i++) {
		hash[i] = (uint32_t)random() << 1 ^ (uint32_t)random();
		found[i] = 0;
	}
	memset(&w, 0, sizeof(w));
	ctn_position_begin(&w.pos, size);
	while (w.pos.bucket < w.pos.size) {
		piece(&w, limit);
		if (resizes && random() % 2) {
			ctn_position_resize(&w.pos, SLICES *
					    (1 + (uint32_t)random() % 20));
			resizes--;
		}
	}
	for (i = 0; i < KEYS; i++)
		assert_int_equal(found[i], 1);
}

static void walk_all(unsigned int resizes, unsigned int limit)
{
	walk_size(SLICES * (1 + (uint32_t)random() % 20), resizes, limit);
}

static void test_no_resize(void **state)
{
	(void)state;
	walk_all(0, KEYS);
	walk_all(0, 7);
}

/* No kernel has such a table. The walk still ends. */
static void test_odd_size(void **state)
{
	uint32_t size;

	(void)state;
	for (size = 1; size < 3 * SLICES; size++)
		walk_size(size, 0, 50);
}

static void test_resizes(void **state)
{
	unsigned int i;

	(void)state;
	srandom(22);
	for (i = 0; i < 40; i++)
		walk_all(100, i % 2 ? 5 : 200);
}

/* Sizes of real tables, where products need 64 bits. */
static void test_large(void **state)
{
	struct ctn_position pos;

	(void)state;
	ctn_position_begin(&pos, 1u << 30);
	pos.bucket = (1u << 30) - 1;
	assert_true(ctn_position_enter(&pos, 512));
	assert_int_equal(pos.slice, 511);
	assert_int_equal(ctn_position_end(&pos, 512), 1u << 30);
	ctn_position_resize(&pos, 512);
	assert_int_equal(pos.bucket, 511);
	assert_true(pos.check);
	assert_false(ctn_position_enter(&pos, 512));
	assert_true(pos.check);
	pos.bucket = 512;
	ctn_position_resize(&pos, 1u << 30);
	assert_int_equal(pos.bucket, 1u << 30);
}

/* The beginning of a slice has nothing before it that is to be checked. */
static void test_new_slice(void **state)
{
	struct ctn_position pos;

	(void)state;
	ctn_position_begin(&pos, 1024);
	assert_true(ctn_position_enter(&pos, 512));
	pos.bucket = 2;
	ctn_position_resize(&pos, 512);
	assert_int_equal(pos.bucket, 1);
	assert_true(ctn_position_enter(&pos, 512));
	assert_false(pos.check);
}

static void test_seen(void **state)
{
	static const unsigned long keys[] = { 1, 3, 5, 7, 9 };
	unsigned long key;

	(void)state;
	assert_false(ctn_seen(NULL, 0, 0));
	for (key = 0; key < 11; key++)
		assert_int_equal(ctn_seen(keys, 5, key), key & 1 && key < 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_resize),
		cmocka_unit_test(test_odd_size),
		cmocka_unit_test(test_resizes),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_new_slice),
		cmocka_unit_test(test_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
