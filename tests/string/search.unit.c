// SPDX-License-Identifier: GPL-2.0-only
/* The search for one string, against a naive one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "search.model.h"

static void check(const struct string_case *c)
{
	const char *wrong = string_check(c);

	if (wrong)
		fail_msg("%s: %zu bytes in %zu, %s, %zu cuts", wrong, c->m,
			 c->n, c->icase ? "icase" : "exact", c->cut_count);
}

static size_t find(const char *pattern, size_t m, const char *text, size_t n,
		   bool icase)
{
	struct string_case c = {
		.pattern = (const uint8_t *)pattern, .m = m, .icase = icase,
	};
	struct string_pattern *p = string_prepare(&c);
	unsigned int matched = 0;
	size_t end;

	end = string_scan(p, &matched, (const uint8_t *)text, n, false);
	free(p);
	return end;
}

#define FIND(pattern, text, icase) \
	find(pattern, sizeof(pattern) - 1, text, sizeof(text) - 1, icase)

static void test_known(void **state)
{
	(void)state;
	assert_int_equal(FIND("\x7f"
			      "ELF",
			      "HTTP/1.1 200 OK\r\n\r\n\x7f"
			      "ELF\2\1",
			      false),
			 23);
	assert_int_equal(FIND("a", "a", false), 1);
	assert_int_equal(FIND("a", "A", false), 0);
	assert_int_equal(FIND("a", "A", true), 1);
	assert_int_equal(FIND("A", "a", true), 1);
	assert_int_equal(FIND("aa", "a", false), 0);
	assert_int_equal(FIND("a", "", false), 0);
	assert_int_equal(FIND("\0\0", "\1\0\1\0\0", false), 5);
	/* Neighbours of the letters are none. */
	assert_int_equal(FIND("@[`{", "`{@[", true), 0);
	assert_int_equal(FIND("@[`{", "@[`{", true), 4);
	/* Nor are those of Latin 1, which are halves of characters in UTF-8. */
	assert_int_equal(FIND("\xe4", "\xc4", true), 0);
	assert_int_equal(FIND("UNION select", "x=1 Union SELECT y", true), 16);
}

/* Every length and place, in one piece, at every alignment. */
static void test_places(void **state)
{
	uint8_t text[80], pattern[40];
	struct string_case c = { .pattern = pattern, .text = text };
	size_t place, i;

	(void)state;
	for (i = 0; i < sizeof(pattern); i++)
		pattern[i] = (uint8_t)('a' + i % 26);
	for (c.m = 1; c.m <= sizeof(pattern); c.m += 3)
		for (c.n = c.m; c.n <= sizeof(text); c.n += 7)
			for (place = 0; place + c.m <= c.n; place++) {
				memset(text, '.', sizeof(text));
				for (i = 0; i < c.m; i++)
					text[place + i] = pattern[i] & ~0x20;
				c.icase = place & 1;
				c.align = place % 16;
				check(&c);
				memcpy(text + place, pattern, c.m);
				check(&c);
			}
}

/* Every way to cut a text that matches overlapping itself. */
static void test_every_cut(void **state)
{
	static const char text[] = "abababcabab";
	uint8_t cuts[sizeof(text)];
	struct string_case c = {
		.pattern = (const uint8_t *)"ababc", .m = 5,
		.text = (const uint8_t *)text, .n = sizeof(text) - 1,
		.cuts = cuts,
	};
	unsigned int where, i;

	(void)state;
	for (where = 0; where < 1U << (c.n - 1); where++) {
		c.cut_count = 0;
		cuts[0] = 1;
		for (i = 0; i < c.n - 1; i++) {
			if (where & 1U << i)
				cuts[++c.cut_count] = 0;
			cuts[c.cut_count]++;
		}
		c.cut_count++;
		for (c.m = 1; c.m <= 5; c.m++)
			check(&c);
	}
}

static uint32_t random_state = 1;

static uint32_t draw(uint32_t below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % below;
}

/* Few different bytes, so that much looks like the string and overlaps. */
static void test_random(void **state)
{
	static const char letters[] = "aAbB\0cC@`";
	uint8_t text[600], pattern[64], cuts[16];
	struct string_case c = {
		.pattern = pattern, .text = text, .cuts = cuts,
	};
	unsigned int round, kinds;
	size_t i;

	(void)state;
	for (round = 0; round < 20000; round++) {
		kinds = 1 + draw(sizeof(letters) - 1);
		c.n = draw(draw(8) ? 80 : sizeof(text));
		for (i = 0; i < c.n; i++)
			text[i] = (uint8_t)letters[draw(kinds)];
		c.m = 1 + draw(draw(4) ? 6 : sizeof(pattern));
		if (draw(2) && c.m <= c.n)
			memcpy(pattern, text + draw(c.n - c.m + 1), c.m);
		else
			for (i = 0; i < c.m; i++)
				pattern[i] = (uint8_t)letters[draw(kinds)];
		c.icase = draw(2);
		c.align = draw(16);
		c.cut_count = draw(sizeof(cuts));
		for (i = 0; i < c.cut_count; i++)
			cuts[i] = (uint8_t)draw(draw(2) ? 8 : 100);
		check(&c);
	}
}

/* Adversarial input: all but one byte of the string, at every offset. */
static void test_worst(void **state)
{
	static uint8_t text[3 * STRING_LEN_MAX], pattern[STRING_LEN_MAX];
	static const uint8_t cuts[] = { 255, 1, 254, 255, 255, 3, 0, 255 };
	struct string_case c = { .pattern = pattern, .text = text };
	size_t i;

	(void)state;
	for (c.m = 1; c.m <= STRING_LEN_MAX; c.m *= 2) {
		memset(pattern, 'a', sizeof(pattern));
		memset(text, 'a', sizeof(text));
		c.n = c.m + 700;
		/* An odd one in the middle, first and last. */
		for (i = 0; i < 3; i++) {
			pattern[i * (c.m - 1) / 2] = 'b';
			text[c.n - 1 - i * (c.m - 1) / 2] = 'b';
			c.cut_count = 0;
			check(&c);
			c.cuts = cuts;
			c.cut_count = sizeof(cuts);
			check(&c);
			memset(pattern, 'a', sizeof(pattern));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_worst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
