// SPDX-License-Identifier: GPL-2.0-only
/* talk_parse(): captures, hand-made messages, a naive model. */
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

#define ADDR		"\0\2\xa2\x59\x0a\0\0\2\0\0\0\0\0\0\0\0"
#define CTL_ADDR	"\0\2\xc6\x4e\x0a\0\0\3\0\0\0\0\0\0\0\0"
#define OTHER_FAMILY	"\2\0\xa2\x59\x0a\0\0\2\0\0\0\0\0\0\0\0"
#define ID		"\0\0\0\1"
#define TTY		"pts/1\0\0\0\0\0\0\0\0\0\0\0"

/* As in ADDR and CTL_ADDR. */
#define PORT		0xa259
#define CTL_PORT	0xc64e

#define OLD_REQUEST(type) \
	type "root\0\0\0\0\0" "wonderful" "\0" ID ID TTY ADDR CTL_ADDR
#define OLD_RESPONSE(type, answer)	type answer "\0\0" ID ADDR
#define REQUEST(version, type, extended)				\
	version type "\0" extended ID ADDR CTL_ADDR ID			\
	"root\0\0\0\0\0\0\0\0" "wonderworld!" TTY
#define RESPONSE(version, type, answer)	version type answer "\0" ID ADDR

/* In memory of just its length; the naive model must agree. */
static enum talk_error parse(enum talk_protocol protocol, const void *data,
			     size_t len, struct talk_message *msg)
{
	uint8_t *copy = exact_copy(data, len);
	struct talk_message want;
	enum talk_error error;

	error = talk_parse(protocol, copy, len, msg);
	assert_int_equal(error, talk_model(protocol, copy, len, &want));
	if (error == TALK_OK)
		assert_true(talk_same(msg, &want));
	free(copy);
	return error;
}

#define PARSE(protocol, text, msg)	\
	parse(protocol, text, sizeof(text) - 1, msg)

static void check_request(const struct talk_message *msg, int version,
			  int type)
{
	assert_false(msg->response);
	assert_int_equal(msg->version, version);
	assert_int_equal(msg->type, type);
	assert_true(msg->addr.known);
	assert_int_equal(msg->addr.to.port, PORT);
	assert_memory_equal(msg->addr.to.addr, "\x0a\0\0\2", 4);
	assert_true(msg->ctl_addr.known);
	assert_int_equal(msg->ctl_addr.to.port, CTL_PORT);
	assert_memory_equal(msg->ctl_addr.to.addr, "\x0a\0\0\3", 4);
	assert_int_equal(msg->caller.len, 4);
	assert_int_equal(msg->callee.len, version ? 12 : 9);
}

static void check_response(const struct talk_message *msg, int version,
			   int type, int answer)
{
	assert_true(msg->response);
	assert_int_equal(msg->version, version);
	assert_int_equal(msg->type, type);
	assert_int_equal(msg->answer, answer);
	assert_true(msg->addr.known);
	assert_int_equal(msg->addr.off, 8);
	assert_int_equal(msg->addr.to.port, PORT);
	assert_false(msg->ctl_addr.known);
	assert_int_equal(msg->caller.len, 0);
}

static void test_requests(void **state)
{
	static const char old[] = OLD_REQUEST("\3");
	static const char new[] = REQUEST("\1", "\3", "\0");
	struct talk_message msg;

	(void)state;
	assert_int_equal(PARSE(TALK_OLD, old, &msg), TALK_OK);
	check_request(&msg, 0, TALK_ANNOUNCE);
	assert_memory_equal(old + msg.caller.off, "root", 5);
	assert_memory_equal(old + msg.callee.off, "wonderful", 9);

	assert_int_equal(PARSE(TALK_NEW, new, &msg), TALK_OK);
	check_request(&msg, 1, TALK_ANNOUNCE);
	assert_memory_equal(new + msg.caller.off, "root", 5);
	assert_memory_equal(new + msg.callee.off, "wonderworld!", 12);
}

