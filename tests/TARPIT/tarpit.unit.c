// SPDX-License-Identifier: GPL-2.0-only
/* Which answer to which segment: by hand, and by the laws on random ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tarpit.laws.h"

#define S	TARPIT_SYN
#define A	TARPIT_ACK
#define F	TARPIT_FIN
#define R	TARPIT_RST
#define PSH	0x08
#define URG	0x20

#define ALL_OPTIONS	(TARPIT_OPT_MSS | TARPIT_OPT_WSCALE | \
			 TARPIT_OPT_SACK | TARPIT_OPT_TS)

/* A listener on Ethernet with Linux' defaults. */
static const struct tarpit_listener host = {
	.tsval = 0x11223344,
	.space = 65536,
	.mss = 1460,
	.wscale = 7,
	.options = ALL_OPTIONS,
};

/* What a Linux client sends: MSS 1460, SACK, timestamps, scale 7. */
static const uint8_t linux_syn[] = {
	0xd4, 0x31, 0x00, 0x50, 0xa1, 0xa2, 0xa3, 0xff, 0x00, 0x00, 0x00, 0x00,
	0xa0, 0x02, 0xfa, 0xf0, 0x12, 0x34, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4,
	0x04, 0x02, 0x08, 0x0a, 0xde, 0xad, 0xbe, 0xef, 0x00, 0x00, 0x00, 0x00,
	0x01, 0x03, 0x03, 0x07,
};

static struct tarpit_segment segment(uint8_t flags, uint32_t len)
{
	return (struct tarpit_segment){
		.sport = 1234, .dport = 80, .seq = 1000, .ack = 5000,
		.len = len, .window = 502, .flags = flags,
	};
}

static void test_parse(void **state)
{
	uint8_t tcp[sizeof(linux_syn) + 1];
	struct tarpit_segment seg;
	size_t have;

	(void)state;
	assert_true(tarpit_parse(linux_syn, sizeof(linux_syn),
				 sizeof(linux_syn) + 9, &seg));
	assert_int_equal(seg.sport, 54321);
	assert_int_equal(seg.dport, 80);
	assert_int_equal(seg.seq, 0xa1a2a3ff);
	assert_int_equal(seg.ack, 0);
	assert_int_equal(seg.len, 9);
	assert_int_equal(seg.options, 0);
	tarpit_parse_options(linux_syn, &seg);
	assert_int_equal(seg.tsval, 0xdeadbeef);
	assert_int_equal(seg.window, 64240);
	assert_int_equal(seg.flags, S);
	assert_int_equal(seg.options, ALL_OPTIONS);
	assert_int_equal(seg.options_len, 20);

	for (have = 0; have < sizeof(linux_syn); have++)
		assert_false(tarpit_parse(linux_syn, have, sizeof(linux_syn),
					  &seg));
	/* more at hand than the segment has */
	assert_false(tarpit_parse(linux_syn, sizeof(linux_syn),
				  sizeof(linux_syn) - 1, &seg));

	memcpy(tcp, linux_syn, sizeof(linux_syn));
	tcp[12] = 0x40;
	assert_false(tarpit_parse(tcp, 40, 40, &seg));
	tcp[12] = 0xb0;
	assert_false(tarpit_parse(tcp, 40, 44, &seg));
	tcp[12] = 0x50;
	assert_true(tarpit_parse(tcp, 40, 40, &seg));
	assert_int_equal(seg.len, 20);
	tarpit_parse_options(tcp, &seg);
	assert_int_equal(seg.options, 0);

	tcp[2] = 0;
	tcp[3] = 0;
	assert_false(tarpit_parse(tcp, 40, 40, &seg));
	memset(tcp, 0, 2);
	tcp[3] = 80;
	assert_false(tarpit_parse(tcp, 40, 40, &seg));
}

