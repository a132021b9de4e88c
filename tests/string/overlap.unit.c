// SPDX-License-Identifier: GPL-2.0-only
/* Copies of segments: equal, different, cut at other places, behind gaps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "string/overlap.h"

#define ISN	0xffffff00U	/* so that numbers wrap */
#define KEEP	STRING_OVERLAP_KEEP
#define EQUAL	STRING_OVERLAP_EQUAL
#define UNKNOWN	STRING_OVERLAP_UNKNOWN
#define DIFFERS	STRING_OVERLAP_DIFFERS
#define TEXT	(4 * KEEP)

static struct string_overlap o;
static uint8_t text[TEXT];	/* the bytes of the stream */

static void begin(void)
{
	uint32_t i;

	memset(&o, 0, sizeof(o));
	for (i = 0; i < TEXT; i++)
		text[i] = (uint8_t)(i * 7 + i / 251);
}

static enum string_overlap_result arrives(uint32_t from, uint32_t to,
					  uint32_t acked)
{
	return string_overlap_add(&o, ISN + from, text + from, to - from,
				  ISN + acked);
}

/* The same with one byte changed. */
static enum string_overlap_result forged(uint32_t from, uint32_t to,
					 uint32_t at, uint32_t acked)
{
	enum string_overlap_result result;

	text[at] ^= 1;
	result = arrives(from, to, acked);
	text[at] ^= 1;
	return result;
}

static void test_order(void **state)
{
	uint32_t at;

	(void)state;
	begin();
	for (at = 0; at < TEXT; at += 8)
		assert_int_equal(arrives(at, at + 8, 0), EQUAL);
	assert_int_equal(o.next, ISN + TEXT);
	assert_int_equal(arrives(TEXT - 1, TEXT - 1, 0), EQUAL);
}

/* Every way to cut a copy, with every byte of it changed. */
static void test_cuts(void **state)
{
	uint32_t a, b, at;

	(void)state;
	begin();
	arrives(0, 20, 0);
	for (a = 0; a < 20; a++)
		for (b = a + 1; b <= 24; b++) {
			begin();
			arrives(0, 20, 0);
			assert_int_equal(arrives(a, b, 0), EQUAL);
			for (at = a; at < 20 && at < b; at++) {
				begin();
				arrives(0, 20, 0);
				assert_int_equal(forged(a, b, at, 0), DIFFERS);
				/* The first copy is kept. */
				assert_int_equal(arrives(0, 20, 0), EQUAL);
			}
		}
}

/* What the receiver has acknowledged is not compared. */
static void test_acked(void **state)
{
	(void)state;
	begin();
	arrives(0, 100, 0);
	assert_int_equal(forged(0, 50, 49, 49), DIFFERS);
	assert_int_equal(forged(0, 50, 49, 50), EQUAL);
	assert_int_equal(forged(99, 100, 99, 100), EQUAL); /* a keep-alive */
	assert_int_equal(forged(40, 60, 45, 50), EQUAL);
	assert_int_equal(forged(40, 60, 55, 50), DIFFERS);
}

static void test_gaps(void **state)
{
	uint32_t at;

	(void)state;
	begin();
	arrives(0, 1, 0);
	/* Every other byte, then all of them. */
	for (at = 2; at < 1000; at += 2)
		assert_int_equal(arrives(at, at + 1, 0), EQUAL);
	assert_int_equal(arrives(0, 999, 0), EQUAL);
	assert_int_equal(forged(0, 999, 501, 0), DIFFERS);
	/* A gap of more than is kept */
	assert_int_equal(arrives(3 * KEEP, 3 * KEEP + 5, 0), EQUAL);
	assert_int_equal(arrives(2 * KEEP + 5, 2 * KEEP + 7, 0), EQUAL);
	assert_int_equal(forged(2 * KEEP + 5, 2 * KEEP + 7, 2 * KEEP + 6, 0),
			 DIFFERS);
	assert_int_equal(forged(3 * KEEP, 3 * KEEP + 5, 3 * KEEP + 4, 0),
			 DIFFERS);
}

