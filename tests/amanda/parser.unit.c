// SPDX-License-Identifier: GPL-2.0-only
/* amanda_parse(): captures, hand-made packets, a naive model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exact.h"
#include "parser.model.h"
#include "pcap.h"

#define REP	"Amanda 2.6 REP HANDLE 000-00000000 SEQ 1\n"
#define REQ	"Amanda 2.6 REQ HANDLE 000-00000000 SEQ 1\n"

/* In memory of just its length; the naive model must agree. */
static enum amanda_error parse(const void *data, size_t len,
			       struct amanda_packet *pkt)
{
	uint8_t *copy = exact_copy(data, len);
	struct amanda_packet want;
	enum amanda_error error;

	error = amanda_parse(copy, len, pkt);
	assert_int_equal(error, amanda_model(data, len, &want));
	if (error == AMANDA_OK)
		assert_true(amanda_same(pkt, &want));
	free(copy);
	return error;
}

static enum amanda_error parse_text(const char *text,
				    struct amanda_packet *pkt)
{
	return parse(text, strlen(text), pkt);
}

static void test_types(void **state)
{
	static const char * const names[] = {
		"REQ", "REP", "PREP", "ACK", "NAK",
	};
	struct amanda_packet pkt;
	char text[64];
	int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		snprintf(text, sizeof(text), "Amanda 3.5 %s HANDLE x SEQ 9\n",
			 names[i]);
		assert_int_equal(parse_text(text, &pkt), AMANDA_OK);
		assert_int_equal(pkt.type, i);
		assert_int_equal(pkt.service, AMANDA_NO_SERVICE);
		assert_int_equal(pkt.streams, 0);
	}
}

static void test_bad_headers(void **state)
{
	static const char * const bad[] = {
		"", "Amanda", "amanda 2.6 REQ HANDLE x SEQ 1\n",
		"Amanda 26 REQ HANDLE x SEQ 1\n",
		"Amanda .6 REQ HANDLE x SEQ 1\n",
		"Amanda 2. REQ HANDLE x SEQ 1\n",
		"Amanda 2.6  REQ HANDLE x SEQ 1\n",
		"Amanda 2.6 REQS HANDLE x SEQ 1\n",
		"Amanda 2.6 req HANDLE x SEQ 1\n",
		"Amanda 2.6 REQ HANDLE  SEQ 1\n",
		"Amanda 2.6 REQ HANDLE x y SEQ 1\n",
		"Amanda 2.6 REQ HANDLE x\x7f SEQ 1\n",
		"Amanda 2.6 REQ HANDLE x SEQ -1\n",
		"Amanda 2.6 REQ HANDLE x SEQ \n",
		"Amanda 2.6 REQ HANDLE x SEQ 1\r\n",
		"Amanda 2.6 REQ HANDLE x SEQ 1",
		" Amanda 2.6 REQ HANDLE x SEQ 1\n",
	};
	struct amanda_packet pkt;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse_text(bad[i], &pkt), AMANDA_BAD_HEADER);
}

static void test_services(void **state)
{
	static const struct {
		const char *body;
		int service;
	} cases[] = {
		{ "SECURITY USER backup\nSERVICE noop\nOPTIONS x\n",
		  AMANDA_NOOP },
		{ "SERVICE sendbackup\n", AMANDA_SENDBACKUP },
		{ "SERVICE ambackupd\n", AMANDA_AMBACKUPD },
		{ "SERVICE sendsizes\n", AMANDA_OTHER_SERVICE },
		{ "SERVICE no\n", AMANDA_OTHER_SERVICE },
		{ "SERVICE noop", AMANDA_NO_SERVICE },
		{ "SERVICE \n", AMANDA_NO_SERVICE },
		{ "SERVICE noop x\n", AMANDA_NO_SERVICE },
		{ "SECURITY USER backup", AMANDA_NO_SERVICE },
		{ "SECURITY a\nSECURITY b\nSERVICE noop\n",
		  AMANDA_NO_SERVICE },
		{ "OPTIONS\nSERVICE noop\n", AMANDA_NO_SERVICE },
		{ "CONNECT DATA 50000\n", AMANDA_NO_SERVICE },
		{ "", AMANDA_NO_SERVICE },
	};
	struct amanda_packet pkt;
	char text[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), REQ "%s", cases[i].body);
		assert_int_equal(parse_text(text, &pkt), AMANDA_OK);
		assert_int_equal(pkt.service, cases[i].service);
		assert_int_equal(pkt.streams, 0);
	}
	/* A reply has none. */
	assert_int_equal(parse_text(REP "SERVICE noop\n", &pkt), AMANDA_OK);
	assert_int_equal(pkt.service, AMANDA_NO_SERVICE);
}

