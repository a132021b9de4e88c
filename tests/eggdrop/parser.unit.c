// SPDX-License-Identifier: GPL-2.0-only
/* egg_parse(): by hand, and against the naive model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "exact.h"
#include "parser.model.h"

static enum egg_error parse_bytes(const void *line, size_t len,
				  struct egg_line *to)
{
	uint8_t *copy = exact_copy(line, len);
	struct egg_line want;
	enum egg_error error = egg_parse(copy, len, to);

	assert_int_equal(error, egg_model(copy, len, &want));
	assert_int_equal(to->share, want.share);
	if (error == EGG_OK)
		assert_true(egg_same(to, &want));
	free(copy);
	return error;
}

static enum egg_error parse(const char *line, struct egg_line *to)
{
	return parse_bytes(line, strlen(line), to);
}

static void assert_text(const char *line, struct pom_text text,
			const char *want)
{
	assert_int_equal(text.len, strlen(want));
	assert_memory_equal(line + text.off, want, text.len);
}

static void test_send(void **state)
{
	static const struct {
		const char *line, *addr, *port;
		int number, tls, ipv6;
	} cases[] = {
		/* 1.6; 1.8 and 1.9 without TLS */
		{ "s us 167772418 5000 39\n", "167772418", "5000", 5000, 0, 0 },
		/* 1.8 and 1.9 with TLS, IPv6, both */
		{ "s us 167772418 +5000 39\n", "167772418", "5000", 5000, 1,
		  0 },
		{ "s us fd00:0:0:1::2 5000 39\n", "fd00:0:0:1::2", "5000", 5000,
		  0, 1 },
		{ "s us ::1 +65535 1\n", "::1", "65535", 65535, 1, 1 },
		{ "s us 0 0 0", "0", "0", 0, 0, 0 },
		{ "S US 4294967295 1 18446744073709551616\r\n", "4294967295",
		  "1", 1, 0, 0 },
		{ "s  us   1   +80  9  \n", "1", "80", 80, 1, 0 },
	};
	struct egg_line got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s", cases[i].line);
		assert_int_equal(parse(cases[i].line, &got), EGG_OK);
		assert_int_equal(got.share, EGG_SEND);
		assert_text(cases[i].line, got.to.addr, cases[i].addr);
		assert_text(cases[i].line, got.to.port, cases[i].port);
		assert_int_equal(got.to.at.port, cases[i].number);
		assert_int_equal(got.tls, cases[i].tls);
		assert_int_equal(got.to.ipv6, cases[i].ipv6);
	}
}

static void test_addresses(void **state)
{
	static const uint8_t v4[16] = { 10, 0, 1, 2 };
	static const uint8_t v6[16] = { 0xfd, [15] = 2 };
	struct egg_line got;

	(void)state;
	assert_int_equal(parse("s us 167772418 5000 39\n", &got), EGG_OK);
	assert_memory_equal(got.to.at.addr, v4, 16);
	assert_int_equal(parse("s us fd00::2 5000 39\n", &got), EGG_OK);
	assert_memory_equal(got.to.at.addr, v6, 16);
}