static void test_far(void **state)
{
	(void)state;
	begin();
	arrives(0, 10, 0);
	/* Longer than what is kept */
	arrives(10, 10 + KEEP, 0);
	arrives(10 + KEEP, 2 * KEEP + 100, 0);
	assert_int_equal(forged(0, 10, 5, 0), UNKNOWN);
	assert_int_equal(forged(0, 10, 5, 10), EQUAL);
	assert_int_equal(arrives(KEEP + 99, KEEP + 110, 0), UNKNOWN);
	assert_int_equal(arrives(KEEP + 100, KEEP + 110, 0), EQUAL);
	assert_int_equal(forged(KEEP + 99, KEEP + 110, KEEP + 99, 0), UNKNOWN);
	assert_int_equal(forged(KEEP + 99, KEEP + 110, KEEP + 100, 0),
			 DIFFERS);
	assert_int_equal(forged(KEEP + 99, KEEP + 110, KEEP + 99, KEEP + 100),
			 EQUAL);
}

static void test_syn(void **state)
{
	(void)state;
	begin();
	assert_false(string_overlap_begin(&o, ISN, ISN));
	arrives(0, 10, 0);
	assert_false(string_overlap_begin(&o, ISN, ISN));
	assert_int_equal(forged(0, 10, 5, 0), DIFFERS);
	/* It ends where the bytes end. */
	assert_false(string_overlap_begin(&o, ISN + 10, ISN + 10));
	assert_false(string_overlap_begin(&o, ISN + 8, ISN + 10));
	assert_int_equal(forged(0, 10, 5, 0), DIFFERS);
	assert_true(string_overlap_begin(&o, ISN + 1, ISN + 1));
	assert_int_equal(forged(1, 10, 5, 0), EQUAL);
}

static void expect(const uint8_t *first, uint32_t next, uint32_t from,
			uint32_t to, uint32_t acked)
{
	enum string_overlap_result wanted = EQUAL;
	uint32_t low = next > KEEP ? next - KEEP : 0, at;

	for (at = from; at < to && at < next; at++) {
		if (at < acked)
			continue;
		if (at < low && wanted == EQUAL)
			wanted = UNKNOWN;
		if (at >= low && first[at] && first[at] != text[at])
			wanted = DIFFERS;
	}
	assert_int_equal(arrives(from, to, acked), wanted);
}

/* Random segments, compared with a search in all bytes that have arrived. */
static void test_model(void **state)
{
	static uint8_t first[TEXT]; /* 0: has not arrived, or was not kept */
	uint32_t next, acked, from, to, at, i, round;

	(void)state;
	srand(11);
	for (round = 0; round < 300; round++) {
		begin();
		memset(first, 0, sizeof(first));
		string_overlap_begin(&o, ISN, ISN);
		next = 0;
		acked = 0;
		for (i = 0; i < 200; i++) {
			from = next + (uint32_t)(rand() % 100) - 60;
			if (rand() % 20 == 0)
				from = next - (uint32_t)(rand() % (KEEP + 99));
			if ((int32_t)from < 0)
				from = 0;
			to = from + (uint32_t)rand() %
				    (rand() % 9 ? 60 : KEEP);
			if (to > TEXT)
				break;
			for (at = from; at < to; at++)
				text[at] = (uint8_t)(at % 255 +
						     (rand() % 400 == 0)) ?: 1;
			if (rand() % 9 == 0 && next > acked)
				acked += (uint32_t)rand() % (next - acked + 1);
			expect(first, next, from, to, acked);
			for (at = from; at < to; at++)
				if (!first[at] &&
				    (at >= next ||
				     (at >= acked && at + KEEP >= next)))
					first[at] = text[at];
			if (to > next)
				next = to;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_acked),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_far),
		cmocka_unit_test(test_syn),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
