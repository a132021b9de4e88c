// SPDX-License-Identifier: GPL-2.0-only
/*
 * h323_next(): a message for each field of fields.list, messages of Q.931, cut
 * messages, a naive model.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "messages.model.h"

#define LIST	"tests/h323/fields.list"

/* Q.931: discriminator, call reference, type, user-user element. */
#define SETUP	"\x08\x02\x00\x01\x05"
#define MESSAGE_MAX	2048

static const char * const protocols[] = {
	[H323_PROTOCOL_RAS] = "ras",
	[H323_PROTOCOL_CALL] = "call",
	[H323_PROTOCOL_CONTROL] = "control",
};

static const char * const whats[] = {
	[H323_OTHER] = "other",
	[H323_SOURCE] = "source",
	[H323_DEST] = "dest",
	[H323_ALTERNATIVE] = "alternative",
	[H323_SIGNAL] = "signal",
	[H323_RAS] = "ras",
	[H323_CONTROL] = "control",
	[H323_MEDIA] = "media",
	[H323_MEDIA_CONTROL] = "media-control",
	[H323_DATA] = "data",
};

static uint8_t find_word(const char * const *words, size_t n, const char *word)
{
	uint8_t i;

	for (i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	fail_msg("%s: unknown word in " LIST, word);
	return 0;
}

#define FIND(words, word) \
	find_word(words, sizeof(words) / sizeof(*(words)), word)

struct message {
	uint8_t bytes[MESSAGE_MAX];
	size_t len;
};

static void append(struct message *m, const void *bytes, size_t n)
{
	assert_true(m->len + n <= sizeof(m->bytes));
	memcpy(m->bytes + m->len, bytes, n);
	m->len += n;
}

static void append_hex(struct message *m, const char *hex)
{
	unsigned int byte;
	uint8_t b;

	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2) {
		b = (uint8_t)byte;
		append(m, &b, 1);
	}
}

/* As TCP has them. */
static void wrap(struct message *m, enum h323_protocol protocol,
		 const struct message *part)
{
	size_t n = part->len + 1, all;

	m->len = 0;
	if (protocol != H323_PROTOCOL_RAS)
		append(m, "\3\0\0\0", 4);
	if (protocol == H323_PROTOCOL_CALL) {
		append(m, SETUP "\x7e", 6);
		append(m, (uint8_t[]) { (uint8_t)(n >> 8), (uint8_t)n, 5 }, 3);
	}
	append(m, part->bytes, part->len);
	if (protocol == H323_PROTOCOL_RAS)
		return;
	all = m->len;
	m->bytes[2] = (uint8_t)(all >> 8);
	m->bytes[3] = (uint8_t)all;
	assert_int_equal(h323_tpkt(m->bytes), all);
}

/* The number of addresses of a message, and the last one. */
static size_t read_address(enum h323_protocol protocol, const struct message *m,
			   size_t have, struct per_fact *found,
			   enum per_result *result)
{
	static struct facts f;
	size_t n = 0, i;

	read_facts(&f, protocol, m->bytes, have, m->len);
	assert_true(f.inside);
	if (have == m->len)
		assert_true(model_has(&f, protocol, m->bytes, have));
	*result = f.result;
	for (i = 0; i < f.n; i++) {
		if (!f.fact[i].len)
			continue;
		*found = f.fact[i];
		n++;
	}
	return n;
}

static void check_field(const char *protocol_word, const char *what_word,
			const char *hex)
{
	static const char ip6[16] = "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1";
	enum h323_protocol protocol = FIND(protocols, protocol_word);
	struct message part = { .len = 0 }, m;
	struct per_fact fact, early;
	enum per_result result;
	size_t n;

	append_hex(&part, hex);
	wrap(&m, protocol, &part);
	assert_int_equal(read_address(protocol, &m, m.len, &fact, &result), 1);
	assert_int_equal(result, PER_END);
	assert_int_equal(fact.what, FIND(whats, what_word));
	assert_int_equal(fact.port, 4097);
	assert_memory_equal(m.bytes + fact.off, fact.len == 4 ?
			    "\xc0\x00\x02\x01" : ip6, fact.len);
	/* It is found once all its bytes are known, and not before. */
	for (n = 0; n < m.len; n++) {
		assert_int_equal(read_address(protocol, &m, n, &early, &result),
				 n >= fact.off + fact.len + 2u);
		assert_true(result == PER_CUT || result == PER_END);
	}
}

static void test_fields(void **state)
{
	char line[8192], protocol[16], what[16], field[512], hex[4096];
	FILE *f = fopen(LIST, "r");
	size_t n = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (*line == '#')
			continue;
		assert_int_equal(sscanf(line, "%15s %15s %511s %4095s",
					protocol, what, field, hex), 4);
		check_field(protocol, what, hex);
		n++;
	}
	fclose(f);
	assert_in_range(n, 300, 1000);
}