static void test_streams(void **state)
{
	static const char text[] =
		REP "CONNECT DATA 1024 MESG 65535 INDEX 0 STATE 499999\nX\n";
	size_t head = sizeof(REP "CONNECT DATA ") - 1;
	struct amanda_packet pkt;

	(void)state;
	assert_int_equal(parse_text(text, &pkt), AMANDA_OK);
	assert_int_equal(pkt.streams, 4);
	assert_int_equal(pkt.stream[0].off, head);
	assert_int_equal(pkt.stream[0].len, 4);
	assert_int_equal(pkt.stream[0].port, 1024);
	assert_false(pkt.stream[0].handle);
	assert_int_equal(pkt.stream[1].port, 65535);
	assert_int_equal(pkt.stream[2].port, 0);
	assert_false(pkt.stream[2].handle);
	assert_int_equal(pkt.stream[3].port, 0);
	assert_int_equal(pkt.stream[3].len, 6);
	assert_true(pkt.stream[3].handle);

	assert_int_equal(parse_text(REP "CONNECT CTL 5000\n", &pkt),
			 AMANDA_OK);
	assert_int_equal(pkt.streams, 1);
	/* Only in the second line, and only in a reply. */
	assert_int_equal(parse_text(REP "OPTIONS\nCONNECT DATA 5000\n", &pkt),
			 AMANDA_OK);
	assert_int_equal(pkt.streams, 0);
}

static void test_bad_streams(void **state)
{
	static const char * const bad[] = {
		"CONNECT \n", "CONNECT DATA\n", "CONNECT DATA \n",
		"CONNECT DATA 65536\n", "CONNECT DATA 99999\n",
		"CONNECT DATA 1000000\n", "CONNECT DATA 05000\n",
		"CONNECT DATA 000000\n", "CONNECT DATA +5000\n",
		"CONNECT DATA -5000\n", "CONNECT DATA 5000x\n",
		"CONNECT DATA  5000\n", "CONNECT  DATA 5000\n",
		"CONNECT DATA 5000", "CONNECT DATA 5000 ",
		"CONNECT DATA 5000 \n", "CONNECT DATA 5000\r\n",
		"CONNECT DATA 5000 DATA 5001\n", "CONNECT data 5000\n",
		"CONNECT DATA 1 MESG 2 INDEX 3 STATE 4 CTL 5\n",
	};
	struct amanda_packet pkt;
	char text[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), REP "%s", bad[i]);
		assert_int_equal(parse_text(text, &pkt), AMANDA_BAD_CONNECT);
	}
}

static void test_truncation(void **state)
{
	static const char text[] = REP "CONNECT DATA 50000 MESG 50001\n";
	struct amanda_packet pkt;
	uint8_t *copy;
	size_t n;

	(void)state;
	for_each_truncation(copy, n, text, sizeof(text) - 1) {
		enum amanda_error error = parse(copy, n, &pkt);

		if (n < sizeof(REP) - 1)
			assert_int_equal(error, AMANDA_BAD_HEADER);
		else if (error == AMANDA_OK)
			assert_int_equal(pkt.streams, 0);
	}
}

/* What is behind the first bytes is not read, and opens nothing. */
static void test_length(void **state)
{
	char text[AMANDA_HEAD_MAX + 100] = "Amanda 2.6 REP HANDLE ";
	static const char tail[] = " SEQ 1\nCONNECT DATA 50000\n";
	struct amanda_packet pkt;
	size_t pad, len;

	(void)state;
	for (pad = 400; pad < 500; pad++) {
		len = strlen("Amanda 2.6 REP HANDLE ");
		memset(text + len, 'x', pad);
		memcpy(text + len + pad, tail, sizeof(tail));
		len += pad + sizeof(tail) - 1;
		if (parse(text, len, &pkt) == AMANDA_OK &&
		    pkt.streams != 0)
			assert_true(len <= AMANDA_HEAD_MAX);
	}
}

