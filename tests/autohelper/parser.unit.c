// SPDX-License-Identifier: GPL-2.0-only
/* autohelper_parse(): every command, and every way to get one wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "autohelper/parser.h"
#include "exact.h"

#define UDP	17
#define TCP	6

/* A copy of exactly the text's length: the sanitizer detects an overrun. */
static const char *parse(const char *text, size_t len,
			 struct autohelper_cmd *cmd)
{
	char *copy = exact_copy(text, len);
	const char *wrong;

	wrong = autohelper_parse(copy, len, cmd);
	free(copy);
	return wrong;
}

/* Every beginning of a command is refused, until the helper has a name. */
static void test_truncation(void **state)
{
	static const char text[] = "+udp:5060=sip";
	struct autohelper_cmd cmd;
	size_t len, sound = 0;
	char *copy;

	(void)state;
	for_each_truncation(copy, len, text, sizeof(text) - 1)
		sound += !autohelper_parse(copy, len, &cmd);
	assert_int_equal(sound, 2);
}

static void test_commands(void **state)
{
	static const struct {
		const char *text;
		struct autohelper_cmd want;
	} cases[] = {
		{ "+udp:5060=sip", { AUTOHELPER_ADD, UDP, 5060, "sip" } },
		{ "udp:5060=sip", { AUTOHELPER_SET, UDP, 5060, "sip" } },
		{ "-udp:5060", { AUTOHELPER_DEL, UDP, 5060, "" } },
		{ "tcp:1=f", { AUTOHELPER_SET, TCP, 1, "f" } },
		{ "tcp:65535=Q.931", { AUTOHELPER_SET, TCP, 65535, "Q.931" } },
		{ "+udp:137=netbios-ns", { AUTOHELPER_ADD, UDP, 137,
					   "netbios-ns" } },
		{ "+udp:162=snmp_trap", { AUTOHELPER_ADD, UDP, 162,
					  "snmp_trap" } },
		{ "+udp:9=fifteen-letters", { AUTOHELPER_ADD, UDP, 9,
					      "fifteen-letters" } },
	};
	struct autohelper_cmd got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		memset(&got, 0xa5, sizeof(got));
		assert_null(parse(cases[i].text, strlen(cases[i].text), &got));
		assert_int_equal(got.verb, cases[i].want.verb);
		assert_int_equal(got.l4proto, cases[i].want.l4proto);
		assert_int_equal(got.port, cases[i].want.port);
		assert_string_equal(got.helper, cases[i].want.helper);
	}
}

#define PORT	"a port is"
#define START	"it starts"

static void test_wrong(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "", "the line is empty" },
		{ "+", START },
		{ "-", START },
		{ " udp:1=x", START },
		{ "++udp:1=x", START },
		{ "+-udp:1=x", START },
		{ "UDP:1=x", START },
		{ "udp", START },
		{ "udp5060=sip", START },
		{ "sctp:1=x", START },
		{ "17:1=x", START },
		{ "udp:=sip", PORT },
		{ "udp:", PORT },
		{ "udp:sip", PORT },
		{ "udp:0=sip", PORT },
		{ "udp:00=sip", PORT },
		{ "udp:065=sip", PORT },
		{ "udp:65536=sip", PORT },
		{ "udp:4294967301=sip", PORT },
		{ "udp:18446744073709551621=sip", PORT },
		{ "udp:-1=sip", PORT },
		{ "udp:+1=sip", PORT },
		{ "udp: 1=sip", PORT },
		{ "-udp:0", PORT },
		{ "udp:5060", "after the port" },
		{ "+udp:5060", "after the port" },
		{ "udp:5060 =sip", "after the port" },
		{ "udp:5060-5070=sip", "after the port" },
		{ "udp:0x13c4=sip", PORT },
		{ "udp:5060=", "the name of the helper is missing" },
		{ "udp:5060=sixteen--letters",
		  "the name of a helper has at most" },
		{ "udp:5060=si p", "the name of a helper has letters" },
		{ "udp:5060= sip", "the name of a helper has letters" },
		{ "udp:5060=sip\r", "the name of a helper has letters" },
		{ "udp:5060=sip,tcp:1=x", "the name of a helper has letters" },
		{ "udp:5=../../x", "the name of a helper has letters" },
		{ "udp:5=\xc3\xa9", "the name of a helper has letters" },
		{ "-udp:5060=sip", "nothing comes after" },
		{ "-udp:5060 ", "nothing comes after" },
	};
	struct autohelper_cmd got, before;
	const char *wrong;
	size_t i;

	(void)state;
	memset(&before, 0xa5, sizeof(before));
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		got = before;
		wrong = parse(cases[i].text, strlen(cases[i].text), &got);
		if (!wrong || strncmp(wrong, cases[i].want,
				      strlen(cases[i].want)))
			fail_msg("\"%s\": %s", cases[i].text,
				 wrong ? wrong : "accepted");
		assert_memory_equal(&got, &before, sizeof(got));
	}
}

static void test_bytes(void **state)
{
	static const char nul[] = "udp:5060=si\0p";
	struct autohelper_cmd got;
	char text[16];
	int c;

	(void)state;
	assert_non_null(parse(nul, sizeof(nul) - 1, &got));
	for (c = 0; c < 256; c++) {
		int good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			   (c >= 'A' && c <= 'Z') || (c && strchr("-_.", c));

		memcpy(text, "udp:1=x", 7);
		text[7] = (char)c;
		assert_int_equal(!parse(text, 8, &got), good);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
