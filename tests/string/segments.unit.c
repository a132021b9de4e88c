// SPDX-License-Identifier: GPL-2.0-only
/* Searches through segments: cut, repeated, overlapping, reordered, missing. */
#define _GNU_SOURCE	/* memmem() */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "segments.model.h"

#define ISN	0xfffffff0U	/* so that numbers wrap */

static const char pattern[] = "abcd";
static struct model model;

static void begin(bool syn)
{
	const char *wrong;

	memset(&model, 0, sizeof(model));
	model.pattern = (const uint8_t *)pattern;
	model.m = sizeof(pattern) - 1;
	if (syn) {
		assert_false(model_segment(&model, ISN - 1, NULL, 0, true,
					   &wrong));
		assert_null(wrong);
	}
}

/* Bytes @from to @to of @text arrive. */
static bool arrives(const char *text, uint32_t from, uint32_t to)
{
	const char *wrong;
	bool found;

	found = model_segment(&model, ISN + from, (const uint8_t *)text + from,
			      to - from, false, &wrong);
	if (wrong)
		fail_msg("%s", wrong);
	return found;
}

static const char text[] =
	"....abcd....................................................";

/* Every way to cut a text into up to four; its last byte ends the match. */
static void test_cuts(void **state)
{
	uint32_t a, b, c, n = 12;

	(void)state;
	for (a = 0; a <= n; a++)
		for (b = a; b <= n; b++)
			for (c = b; c <= n; c++) {
				begin(a & 1);
				assert_int_equal(arrives(text, 0, a), a > 7);
				assert_int_equal(arrives(text, a, b),
						 a <= 7 && b > 7);
				assert_int_equal(arrives(text, b, c),
						 b <= 7 && c > 7);
				assert_int_equal(arrives(text, c, n), c <= 7);
			}
}

/* Two that come in the wrong order, around what is searched for. */
static void test_reordered(void **state)
{
	uint32_t a, b, n = 40;
	bool found;

	(void)state;
	for (a = 0; a < n; a++)
		for (b = a + 1; b < n; b++) {
			begin(true);
			found = arrives(text, 0, a);
			found |= arrives(text, b, n);
			found |= arrives(text, a, b);
			assert_true(found);
			/* What follows is found too. */
			assert_false(arrives(text, n, n + 4));
			begin(true);
			found = arrives(text, 0, a);
			found |= arrives(text, b, b + 1);
			found |= arrives(text, b + 1, n);
			found |= arrives(text, a, b);
			assert_true(found);
		}
}

/* What was found, and dropped, is found again however it is sent again. */
static void test_again(void **state)
{
	(void)state;
	begin(true);
	assert_false(arrives(text, 0, 6));
	assert_true(arrives(text, 6, 12));
	assert_false(arrives(text, 12, 20));
	assert_true(arrives(text, 6, 12));
	assert_true(arrives(text, 6, 7));
	assert_true(arrives(text, 7, 20));
	assert_false(arrives(text, 0, 6));
	assert_false(arrives(text, 12, 30));
	assert_true(arrives(text, 4, 30));
	/* The first one counts. */
	assert_false(string_stream_hit(&model.stream, ISN + 40, 4));
	assert_false(arrives(text, 40, 44));
	assert_true(string_stream_hit(&model.stream, ISN + 1, 2));
	assert_true(arrives(text, 2, 3));
}

/* Parts that were received already, and overlaps with different content. */
static void test_overlap(void **state)
{
	static const char other[] = "xxxxxxabcdxx";

	(void)state;
	begin(true);
	assert_false(arrives(text, 0, 5));
	assert_true(arrives(text, 3, 9));
	begin(true);
	assert_false(arrives(text, 0, 5));
	assert_false(arrives(text, 1, 4));
	assert_true(arrives(text, 5, 9));
	begin(true);
	assert_false(arrives(text, 0, 4));
	assert_false(arrives("............", 4, 12));
	assert_true(arrives(other, 0, 12));
}

static void test_gaps(void **state)
{
	const char *wrong;

	(void)state;
	/* A gap that is never filled: the search continues after it. */
	begin(true);
	assert_false(arrives(text, 0, 5));
	assert_false(arrives(text, 6, 9));
	begin(false);
	assert_false(arrives("....abab", 0, 2));
	assert_false(arrives(text, 3, 6));
	assert_true(arrives(text, 6, 9));
	/* Two gaps: the newer one is looked after. */
	begin(true);
	assert_false(arrives(text, 0, 1));
	assert_false(arrives(text, 2, 5));
	assert_false(arrives(text, 6, 7));
	assert_false(arrives(text, 1, 2));
	assert_false(arrives(text, 7, 8));
	assert_true(arrives(text, 5, 6));
	/* Another connection. */
	begin(true);
	assert_false(arrives(text, 0, 6));
	assert_false(model_segment(&model, ISN - 1, NULL, 0, true, &wrong));
	assert_true(arrives(text, 6, 8));
	begin(true);
	assert_false(arrives(text, 0, 6));
	assert_false(model_segment(&model, ISN + 7, NULL, 0, true, &wrong));
	assert_false(arrives(text, 6, 8));
	/* A SYN that ends where the bytes end is none. */
	begin(true);
	assert_false(arrives(text, 0, 6));
	assert_false(model_segment(&model, ISN + 5, NULL, 0, true, &wrong));
	assert_true(arrives(text, 6, 8));
	/* What is too long ago is forgotten. */
	begin(true);
	assert_true(arrives(text, 0, 8));
	assert_false(arrives(text, 9, 10));
	model.stream.next += 0x50000000;
	assert_false(model_segment(&model, model.stream.next,
				   (const uint8_t *)".", 1, false, &wrong));
	assert_int_equal(model.stream.hit, model.stream.hit_end);
	assert_int_equal(model.stream.hole, model.stream.hole_end);
	/* Data in the SYN. */
	memset(&model.stream, 0, sizeof(model.stream));
	assert_true(model_segment(&model, ISN, (const uint8_t *)"abcd", 4,
				  true, &wrong));
	assert_true(model_segment(&model, ISN + 1, (const uint8_t *)"abcd", 4,
				  false, &wrong));
}

static uint32_t draw(uint32_t below)
{
	static uint32_t random_state = 1;

	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % below;
}

/* In order, with any parts sent again in between: all is found, once. */
static void test_random(void **state)
{
	uint32_t round, n, at, from, to, i;
	char random_text[65];
	bool found, want;

	(void)state;
	for (round = 0; round < 50000; round++) {
		n = 1 + draw(64);
		for (i = 0; i < n; i++)
			random_text[i] = "abcd"[draw(4)];
		random_text[n] = '\0';
		begin(round & 1);
		for (at = 0; at < n; at = to > at ? to : at) {
			from = draw(at + 1);
			to = from + 1 + draw(n - from);
			if (draw(2))
				from = at;
			if (to <= from)
				to = from + 1;
			found = arrives(random_text, from, to);
			want = to > at &&
			       memmem(random_text, to, pattern, 4) &&
			       !memmem(random_text, at, pattern, 4);
			if (want && !found)
				fail_msg("%s: %u to %u", random_text, from, to);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_reordered),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