/* Options in 8 octets after a bare header, and which of them are seen. */
static void test_options(void **state)
{
	static const struct {
		uint8_t bytes[12];
		uint8_t seen;
	} cases[] = {
		{ { 2, 4, 5, 180, 4, 2, 3, 3, 7 },
		  TARPIT_OPT_MSS | TARPIT_OPT_SACK | TARPIT_OPT_WSCALE },
		{ { 1, 1, 8, 10 }, TARPIT_OPT_TS },
		{ { 0, 2, 4, 5, 180 }, 0 },	/* behind the end */
		{ { 2, 3, 5, 4, 2 }, TARPIT_OPT_SACK },	/* wrong length */
		{ { 2, 0, 4, 2 }, 0 },		/* length 0: nothing more */
		{ { 2, 1, 4, 2 }, 0 },
		{ { 2, 13, 4, 2 }, 0 },		/* beyond the header */
		{ { 1, 1, 1, 8, 10 }, 0 },	/* one octet short */
		{ { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2 }, 0 },
		{ { 254, 4, 1, 2, 4, 2 }, TARPIT_OPT_SACK },
	};
	struct tarpit_segment seg;
	uint8_t tcp[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memcpy(tcp, linux_syn, 20);
		memcpy(tcp + 20, cases[i].bytes, 12);
		tcp[12] = 0x80;
		assert_true(tarpit_parse(tcp, 32, 32, &seg));
		tarpit_parse_options(tcp, &seg);
		if (seg.options != cases[i].seen)
			fail_msg("case %zu: options %x", i, seg.options);
	}
}

static void test_classify(void **state)
{
	static const struct {
		uint8_t flags;
		uint32_t len;
		enum tarpit_kind hold, honeypot, reset;
	} cases[] = {
		{ S, 0, TARPIT_ACCEPT, TARPIT_ACCEPT, TARPIT_REFUSE },
		{ S, 9, TARPIT_ACCEPT, TARPIT_ACCEPT, TARPIT_REFUSE },
		{ S | PSH | URG, 0, TARPIT_ACCEPT, TARPIT_ACCEPT,
		  TARPIT_REFUSE },
		{ S | A, 0, TARPIT_IGNORE, TARPIT_IGNORE, TARPIT_REFUSE },
		{ A, 0, TARPIT_HOLD, TARPIT_READ, TARPIT_REFUSE },
		{ A | PSH, 100, TARPIT_HOLD, TARPIT_READ, TARPIT_REFUSE },
		{ A | F, 0, TARPIT_HOLD, TARPIT_READ, TARPIT_REFUSE },
		{ R, 0, TARPIT_IGNORE, TARPIT_IGNORE, TARPIT_IGNORE },
		{ R | A, 0, TARPIT_IGNORE, TARPIT_IGNORE, TARPIT_IGNORE },
		{ R | S, 0, TARPIT_IGNORE, TARPIT_IGNORE, TARPIT_IGNORE },
		{ S | F, 0, TARPIT_IGNORE, TARPIT_IGNORE, TARPIT_IGNORE },
		{ S | F | A, 0, TARPIT_IGNORE, TARPIT_IGNORE, TARPIT_IGNORE },
		{ 0, 0, TARPIT_IGNORE, TARPIT_IGNORE, TARPIT_IGNORE },
		{ F, 0, TARPIT_IGNORE, TARPIT_IGNORE, TARPIT_IGNORE },
		{ F | PSH | URG, 0, TARPIT_IGNORE, TARPIT_IGNORE,
		  TARPIT_IGNORE },
		{ 0xff, 0, TARPIT_IGNORE, TARPIT_IGNORE, TARPIT_IGNORE },
	};
	struct tarpit_segment seg;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		seg = segment(cases[i].flags, cases[i].len);
		if (tarpit_classify(TARPIT_VARIANT_HOLD, &seg) !=
			    cases[i].hold ||
		    tarpit_classify(TARPIT_VARIANT_HONEYPOT, &seg) !=
			    cases[i].honeypot ||
		    tarpit_classify(TARPIT_VARIANT_RESET, &seg) !=
			    cases[i].reset)
			fail_msg("case %zu: flags %02x", i, cases[i].flags);
	}

	/* What a tarpit itself sends to hold. */
	seg = segment(A, 0);
	seg.window = 0;
	assert_int_equal(tarpit_classify(TARPIT_VARIANT_HOLD, &seg),
			 TARPIT_IGNORE);
}

