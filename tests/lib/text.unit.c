// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/text.h: the words of a line. The unit tests of the parsers that
 * include it test addresses and ports.
 *
 * inputs: kernel/lib/text.h kernel/lib/encoding.h
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "exact.h"
#include "lib/text.h"

static void assert_rest(const char *line, size_t want)
{
	size_t len = strlen(line);
	uint8_t *copy = exact_copy(line, len);
	struct pom_rest r = pom_rest_of(copy, len);

	assert_int_equal(r.at, 0);
	assert_int_equal(r.end, want);
	free(copy);
}

static void test_rest_of(void **state)
{
	(void)state;
	assert_rest("", 0);
	assert_rest("\n", 0);
	assert_rest("\r\n", 0);
	assert_rest("a\r\r\n", 1);
	assert_rest("a\nb", 3);
	assert_rest("a \n", 2);
}

static void test_words(void **state)
{
	static const char line[] = { ' ', 'a', ' ', ' ', '\0', 'b', '\t' };
	uint8_t *copy = exact_copy(line, sizeof(line));
	struct pom_rest r = pom_rest_of(copy, sizeof(line));
	struct pom_text word;

	(void)state;
	assert_int_equal(pom_take_word(&r).len, 0);
	assert_true(pom_at_byte(&r, ' '));
	pom_skip_blanks(&r);
	word = pom_take_word(&r);
	assert_int_equal(word.off, 1);
	assert_int_equal(word.len, 1);
	pom_skip_blanks(&r);
	word = pom_take_word(&r);
	assert_int_equal(word.off, 4);
	assert_int_equal(word.len, 3);
	assert_int_equal(r.at, r.end);
	pom_skip_blanks(&r);
	assert_false(pom_at_byte(&r, ' '));
	assert_int_equal(pom_take_word(&r).len, 0);
	free(copy);
}

static void test_find_name(void **state)
{
	static const char * const names[] = { "none", "u?", "us", "user" };
	static const struct {
		const char *word;
		int found;
	} cases[] = {
		{ "none", 0 }, { "u", 0 }, { "u?", 1 }, { "US", 2 },
		{ "use", 0 }, { "User", 3 }, { "users", 0 }, { "", 0 },
	};
	struct pom_rest r;
	uint8_t *copy;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		copy = exact_copy(cases[i].word, strlen(cases[i].word));
		r = pom_rest_of(copy, strlen(cases[i].word));
		assert_int_equal(pom_find_name(&r, pom_take_word(&r), names, 4),
				 cases[i].found);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rest_of),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_find_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