static void test_refused(void **state)
{
	static const struct {
		const char *line;
		enum egg_error error;
	} cases[] = {
		{ "s us", EGG_BAD_ADDRESS },
		{ "s us \n", EGG_BAD_ADDRESS },
		{ "s us x 5000 39", EGG_BAD_ADDRESS },
		{ "s us 10.0.1.2 5000 39", EGG_BAD_ADDRESS },
		{ "s us -1 5000 39", EGG_BAD_ADDRESS },
		{ "s us +1 5000 39", EGG_BAD_ADDRESS },
		{ "s us 0x0a000102 5000 39", EGG_BAD_ADDRESS },
		{ "s us 0167772418 5000 39", EGG_BAD_ADDRESS },
		{ "s us 4294967296 5000 39", EGG_BAD_ADDRESS },
		{ "s us fd00::g 5000 39", EGG_BAD_ADDRESS },
		{ "s us :::: 5000 39", EGG_BAD_ADDRESS },
		{ "s us fe80::1%e0 5000 39", EGG_BAD_ADDRESS },
		{ "s us 1\t5000 39", EGG_BAD_ADDRESS },
		{ "s us 1", EGG_BAD_PORT },
		{ "s us 1 ", EGG_BAD_PORT },
		{ "s us 1 +", EGG_BAD_PORT },
		{ "s us 1 + 5000 39", EGG_BAD_PORT },
		{ "s us 1 ++5000 39", EGG_BAD_PORT },
		{ "s us 1 -5000 39", EGG_BAD_PORT },
		{ "s us 1 65536 39", EGG_BAD_PORT },
		{ "s us 1 70536 39", EGG_BAD_PORT },
		{ "s us 1 05000 39", EGG_BAD_PORT },
		{ "s us 1 +05000 39", EGG_BAD_PORT },
		{ "s us 1 5000x 39", EGG_BAD_PORT },
		{ "s us 1 0x1388 39", EGG_BAD_PORT },
		{ "s us 1 99999999999999999999 39", EGG_BAD_PORT },
		{ "s us 1 5000", EGG_BAD_SIZE },
		{ "s us 1 5000 ", EGG_BAD_SIZE },
		{ "s us 1 5000 x", EGG_BAD_SIZE },
		{ "s us 1 5000 -1", EGG_BAD_SIZE },
		{ "s us 1 5000 3 9", EGG_BAD_SIZE },
		/* Eggdrop 1.8.4 that has no address: the port reads as one. */
		{ "s us  5000 39\n", EGG_BAD_SIZE },
	};
	struct egg_line got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s\n", cases[i].line);
		assert_int_equal(parse(cases[i].line, &got), cases[i].error);
		assert_int_equal(got.share, EGG_SEND);
	}
}

static void test_others(void **state)
{
	static const struct {
		const char *line;
		int share;
	} cases[] = {
		{ "s u?\n", EGG_OFFER },
		{ "s u?", EGG_OFFER },
		{ "S U?\r\n", EGG_OFFER },
		{ "s uy\n", EGG_ACCEPT },
		{ "s uy exempts invites\n", EGG_ACCEPT },
		{ "s un\n", EGG_REFUSE },
		{ "s  un Already sharing.\n", EGG_REFUSE },
		{ "", EGG_NONE },
		{ "\n", EGG_NONE },
		{ "s", EGG_NONE },
		{ "s\n", EGG_NONE },
		{ "s \n", EGG_NONE },
		{ "su?\n", EGG_NONE },
		{ " s u?\n", EGG_NONE },
		{ "s u\n", EGG_NONE },
		{ "s u?x\n", EGG_NONE },
		{ "s use 1 5000 39\n", EGG_NONE },
		{ "s feats exempts\n", EGG_NONE },
		{ "s !\n", EGG_NONE },
		{ "share us 1 5000 39\n", EGG_NONE },
		{ "a us 1 5000 39\n", EGG_NONE },
		{ "el\n", EGG_NONE },
		{ "c bot A s us 1 5000 39\n", EGG_NONE },
	};
	struct egg_line got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("%s", cases[i].line);
		assert_int_equal(parse(cases[i].line, &got), EGG_OK);
		assert_int_equal(got.share, cases[i].share);
	}
	assert_int_equal(parse_bytes("s us\0 1 5000 39", 15, &got), EGG_OK);
	assert_int_equal(got.share, EGG_NONE);
}

/* A line cut at every byte: never another port than its own. */
static void test_cuts(void **state)
{
	static const char line[] = "s us fd00:0:0:1::2 +5000 39\r\n";
	struct egg_line got;
	uint8_t *copy;
	size_t len;

	(void)state;
	for_each_truncation(copy, len, line, sizeof(line) - 1) {
		assert_true(egg_may_share(copy, len));
		parse_bytes(copy, len, &got);
	}
}