static void test_version2(void **state)
{
	struct talk_message msg;

	(void)state;
	assert_int_equal(PARSE(TALK_NEW, REQUEST("\2", "\4", "\0"), &msg),
			 TALK_OK);
	check_request(&msg, 2, TALK_REPLY_QUERY);
	assert_int_equal(PARSE(TALK_NEW, REQUEST("\2", "\1", "\5") "12345",
			       &msg), TALK_OK);
	check_request(&msg, 2, TALK_LOOK_UP);
	assert_int_equal(PARSE(TALK_NEW, REQUEST("\2", "\1", "\5") "1234",
			       &msg), TALK_ERROR_LENGTH);
	assert_int_equal(PARSE(TALK_NEW, REQUEST("\2", "\1", "\5") "123456",
			       &msg), TALK_ERROR_LENGTH);
	assert_int_equal(PARSE(TALK_NEW, RESPONSE("\2", "\4", "\x0b")
			       "root\0\0\0\0\0\0\0\0", &msg), TALK_OK);
	check_response(&msg, 2, TALK_REPLY_QUERY, TALK_SELECTIVE_REFUSAL);
	assert_int_equal(PARSE(TALK_NEW, RESPONSE("\2", "\1", "\0"), &msg),
			 TALK_ERROR_LENGTH);
	/* Of version 1, this byte means nothing. */
	assert_int_equal(PARSE(TALK_NEW, REQUEST("\1", "\1", "\5"), &msg),
			 TALK_OK);
	assert_int_equal(PARSE(TALK_NEW, REQUEST("\1", "\1", "\5") "12345",
			       &msg), TALK_ERROR_LENGTH);
}

static void test_responses(void **state)
{
	struct talk_message msg;

	(void)state;
	assert_int_equal(PARSE(TALK_OLD, OLD_RESPONSE("\1", "\0"), &msg),
			 TALK_OK);
	check_response(&msg, 0, TALK_LOOK_UP, TALK_SUCCESS);
	assert_int_equal(PARSE(TALK_OLD, OLD_RESPONSE("\0", "\x08"), &msg),
			 TALK_OK);
	check_response(&msg, 0, TALK_LEAVE_INVITE, TALK_BAD_CTL_ADDR);
	assert_int_equal(PARSE(TALK_NEW, RESPONSE("\1", "\3", "\4"), &msg),
			 TALK_OK);
	check_response(&msg, 1, TALK_ANNOUNCE, TALK_PERMISSION_DENIED);
}

static void test_errors(void **state)
{
	struct talk_message msg;

	(void)state;
	assert_int_equal(PARSE(TALK_OLD, OLD_REQUEST("\4"), &msg),
			 TALK_ERROR_TYPE);
	assert_int_equal(PARSE(TALK_OLD, OLD_RESPONSE("\4", "\0"), &msg),
			 TALK_ERROR_TYPE);
	assert_int_equal(PARSE(TALK_OLD, OLD_RESPONSE("\1", "\x09"), &msg),
			 TALK_ERROR_ANSWER);
	assert_int_equal(PARSE(TALK_NEW, REQUEST("\1", "\4", "\0"), &msg),
			 TALK_ERROR_TYPE);
	assert_int_equal(PARSE(TALK_NEW, REQUEST("\2", "\5", "\0"), &msg),
			 TALK_ERROR_TYPE);
	assert_int_equal(PARSE(TALK_NEW, RESPONSE("\1", "\1", "\x09"), &msg),
			 TALK_ERROR_ANSWER);
	assert_int_equal(PARSE(TALK_NEW, RESPONSE("\2", "\1", "\x0c")
			       "root\0\0\0\0\0\0\0\0", &msg),
			 TALK_ERROR_ANSWER);
	assert_int_equal(PARSE(TALK_NEW, REQUEST("\0", "\1", "\0"), &msg),
			 TALK_ERROR_VERSION);
	assert_int_equal(PARSE(TALK_NEW, REQUEST("\3", "\1", "\0"), &msg),
			 TALK_ERROR_VERSION);
	/* Each protocol is only itself. */
	assert_int_equal(PARSE(TALK_NEW, OLD_REQUEST("\1"), &msg),
			 TALK_ERROR_LENGTH);
	assert_int_equal(PARSE(TALK_OLD, REQUEST("\1", "\1", "\0"), &msg),
			 TALK_ERROR_LENGTH);
}

