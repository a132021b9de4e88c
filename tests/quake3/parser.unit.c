// SPDX-License-Identifier: GPL-2.0-only
/* quake3_parse() and quake3_take_server(): by hand, on captures, on a model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "exact.h"
#include "pcap.h"
#include "parser.model.h"

/* A string literal as bytes; its own closing NUL is not one of them. */
#define BYTES(s)	(const uint8_t *)(s), sizeof(s) - 1
#define MARK		"\xff\xff\xff\xff"

static int message(const uint8_t *data, size_t len, size_t *after)
{
	struct quake3_packet pkt;
	uint8_t *copy = exact_copy(data, len);
	enum quake3_error error = quake3_parse(copy, len, &pkt);
	size_t want_after = 0;
	int want = model_message(copy, len, &want_after);

	free(copy);
	assert_int_equal(error == QUAKE3_OK ? pkt.message : -(int)error, want);
	if (error == QUAKE3_OK) {
		assert_int_equal(pkt.after, want_after);
		*after = pkt.after;
	}
	return want;
}

static void test_messages(void **state)
{
	size_t after = 0;

	(void)state;
	assert_int_equal(message(BYTES(MARK "getservers 68 full"), &after),
			 QUAKE3_GETSERVERS);
	assert_int_equal(after, 14);
	assert_int_equal(message(BYTES(MARK "getserversExt Xonotic 3"), &after),
			 QUAKE3_GETSERVERS_EXT);
	assert_int_equal(message(BYTES(MARK "getserversResponse\\"), &after),
			 QUAKE3_SERVERS);
	assert_int_equal(message(BYTES(MARK "getserversExtResponse/"), &after),
			 QUAKE3_SERVERS_EXT);
	assert_int_equal(message(BYTES(MARK "RCON secret status"), &after),
			 QUAKE3_RCON);
	assert_int_equal(message(BYTES(MARK "getinfo"), &after),
			 QUAKE3_GETINFO);
	assert_int_equal(message(BYTES(MARK "print\n"), &after), QUAKE3_PRINT);
	assert_int_equal(message(BYTES(MARK "getinfos x"), &after),
			 QUAKE3_OTHER);
	assert_int_equal(message(BYTES(MARK "getinf"), &after), QUAKE3_OTHER);
	assert_int_equal(message(BYTES(MARK "getserversExtResponseX"), &after),
			 QUAKE3_OTHER);
}

static void test_no_messages(void **state)
{
	size_t after = 0;

	(void)state;
	assert_int_equal(message(BYTES(""), &after), -QUAKE3_NO_MARK);
	assert_int_equal(message(BYTES("\xff\xff\xff"), &after),
			 -QUAKE3_NO_MARK);
	assert_int_equal(message(BYTES("\xff\xff\xff\xfegetinfo"), &after),
			 -QUAKE3_NO_MARK);
	assert_int_equal(message(BYTES("\xfe\xff\xff\xffgetinfo"), &after),
			 -QUAKE3_NO_MARK);
	assert_int_equal(message(BYTES(MARK), &after), -QUAKE3_NO_WORD);
	assert_int_equal(message(BYTES(MARK " getinfo"), &after),
			 -QUAKE3_NO_WORD);
	assert_int_equal(message(BYTES(MARK "[info"), &after), -QUAKE3_NO_WORD);
	assert_int_equal(message(BYTES(MARK "@info"), &after), -QUAKE3_NO_WORD);
}

/* Every beginning of a message is an error or a shorter word. */
static void test_truncation(void **state)
{
	static const uint8_t whole[] = MARK "getserversExtResponse";
	size_t len, after = 0;
	uint8_t *copy;

	(void)state;
	for_each_truncation(copy, len, whole, sizeof(whole) - 1) {
		int got = message(copy, len, &after);

		assert_true(got != QUAKE3_SERVERS_EXT);
		assert_true(len > 4 ? got >= 0 && after == len : got < 0);
	}
}

static size_t take(const uint8_t *data, size_t len, struct quake3_server *to)
{
	uint8_t *copy = exact_copy(data, len);
	unsigned int port = 0;
	size_t n = quake3_take_server(copy, len, to);

	assert_int_equal(n, model_server(copy, len, &port));
	if (n)
		assert_int_equal(to->port, port);
	free(copy);
	return n;
}

static void test_servers(void **state)
{
	static const uint8_t ipv4[16] = { 192, 0, 2, 1 };
	static const uint8_t ipv6[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	struct quake3_server s;

	(void)state;
	assert_int_equal(take(BYTES("\\\xc0\0\2\1\x6d\x38\\EOT\0\0\0"), &s), 7);
	assert_memory_equal(s.addr, ipv4, sizeof(ipv4));
	assert_int_equal(s.port, 27960);
	assert_false(s.ipv6);
	assert_int_equal(take(BYTES("/\x20\x01\x0d\xb8\0\0\0\0"
				    "\0\0\0\0\0\0\0\0\1\0"), &s), 19);
	assert_memory_equal(s.addr, ipv6, sizeof(ipv6));
	assert_int_equal(s.port, 256);
	assert_true(s.ipv6);
}

static void test_ends(void **state)
{
	static const uint8_t server[] = "/0123456789abcdef12";
	struct quake3_server s;
	uint8_t *copy;
	size_t len;

	(void)state;
	assert_int_equal(take(BYTES("\\EOT\0\0\0"), &s), 0);
	assert_int_equal(take(BYTES(" \xc0\0\2\1\x6d\x38"), &s), 0);
	assert_int_equal(take(BYTES("\\\xc0\0\2\1\x6d"), &s), 0);
	for_each_truncation(copy, len, server, sizeof(server) - 1)
		assert_int_equal(take(copy, len, &s), 0);
	assert_int_equal(take(server, sizeof(server) - 1, &s), 19);
}

static void test_error_texts(void **state)
{
	int error;

	(void)state;
	for (error = QUAKE3_OK; error <= QUAKE3_NO_WORD; error++)
		assert_string_not_equal(quake3_error_text(error),
					quake3_error_text(-1));
}

/* The messages of a capture, and the servers of all answers. */
static void test_captures(void **state)
{
	static const char path[] = "tests/quake3/captures/quakestat.pcap";
	static const int want[] = { QUAKE3_GETSERVERS, QUAKE3_SERVERS,
		QUAKE3_GETINFO, QUAKE3_INFO };
	FILE *f = pcap_open(path);
	struct pcap_payload p;
	struct quake3_server s;
	size_t n = 0, after, servers = 0, len;

	(void)state;
	if (!f)
		fail_msg("%s is missing or no capture", path);
	while (pcap_next(f, &p) > 0) {
		assert_true(n < sizeof(want) / sizeof(*want));
		assert_int_equal(message(p.data, p.have, &after), want[n]);
		if (want[n++] != QUAKE3_SERVERS)
			continue;
		for (; (len = take(p.data + after, p.have - after, &s));
		     after += len)
			servers++;
	}
	fclose(f);
	assert_int_equal(n, sizeof(want) / sizeof(*want));
	assert_int_equal(servers, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_no_messages),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_error_texts),
		cmocka_unit_test(test_captures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
