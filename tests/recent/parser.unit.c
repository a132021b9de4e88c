// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is written to the files of xt_recent, in every chunking and every way
 * to get it wrong, against inet_pton(); the ring of times, against an array
 * that is never full; and the hash, against what chance would do.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recent/parser.h"
#include "exact.h"

/* The text in memory of just its length: the sanitizer sees an overrun. */
static const char *parse(const char *text, size_t len,
			 struct recent_command *cmd)
{
	char *copy = exact_copy(text, len);
	const char *wrong;

	memset(cmd, 0xa5, sizeof(*cmd));
	wrong = recent_parse(copy, len, cmd);
	free(copy);
	return wrong;
}

static void test_commands(void **state)
{
	static const struct {
		const char *text;
		uint8_t verb, family, prefix;
		const char *addr;
	} cases[] = {
		{ "1.2.3.4", RECENT_ADD, 4, 32, "1.2.3.4" },
		{ "+1.2.3.4", RECENT_ADD, 4, 32, "1.2.3.4" },
		{ "-1.2.3.4", RECENT_DEL, 4, 32, "1.2.3.4" },
		{ "-1.2.3.4/32", RECENT_DEL, 4, 32, "1.2.3.4" },
		{ "-10.1.2.255/25", RECENT_DEL, 4, 25, "10.1.2.128" },
		{ "-1.2.3.4/0", RECENT_DEL, 4, 0, "0.0.0.0" },
		{ "  +0.0.0.0 \t\r", RECENT_ADD, 4, 32, "0.0.0.0" },
		{ "255.255.255.255", RECENT_ADD, 4, 32, "255.255.255.255" },
		{ "::", RECENT_ADD, 6, 128, "::" },
		{ "+fd00::1", RECENT_ADD, 6, 128, "fd00::1" },
		{ "-FD00:0:0:1::/64", RECENT_DEL, 6, 64, "fd00:0:0:1::" },
		{ "-ffff::ffff/1", RECENT_DEL, 6, 1, "8000::" },
		{ "-::1/128", RECENT_DEL, 6, 128, "::1" },
		{ "::ffff:1.2.3.4", RECENT_ADD, 6, 128, "::ffff:1.2.3.4" },
		{ "/", RECENT_FLUSH, 0, 0, NULL },
		{ "clear", RECENT_FLUSH, 0, 0, NULL },
		{ " clear\r", RECENT_FLUSH, 0, 0, NULL },
		{ "", RECENT_NOTHING, 0, 0, NULL },
		{ " \t", RECENT_NOTHING, 0, 0, NULL },
	};
	struct recent_command cmd;
	uint8_t addr[16];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_null(parse(cases[i].text, strlen(cases[i].text), &cmd));
		assert_int_equal(cmd.verb, cases[i].verb);
		assert_int_equal(cmd.family, cases[i].family);
		assert_int_equal(cmd.prefix, cases[i].prefix);
		memset(addr, 0, sizeof(addr));
		if (cases[i].addr)
			assert_int_equal(inet_pton(cmd.family == 4 ? AF_INET :
						   AF_INET6, cases[i].addr,
						   addr), 1);
		assert_memory_equal(cmd.addr, addr, sizeof(addr));
	}
}

#define WANTED	"wanted an address"
#define MINUS	"what follows the -"
#define SLASH	"what follows the /"

static void test_wrong(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "+", WANTED }, { "-", MINUS }, { "x", WANTED },
		{ "Clear", WANTED }, { "clear all", WANTED },
		{ "clea", WANTED },
		{ "//", "only a single" }, { "1.2.3", WANTED },
		{ "1.2.3.", WANTED }, { "1.2.3.4.5", WANTED },
		{ "1.2.3.256", WANTED }, { "1.2.3.4294967297", WANTED },
		{ "010.0.0.1", WANTED }, { "00.0.0.1", WANTED },
		{ "0x0a.0.0.1", WANTED }, { "1..2.3", WANTED },
		{ "1.2.3.4 5", WANTED }, { "+ 1.2.3.4", WANTED },
		{ "++1.2.3.4", WANTED }, { "--1.2.3.4", MINUS },
		{ "1.2.3.4/32", "only a single" },
		{ "+fd00::/64", "only a single" },
		{ "-1.2.3.4/", SLASH }, { "-1.2.3.4/33", SLASH },
		{ "-1.2.3.4/08", SLASH }, { "-1.2.3.4/8x", SLASH },
		{ "-1.2.3.4/-1", SLASH }, { "-::/129", SLASH },
		{ "-/8", MINUS }, { ":", WANTED }, { ":1", WANTED },
		{ "1:", WANTED }, { "1::2::3", WANTED }, { ":::", WANTED },
		{ "1:2:3:4:5:6:7", WANTED }, { "1:2:3:4:5:6:7:8:9", WANTED },
		{ "1:2:3:4:5:6:7:8::", WANTED }, { "12345::", WANTED },
		{ "::1.2.3", WANTED }, { "1:2:3:4:5:6:7:1.2.3.4", WANTED },
		{ "::1.2.3.4:5", WANTED }, { "fd00::1%eth0", WANTED },
		{ "-1::2/6/4", SLASH },
	};
	struct recent_command cmd;
	const char *wrong;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		wrong = parse(cases[i].text, strlen(cases[i].text), &cmd);
		if (!wrong || strncmp(wrong, cases[i].want,
				      strlen(cases[i].want)))
			fail_msg("\"%s\": %s", cases[i].text,
				 wrong ? wrong : "accepted");
	}
	assert_non_null(parse("1.2.3.4\0", 8, &cmd));
}

