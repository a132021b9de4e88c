// SPDX-License-Identifier: GPL-2.0-only
/* The parser of MMS: captures, hand-made packets, a naive model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "exact.h"
#include "parser.model.h"

/* Packets are built here, one after the other. */
static uint8_t built[8 * MMS_PACKET_MAX];
static size_t built_len, packet_at;

static void put(size_t at, uint32_t number)
{
	int i;

	for (i = 0; i < 4; i++)
		built[at + (size_t)i] = (uint8_t)(number >> 8 * i);
}

static void end_packet(void)
{
	put(packet_at + 8, (uint32_t)(built_len - packet_at - 16));
	put(packet_at + 16, (uint32_t)((built_len - packet_at - 16) / 8));
}

static void begin_packet(void)
{
	static const uint8_t begin[] = "\1\0\0\0\xce\xfa\x0b\xb0\0\0\0\0MMS ";

	packet_at = built_len;
	memset(built + built_len, 0, MMS_HEADER);
	memcpy(built + built_len, begin, 16);
	built_len += MMS_HEADER;
	end_packet();
}

static void add_message(uint32_t mid, const void *body, size_t len)
{
	size_t at = built_len, whole = (8 + len + 7) / 8 * 8;

	memset(built + at, 0, whole);
	put(at, (uint32_t)(whole / 8));
	put(at + 4, mid);
	if (len)
		memcpy(built + at + 8, body, len);
	built_len += whole;
	end_packet();
}

static void add_funnel(const char *text)
{
	uint8_t body[400] = { 0 };
	size_t n = 20;

	for (; *text; text++, n += 2)
		body[n] = (uint8_t)*text;
	add_message(0x30002, body, n);
}

/* A packet that announces @text, and nothing else. */
static void build_funnel(const char *text)
{
	built_len = 0;
	begin_packet();
	add_funnel(text);
}

static struct model_message model[MMS_PACKET_MAX];

/* In memory of just its length; the naive model must agree. */
static int read_all(const uint8_t *data, size_t len)
{
	uint8_t *copy = exact_copy(data, len);
	struct mms_reader r = { .data = copy, .have = len };
	int n = model_messages(copy, len, model), i;
	struct mms_funnel f, want;
	struct mms_message m;

	assert_int_equal(mms_packet_size(copy, len),
			 model_packet_size(copy, len));
	for (i = 0; mms_next(&r, &m); i++) {
		assert_true(i < (n < 0 ? -1 - n : n));
		assert_int_equal(m.off, model[i].off);
		assert_int_equal(m.len, model[i].len);
		assert_int_equal(m.kind, model[i].kind);
		if (m.kind != MMS_CONNECT_FUNNEL)
			continue;
		if (mms_parse_funnel(&r, &m, &f) != MMS_OK)
			assert_false(model_funnel(copy, len, &model[i], &want));
		else
			assert_true(model_funnel(copy, len, &model[i], &want) &&
				    model_same_funnel(&f, &want));
	}
	assert_int_equal(i, n < 0 ? -1 - n : n);
	assert_int_equal(r.malformed, n < 0);
	free(copy);
	return n;
}

static enum mms_error parse_built(struct mms_funnel *f)
{
	struct mms_reader r = { .data = built, .have = built_len };
	struct mms_message m;

	assert_true(read_all(built, built_len) > 0);
	do {
		assert_true(mms_next(&r, &m));
	} while (m.kind != MMS_CONNECT_FUNNEL);
	return mms_parse_funnel(&r, &m, f);
}

