// SPDX-License-Identifier: GPL-2.0-only
/* pptp_parse() and pptp_gre_parse(): by hand, on captures, on a model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "exact.h"
#include "parser.model.h"

/* The length of each control type, as RFC 2637 has it. */
static const unsigned int lengths[] = {
	0, 156, 156, 16, 16, 16, 20, 168, 32, 220, 24, 28, 16, 148, 40, 24,
};

static void make(uint8_t *data, unsigned int len, unsigned int control)
{
	static const uint8_t rest[] = { 0, 1, 0x1a, 0x2b, 0x3c, 0x4d };
	unsigned int i;

	data[0] = (uint8_t)(len >> 8);
	data[1] = (uint8_t)len;
	memcpy(data + 2, rest, sizeof(rest));
	data[8] = (uint8_t)(control >> 8);
	data[9] = (uint8_t)control;
	data[10] = 0;
	data[11] = 0;
	for (i = 12; i < PPTP_READ_MAX; i++)
		data[i] = (uint8_t)(0x80 + i);
}

static enum pptp_error parse(const uint8_t *data, size_t have,
			     struct pptp_message *msg)
{
	struct pptp_message want;
	uint8_t *copy = exact_copy(data, have);
	enum pptp_error error = pptp_parse(copy, have, msg);

	free(copy);
	assert_int_equal(error, model_parse(data, have, &want));
	if (error == PPTP_OK)
		assert_true(model_same(msg, &want));
	return error;
}

static void test_reply(void **state)
{
	static const uint8_t reply[] = {
		0, 32, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 8, 0, 0,
		0x12, 0x34, 0x56, 0x78, 1,
	};
	struct pptp_message msg;

	(void)state;
	assert_int_equal(parse(reply, sizeof(reply), &msg), PPTP_OK);
	assert_int_equal(msg.len, 32);
	assert_int_equal(msg.control, PPTP_OUT_REPLY);
	assert_int_equal(msg.own, 0x1234);
	assert_int_equal(msg.peer, 0x5678);
	assert_true(msg.has_result);
	assert_int_equal(msg.result, PPTP_RESULT_OK);
}

static void test_forms(void **state)
{
	uint8_t data[PPTP_READ_MAX];
	struct pptp_message msg;
	unsigned int i;
	size_t n;

	(void)state;
	for (i = 1; i < PPTP_CONTROLS; i++) {
		make(data, lengths[i], i);
		assert_int_equal(parse(data, sizeof(data), &msg), PPTP_OK);
		assert_int_equal(msg.control, i);
		assert_int_equal(msg.len, lengths[i]);
		for (n = 0; n < PPTP_HEAD; n++)
			assert_int_equal(parse(data, n, &msg), PPTP_MORE);
		for (; n < sizeof(data); n++)
			parse(data, n, &msg);
	}
}

static void test_lengths(void **state)
{
	uint8_t data[PPTP_READ_MAX];
	struct pptp_message msg;
	unsigned int i, len;

	(void)state;
	for (i = 1; i < PPTP_CONTROLS; i++) {
		for (len = 0; len < 600; len++) {
			make(data, len, i);
			assert_int_equal(parse(data, sizeof(data), &msg),
					 len < lengths[i] ||
					 len > PPTP_LEN_MAX ?
					 PPTP_BAD_LENGTH : PPTP_OK);
		}
	}
}

static void test_controls(void **state)
{
	uint8_t data[PPTP_READ_MAX];
	struct pptp_message msg;
	unsigned int i;

	(void)state;
	for (i = 0; i < 65536; i++) {
		make(data, PPTP_LEN_MAX, i);
		assert_int_equal(parse(data, sizeof(data), &msg),
				 i >= 1 && i <= 15 ? PPTP_OK :
						     PPTP_BAD_CONTROL);
	}
}

/* Each byte of the beginning that is not as it must be. */
static void test_heads(void **state)
{
	static const enum pptp_error want[8] = {
		PPTP_BAD_LENGTH, PPTP_BAD_LENGTH, PPTP_BAD_TYPE, PPTP_BAD_TYPE,
		PPTP_BAD_COOKIE, PPTP_BAD_COOKIE, PPTP_BAD_COOKIE,
		PPTP_BAD_COOKIE,
	};
	uint8_t data[PPTP_READ_MAX];
	struct pptp_message msg;
	unsigned int i;
	size_t n;

	(void)state;
	for (i = 2; i < 8; i++) {
		make(data, 156, PPTP_START_REQUEST);
		data[i] ^= 0x10;
		assert_int_equal(parse(data, sizeof(data), &msg), want[i]);
		for (n = 0; n < sizeof(data); n++)
			assert_int_equal(parse(data, n, &msg),
					 n > i && (i > 3 || n > 3) ? want[i] :
					 PPTP_MORE);
	}
}

static void test_gre(void **state)
{
	static const uint8_t pptp[] = { 0x30, 1, 0x88, 0x0b, 0, 4, 0xab, 0xcd };
	uint8_t data[sizeof(pptp)], version;
	int want_version, want_id = 0;
	uint16_t id = 0;
	unsigned int i;
	size_t n;

	(void)state;
	assert_int_equal(pptp_gre_parse(pptp, sizeof(pptp), &version, &id), 2);
	assert_int_equal(version, 1);
	assert_int_equal(id, 0xabcd);
	for (n = 0; n < sizeof(pptp); n++)
		assert_int_equal(pptp_gre_parse(pptp, n, &version, &id), n > 3);
	for (i = 0; i < 8 * sizeof(pptp); i++) {
		memcpy(data, pptp, sizeof(data));
		data[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(pptp_gre_parse(data, sizeof(data), &version,
						&id),
				 model_gre(data, sizeof(data), &want_version,
					   &want_id));
		assert_int_equal(version, want_version);
	}
}

/* What pptp-linux and pptpd have sent each other. */
static void check_capture(const char *path, const uint8_t *want, size_t n)
{
	static uint8_t data[4096];
	struct pptp_message msg;
	FILE *f = fopen(path, "rb");
	size_t len, at = 0, i;

	if (!f)
		fail_msg("%s is missing", path);
	len = fread(data, 1, sizeof(data), f);
	fclose(f);
	for (i = 0; i < n; i++) {
		assert_int_equal(parse(data + at, len - at, &msg), PPTP_OK);
		assert_int_equal(msg.control, want[i]);
		at += msg.len;
		if (msg.control == PPTP_OUT_REPLY)
			assert_int_equal(msg.result, PPTP_RESULT_OK);
	}
	assert_int_equal(at, len);
}

static void test_captures(void **state)
{
	static const uint8_t client[] = { PPTP_START_REQUEST, PPTP_OUT_REQUEST,
		PPTP_CLEAR_REQUEST };
	static const uint8_t server[] = { PPTP_START_REPLY, PPTP_OUT_REPLY };

	(void)state;
	check_capture("tests/pptp/captures/clear.client", client,
		      sizeof(client));
	check_capture("tests/pptp/captures/clear.server", server,
		      sizeof(server));
}

static void test_error_texts(void **state)
{
	int error;

	(void)state;
	for (error = PPTP_OK; error <= PPTP_BAD_CONTROL; error++)
		assert_string_not_equal(pptp_error_text(error),
					pptp_error_text(-1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_controls),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_gre),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_error_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