/* What the function returns for each beginning of a line. */
static void assert_each(bool (*function)(const uint8_t *, size_t),
			const char *const text[], size_t count, bool wanted)
{
	uint8_t *copy;
	size_t i;

	for (i = 0; i < count; i++) {
		print_message("%s\n", text[i]);
		copy = exact_copy(text[i], strlen(text[i]));
		assert_int_equal(function(copy, strlen(text[i])), wanted);
		free(copy);
	}
}

static void test_may_share(void **state)
{
	static const char * const no[] = {
		"x", " ", " s", "sx", "s\r", "s x", "s ux", "s u?x", "s feats",
		"s u ", "s use", "el", "share us",
	};
	static const char * const yes[] = {
		"", "s", "S", "s ", "s  ", "s u", "s U", "s u?", "s u?\r",
		"s us", "s us ", "s us x", "s uy e", "s un ", "s un No.",
	};

	(void)state;
	assert_each(egg_may_share, no, sizeof(no) / sizeof(no[0]), false);
	assert_each(egg_may_share, yes, sizeof(yes) / sizeof(yes[0]), true);
}

#define HANDLE_MAX	"abcdefghijklmnopqrstuvwxyz012345"

/* What a link can begin with. */
static void test_opens(void **state)
{
	static const char * const yes[] = {
		"leaf\n", "leaf\r\n", "a", "L|eaf[1]\n", "\303\244\n",
		"x-,+*=:!.#;$%&\n", HANDLE_MAX "\n",
	};
	static const char * const no[] = {
		"", "\n", "\r\n", "GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\n",
		"two words\n", " leaf\n", "leaf \n", "a@b\n", "-leaf\n",
		"*hello!\n", "+a\n", "#a\n", "&a\n", ":a\n", "\26\3\1\2\1\n",
		"le\taf\n", "le\177af\n", HANDLE_MAX "6\n", "\rleaf\n",
	};
	size_t i, n;

	(void)state;
	assert_each(egg_opens, yes, sizeof(yes) / sizeof(yes[0]), true);
	assert_each(egg_opens, no, sizeof(no) / sizeof(no[0]), false);
	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		assert_true(model_opens((const uint8_t *)yes[i],
					strlen(yes[i])));
		for (n = 0; n < strlen(yes[i]); n++)
			assert_true(egg_may_open((const uint8_t *)yes[i], n));
	}
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(model_opens((const uint8_t *)no[i],
					 strlen(no[i])));
}

/* What no link can begin with, however it continues. */
static void test_may_open(void **state)
{
	static const char * const no[] = {
		"POST ", "GET /", "@", "le@", "\r", "\n", "-", "*", "le\t",
		"\26\3\1", HANDLE_MAX "6",
	};

	(void)state;
	assert_each(egg_may_open, no, sizeof(no) / sizeof(no[0]), false);
}

static void assert_greeting(const char *line, enum egg_greeting want)
{
	size_t len = strlen(line), n;
	uint8_t *copy = exact_copy(line, len);

	print_message("%s\n", line);
	assert_int_equal(egg_greets(copy, len), want);
	assert_int_equal(model_greets(copy, len), want);
	for (n = 0; want != EGG_NO_GREETING && n < len; n++)
		assert_true(egg_may_greet(copy, n));
	free(copy);
}

static void test_greets(void **state)
{
	static const char * const others[] = {
		"", "\n", "hello!\n", "*hello\n", "*hello!!\n", " *hello!\n",
		"*HELLO!\n", "leaf: *hello!\n", "version\n", "version \n",
		"version x\n", "version  1\n", "versions 1\n", "Version 1\n",
		"leaf: version 1\n", "passreq <c6b0b8090@hub>\n",
	};
	static const char * const no[] = {
		"x", "*x", "*hello!x", "hello", "vx", "versiox", "version:",
		" *", " v",
	};
	size_t i;

	(void)state;
	assert_greeting("*hello!\n", EGG_HELLO);
	assert_greeting("*hello!\r\n", EGG_HELLO);
	assert_greeting("version 1080404 32 eggdrop v1.8.4 <test>\n",
			EGG_VERSION);
	assert_greeting("version 9\r\n", EGG_VERSION);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_greeting(others[i], EGG_NO_GREETING);
	assert_each(egg_may_greet, no, sizeof(no) / sizeof(no[0]), false);
}