static void test_sizes(void **state)
{
	static const struct {
		uint32_t length, count;
		int size;
	} cases[] = {
		{ 16, 2, 32 }, { 16, 4, 32 }, { 24, 3, 40 }, { 24, 5, 40 },
		{ 8176, 1022, 8192 }, { 8176, 1024, 8192 },
		{ 8, 1, -1 }, { 8, 3, -1 }, { 0, 0, -1 }, { 8184, 1023, -1 },
		{ 16, 3, -1 }, { 16, 0, -1 }, { 20, 2, -1 }, { 17, 2, -1 },
		{ 0xfffffff0, 0x1ffffffe, -1 }, { 0xffffffff, 2, -1 },
		{ 16, 0x20000002, -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		built_len = 0;
		begin_packet();
		put(8, cases[i].length);
		put(16, cases[i].count);
		assert_int_equal(mms_packet_size(built, built_len),
				 cases[i].size);
		assert_int_equal(model_packet_size(built, built_len),
				 cases[i].size);
	}
}

/* Each fixed byte of a header, and each beginning of one. */
static void test_headers(void **state)
{
	uint8_t *copy;
	size_t i, n;

	(void)state;
	build_funnel("\\\\1.2.3.4\\UDP\\1234");
	for_each_truncation(copy, n, built, built_len)
		assert_int_equal(mms_packet_size(copy, n),
				 n < MMS_HEAD ? 0 : (int)built_len);
	for (i = 0; i < 24; i++) {
		built[i] ^= 0x40;
		if (i == 3 || i > 19)
			assert_int_equal(mms_packet_size(built, built_len),
					 (int)built_len);
		else
			assert_int_equal(mms_packet_size(built, built_len), -1);
		/* As early as possible. */
		if (i < 3 || (i > 3 && i < 8) || (i > 11 && i < 16))
			assert_int_equal(mms_packet_size(built, i + 1), -1);
		built[i] ^= 0x40;
	}
}

static void assert_funnel(const char *text, int transport, int port, int digits)
{
	struct mms_funnel f;

	build_funnel(text);
	assert_int_equal(parse_built(&f), MMS_OK);
	assert_int_equal(f.transport, transport);
	assert_int_equal(f.port, port);
	assert_int_equal(f.digits, digits);
}

static void test_funnels(void **state)
{
	(void)state;
	assert_funnel("\\\\192.168.0.129\\TCP\\1037", MMS_TCP, 1037, 4);
	assert_funnel("\\\\10.0.0.2\\UDP\\7000", MMS_UDP, 7000, 4);
	assert_funnel("\\\\fe80::1%eth0\\UDP\\65535", MMS_UDP, 65535, 5);
	assert_funnel("\\\\2001:db8:1:2:3:4:5:6\\udp\\1", MMS_UDP, 1, 1);
	assert_funnel("\\\\x\\tCp\\0", MMS_TCP, 0, 1);
	assert_funnel("\\\\x\\UDP\\00080", MMS_UDP, 80, 5);
	assert_funnel("\\\\0123456789012345678901234567890123456789"
		      "012345678901234567890123\\UDP\\7000", MMS_UDP, 7000, 4);
}

static void assert_no_funnel(const char *text, enum mms_error error)
{
	struct mms_funnel f;

	build_funnel(text);
	assert_int_equal(parse_built(&f), error);
	assert_string_not_equal(mms_error_text(error), "unknown error");
}

static void test_bad_funnels(void **state)
{
	(void)state;
	assert_no_funnel("", MMS_BAD_ADDRESS);
	assert_no_funnel("\\", MMS_BAD_ADDRESS);
	assert_no_funnel("\\\\", MMS_BAD_ADDRESS);
	assert_no_funnel("\\\\\\UDP\\7000", MMS_BAD_ADDRESS);
	assert_no_funnel("\\10.0.0.2\\UDP\\7000", MMS_BAD_ADDRESS);
	assert_no_funnel("//10.0.0.2/UDP/7000", MMS_BAD_ADDRESS);
	assert_no_funnel("\\\\10.0.0.2", MMS_BAD_ADDRESS);
	assert_no_funnel("\\\\0123456789012345678901234567890123456789"
			 "0123456789012345678901234\\UDP\\7000",
			 MMS_BAD_ADDRESS);
	assert_no_funnel("\\\\10.0.0.2\\", MMS_BAD_PROTOCOL);
	assert_no_funnel("\\\\10.0.0.2\\UDP", MMS_BAD_PROTOCOL);
	assert_no_funnel("\\\\10.0.0.2\\HTTP\\7000", MMS_BAD_PROTOCOL);
	assert_no_funnel("\\\\10.0.0.2\\UDPX\\7000", MMS_BAD_PROTOCOL);
	assert_no_funnel("\\\\10.0.0.2\\UD\\7000", MMS_BAD_PROTOCOL);
	assert_no_funnel("\\\\10.0.0.2\\UDP\\", MMS_BAD_PORT);
	assert_no_funnel("\\\\10.0.0.2\\UDP\\65536", MMS_BAD_PORT);
	assert_no_funnel("\\\\10.0.0.2\\UDP\\99999", MMS_BAD_PORT);
	assert_no_funnel("\\\\10.0.0.2\\UDP\\007000", MMS_BAD_PORT);
	assert_no_funnel("\\\\10.0.0.2\\UDP\\-7000", MMS_BAD_PORT);
	assert_no_funnel("\\\\10.0.0.2\\UDP\\+7000", MMS_BAD_PORT);
	assert_no_funnel("\\\\10.0.0.2\\UDP\\ 7000", MMS_BAD_PORT);
	assert_no_funnel("\\\\10.0.0.2\\UDP\\7000 ", MMS_BAD_PORT);
	assert_no_funnel("\\\\10.0.0.2\\UDP\\7000x", MMS_BAD_PORT);
	assert_no_funnel("\\\\10.0.0.2\\UDP\\0x1b58", MMS_BAD_PORT);
	assert_string_equal(mms_error_text(MMS_OK), "nothing wrong");
	assert_string_equal(mms_error_text(99), "unknown error");
}

/* A digit of another script has the low byte of a digit. */
static void test_wide_characters(void **state)
{
	struct mms_funnel f;

	(void)state;
	build_funnel("\\\\10.0.0.2\\UDP\\7000");
	built[MMS_HEADER + 28 + 2 * 15 + 1] = 0xff;
	assert_int_equal(parse_built(&f), MMS_BAD_PORT);
	build_funnel("\\\\10.0.0.2\\UDP\\7000");
	built[MMS_HEADER + 28 + 2 * 12 + 1] = 1;
	assert_int_equal(parse_built(&f), MMS_BAD_PROTOCOL);
	build_funnel("\\\\10.0.0.2\\UDP\\7000");
	built[MMS_HEADER + 28 + 2 * 3 + 1] = 1;
	assert_int_equal(parse_built(&f), MMS_OK);
}

/* What follows the 0 does not matter; nor does a 0 that is missing. */
static void test_ends(void **state)
{
	struct mms_funnel f;

	(void)state;
	build_funnel("\\\\10.0.0.12\\UDP\\7000");
	assert_int_equal(built_len, MMS_HEADER + 72);
	built[built_len - 2] = '0';
	assert_int_equal(parse_built(&f), MMS_OK);
	assert_int_equal(f.port, 7000);
	build_funnel("\\\\10.0.0.123\\UDP\\70000");
	assert_int_equal(built_len, MMS_HEADER + 72);
	assert_int_equal(parse_built(&f), MMS_BAD_PORT);
	build_funnel("\\\\10.0.0.123\\UDP\\17000");
	assert_int_equal(built_len, MMS_HEADER + 72);
	assert_int_equal(parse_built(&f), MMS_OK);
	assert_int_equal(f.port, 17000);
}

static void test_lengths(void **state)
{
	(void)state;
	built_len = 0;
	begin_packet();
	assert_int_equal(read_all(built, built_len), 0);
	begin_packet();
	add_message(0x30001, "abcdefgh", 8);
	add_message(0x3001b, NULL, 0);
	begin_packet();
	add_message(0x50001, "x", 1);
	assert_int_equal(read_all(built, built_len), 3);
	assert_int_equal(model[2].kind, MMS_OTHER);
	/* Other bytes behind the packets are none. */
	assert_int_equal(read_all(built, built_len + 50), 3);
	put(built_len - 16, 0);
	assert_int_equal(read_all(built, built_len), -3);
	put(built_len - 16, 3);
	assert_int_equal(read_all(built, built_len), -3);
	put(built_len - 16, 0x20000002);
	assert_int_equal(read_all(built, built_len), -3);
	put(built_len - 16, 1);
	assert_int_equal(read_all(built, built_len), -4);
}

/* A message that has no text, since it ends before it. */
static void test_short(void **state)
{
	struct mms_funnel f;
	uint8_t body[20] = { 0 };
	size_t len;

	(void)state;
	for (len = 0; len <= sizeof(body); len++) {
		built_len = 0;
		begin_packet();
		add_message(0x30002, body, len);
		assert_int_equal(parse_built(&f), MMS_BAD_ADDRESS);
	}
}

static void test_truncation(void **state)
{
	struct mms_funnel f;
	uint8_t *copy;
	size_t n;

	(void)state;
	built_len = 0;
	begin_packet();
	add_message(0x30001, "abc", 3);
	add_funnel("\\\\10.0.0.2\\UDP\\7000");
	begin_packet();
	add_funnel("\\\\10.0.0.2\\TCP\\7000");
	for_each_truncation(copy, n, built, built_len)
		assert_true(read_all(copy, n) >= 0);
	built_len = MMS_HEADER + 16 + 8;
	assert_int_equal(parse_built(&f), MMS_CUT);
	assert_string_not_equal(mms_error_text(MMS_CUT), "unknown error");
}

/* Any bytes changed: what the model says. */
static void test_mutation(void **state)
{
	int i, changes, sound = 0, others = 0;

	(void)state;
	srand(1755);
	for (i = 0; i < 100000; i++) {
		built_len = 0;
		begin_packet();
		if (rand() % 2)
			add_message(0x30000 + (uint32_t)(rand() % 64), "ab",
				    (size_t)(rand() % 3));
		add_funnel(rand() % 2 ? "\\\\10.0.0.2\\UDP\\7000" :
					"\\\\192.168.0.129\\TCP\\1037");
		if (rand() % 2)
			begin_packet();
		add_message(0x40001, "a", 1);
		for (changes = rand() % 4; changes; changes--)
			built[(size_t)rand() % built_len] = (uint8_t)rand();
		if (read_all(built, (size_t)rand() % 4 ? built_len :
			     (size_t)rand() % built_len) > 1)
			sound++;
		else
			others++;
	}
	/* The comparison means something only if both kinds are met. */
	assert_in_range(sound, 10000, 90000);
	assert_in_range(others, 10000, 90000);
}

/* The announcement of what was built last, for @seen; returns the growth. */
static size_t patch_built(int which, bool ipv6,
			  const struct pom_endpoint *seen)
{
	struct mms_reader r = { .data = built, .have = built_len };
	struct mms_patch patch;
	struct mms_message m;
	struct mms_funnel f;
	int n = model_messages(built, built_len, model), i;

	for (i = 0; i <= which; i++)
		assert_true(mms_next(&r, &m));
	assert_int_equal(mms_parse_funnel(&r, &m, &f), MMS_OK);
	assert_true(mms_make_patch(&r, &m, &f, ipv6, seen, &patch));
	model_check_patch(built, built_len, model, n, which, ipv6, seen,
			  &patch);
	return patch.n - patch.len;
}

static void test_patches(void **state)
{
	struct pom_endpoint seen = { { 10, 0, 1, 1 }, 7000 };
	struct pom_endpoint six = {
		{ 0x20, 1, 0x1d, 0xb8, 0x11, 0x11, 0x22, 0x22, 0x33, 0x33, 0x44,
		  0x44, 0x55, 0x55, 0x66, 0x66 }, 7000,
	};

	(void)state;
	build_funnel("\\\\10.0.0.2\\UDP\\7000");
	assert_int_equal(patch_built(0, false, &seen), 0);
	memcpy(seen.addr, "\xcb\x64\x71\xc9", 4);
	assert_int_equal(patch_built(0, false, &seen), 16);
	assert_int_equal(patch_built(0, true, &six), 64);
	/* Fewer digits of the port change nothing. */
	build_funnel("\\\\10.0.0.2\\UDP\\65535");
	assert_int_equal(patch_built(0, false, &seen), 16);
	seen.port = 1024;
	assert_int_equal(patch_built(0, false, &seen), 16);
	build_funnel("\\\\2001:1db8:1111:2222:3333:4444:5555:6666\\UDP\\7000");
	assert_int_equal(patch_built(0, false, &seen), 0);
	/* It had no 0. */
	assert_int_equal(patch_built(0, true, &six), 8);
	/* Between others. */
	built_len = 0;
	begin_packet();
	add_message(0x30001, "abcde", 5);
	add_funnel("\\\\10.0.0.2\\UDP\\7000");
	add_message(0x30005, "abcdefghi", 9);
	assert_int_equal(patch_built(1, false, &seen), 16);
	assert_int_equal(patch_built(1, true, &six), 64);
}

/* The same announcement always changes its length in the same way. */
static void test_same_length(void **state)
{
	struct pom_endpoint seen = { { 0 }, 0 };
	char text[40];
	size_t grown;
	int i, port;

	(void)state;
	srand(1);
	for (i = 0; i < 20000; i++) {
		port = 1024 + rand() % 64512;
		snprintf(text, sizeof(text), "\\\\%d.0.0.%d\\UDP\\%d",
			 rand() % 256, rand() % 256, port);
		build_funnel(text);
		seen.addr[0] = (uint8_t)rand();
		seen.addr[3] = (uint8_t)rand();
		seen.port = 1024;
		grown = patch_built(0, false, &seen);
		seen.port = port > 9999 ? 65535 : 9999;
		assert_int_equal(patch_built(0, false, &seen), grown);
	}
}

/* A patch from the first length to the text has no space for all that. */
static void test_no_space(void **state)
{
	struct pom_endpoint seen = { { 203, 100, 113, 201 }, 7000 };
	struct mms_reader r = { .data = built };
	struct mms_patch patch;
	struct mms_message m;
	struct mms_funnel f;
	uint8_t body[200] = { 0 };

	(void)state;
	built_len = 0;
	begin_packet();
	add_message(0x30001, body, sizeof(body));
	add_funnel("\\\\10.0.0.2\\UDP\\7000");
	r.have = built_len;
	assert_true(mms_next(&r, &m) && mms_next(&r, &m));
	assert_int_equal(mms_parse_funnel(&r, &m, &f), MMS_OK);
	assert_false(mms_make_patch(&r, &m, &f, false, &seen, &patch));
	memcpy(seen.addr, "\12\0\0\3", 4);
	assert_true(mms_make_patch(&r, &m, &f, false, &seen, &patch));
	assert_int_equal(patch.n, patch.len);
}

static size_t load(const char *name, uint8_t *data, size_t size)
{
	char path[200];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "tests/mms/captures/%s", name);
	f = fopen(path, "rb");
	if (!f)
		fail_msg("%s is missing", path);
	len = fread(data, 1, size, f);
	fclose(f);
	return len;
}

