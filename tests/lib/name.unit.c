// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel/lib/name.h: which strings can name a list, a condition or a set.
 *
 * inputs: kernel/lib/name.h
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "lib/name.h"
#include "exact.h"

#define SIZE 31

/* A copy without a byte to spare, so that the sanitizer sees what is read. */
static const char *error_of(const char *name, size_t size, const char *reject)
{
	char padded[256] = "", *copy;
	const char *error;

	assert_true(size <= sizeof(padded));
	strncpy(padded, name, size);
	copy = exact_copy(padded, size);
	error = pom_name_error(copy, size, reject);
	free(copy);
	return error;
}

#define accepted(name)	assert_null(error_of(name, SIZE, " ,"))
#define refused(name, why) \
	assert_string_equal(error_of(name, SIZE, " ,"), why)

static void test_accepted(void **state)
{
	(void)state;
	accepted("a");
	accepted("...");
	accepted(".a");
	accepted("office-hours_2:x");
	/* U+00F6 U+00DF: C3 9F is no control */
	accepted("gr\xc3\xb6\xc3\x9f" "e");
	accepted("\xc2\xa0"); /* the first that is none */
	accepted("\x9b"); /* no UTF-8: the user's encoding */
	accepted("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}

static void test_refused(void **state)
{
	(void)state;
	refused("", "is empty");
	refused(".", "is the name of a directory");
	refused("..", "is the name of a directory");
	refused("/", "has a slash in it");
	refused("a/b", "has a slash in it");
	refused("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "is too long");
	refused("a b", "has a space in it");
	refused("a,b", "has a comma in it");
}

static void test_control_characters(void **state)
{
	const char *why = "has a control character in it";
	char name[] = "a?b", wide[] = "a\xc2?b";
	int c;

	(void)state;
	for (c = 1; c < ' '; c++) {
		name[1] = c;
		refused(name, why);
	}
	refused("a\x7f", why);
	refused("\x1b[2J", why);
	for (c = 0x80; c <= 0x9f; c++) {
		wide[2] = c;
		refused(wide, why);
	}
	accepted("a\xc2");
}

/* A list of recent may have a space in its name. */
static void test_reject(void **state)
{
	(void)state;
	assert_null(error_of("a b,c", SIZE, ""));
	assert_string_equal(error_of("a", 1, ""), "is too long");
	assert_string_equal(error_of("a=b", SIZE, "="),
			    "has a reserved character in it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_reject),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