/* Octet for octet what Linux answers to its own SYN. */
static void test_syn_ack(void **state)
{
	static const uint8_t want[] = {
		0x00, 0x50, 0xd4, 0x31, 0x00, 0x00, 0x00, 0x00, 0xa1, 0xa2,
		0xa4, 0x00, 0xa0, 0x12, 0xfe, 0x88, 0x00, 0x00, 0x00, 0x00,
		0x02, 0x04, 0x05, 0xb4, 0x04, 0x02, 0x08, 0x0a, 0x11, 0x22,
		0x33, 0x44, 0xde, 0xad, 0xbe, 0xef, 0x01, 0x03, 0x03, 0x07,
	};
	struct tarpit_setting set = { TARPIT_VARIANT_HOLD, TARPIT_FOREIGN,
				      host };
	uint8_t got[TARPIT_TCP_MAX];

	(void)state;
	assert_int_equal(tarpit_answer(&set, linux_syn, 40, 40, got), 40);
	assert_memory_equal(got, want, 40);
}

/*
 * Options that a listener refuses, or that do not fit into the size of the SYN,
 * are left out.
 */
static void test_syn_ack_options(void **state)
{
	static const struct {
		uint8_t offered, allowed, len, want, want_len;
	} cases[] = {
		{ 0, ALL_OPTIONS, 0, 0, 0 },
		{ TARPIT_OPT_MSS, ALL_OPTIONS, 4, TARPIT_OPT_MSS, 4 },
		{ 0, ALL_OPTIONS, 4, TARPIT_OPT_MSS, 4 },
		{ TARPIT_OPT_MSS | TARPIT_OPT_SACK, ALL_OPTIONS, 8,
		  TARPIT_OPT_MSS | TARPIT_OPT_SACK, 8 },
		{ TARPIT_OPT_MSS | TARPIT_OPT_SACK | TARPIT_OPT_WSCALE,
		  ALL_OPTIONS, 12,
		  TARPIT_OPT_MSS | TARPIT_OPT_SACK | TARPIT_OPT_WSCALE, 12 },
		{ TARPIT_OPT_TS, ALL_OPTIONS, 12, TARPIT_OPT_TS, 12 },
		{ TARPIT_OPT_TS | TARPIT_OPT_SACK | TARPIT_OPT_WSCALE,
		  ALL_OPTIONS, 16,
		  TARPIT_OPT_TS | TARPIT_OPT_SACK | TARPIT_OPT_WSCALE, 16 },
		{ TARPIT_OPT_SACK | TARPIT_OPT_WSCALE, ALL_OPTIONS, 4,
		  TARPIT_OPT_SACK, 4 },
		{ ALL_OPTIONS, TARPIT_OPT_MSS, 20, TARPIT_OPT_MSS, 4 },
		{ ALL_OPTIONS, TARPIT_OPT_MSS | TARPIT_OPT_TS, 20,
		  TARPIT_OPT_MSS | TARPIT_OPT_TS, 16 },
		{ ALL_OPTIONS, ALL_OPTIONS, 40, ALL_OPTIONS, 20 },
	};
	struct tarpit_listener other = host;
	struct tarpit_segment seg;
	struct tarpit_reply reply;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		seg = segment(S, 0);
		seg.options = cases[i].offered;
		seg.options_len = cases[i].len;
		other.options = cases[i].allowed;
		assert_true(tarpit_compose(TARPIT_ACCEPT, &seg, TARPIT_FOREIGN,
					   &other, &reply));
		if (reply.options != cases[i].want ||
		    tarpit_reply_len(&reply) != 20U + cases[i].want_len)
			fail_msg("case %zu: options %x", i, reply.options);
	}
}