static void assert_capture(const char *name, const char *kinds, int transport,
			   int port)
{
	static const char hex[] = "0123456789abcdefghijklmnopqrs";
	struct mms_reader r = { .data = built };
	struct mms_message m;
	struct mms_funnel f;
	char got[40] = "";
	size_t n = 0;

	built_len = load(name, built, 4096);
	assert_true(read_all(built, built_len) > 0);
	r.have = built_len;
	while (mms_next(&r, &m)) {
		got[n++] = hex[m.kind];
		if (m.kind != MMS_CONNECT_FUNNEL)
			continue;
		assert_int_equal(mms_parse_funnel(&r, &m, &f), MMS_OK);
		assert_int_equal(f.transport, transport);
		assert_int_equal(f.port, port);
	}
	assert_string_equal(got, kinds);
	assert_int_equal(r.at, r.end);
}

static void test_captures(void **state)
{
	(void)state;
	assert_capture("ffmpeg.client", "18237e46", MMS_TCP, 1037);
	assert_capture("mplayer.client", "1237e4", MMS_TCP, 1037);
	assert_capture("vlc-tcp.client", "1237e46", MMS_TCP, 1242);
	assert_capture("vlc-udp.client", "1237e46", MMS_UDP, 7000);
	assert_capture("vlc-udp.server", "fgjlrip", 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_funnels),
		cmocka_unit_test(test_bad_funnels),
		cmocka_unit_test(test_wide_characters),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_mutation),
		cmocka_unit_test(test_patches),
		cmocka_unit_test(test_same_length),
		cmocka_unit_test(test_no_space),
		cmocka_unit_test(test_captures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