/* Random text that looks like an address: the library's own is the judge. */
static void test_like_the_library(void **state)
{
	static const char alphabet[] = "0123456789abcdefABCF:::::....";
	uint8_t mine[16], theirs[16], family;
	unsigned int i, j, len, good = 0;
	char text[40];
	int want;

	(void)state;
	srand(4);
	for (i = 0; i < 2000000; i++) {
		len = (unsigned int)rand() % (i & 1 ? 10 : 24);
		for (j = 0; j < len; j++)
			text[j] = alphabet[(size_t)rand() %
					   (sizeof(alphabet) - 1)];
		text[len] = '\0';
		memset(theirs, 0, sizeof(theirs));
		want = inet_pton(strchr(text, ':') ? AF_INET6 : AF_INET, text,
				 theirs);
		if (recent_addr_parse(text, len, &family, mine) != want)
			fail_msg("\"%s\": the library says %d", text, want);
		if (!want)
			continue;
		good++;
		assert_int_equal(family, strchr(text, ':') ? 6 : 4);
		assert_memory_equal(mine, theirs, 16);
	}
	assert_true(good > 1000);
}

static void test_masks(void **state)
{
	uint8_t addr[16];
	unsigned int prefix, bit;

	(void)state;
	for (prefix = 0; prefix <= 128; prefix++) {
		memset(addr, 0xff, sizeof(addr));
		recent_addr_mask(addr, prefix);
		for (bit = 0; bit < 128; bit++)
			assert_int_equal(addr[bit / 8] >> (7 - bit % 8) & 1,
					 bit < prefix);
	}
}

/* Cut anywhere, a text is the same lines. */
static void test_chunks(void **state)
{
	static const char text[] =
		"+1.2.3.4\n\n-1.2.3.4\nclear\n"
		"0123456789012345678901234567890123456789012345678901234567890123\n"
		"01234567890123456789012345678901234567890123456789012345678901234\n"
		"/\n+5.6.7.8";
	static const struct {
		uint8_t len;
		bool overlong, ended;
	} want[] = {
		{ 8, false, true }, { 0, false, true }, { 8, false, true },
		{ 5, false, true }, { 64, false, true }, { 64, true, true },
		{ 1, false, true }, { 8, false, false },
	};
	size_t chunk, at, len, taken;
	struct recent_command cmd;
	struct recent_lines lines;
	unsigned int seen;

	(void)state;
	for (chunk = 1; chunk < sizeof(text); chunk++) {
		memset(&lines, 0, sizeof(lines));
		seen = 0;
		for (at = 0; at < sizeof(text) - 1; at += taken) {
			len = chunk - at % chunk;
			if (len > sizeof(text) - 1 - at)
				len = sizeof(text) - 1 - at;
			taken = recent_lines_feed(&lines, text + at, len);
			assert_true(taken > 0 && taken <= len);
			if (!lines.ended)
				continue;
			assert_int_equal(lines.number, seen + 1);
			assert_int_equal(lines.len, want[seen].len);
			assert_int_equal(lines.overlong, want[seen].overlong);
			if (lines.overlong)
				assert_string_equal(recent_line_parse(&lines, &cmd),
						    "the line is too long");
			seen++;
		}
		assert_int_equal(seen, 7);
		assert_false(lines.ended);
		assert_int_equal(lines.len, 8);
		assert_null(recent_line_parse(&lines, &cmd));
		assert_int_equal(cmd.verb, RECENT_ADD);
	}
}

static void test_ring(void **state)
{
	uint32_t ring[7], size, next, n, i;

	(void)state;
	for (size = 1; size <= 7; size++) {
		next = 0;
		for (i = 0; i < 30; i++) {
			ring[next] = i;
			next = recent_ring_next(next, size);
			for (n = 1; n <= size && n <= i + 1; n++)
				assert_int_equal(ring[recent_ring_back(next, n, size)],
						 i + 1 - n);
		}
	}
}

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state ^ *state >> 29;
}

/*
 * The longest chain of 65536 addresses in as many buckets, which their upper
 * or their lower bits choose. By chance it is 8 or so, 14 once in 10^6 times.
 */
static unsigned int longest(const struct recent_secret *secret,
			    uint64_t first_a, uint64_t step_a, uint64_t step_b,
			    unsigned int shift)
{
	static uint8_t chain[65536];
	unsigned int most = 0;
	uint32_t hash;
	uint64_t i;

	memset(chain, 0, sizeof(chain));
	for (i = 0; i < 65536; i++) {
		hash = recent_hash(secret, first_a + i * step_a, i * step_b);
		if (chain[(hash >> shift) & 0xffff]++ == most)
			most++;
		assert_true(most < 255);
	}
	return most;
}

/* Networks of any step, of IPv4, of IPv6 in a /64 and across many. */
static void test_hash(void **state)
{
	struct recent_secret secret;
	uint64_t random = 42, step;
	unsigned int i, bit;

	(void)state;
	for (i = 0; i < 8; i++) {
		for (bit = 0; bit < 4; bit++)
			secret.word[bit] = next_random(&random);
		for (bit = 0; bit < 48; bit++) {
			step = 1ULL << bit;
			assert_true(longest(&secret, 1, step, 0, 16) < 15);
			assert_true(longest(&secret, 1, step, 0, 0) < 15);
			assert_true(longest(&secret, 0x20010db8, 0, step, 16) <
				    15);
			assert_true(longest(&secret, 0, step, step, 16) < 15);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_like_the_library),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