/* Windows of Linux listeners, as captured. */
static void test_first_window(void **state)
{
	static const struct {
		uint16_t mss;
		bool ts;
		uint32_t space;
		uint16_t want;
	} cases[] = {
		{ 1460, true, 65536, 65160 },
		{ 1460, false, 65536, 64240 },
		{ 1440, true, 65536, 64260 },
		{ 65495, true, 65536, 65483 },
		{ 65495, false, 65536, 65495 },
		{ 1460, true, 1000, 1000 },	/* less than a segment */
		{ 1460, true, 1U << 24, 65535 },
		{ 1, true, 65536, 65535 },
		{ 12, true, 65536, 65532 },
	};
	struct tarpit_listener other = host;
	struct tarpit_segment seg = segment(S, 0);
	struct tarpit_reply reply;
	size_t i;

	(void)state;
	seg.options_len = 40;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		other.mss = cases[i].mss;
		other.space = cases[i].space;
		seg.options = cases[i].ts ? TARPIT_OPT_TS : 0;
		assert_true(tarpit_compose(TARPIT_ACCEPT, &seg, TARPIT_FOREIGN,
					   &other, &reply));
		if (reply.window != cases[i].want)
			fail_msg("case %zu: window %u", i, reply.window);
	}
}

static void test_ecn(void **state)
{
	struct tarpit_segment seg = segment(S | TARPIT_ECE | TARPIT_CWR, 0);
	struct tarpit_listener other = host;
	struct tarpit_reply reply;

	(void)state;
	assert_true(tarpit_compose(TARPIT_ACCEPT, &seg, TARPIT_FOREIGN, &other,
				   &reply));
	assert_int_equal(reply.flags, S | A);
	other.ecn = true;
	assert_true(tarpit_compose(TARPIT_ACCEPT, &seg, TARPIT_FOREIGN, &other,
				   &reply));
	assert_int_equal(reply.flags, S | A | TARPIT_ECE);
	seg.flags = S | TARPIT_ECE;
	assert_true(tarpit_compose(TARPIT_ACCEPT, &seg, TARPIT_FOREIGN, &other,
				   &reply));
	assert_int_equal(reply.flags, S | A);
}

static void test_hold(void **state)
{
	struct tarpit_segment seg = segment(A | PSH, 100);
	struct tarpit_reply reply;

	(void)state;
	assert_true(tarpit_compose(TARPIT_HOLD, &seg, TARPIT_START, &host,
				   &reply));
	assert_int_equal(reply.flags, A);
	assert_int_equal(reply.seq, 5000);
	assert_int_equal(reply.ack, 1000);
	assert_int_equal(reply.window, 0);
	assert_int_equal(reply.options, 0);

	/* A FIN stays unacknowledged. */
	seg.flags |= F;
	assert_true(tarpit_compose(TARPIT_HOLD, &seg, TARPIT_START, &host,
				   &reply));
	assert_int_equal(reply.flags, A);
	assert_int_equal(reply.ack, 1000);

	/* A window probe is one number behind, here across the wrap. */
	seg = segment(A, 0);
	seg.seq = 0xffffffff;
	seg.options = TARPIT_OPT_TS;
	seg.tsval = 77;
	assert_true(tarpit_compose(TARPIT_HOLD, &seg, TARPIT_PROBE, &host,
				   &reply));
	assert_int_equal(reply.ack, 0);
	assert_int_equal(reply.options, TARPIT_OPT_TS);
	assert_int_equal(reply.tsval, host.tsval);
	assert_int_equal(reply.tsecr, 77);

	assert_false(tarpit_compose(TARPIT_HOLD, &seg, TARPIT_LATER, &host,
				    &reply));
	assert_false(tarpit_compose(TARPIT_HOLD, &seg, TARPIT_FOREIGN, &host,
				    &reply));
}