static struct message tpkt(const void *bytes, size_t n)
{
	struct message m = { .bytes = { 3, 0, 0, (uint8_t)(4 + n) }, .len = 4 };

	append(&m, bytes, n);
	return m;
}

/* What h323_begin() says of a packet of RFC 1006 with these bytes. */
static enum per_result begin(enum h323_protocol protocol, const void *bytes,
			     size_t n)
{
	struct message m = tpkt(bytes, n);
	uint8_t *copy = exact_copy(m.bytes, m.len);
	struct h323_reader r;
	enum per_result ret;
	size_t part;

	ret = h323_begin(&r, protocol, copy, m.len, m.len);
	if (protocol == H323_PROTOCOL_CALL)
		assert_int_equal(ret == PER_FACT,
				 model_begin(protocol, copy, m.len, &part) > 0);
	free(copy);
	return ret;
}

#define BEGIN(protocol, text)	begin(protocol, text, sizeof(text) - 1)
#define CALL(text)		BEGIN(H323_PROTOCOL_CALL, text)

static void test_q931(void **state)
{
	(void)state;
	assert_int_equal(CALL(""), PER_END);
	assert_int_equal(CALL("\x08"), PER_MALFORMED);
	assert_int_equal(CALL("\x07\x02\x00\x01\x05"), PER_MALFORMED);
	assert_int_equal(CALL("\x08\x12\x00\x01\x05"), PER_MALFORMED);
	assert_int_equal(CALL("\x08\x02\x00\x01"), PER_MALFORMED);
	/* None, and one behind others. */
	assert_int_equal(CALL(SETUP), PER_END);
	assert_int_equal(CALL(SETUP "\x04\x01\x88\xa1\x7e\x00\x02\x05\x00"),
			 PER_FACT);
	assert_int_equal(CALL(SETUP "\x04\x03\x88"), PER_MALFORMED);
	assert_int_equal(CALL(SETUP "\x04"), PER_MALFORMED);
	assert_int_equal(CALL(SETUP "\x7e\x00\x02"), PER_MALFORMED);
	assert_int_equal(CALL(SETUP "\x7e\x00\x00\x05"), PER_MALFORMED);
	assert_int_equal(CALL(SETUP "\x7e\x00\x03\x05\x00"), PER_MALFORMED);
	/* Not of ASN.1. */
	assert_int_equal(CALL(SETUP "\x7e\x00\x02\x04\x00"), PER_MALFORMED);
	/* In a different set of elements it has a length of one byte. */
	assert_int_equal(CALL(SETUP "\x96\x7e\x01\x05"), PER_END);
	assert_int_equal(CALL(SETUP "\x9e\x7e\x01\x05\x7e\x00\x02\x05\x00"),
			 PER_FACT);
	assert_int_equal(CALL(SETUP "\x96\x90\x7e\x00\x02\x05\x00"), PER_FACT);
}

static void test_type(void **state)
{
	static const uint8_t message[] = { 8, 2, 0, 1, 0x62 };

	(void)state;
	assert_int_equal(q931_type(message, 5), 0x62);
	assert_int_equal(q931_type(message, 4), -1);
	assert_int_equal(q931_type((const uint8_t *)"\x07\x00\x05", 3), -1);
}

static void test_tpkt(void **state)
{
	static const uint8_t head[] = { 3, 0, 0, 9, 8, 2, 0, 1, 5 };
	struct h323_reader r;
	struct per_fact fact;
	size_t n;

	(void)state;
	assert_int_equal(h323_tpkt(head), 9);
	assert_int_equal(h323_tpkt((const uint8_t *)"\3\0\0\3"), 0);
	assert_int_equal(h323_tpkt((const uint8_t *)"\2\0\0\x09"), 0);
	assert_int_equal(h323_tpkt((const uint8_t *)"\3\x40\0\x09"), 0);
	assert_int_equal(h323_begin(&r, H323_PROTOCOL_CALL, head, 3, 3),
			 PER_MALFORMED);
	for (n = 0; n < sizeof(head); n++)
		assert_int_equal(h323_begin(&r, H323_PROTOCOL_CALL, head, n,
					    sizeof(head) + 1), PER_CUT);
	/* A keep-alive. */
	assert_int_equal(BEGIN(H323_PROTOCOL_CONTROL, ""), PER_END);
	/* A message that H.323 does not need to read any further. */
	h323_begin(&r, H323_PROTOCOL_CONTROL, head, 5, 4000);
	assert_int_equal(h323_next(&r, &fact), PER_END);
}

