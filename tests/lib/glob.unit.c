// SPDX-License-Identifier: GPL-2.0-only
/* Patterns of kernel/lib/glob.h: by hand, and against fnmatch(3). */
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exact.h"
#include "lib/glob.h"

/* In memory of just their length. */
static bool matches(const char *pattern, const char *text)
{
	char *p = exact_copy(pattern, strlen(pattern) + 1);
	char *t = exact_copy(text, strlen(text) + 1);
	bool ret = pom_glob(p, t);

	free(p);
	free(t);
	return ret;
}

static void test_cases(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool match;
	} cases[] = {
		{ "", "", true }, { "", "a", false }, { "a", "", false },
		{ "*", "", true }, { "**", "ab", true }, { "?", "", false },
		{ "a*b", "ab", true }, { "a*b", "abab", true },
		{ "a*b", "aba", false }, { "*ab", "aab", true },
		{ "[a-c]", "b", true }, { "[a-c]", "d", false },
		{ "[!a-c]", "d", true }, { "[!a-c]", "b", false },
		{ "*[!l]", "make all", false }, { "[!l]", "", false },
		{ "*[!l]", "id", true }, { "a[!l]", "a", false },
		{ "[]]", "]", true }, { "[!]]", "]", false },
		{ "[a-]", "-", true }, { "[a-]", "b", false },
		{ "[", "[", true }, { "[", "a", false }, { "[a", "[a", true },
		{ "[!", "[!", true }, { "[a-", "[a-", true },
		{ "\\*", "*", true }, { "\\*", "a", false },
		{ "\\", "\\", true }, { "\\[a]", "[a]", true },
		{ "[\x80-\xff]", "\xc3", true }, { "\xc3", "\xc3", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s %s\n", cases[i].pattern, cases[i].text);
		assert_int_equal(matches(cases[i].pattern, cases[i].text),
				 cases[i].match);
	}
}

static void test_fnmatch(void **state)
{
	static const char * const piece[] = {
		"a", "b", "*", "?", "[ab]", "[!a]", "[a-b]", "\\*", "c",
	};
	char pattern[64], text[16];
	int i, n, hits = 0;

	(void)state;
	srand(7);
	for (i = 0; i < 200000; i++) {
		*pattern = '\0';
		for (n = rand() % 7; n; n--)
			strcat(pattern, piece[rand() % 9]);
		for (n = 0; n < rand() % 8; n++)
			text[n] = "abc*"[rand() % 4];
		text[n] = '\0';
		assert_int_equal(matches(pattern, text),
				 fnmatch(pattern, text, 0) == 0);
		hits += matches(pattern, text);
	}
	assert_in_range(hits, 10000, 190000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_fnmatch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