static void test_error_texts(void **state)
{
	int error;

	(void)state;
	for (error = EGG_OK; error <= EGG_BAD_SIZE; error++)
		assert_string_not_equal(egg_error_text(error),
					egg_error_text(-1));
}

/*
 * What a capture says, a letter each: Hello, Version, Offer, Accept, Refuse,
 * Send, or x where that is malformed. The first line of a client is the name of
 * a bot.
 */
static void read_capture(const char *path, char *shares, size_t size)
{
	FILE *f = fopen(path, "rb");
	enum egg_greeting greeting;
	struct egg_line got;
	char line[1024];
	size_t n = 0;
	bool first;

	if (!f)
		fail_msg("%s is missing", path);
	for (first = true; fgets(line, sizeof(line), f); first = false) {
		enum egg_error error = parse(line, &got);

		if (first)
			assert_int_equal(egg_opens((uint8_t *)line,
						   strlen(line)),
					 strstr(path, ".client") != NULL);
		assert_true(n + 2 < size);
		greeting = egg_greets((uint8_t *)line, strlen(line));
		if (greeting)
			shares[n++] = "-HV"[greeting];
		if (!got.share)
			continue;
		shares[n++] = error == EGG_OK ? "-OARS"[got.share] : 'x';
	}
	shares[n] = '\0';
	fclose(f);
}

static void test_captures(void **state)
{
	static const char * const cases[][2] = {
		{ "leaf-links.client", "VA" },
		{ "leaf-links.server", "HVOS" },
		{ "hub-links.client", "VOS" },
		{ "hub-links.server", "HVA" },
		{ "ipv6.client", "VA" },
		{ "ipv6.server", "HVOS" },
		{ "aggressive.client", "VOR" },
		{ "aggressive.server", "HVOR" },
		{ "not-shared.client", "VR" },
		{ "not-shared.server", "HVO" },
		{ "no-address.client", "VA" },
		{ "no-address.server", "HVOx" },
		{ "starttls.client", "" },
		{ "starttls.server", "" },
	};
	char path[200], shares[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(path, sizeof(path), "tests/eggdrop/captures/%s",
			 cases[i][0]);
		read_capture(path, shares, sizeof(shares));
		print_message("%s: %s\n", path, shares);
		assert_string_equal(shares, cases[i][1]);
	}
}

/* Lines put together from likely pieces, many of them sound. */
static void test_model(void **state)
{
	static const char * const word[] = {
		"s", "us", "u?", "uy", "un", "167772418", "fd00::2", "5000",
		"+5000", "39", "65535", "65536", "+", "", "x", "4294967296",
	};
	struct egg_line got;
	char line[300];
	size_t sound = 0;
	int i, words;

	(void)state;
	srand(3333);
	for (i = 0; i < 300000; i++) {
		strcpy(line, rand() % 16 ? "s " : "S  ");
		strcat(line, word[rand() % 4 ? 1 : rand() % 16]);
		for (words = rand() % 4 ? 3 : rand() % 6; words; words--) {
			if (rand() % 16)
				strcat(line, " ");
			strcat(line, word[rand() % 4 ? 5 + rand() % 6 :
					  rand() % 16]);
		}
		strcat(line, rand() % 2 ? "\r\n" : "\n");
		if (rand() % 8 == 0)
			line[(size_t)rand() % strlen(line)] = (char)rand();
		sound += parse(line, &got) == EGG_OK && got.share == EGG_SEND;
	}
	/* The comparison means something only if both kinds are met. */
	assert_in_range(sound, 10000, 290000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_may_share),
		cmocka_unit_test(test_opens),
		cmocka_unit_test(test_may_open),
		cmocka_unit_test(test_greets),
		cmocka_unit_test(test_error_texts),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