static void test_other_family(void **state)
{
	struct talk_message msg;

	(void)state;
	assert_int_equal(PARSE(TALK_NEW, "\1\1\0\0" ID OTHER_FAMILY, &msg),
			 TALK_OK);
	assert_false(msg.addr.known);
}

/* The first bytes of a message are none, nor are more bytes than it has. */
static void test_lengths(void **state)
{
	static const char messages[][128] = {
		OLD_REQUEST("\3"), OLD_RESPONSE("\1", "\0"),
		REQUEST("\1", "\3", "\0"), RESPONSE("\1", "\1", "\0"),
		REQUEST("\2", "\3", "\x09"), RESPONSE("\2", "\1", "\0"),
	};
	static const size_t sound[] = { 76, 24, 84, 24, 93, 36 };
	struct talk_message msg;
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(sound) / sizeof(sound[0]); i++) {
		enum talk_protocol protocol = i < 2 ? TALK_OLD : TALK_NEW;

		for (len = 0; len < sizeof(messages[i]); len++) {
			/* A beginning of as many bytes is a response. */
			if (parse(protocol, messages[i], len, &msg) == TALK_OK)
				assert_true(len == sound[i] || len == 24 ||
					    len == 36 || len == 76 ||
					    len == 84);
		}
		assert_int_equal(parse(protocol, messages[i], sound[i], &msg),
				 TALK_OK);
	}
}

static void test_error_texts(void **state)
{
	int error;

	(void)state;
	for (error = TALK_OK; error <= TALK_ERROR_ANSWER; error++)
		assert_string_not_equal(talk_error_text(error),
					talk_error_text(-1));
}

/*
 * Two letters a packet: a request or a response, which is in capitals where it
 * says SUCCESS; and the type.
 */
static void read_capture(const char *path, char *ops)
{
	FILE *f = pcap_open(path);
	struct talk_message msg;
	struct pcap_payload p;
	int more;

	if (!f)
		fail_msg("%s is missing or no capture", path);
	while ((more = pcap_next(f, &p)) > 0) {
		assert_int_equal(parse(TALK_NEW, p.data, p.have, &msg),
				 TALK_OK);
		assert_int_equal(msg.version, 1);
		assert_int_equal(msg.response, p.sport == 518);
		*ops++ = msg.response ? msg.answer ? 'r' : 'R' : '>';
		*ops++ = "iLDA"[msg.type];
	}
	assert_int_equal(more, 0);
	*ops = '\0';
	fclose(f);
}

static void test_captures(void **state)
{
	static const char * const names[] = { "netkit", "inetutils" };
	char path[200], ops[200];
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "tests/talk/captures/%s.pcap",
			 names[i]);
		read_capture(path, ops);
		print_message("%s: %s\n", path, ops);
		/* A call, its answer, the end of it; a call for nobody. */
		assert_string_equal(ops, ">LrL>ARA>LRL>DRD>LrL>ArA>DrD");
	}
}

/* Random bytes in messages of all kinds and around them. */
static void test_model(void **state)
{
	static const uint8_t lengths[] = { 24, 36, 76, 84, 87, 100 };
	size_t sound = 0, errors = 0, len, j;
	struct talk_message msg;
	uint8_t data[128];
	int i;

	(void)state;
	srand(518);
	for (i = 0; i < 300000; i++) {
		for (j = 0; j < sizeof(data); j++)
			data[j] = (uint8_t)(rand() % 3 ? 0 : rand());
		for (j = 0; j < 4; j++)
			data[j] = (uint8_t)(rand() % 6);
		len = lengths[(size_t)rand() % sizeof(lengths)];
		if (rand() % 8 == 0)
			len = (size_t)rand() % sizeof(data);
		if (rand() % 2)
			memcpy(data + 8, "\0\2", 2);
		if (parse(rand() % 2 ? TALK_OLD : TALK_NEW, data, len,
			  &msg) == TALK_OK)
			sound++;
		else
			errors++;
	}
	/* The comparison means something only if both kinds are met. */
	assert_in_range(sound, 20000, 200000);
	assert_in_range(errors, 20000, 280000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_version2),
		cmocka_unit_test(test_responses),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_other_family),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_error_texts),
		cmocka_unit_test(test_captures),
		cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