static void test_read(void **state)
{
	struct tarpit_segment seg = segment(A | PSH, 100);
	struct tarpit_listener scaled = host;
	struct tarpit_reply reply;

	(void)state;
	assert_true(tarpit_compose(TARPIT_READ, &seg, TARPIT_LATER, &host,
				   &reply));
	assert_int_equal(reply.flags, A);
	assert_int_equal(reply.seq, 5000);
	assert_int_equal(reply.ack, 1100);
	assert_int_equal(reply.window, 64240);

	scaled.scaled = true;
	seg.flags |= F;
	assert_true(tarpit_compose(TARPIT_READ, &seg, TARPIT_LATER, &scaled,
				   &reply));
	assert_int_equal(reply.flags, A | F);
	assert_int_equal(reply.ack, 1101);
	assert_int_equal(reply.window, 64240 >> 7);

	/* As any listener: no answer to a bare ACK, one to a probe. */
	seg = segment(A, 0);
	assert_false(tarpit_compose(TARPIT_READ, &seg, TARPIT_START, &host,
				    &reply));
	assert_false(tarpit_compose(TARPIT_READ, &seg, TARPIT_LATER, &host,
				    &reply));
	assert_true(tarpit_compose(TARPIT_READ, &seg, TARPIT_PROBE, &host,
				   &reply));
	assert_int_equal(reply.ack, 1001);
	seg.len = 9;
	assert_false(tarpit_compose(TARPIT_READ, &seg, TARPIT_FOREIGN, &host,
				    &reply));
}

/* RFC 9293, 3.10.7.1 */
static void test_refuse(void **state)
{
	static const struct {
		uint8_t flags;
		uint32_t len;
		uint8_t want;
		uint32_t seq, ack;
	} cases[] = {
		{ S, 0, R | A, 0, 1001 },
		{ S, 9, R | A, 0, 1010 },
		{ S | A, 0, R, 5000, 0 },
		{ A, 0, R, 5000, 0 },
		{ A | F, 100, R, 5000, 0 },
	};
	struct tarpit_segment seg;
	struct tarpit_reply reply;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		seg = segment(cases[i].flags, cases[i].len);
		seg.options = TARPIT_OPT_TS;
		assert_true(tarpit_compose(TARPIT_REFUSE, &seg, TARPIT_FOREIGN,
					   &host, &reply));
		assert_int_equal(reply.flags, cases[i].want);
		assert_int_equal(reply.seq, cases[i].seq);
		assert_int_equal(reply.ack, cases[i].ack);
		assert_int_equal(reply.window, 0);
		assert_int_equal(reply.options, 0);
		assert_int_equal(reply.sport, 80);
		assert_int_equal(reply.dport, 1234);
	}
}

static void test_laws(void **state)
{
	uint8_t tcp[TARPIT_TCP_MAX + 8];
	struct tarpit_setting set;
	const char *broken;
	size_t i, len;
	int round;

	(void)state;
	srand(2002);
	for (round = 0; round < 300000; round++) {
		for (i = 0; i < sizeof(tcp); i++)
			tcp[i] = (uint8_t)rand();
		/* Often options of a kind that is known. */
		for (i = 20; i < sizeof(tcp) && rand() % 4; i += tcp[i + 1]) {
			tcp[i] = (uint8_t)(rand() % 9);
			tcp[i + 1] = (uint8_t)(rand() % 11 + 1);
			if (i + tcp[i + 1] + 1 >= sizeof(tcp))
				break;
		}
		set.variant = rand() % 3;
		set.standing = rand() % 4;
		set.host = host;
		set.host.options = (uint8_t)(rand() & ALL_OPTIONS) |
				   TARPIT_OPT_MSS;
		set.host.scaled = rand() & 1;
		set.host.ecn = rand() & 1;
		len = (size_t)rand() % (sizeof(tcp) + 1);
		broken = tarpit_broken_law(&set, tcp, len, len);
		if (broken)
			fail_msg("round %d: %s", round, broken);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_classify),
		cmocka_unit_test(test_syn_ack),
		cmocka_unit_test(test_syn_ack_options),
		cmocka_unit_test(test_first_window),
		cmocka_unit_test(test_ecn),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_refuse),
		cmocka_unit_test(test_laws),
	};

	return cmocka_run_group_tests_name("tarpit", tests, NULL, NULL);
}
