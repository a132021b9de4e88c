// SPDX-License-Identifier: GPL-2.0-only
/*
 * pom_decode() and pom_encode(): each encoding, both ways, and what it refuses.
 * pom_splice(): several fields, compared with a naive model.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "exact.h"
#include "lib/encoding.h"

/* In memory of just its length, so that the sanitizer sees an overrun. */
static size_t decode(enum pom_encoding encoding, const void *data, size_t len,
		     struct pom_endpoint *to)
{
	uint8_t *copy = exact_copy(data, len);
	size_t n;

	n = pom_decode(encoding, copy, len, to);
	free(copy);
	assert_true(n <= len);
	return n;
}

static size_t encode(enum pom_encoding encoding,
		     const struct pom_endpoint *from, uint8_t *to)
{
	uint8_t *exact = malloc(POM_ENCODING_MAX);
	size_t n;

	assert_non_null(exact);
	n = pom_encode(encoding, from, exact);
	assert_in_range(n, 1, POM_ENCODING_MAX);
	memcpy(to, exact, n);
	free(exact);
	return n;
}

struct sample {
	enum pom_encoding encoding;
	const char *addr;	/* NULL where the encoding has none */
	uint16_t port;
	const char *bytes;
	size_t len;
};

#define SAMPLE(encoding, addr, port, bytes) \
	{ encoding, addr, port, bytes, sizeof(bytes) - 1 }

static const struct sample samples[] = {
	SAMPLE(POM_PORT_DECIMAL, NULL, 0, "0"),
	SAMPLE(POM_PORT_DECIMAL, NULL, 9, "9"),
	SAMPLE(POM_PORT_DECIMAL, NULL, 10, "10"),
	SAMPLE(POM_PORT_DECIMAL, NULL, 65535, "65535"),
	SAMPLE(POM_PORT_BE16, NULL, 0x1234, "\x12\x34"),
	SAMPLE(POM_PORT_BE16, NULL, 0xffff, "\xff\xff"),
	SAMPLE(POM_IPV4_DECIMAL, "0.0.0.0", 0, "0"),
	SAMPLE(POM_IPV4_DECIMAL, "192.0.2.1", 0, "3221225985"),
	SAMPLE(POM_IPV4_DECIMAL, "255.255.255.255", 0, "4294967295"),
	SAMPLE(POM_IPV4_COMMAS, "192.0.2.1", 0, "192,0,2,1"),
	SAMPLE(POM_IPV4_COMMAS, "255.255.255.255", 0, "255,255,255,255"),
	SAMPLE(POM_IPV4_TEXT, "192.0.2.1", 0, "192.0.2.1"),
	SAMPLE(POM_IPV4_TEXT, "255.255.255.255", 0, "255.255.255.255"),
	SAMPLE(POM_SOCKADDR_IN, "192.0.2.1", 518,
	       "\0\2\2\6\300\0\2\1\0\0\0\0\0\0\0\0"),
	SAMPLE(POM_IPV6_TEXT, "2001:db8::1", 0, "2001:db8::1"),
	SAMPLE(POM_IPV6_TEXT, "::", 0, "::"),
	SAMPLE(POM_IPV6_TEXT, "::ffff:255.255.255.255", 0,
	       "::ffff:255.255.255.255"),
	SAMPLE(POM_IPV6_TEXT,
	       "2001:db8:1111:2222:3333:4444:5555:6666", 0,
	       "2001:db8:1111:2222:3333:4444:5555:6666"),
};

#define SAMPLES	(sizeof(samples) / sizeof(samples[0]))

static void endpoint_of(const struct sample *s, struct pom_endpoint *e)
{
	memset(e, 0, sizeof(*e));
	e->port = s->port;
	if (s->addr)
		assert_int_equal(inet_pton(strchr(s->addr, ':') ? AF_INET6 :
					   AF_INET, s->addr, e->addr), 1);
}

static void test_samples(void **state)
{
	uint8_t bytes[POM_ENCODING_MAX + 8];
	struct pom_endpoint want, got;
	size_t i, cut;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];

		endpoint_of(s, &want);
		assert_int_equal(encode(s->encoding, &want, bytes), s->len);
		assert_memory_equal(bytes, s->bytes, s->len);

		memset(&got, 0, sizeof(got));
		assert_int_equal(decode(s->encoding, s->bytes, s->len, &got),
				 s->len);
		assert_memory_equal(&got, &want, sizeof(want));

		/* What follows is not read, and no beginning overruns. */
		memcpy(bytes + s->len, " x", 2);
		assert_int_equal(decode(s->encoding, bytes, s->len + 2, &got),
				 s->len);
		for (cut = 0; cut < s->len; cut++)
			decode(s->encoding, s->bytes, cut, &got);
	}
}

