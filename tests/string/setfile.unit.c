// SPDX-License-Identifier: GPL-2.0-only
/* Pattern sets as text: what a line says, and what is wrong with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "string/setfile.h"

static struct stringset_line line;
static uint8_t bytes[STRINGSET_LEN_MAX];

static const char *parse(const char *text)
{
	return stringset_parse(text, strlen(text), &line, bytes);
}

static void is(const char *text, uint32_t options, const char *want, size_t len)
{
	const char *wrong = parse(text);

	if (wrong)
		fail_msg("%s: %s", text, wrong);
	assert_int_equal(line.options, options);
	assert_int_equal(line.len, len);
	assert_memory_equal(bytes, want, len);
}

#define IS(text, options, want) is(text, options, want, sizeof(want) - 1)

static void test_lines(void **state)
{
	(void)state;
	IS("", 0, "");
	IS(" \t\r", 0, "");
	IS("# a comment", 0, "");
	IS("  # another", 0, "");
	IS("word", 0, "word");
	IS("  two words\t \r", 0, "two words");
	IS("|7F|ELF", 0, "\x7f" "ELF");
	IS("|7f 45 4C46|", 0, "\x7f" "ELF");
	IS("a|00|b", 0, "a\0b");
	IS("a\\|b\\\\", 0, "a|b\\");
	IS("\\#no comment", 0, "#no comment");
	IS("end \\ ", 0, "end  ");
	IS("\\", 0, "\\");
	IS("-", 0, "-");
	IS("-a", 0, "-a");
	IS("a --icase", 0, "a --icase");
	IS("-- --a", 0, "--a");
	IS("--icase Union Select", STRINGSET_ICASE, "Union Select");
	IS("--prefix\t--icase  GET", STRINGSET_ICASE | STRINGSET_PREFIX, "GET");
	IS("--end", STRINGSET_END, "");
	IS(" --end ", STRINGSET_END, "");

	IS("--mark 0x10 --hits 7 a", STRINGSET_MARK | STRINGSET_HITS, "a");
	assert_int_equal(line.mark, 16);
	assert_int_equal(line.hits, 7);
	IS("--mark 4294967295 a", STRINGSET_MARK, "a");
	assert_int_equal(line.mark, 4294967295);
	IS("--hits 0x7fffffffffffff a", STRINGSET_HITS, "a");
	assert_true(line.hits == 0x7fffffffffffffULL);
}

static void test_wrong(void **state)
{
	static const char * const wrong[] = {
		"--", "--icase", "--icase --", "--unknown a", "---", "--icas a",
		"--icase --icase a", "--mark a", "--mark", "--mark 0x a",
		"--mark 4294967296 a", "--mark -1 a", "--mark 0x100000000 a",
		"--mark 1g a", "--hits x a", "--hits 99999999999999999999 a",
		"--end a", "--end --icase", "--icase --end", "--end --end",
		"|7|", "|7", "|7F", "7F|", "|7G|", "|G7|", "||", "|7 F|",
		"--mark 0xg a",
	};
	char text[2 * STRINGSET_LEN_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (!parse(wrong[i]))
			fail_msg("%s was taken", wrong[i]);
	assert_non_null(stringset_parse("a\0b", 3, &line, bytes));

	memset(text, 'a', sizeof(text));
	assert_null(stringset_parse(text, STRINGSET_LEN_MAX, &line, bytes));
	assert_int_equal(line.len, STRINGSET_LEN_MAX);
	assert_non_null(stringset_parse(text, STRINGSET_LEN_MAX + 1, &line,
					bytes));
}

/* What is written is read as the same. */
static void test_format(void **state)
{
	uint8_t pattern[8];
	char text[4 * sizeof(pattern) + 1];
	unsigned int round, i;
	size_t len, written;

	(void)state;
	srand(1);
	for (round = 0; round < 100000; round++) {
		len = 1 + (size_t)rand() % sizeof(pattern);
		for (i = 0; i < len; i++)
			pattern[i] = (uint8_t)(rand() % 2 ? rand() :
					       "ab #-|\\\t"[rand() % 8]);
		written = stringset_format(pattern, len, text);
		assert_int_equal(written, strlen(text));
		assert_null(parse(text));
		assert_int_equal(line.options, 0);
		assert_int_equal(line.len, len);
		assert_memory_equal(bytes, pattern, len);
	}
	stringset_format((const uint8_t *)"\x7f" "ELF #", 6, text);
	assert_string_equal(text, "|7f|ELF #");
	stringset_format((const uint8_t *)"-- ", 3, text);
	assert_string_equal(text, "|2d|-|20|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