/* The bytes may move between two facts. */
static void test_move(void **state)
{
	static const uint8_t message[] = {
		0x0c, 0x00, 0x00, 0x00, 0x06, 0x00, 0x08, 0x91, 0x4a, 0x00,
	};
	uint8_t *copy = exact_copy(message, sizeof(message));
	struct h323_reader r;
	struct per_fact fact;

	(void)state;
	h323_begin(&r, H323_PROTOCOL_RAS, copy, sizeof(message), 40);
	assert_int_equal(h323_next(&r, &fact), PER_FACT);
	assert_int_equal(fact.what, H323_RAS_MESSAGE);
	assert_int_equal(fact.value, H323_RRQ);
	free(copy);
	h323_move(&r, message);
	assert_int_equal(h323_next(&r, &fact), PER_CUT);
}

static size_t bits_of(size_t span)
{
	return span ? 1 + bits_of(span / 2) : 0;
}

/* What the tables have computed is what the reader would. */
static void check_size(const struct per_type *t)
{
	size_t span = (size_t)t->max - t->min;

	if (t->kind == PER_CHOICE)
		assert_int_equal(t->width, bits_of(t->count - 1u));
	if (!t->fixed)
		return;
	if (t->kind == PER_BOOLEAN) {
		assert_int_equal(t->fixed, 1);
		assert_false(t->aligned);
	} else if (t->kind == PER_BYTES) {
		assert_int_equal(t->fixed, 8 * t->max);
		assert_int_equal(span, 0);
		assert_int_equal(t->aligned, t->max > 2);
	} else {
		assert_int_equal(t->kind, PER_INTEGER);
		assert_false(t->extensible);
		assert_int_equal(t->aligned, span > 254);
		assert_int_equal(t->fixed, span <= 254 ? bits_of(span) :
				 span == 255 ? 8 : 16);
		assert_in_range(span, 1, 65535);
	}
}

static unsigned int optional_fields(const struct per_type *t)
{
	unsigned int i, n = 0;

	for (i = 0; i < t->count; i++)
		n += t->field[i].optional;
	return n;
}

/* How many fields of a type are part of its first version. */
static void check_type(const struct per_type *t, unsigned int depth)
{
	unsigned int i;

	check_size(t);
	if (t->kind == PER_INSIDE)
		check_type(t->field->type, depth);
	if (depth == PER_DEPTH_MAX || t->kind < PER_CHOICE)
		return;
	if (t->kind == PER_CHOICE && !t->fields)
		return;
	if (t->kind == PER_SEQUENCE_OF)
		assert_int_equal(t->fields, 1);
	else
		assert_in_range(t->count, 0, t->fields);
	if (t->kind == PER_SEQUENCE) {
		assert_int_equal(t->width, optional_fields(t));
		assert_in_range(t->width, 0, 31);
	}
	for (i = 0; i < t->fields; i++) {
		/* Additions are in order, and those of the root no numbers. */
		if (t->kind != PER_SEQUENCE_OF && i < t->count)
			assert_int_equal(t->field[i].number, 0);
		else if (t->kind != PER_SEQUENCE_OF && i > t->count)
			assert_true(t->field[i].number >
				    t->field[i - 1].number);
		check_type(t->field[i].type, depth + 1);
		if (t->field[i].type->kind == PER_IPV4 ||
		    t->field[i].type->kind == PER_IPV6) {
			assert_int_equal(t->kind, PER_SEQUENCE);
			assert_in_range(i, 0, t->count - 2u);
			assert_int_equal(t->field[i + 1].type->kind, PER_PORT);
			assert_false(t->field[i + 1].optional);
		}
	}
}

static void test_tables(void **state)
{
	(void)state;
	check_type(h225_ras_message.type, 9);
	check_type(h225_user_information.type, 9);
	check_type(h245_message.type, 4);
	check_type(h245_open_logical_channel.type, 4);
}

/* Reading a long message takes no more steps than one of 4 KiB. */
static void test_steps(void **state)
{
	static const uint8_t data[8192];
	struct h323_reader r;

	(void)state;
	h323_begin(&r, H323_PROTOCOL_RAS, data, 4095, sizeof(data));
	assert_int_equal(r.per.steps, 4095 * PER_STEPS);
	h323_begin(&r, H323_PROTOCOL_RAS, data, sizeof(data), sizeof(data));
	assert_int_equal(r.per.steps, H323_STEPS_MAX);
}

static void test_texts(void **state)
{
	int i;

	(void)state;
	for (i = PER_FACT; i <= PER_TOO_LONG + 1; i++)
		assert_non_null(h323_error_text((enum per_result)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_q931),
		cmocka_unit_test(test_type),
		cmocka_unit_test(test_tpkt),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