/* What an encoding does not contain stays as it was. */
static void test_other_half(void **state)
{
	struct pom_endpoint e = { { 1, 2, 3, 4 }, 7 };

	(void)state;
	assert_int_equal(decode(POM_PORT_DECIMAL, "80", 2, &e), 2);
	assert_int_equal(e.addr[0], 1);
	assert_int_equal(decode(POM_IPV4_COMMAS, "9,9,9,9", 7, &e), 7);
	assert_int_equal(e.port, 80);
}

static void test_refused(void **state)
{
	static const struct sample refused[] = {
		SAMPLE(POM_PORT_DECIMAL, NULL, 0, ""),
		SAMPLE(POM_PORT_DECIMAL, NULL, 0, "65536"),
		SAMPLE(POM_PORT_DECIMAL, NULL, 0, "99999999999999999999999"),
		SAMPLE(POM_PORT_DECIMAL, NULL, 0, "080"),
		SAMPLE(POM_PORT_DECIMAL, NULL, 0, "+80"),
		SAMPLE(POM_PORT_DECIMAL, NULL, 0, "-80"),
		SAMPLE(POM_PORT_DECIMAL, NULL, 0, " 80"),
		SAMPLE(POM_PORT_DECIMAL, NULL, 0, "/"),
		SAMPLE(POM_PORT_DECIMAL, NULL, 0, ":"),
		SAMPLE(POM_PORT_BE16, NULL, 0, "\1"),
		SAMPLE(POM_IPV4_DECIMAL, NULL, 0, "4294967296"),
		SAMPLE(POM_IPV4_DECIMAL, NULL, 0, "x"),
		SAMPLE(POM_IPV4_COMMAS, NULL, 0, "1,2,3"),
		SAMPLE(POM_IPV4_COMMAS, NULL, 0, "1,2,3,"),
		SAMPLE(POM_IPV4_COMMAS, NULL, 0, "1,2,3,256"),
		SAMPLE(POM_IPV4_COMMAS, NULL, 0, "1.2.3.4"),
		SAMPLE(POM_IPV4_COMMAS, NULL, 0, "01,2,3,4"),
		SAMPLE(POM_SOCKADDR_IN, NULL, 0, "\0\2\2\6\300\0\2\1"),
		SAMPLE(POM_SOCKADDR_IN, NULL, 0,
		       "\0\12\2\6\300\0\2\1\0\0\0\0\0\0\0\0"),
		SAMPLE(POM_SOCKADDR_IN, NULL, 0,
		       "\2\0\2\6\300\0\2\1\0\0\0\0\0\0\0\0"),
		SAMPLE(POM_IPV6_TEXT, NULL, 0, ""),
		SAMPLE(POM_IPV6_TEXT, NULL, 0, "2001:db8:1"),
		SAMPLE(POM_IPV6_TEXT, NULL, 0, ":::"),
		SAMPLE(POM_IPV6_TEXT, NULL, 0, "1::2::3"),
		SAMPLE(POM_IPV6_TEXT, NULL, 0,
		       "1111111111111111111111111111111111111111111111"),
	};
	struct pom_endpoint e, before;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		memset(&e, 0x5a, sizeof(e));
		before = e;
		assert_int_equal(decode(refused[i].encoding, refused[i].bytes,
					refused[i].len, &e), 0);
		assert_memory_equal(&e, &before, sizeof(e));
	}
}

/* Any address and port, both ways. */
static void test_round_trip(void **state)
{
	static const enum pom_encoding both[] = {
		POM_PORT_DECIMAL, POM_PORT_BE16, POM_IPV4_DECIMAL,
		POM_IPV4_COMMAS, POM_IPV4_TEXT, POM_SOCKADDR_IN,
		POM_IPV6_TEXT,
	};
	uint8_t bytes[POM_ENCODING_MAX];
	struct pom_endpoint e, got;
	size_t i, j, n;
	int round;

	(void)state;
	srandom(1);
	for (round = 0; round < 20000; round++) {
		for (i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
			memset(&e, 0, sizeof(e));
			if (both[i] != POM_PORT_DECIMAL &&
			    both[i] != POM_PORT_BE16)
				for (j = 0; j < (both[i] == POM_IPV6_TEXT ?
						 16U : 4U); j++)
					e.addr[j] =
						(uint8_t)(random() & random());
			if (both[i] == POM_PORT_DECIMAL ||
			    both[i] == POM_PORT_BE16 ||
			    both[i] == POM_SOCKADDR_IN)
				e.port = (uint16_t)random();
			n = encode(both[i], &e, bytes);
			memset(&got, 0, sizeof(got));
			assert_int_equal(decode(both[i], bytes, n, &got), n);
			assert_memory_equal(&got, &e, sizeof(e));
		}
	}
}

