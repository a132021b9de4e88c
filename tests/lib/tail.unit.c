// SPDX-License-Identifier: GPL-2.0-only
/* kernel/lib/tail.h: joins a text that is cut at every byte, in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exact.h"
#include "lib/tail.h"

static const char text[] = "DCC CHAT chat 3221225985 5000\n";

#define LEN	(sizeof(text) - 1)
/* Sequence numbers wrap in the middle of the text. */
#define START	(0xffffffffU - 10)

static size_t join(struct pom_tail *tail, uint32_t seq, const char *data,
		   size_t len, uint8_t *buf, size_t size)
{
	uint8_t *exact = malloc(size), *copy = exact_copy(data, len);
	size_t kept;

	assert_non_null(exact);
	memset(exact, 0xee, size);
	kept = pom_tail_join(tail, seq, copy, len, exact, size);
	memcpy(buf, exact, size);
	free(copy);
	free(exact);
	return kept;
}

static void test_every_cut(void **state)
{
	struct pom_tail tail = { 0 };
	uint8_t buf[256];
	size_t cut;

	(void)state;
	for (cut = 1; cut < LEN; cut++) {
		assert_true(pom_tail_keep(&tail, START + cut,
					  (const uint8_t *)text, cut));
		/* The first segment again: what is kept stays. */
		assert_int_equal(join(&tail, START, text, cut, buf,
				      sizeof(buf)), 0);
		assert_int_equal(join(&tail, START + cut, text + cut,
				      LEN - cut, buf, sizeof(buf)), cut);
		assert_memory_equal(buf, text, LEN);
		/* It was taken. */
		assert_int_equal(join(&tail, START + cut, text + cut,
				      LEN - cut, buf, sizeof(buf)), 0);
	}
}

static void test_gap(void **state)
{
	struct pom_tail tail = { 0 };
	uint8_t buf[256];

	(void)state;
	assert_true(pom_tail_keep(&tail, 100, (const uint8_t *)text, 5));
	assert_int_equal(join(&tail, 101, text + 6, 5, buf, sizeof(buf)), 0);
	assert_int_equal(join(&tail, 100, text + 5, 5, buf, sizeof(buf)), 0);
}

static void test_sizes(void **state)
{
	uint8_t most[POM_TAIL_MAX + 1], buf[POM_TAIL_MAX + 4];
	struct pom_tail tail = { 0 };

	(void)state;
	memset(most, 'a', sizeof(most));
	assert_false(pom_tail_keep(&tail, 1, most, sizeof(most)));
	assert_int_equal(tail.len, 0);
	assert_false(pom_tail_keep(&tail, 1, most, 0));
	assert_true(pom_tail_keep(&tail, 1, most, POM_TAIL_MAX));
	/* A segment that does not fit is cut at the end of the buffer. */
	assert_int_equal(join(&tail, 1, text, LEN, buf, sizeof(buf)),
			 POM_TAIL_MAX);
	assert_memory_equal(buf + POM_TAIL_MAX, text, 4);
	assert_true(pom_tail_keep(&tail, 1, most, POM_TAIL_MAX));
	assert_int_equal(join(&tail, 1, text, LEN, buf, POM_TAIL_MAX),
			 POM_TAIL_MAX);
	/* A longer one replaces it, also where it cannot be kept. */
	assert_true(pom_tail_keep(&tail, 1, most, 3));
	assert_false(pom_tail_keep(&tail, 1, most, sizeof(most)));
	assert_int_equal(join(&tail, 1, text, LEN, buf, sizeof(buf)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