static void test_error_texts(void **state)
{
	int error;

	(void)state;
	for (error = AMANDA_OK; error <= AMANDA_BAD_CONNECT; error++)
		assert_string_not_equal(amanda_error_text(error),
					amanda_error_text(-1));
}

/* One letter a packet: Q is REQ, R is REP, P is PREP, A is ACK, N is NAK. */
static void read_capture(const char *path, char *ops, int *service,
			 char *streams)
{
	FILE *f = pcap_open(path);
	struct amanda_packet pkt;
	struct pcap_payload p;
	size_t n = 0, i;
	int more;

	if (!f)
		fail_msg("%s is missing or no capture", path);
	*streams = '\0';
	while ((more = pcap_next(f, &p)) > 0) {
		if (parse(p.data, p.have, &pkt) != AMANDA_OK)
			fail_msg("%s: packet %zu", path, n + 1);
		ops[n++] = "QRPAN"[pkt.type];
		if (pkt.type == AMANDA_REQ)
			*service = pkt.service;
		for (i = 0; i < pkt.streams; i++)
			strcat(streams, pkt.stream[i].handle ? "h" : "p");
	}
	assert_int_equal(more, 0);
	ops[n] = '\0';
	fclose(f);
}

static void test_captures(void **state)
{
	static const struct {
		const char *file, *ops;
		int service;
		const char *streams;
	} cases[] = {
		{ "bsd-noop", "QARA", AMANDA_NOOP, "" },
		{ "bsd-sendsize", "QAPRA", AMANDA_SENDSIZE, "" },
		{ "bsd-sendbackup", "QARA", AMANDA_SENDBACKUP, "pppp" },
		{ "bsd-sendbackup-3", "QARA", AMANDA_SENDBACKUP, "ppp" },
		{ "bsd-selfcheck", "QARA", AMANDA_SELFCHECK, "" },
		{ "bsd-nak", "QN", AMANDA_NOOP, "" },
		{ "bsdudp-sendbackup", "QARA", AMANDA_SENDBACKUP, "phhh" },
		{ "bsdudp-sendbackup-3", "QARA", AMANDA_SENDBACKUP, "phh" },
	};
	char path[200], ops[64], streams[64];
	int service = -1;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(path, sizeof(path), "tests/amanda/captures/%s.pcap",
			 cases[i].file);
		read_capture(path, ops, &service, streams);
		print_message("%s: %s %s\n", path, ops, streams);
		assert_string_equal(ops, cases[i].ops);
		assert_int_equal(service, cases[i].service);
		assert_string_equal(streams, cases[i].streams);
	}
}

/* Packets put together from likely pieces, many of them sound. */
static void test_model(void **state)
{
	static const char * const piece[] = {
		"SECURITY USER backup\n", "SERVICE ", "noop", "restore", "\n",
		"CONNECT ", "DATA ", "MESG ", "INDEX ", "STATE ", "CTL ",
		"5000", "65535", "65536", "499999", "0", " ", "\n", " ", "1",
		" MESG 5001", " INDEX 499999", " STATE 0", " CTL 65535",
		" MESG 5002", " INDEX 9", " STATE 1024", " CTL 1",
	};
	static const size_t pieces = sizeof(piece) / sizeof(piece[0]);
	struct amanda_packet pkt;
	size_t streams = 0, errors = 0, len;
	char text[600];
	int i, words;

	(void)state;
	srand(10080);
	for (i = 0; i < 200000; i++) {
		strcpy(text, rand() % 4 ? REP : REQ);
		if (rand() % 2)
			strcat(text, "CONNECT DATA 5000");
		for (words = rand() % 6; words; words--)
			strcat(text, piece[(size_t)rand() % pieces]);
		if (rand() % 2)
			strcat(text, "\n");
		len = strlen(text);
		if (rand() % 8 == 0)
			text[(size_t)rand() % len] = (char)rand();
		if (parse(text, len, &pkt) != AMANDA_OK)
			errors++;
		else
			streams += pkt.streams;
	}
	/* The comparison means something only if both kinds are met. */
	assert_in_range(errors, 20000, 180000);
	assert_in_range(streams, 1000, 200000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_bad_headers),
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_bad_streams),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_error_texts),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