static void test_unknown(void **state)
{
	struct pom_endpoint e = { { 0 }, 0 };
	uint8_t bytes[POM_ENCODING_MAX] = { 0 };

	(void)state;
	assert_int_equal(pom_decode((enum pom_encoding)99, bytes, 0, &e), 0);
	assert_int_equal(pom_encode((enum pom_encoding)99, &e, bytes), 0);
}

static size_t splice(const void *data, size_t len,
		     const struct pom_field *field, size_t n, uint8_t *to,
		     size_t size)
{
	uint8_t *copy = exact_copy(data, len), *exact = malloc(size);
	size_t got;

	got = pom_splice(copy, len, field, n, exact, size);
	assert_true(got <= size);
	if (got)
		memcpy(to, exact, got);
	free(copy);
	free(exact);
	return got;
}

static void test_splice(void **state)
{
	static const char line[] = "CONNECT DATA 10000 MESG 10001";
	struct pom_field field[] = {
		{ 13, 5, POM_PORT_DECIMAL, { { 0 }, 999 } },
		{ 24, 5, POM_PORT_DECIMAL, { { 0 }, 65535 } },
	};
	uint8_t got[64];
	size_t len = sizeof(line) - 1;

	(void)state;
	assert_int_equal(splice(line, len, field, 2, got, 64), 14);
	assert_memory_equal(got, "999 MESG 65535", 14);
	assert_int_equal(splice(line, len, field, 1, got, 3), 3);
	assert_memory_equal(got, "999", 3);

	/* Exactly enough space, and every smaller one. */
	assert_int_equal(splice(line, len, field, 2, got, 14), 14);
	for (size_t size = 0; size < 14; size++)
		assert_int_equal(splice(line, len, field, 2, got, size), 0);

	/* Fields that overlap, touch, or leave the data. */
	field[1].off = 17;
	assert_int_equal(splice(line, len, field, 2, got, 64), 0);
	field[1].off = 18;
	assert_int_equal(splice(line, len, field, 2, got, 64), 8);
	assert_memory_equal(got, "99965535", 8);
	field[1].off = 25;
	assert_int_equal(splice(line, len, field, 2, got, 64), 0);
	field[1].off = 30;
	assert_int_equal(splice(line, len, field, 2, got, 64), 0);
}

/* The whole payload is written, then the part is cut out of it. */
static size_t model_splice(const uint8_t *data, size_t len,
			   const struct pom_field *field, size_t n,
			   uint8_t *to, size_t size)
{
	uint8_t whole[512], *end = whole;
	size_t at = 0, i;

	for (i = 0; i < n; i++) {
		if (field[i].off < at || field[i].off + field[i].len > len)
			return 0;
		memcpy(end, data + at, field[i].off - at);
		end += field[i].off - at;
		end += pom_encode(field[i].encoding, &field[i].to, end);
		at = field[i].off + field[i].len;
	}
	i = (size_t)(end - whole) - field[0].off;
	if (i > size)
		return 0;
	memcpy(to, whole + field[0].off, i);
	return i;
}

static void test_splice_model(void **state)
{
	struct pom_field field[3];
	uint8_t data[64], want[256], got[256];
	size_t i, sound = 0, n, size, expected;
	int round;

	(void)state;
	srandom(3);
	for (round = 0; round < 100000; round++) {
		memset(field, 0, sizeof(field));
		for (i = 0; i < sizeof(data); i++)
			data[i] = (uint8_t)random();
		n = 1 + (size_t)random() % 3;
		for (i = 0; i < n; i++) {
			field[i].off = i * 20 + (size_t)random() % 24;
			field[i].len = (size_t)random() % 18;
			field[i].encoding = (enum pom_encoding)(random() % 6);
			field[i].to.port = (uint16_t)random();
			field[i].to.addr[random() % 16] = (uint8_t)random();
		}
		size = (size_t)random() % 200;
		expected = model_splice(data, sizeof(data), field, n, want,
					size);
		assert_int_equal(splice(data, sizeof(data), field, n, got,
					size), expected);
		assert_memory_equal(got, want, expected);
		sound += expected > 0;
	}
	assert_in_range(sound, 10000, 90000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_other_half),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_splice),
		cmocka_unit_test(test_splice_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
