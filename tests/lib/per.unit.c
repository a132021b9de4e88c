// SPDX-License-Identifier: GPL-2.0-only
/*
 * per_next(): each kind of type, limits, messages that are cut, a naive model.
 * tests/h323/messages.unit.c has the messages of a protocol.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exact.h"
#include "per.model.h"

#define FACTS	16

/* What the types below tell. */
enum { VALUE = 1, PLACE, INNER };

#define TYPE(...)	(&(const struct per_type) { __VA_ARGS__ })
#define FIELDS(...)							\
	.fields = sizeof((const struct per_field[]) { __VA_ARGS__ }) /	\
		  sizeof(struct per_field),				\
	.field = (const struct per_field[]) { __VA_ARGS__ }
#define TELL(...)	\
	{ .type = TYPE(__VA_ARGS__), .what = VALUE, .tell = true }
#define SKIP(...)	{ .type = TYPE(__VA_ARGS__) }

/* The types under test end with this, so that its place is checked. */
#define END_MARK	TELL(.kind = PER_INTEGER, .max = 255)
#define MARK		0x5a

struct result {
	enum per_result result;
	bool cuts_address;
	size_t n;
	struct per_fact fact[FACTS];
};

/* In memory of just its length; the naive model must agree. */
static struct result read_cut(const struct per_field *root, const void *data,
			      size_t have, size_t len)
{
	uint8_t *copy = exact_copy(data, have);
	const struct model *m = model_read(root, copy, have, len);
	struct result r = { .n = 0 };
	struct per_reader p;
	struct per_fact fact;

	per_begin(&p, root, copy, have, len);
	while ((r.result = per_next(&p, &fact)) == PER_FACT) {
		assert_in_range(r.n, 0, FACTS - 1);
		assert_true(r.n < m->n && model_same(&fact, &m->fact[r.n]));
		r.fact[r.n++] = fact;
	}
	r.cuts_address = p.cuts_address;
	assert_true(model_agrees(m, r.result, r.n));
	/* It stays so. */
	assert_int_equal(per_next(&p, &fact), r.result);
	free(copy);
	return r;
}

/* Each beginning of a message tells a beginning of its facts. */
static struct result read_whole(const struct per_field *root, const void *data,
				size_t len)
{
	struct result r = read_cut(root, data, len, len), cut;
	size_t n;

	for (n = 0; n < len; n++) {
		cut = read_cut(root, data, n, len);
		assert_in_range(cut.n, 0, r.n);
		assert_memory_equal(cut.fact, r.fact,
				    cut.n * sizeof(*cut.fact));
	}
	return r;
}

#define READ(root, text)	read_whole(root, text, sizeof(text) - 1)

/* A SEQUENCE of what is under test and END_MARK. */
static void expect_values(const struct per_field *root, const void *data,
			  size_t len, size_t n, const uint32_t *value)
{
	struct result r = read_whole(root, data, len);
	size_t i;

	assert_int_equal(r.result, PER_END);
	assert_int_equal(r.n, n);
	for (i = 0; i < n; i++)
		assert_int_equal(r.fact[i].value, value[i]);
}

#define VALUES(root, text, ...)						\
	expect_values(root, text, sizeof(text) - 1,			\
		      sizeof((uint32_t[]) { __VA_ARGS__ }) / 4,		\
		      (uint32_t[]) { __VA_ARGS__ })

#define SEQUENCE(...)							\
	{ .type = TYPE(.kind = PER_SEQUENCE,				\
		       .count = sizeof((const struct per_field[])	\
				       { __VA_ARGS__ }) /		\
				sizeof(struct per_field),		\
		       FIELDS(__VA_ARGS__)) }

static const struct per_field integer_one =
	SEQUENCE(TELL(.kind = PER_INTEGER, .min = 7, .max = 7), END_MARK);
static const struct per_field integer_bits =
	SEQUENCE(TELL(.kind = PER_INTEGER, .min = 1, .max = 4), END_MARK);
static const struct per_field integer_byte =
	SEQUENCE(SKIP(.kind = PER_BOOLEAN),
		 TELL(.kind = PER_INTEGER, .min = 1, .max = 256), END_MARK);
static const struct per_field integer_word =
	SEQUENCE(SKIP(.kind = PER_BOOLEAN),
		 TELL(.kind = PER_INTEGER, .max = 65535), END_MARK);
static const struct per_field integer_large =
	SEQUENCE(TELL(.kind = PER_INTEGER, .min = 1, .max = 0xffffffff),
		 END_MARK);
static const struct per_field integer_three =
	SEQUENCE(TELL(.kind = PER_INTEGER, .max = 16777215), END_MARK);
static const struct per_field integer_any =
	SEQUENCE(TELL(.kind = PER_ANY_INTEGER), END_MARK);
static const struct per_field integer_more =
	SEQUENCE(TELL(.kind = PER_INTEGER, .max = 7, .extensible = true),
		 END_MARK);

static void test_integers(void **state)
{
	(void)state;
	VALUES(&integer_one, "\x5a", 7, MARK);
	VALUES(&integer_bits, "\x80\x5a", 3, MARK);
	VALUES(&integer_byte, "\x80\xff\x5a", 256, MARK);
	VALUES(&integer_word, "\x80\x12\x34\x5a", 0x1234, MARK);
	VALUES(&integer_large, "\x00\x07\x5a", 8, MARK);
	VALUES(&integer_large, "\xc0\xff\xff\xff\xfe\x5a", 0xffffffff, MARK);
	VALUES(&integer_three, "\x80\x01\x00\x00\x5a", 65536, MARK);
	VALUES(&integer_any, "\x02\x01\x00\x5a", 256, MARK);
	VALUES(&integer_any, "\x05\x01\x00\x00\x00\x00\x5a", PER_NO_MAX, MARK);
	VALUES(&integer_more, "\x50\x5a", 5, MARK);
	VALUES(&integer_more, "\x80\x02\x01\x00\x5a", 256, MARK);
}

static const struct per_field simple_nothing =
	SEQUENCE(SKIP(.kind = PER_NULL), END_MARK);
static const struct per_field simple_boolean =
	SEQUENCE(TELL(.kind = PER_BOOLEAN), END_MARK);
static const struct per_field simple_enumerated =
	SEQUENCE(TELL(.kind = PER_ENUMERATED, .max = 3, .extensible = true),
		 END_MARK);
static const struct per_field simple_prefixed =
	SEQUENCE(SKIP(.kind = PER_PREFIXED), END_MARK);
static const struct per_field simple_rest =
	SEQUENCE(END_MARK, SKIP(.kind = PER_REST));

static void test_others(void **state)
{
	(void)state;
	VALUES(&simple_nothing, "\x5a", MARK);
	VALUES(&simple_boolean, "\x80\x5a", 1, MARK);
	VALUES(&simple_enumerated, "\x40\x5a", 2, MARK);
	VALUES(&simple_enumerated, "\x82\x5a", 5, MARK);
	VALUES(&simple_enumerated, "\xc0\x01\x40\x5a", 67, MARK);
	VALUES(&simple_prefixed, "\x02\x33\x33\x5a", MARK);
	VALUES(&simple_rest, "\x5a\x33", MARK);
	assert_int_equal(read_cut(&simple_rest, "\x5a", 1, 9).result, PER_END);
}

static const struct per_field string_two =
	SEQUENCE(SKIP(.kind = PER_BOOLEAN),
		 SKIP(.kind = PER_BYTES, .min = 2, .max = 2),
		 TELL(.kind = PER_INTEGER, .max = 127));
static const struct per_field string_three =
	SEQUENCE(SKIP(.kind = PER_BOOLEAN),
		 SKIP(.kind = PER_BYTES, .min = 3, .max = 3), END_MARK);
static const struct per_field string_some =
	SEQUENCE(SKIP(.kind = PER_BYTES, .min = 1, .max = 20), END_MARK);
static const struct per_field string_many =
	SEQUENCE(SKIP(.kind = PER_BYTES, .max = PER_NO_MAX), END_MARK);
static const struct per_field string_digits =
	SEQUENCE(SKIP(.kind = PER_UNITS, .count = 4, .min = 1, .max = 128),
		 END_MARK);
static const struct per_field string_bits =
	SEQUENCE(SKIP(.kind = PER_UNITS, .count = 1, .max = PER_NO_MAX),
		 END_MARK);

static void test_strings(void **state)
{
	char text[1 + 2 + 300];

	(void)state;
	VALUES(&string_two, "\x80\x00\x2a", 42);
	VALUES(&string_three, "\x80\x01\x02\x03\x5a", MARK);
	VALUES(&string_some, "\x10\x01\x02\x03\x5a", MARK);
	VALUES(&string_many, "\x00\x5a", MARK);
	VALUES(&string_digits, "\x04\x12\x30\x5a", MARK);
	VALUES(&string_bits, "\x09\xff\x80\x5a", MARK);
	/* A length of two bytes. */
	memset(text, 0, sizeof(text));
	memcpy(text, "\x81\x2c", 2);
	text[sizeof(text) - 1] = MARK;
	expect_values(&string_many, text, sizeof(text), 1,
		      (uint32_t[]) { MARK });
}

static const struct per_field inner_mark = END_MARK;

static const struct per_type structure_mark = {
	.kind = PER_SEQUENCE,
	.count = 1,
	FIELDS(END_MARK),
};
static const struct per_field structure_choice =
	SEQUENCE(TELL(.kind = PER_CHOICE, .extensible = true, .count = 3,
		      .width = 2,
		      FIELDS({ .type = &structure_mark },
			     SKIP(.kind = PER_NULL),
			     SKIP(.kind = PER_BOOLEAN),
			     { .type = &structure_mark, .number = 1 },
			     { .type = &structure_mark, .number = 4 })),
		 END_MARK);
static const struct per_field structure_nulls =
	SEQUENCE(TELL(.kind = PER_CHOICE, .count = 3, .width = 2), END_MARK);
static const struct per_field structure_more_nulls =
	SEQUENCE(TELL(.kind = PER_CHOICE, .extensible = true, .count = 3,
		      .width = 2),
		 END_MARK);
static const struct per_field structure_list =
	SEQUENCE(SKIP(.kind = PER_SEQUENCE_OF, .max = PER_NO_MAX,
		      FIELDS(END_MARK)),
		 END_MARK);
static const struct per_field structure_inside =
	SEQUENCE(SKIP(.kind = PER_INSIDE, .field = &inner_mark), END_MARK);

static void test_structures(void **state)
{
	(void)state;
	VALUES(&structure_choice, "\x00\x33\x5a", 0, 0x33, MARK);
	VALUES(&structure_choice, "\x20\x5a", 1, MARK);
	assert_int_equal(READ(&structure_choice, "\x60\x5a").result,
			 PER_MALFORMED);
	/* Known alternatives of a later version, with bytes behind them. */
	VALUES(&structure_choice, "\x81\x02\x33\x44\x5a", 4, 0x33, MARK);
	VALUES(&structure_choice, "\x84\x02\x33\x44\x5a", 7, 0x33, MARK);
	VALUES(&structure_choice, "\x82\x02\x33\x44\x5a", 5, MARK);
	VALUES(&structure_nulls, "\x80\x5a", 2, MARK);
	assert_int_equal(READ(&structure_nulls, "\xc0\x5a").result,
			 PER_MALFORMED);
	/* An unknown alternative where none has a field. */
	VALUES(&structure_more_nulls, "\x80\x01\x33\x5a", 3, MARK);
	VALUES(&structure_list, "\x02\x11\x22\x5a", 0x11, 0x22, MARK);
	VALUES(&structure_inside, "\x03\x11\x22\x33\x5a", 0x11, MARK);
	assert_int_equal(READ(&structure_inside, "\x04\x11\x22\x33").result,
			 PER_MALFORMED);
}

#define OPTIONAL(...)							\
	{ .type = TYPE(__VA_ARGS__), .what = VALUE, .tell = true,	\
	  .optional = true }

static const struct per_field sequence = {
	.type = TYPE(.kind = PER_SEQUENCE, .extensible = true,
		     .count = 3, .width = 2,
		     FIELDS(OPTIONAL(.kind = PER_INTEGER, .max = 255),
			    END_MARK,
			    OPTIONAL(.kind = PER_INTEGER, .max = 255),
			    { .type = TYPE(.kind = PER_INTEGER,
					   .max = 255),
			      .what = VALUE, .tell = true,
			      .number = 1 })),
};

/* Fields of a fixed size, in the first bit of a byte and not. */
#define FIXED_WORD							\
	.kind = PER_INTEGER, .max = 65535, .fixed = 16, .aligned = true
#define FIXED_BITS	.kind = PER_INTEGER, .max = 7, .fixed = 3
#define FIXED_BYTES							\
	.kind = PER_BYTES, .min = 3, .max = 3, .fixed = 24, .aligned = true

static const struct per_field fixed = {
	.type = TYPE(.kind = PER_SEQUENCE, .count = 6, .width = 2,
		     FIELDS({ .type = TYPE(FIXED_WORD), .optional = true },
			    SKIP(FIXED_BITS), SKIP(FIXED_BYTES),
			    { .type = TYPE(FIXED_BITS), .optional = true },
			    TELL(FIXED_BITS), SKIP(FIXED_WORD))),
};

static void test_fixed(void **state)
{
	struct result r;
	size_t n;

	(void)state;
	VALUES(&fixed, "\x00\x11\x22\x33\xa0\x12\x34", 5);
	VALUES(&fixed, "\xc0\x12\x34\x00\x11\x22\x33\x14\x12\x34", 5);
	assert_int_equal(READ(&fixed, "\x00\x11\x22\x33\xa0\x12").result,
			 PER_MALFORMED);
	assert_int_equal(READ(&fixed, "\x00\x11\x22").result, PER_MALFORMED);
	/* A string may be behind the end of the bytes, a number may not. */
	for (n = 0; n < 7; n++) {
		r = read_cut(&fixed, "\x00\x11\x22\x33\xa0\x12\x34", n, 7);
		assert_int_equal(r.result, PER_CUT);
		assert_int_equal(r.n, n > 4);
	}
}

/* Additions 1, 33 and 69. */
static const struct per_field far_additions = {
	.type = TYPE(.kind = PER_SEQUENCE, .extensible = true, .count = 0,
		     FIELDS({ .type = TYPE(.kind = PER_INTEGER, .max = 255),
			      .what = VALUE, .tell = true, .number = 1 },
			    { .type = TYPE(.kind = PER_INTEGER, .max = 255),
			      .what = VALUE, .tell = true, .number = 33 },
			    { .type = TYPE(.kind = PER_INTEGER, .max = 255),
			      .what = VALUE, .tell = true, .number = 69 })),
};

static void test_far_additions(void **state)
{
	(void)state;
	/* 35 of them: 1, 2, 33 and 34. */
	VALUES(&far_additions, "\xa2\x60\0\0\0\x60"
	       "\x01\x11\x01\x22\x01\x33\x01\x44", 0x11, 0x33);
	/* 70 of them: 33 and 69. */
	VALUES(&far_additions, "\xc0\x46\0\0\0\0\x40\0\0\0\x04"
	       "\x01\x33\x01\x69", 0x33, 0x69);
}

static void test_sequence(void **state)
{
	(void)state;
	VALUES(&sequence, "\x00\x5a", MARK);
	VALUES(&sequence, "\x20\x5a\x02", MARK, 2);
	VALUES(&sequence, "\x60\x01\x5a\x02", 1, MARK, 2);
	/* Three additions; the second one is known. */
	VALUES(&sequence, "\x80\x5a\x05\xc0\x01\x11\x02\x22\x33\x01\x44",
	       MARK, 0x22);
	/* Over 64 additions: their number is a length. */
	VALUES(&sequence, "\x80\x5a\x80\x41\x40\0\0\0\0\0\0\0\x80"
	       "\x01\x22\x01\x44", MARK, 0x22);
	assert_int_equal(READ(&sequence, "\x80\x5a\x05\xc0\x7f\x11").result,
			 PER_MALFORMED);
	/* Up to 64, it must not be. */
	assert_int_equal(READ(&sequence, "\x80\x5a\x80\x02\xc0\x01\x11"
			      "\x01\x22").result, PER_MALFORMED);
	assert_int_equal(READ(&sequence, "\x80\x5a\x7e").result,
			 PER_MALFORMED);
}

static const struct per_type address_type = {
	.kind = PER_SEQUENCE, .count = 2,
	FIELDS(SKIP(.kind = PER_IPV4), SKIP(.kind = PER_PORT)),
};

#define ADDRESS(place)	{ .type = &address_type, .what = (place) }

static const struct per_type inner_type = {
	.kind = PER_SEQUENCE, .count = 3,
	FIELDS(ADDRESS(INNER), SKIP(.kind = PER_IPV6), SKIP(.kind = PER_PORT)),
};

static const struct per_field addresses =
	SEQUENCE(SKIP(.kind = PER_BOOLEAN), ADDRESS(PLACE),
		 { .type = &inner_type, .what = PLACE });

#define TWO_ADDRESSES	"\x80\xc0\x00\x02\x01\x12\x34" \
			"\xc0\x00\x02\x02\x12\x35"
#define THIRD_ADDRESS	"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x03\x12\x36"

static void test_addresses(void **state)
{
	static const char message[] = TWO_ADDRESSES THIRD_ADDRESS;
	struct result r = READ(&addresses, message);
	size_t n;

	(void)state;
	assert_int_equal(r.result, PER_END);
	assert_int_equal(r.n, 3);
	assert_int_equal(r.fact[0].what, PLACE);
	assert_int_equal(r.fact[0].off, 1);
	assert_int_equal(r.fact[0].len, 4);
	assert_int_equal(r.fact[0].port, 0x1234);
	assert_int_equal(r.fact[1].what, INNER);
	assert_int_equal(r.fact[1].off, 7);
	assert_int_equal(r.fact[2].what, PLACE);
	assert_int_equal(r.fact[2].off, 13);
	assert_int_equal(r.fact[2].len, 16);
	assert_int_equal(r.fact[2].port, 0x1236);
	for (n = 0; n < sizeof(message) - 1; n++) {
		r = read_cut(&addresses, message, n, sizeof(message) - 1);
		assert_int_equal(r.result, PER_CUT);
		assert_int_equal(r.n, (n >= 7) + (n >= 13));
		assert_int_equal(r.cuts_address,
				 n != 0 && n != 1 && n != 7 && n != 13);
	}
}

/* The bytes may move between two facts. */
static void test_move(void **state)
{
	static const char message[] = TWO_ADDRESSES THIRD_ADDRESS;
	uint8_t *copy = exact_copy(message, sizeof(message) - 1);
	struct per_reader p;
	struct per_fact fact;

	(void)state;
	per_begin(&p, &addresses, copy, sizeof(message) - 1,
		  sizeof(message) - 1);
	assert_int_equal(per_next(&p, &fact), PER_FACT);
	p.data = (const uint8_t *)message;
	free(copy);
	assert_int_equal(per_next(&p, &fact), PER_FACT);
	assert_int_equal(fact.port, 0x1235);
}

static const struct per_type nested;
static const struct per_type nested = {
	.kind = PER_SEQUENCE,
	.count = 1,
	.width = 1,
	FIELDS({ .type = &nested, .optional = true }),
};

/* No protocol has such a type. */
static const struct per_type circle;
static const struct per_type circle = {
	.kind = PER_CHOICE,
	.count = 1,
	FIELDS({ .type = &circle }),
};

static const struct per_field limit_deep = { .type = &nested };
static const struct per_field limit_nulls =
	SKIP(.kind = PER_SEQUENCE_OF, .max = 65535,
	     FIELDS(SKIP(.kind = PER_NULL)));
static const struct per_field limit_circle = { .type = &circle };
static const struct per_field limit_prefixed = SKIP(.kind = PER_PREFIXED);
static const struct per_field limit_list =
	SKIP(.kind = PER_SEQUENCE_OF, .min = 65535, .max = 65536,
	     FIELDS(SKIP(.kind = PER_NULL)));
static const struct per_field limit_bytes =
	SKIP(.kind = PER_BYTES, .max = PER_NO_MAX);

/* What follows begins in the last bit of a byte. */
#define SEVEN_BITS	SKIP(.kind = PER_UNITS, .count = 1, .min = 7, .max = 7)

static const struct per_field late_enumerated =
	SEQUENCE(SEVEN_BITS, SKIP(.kind = PER_ENUMERATED, .max = 3,
				  .extensible = true));
static const struct per_field late_choice =
	SEQUENCE(SEVEN_BITS, SKIP(.kind = PER_CHOICE, .extensible = true,
				  .count = 3, .width = 2));
static const struct per_field late_sequence =
	SEQUENCE(SEVEN_BITS, SKIP(.kind = PER_SEQUENCE, .extensible = true,
				  .count = 0));
static const struct per_field late_optional =
	SEQUENCE(SEVEN_BITS, SKIP(.kind = PER_SEQUENCE, .extensible = true,
				  .count = 1, .width = 1,
				  FIELDS(OPTIONAL(.kind = PER_NULL))));
static const struct per_field late_additions =
	SKIP(.kind = PER_SEQUENCE, .extensible = true, .count = 1,
	     FIELDS(SKIP(.kind = PER_UNITS, .count = 1, .min = 6, .max = 6)));

static void test_ends(void **state)
{
	(void)state;
	assert_int_equal(READ(&late_enumerated, "\x01").result, PER_MALFORMED);
	assert_int_equal(READ(&late_choice, "\x00").result, PER_MALFORMED);
	assert_int_equal(READ(&late_choice, "\x01").result, PER_MALFORMED);
	assert_int_equal(READ(&late_choice, "\x01\x00\x00").result, PER_END);
	assert_int_equal(READ(&late_sequence, "\x01").result, PER_MALFORMED);
	assert_int_equal(READ(&late_sequence, "\x00").result, PER_END);
	assert_int_equal(READ(&late_optional, "\x00").result, PER_MALFORMED);
	assert_int_equal(READ(&late_additions, "\x80").result, PER_MALFORMED);
	assert_int_equal(READ(&integer_any, "\x00").result, PER_MALFORMED);
	assert_int_equal(READ(&integer_any, "").result, PER_MALFORMED);
	assert_int_equal(READ(&simple_boolean, "").result, PER_MALFORMED);
	assert_int_equal(READ(&sequence, "").result, PER_MALFORMED);
	assert_int_equal(READ(&addresses, "\x80\xc0").result, PER_MALFORMED);
}

static void test_limits(void **state)
{
	struct per_reader p;
	struct per_fact fact;

	(void)state;
	/* Each set bit opens a level. */
	assert_int_equal(READ(&limit_deep, "\xff\xfe").result, PER_END);
	assert_int_equal(READ(&limit_deep, "\xff\xff\x00").result,
			 PER_TOO_DEEP);
	/* 64 steps a byte. */
	assert_int_equal(READ(&limit_nulls, "\x00\x7f").result, PER_END);
	assert_int_equal(READ(&limit_nulls, "\x01\x00").result, PER_TOO_LONG);
	per_begin(&p, &limit_circle, (const uint8_t *)"", 0, 0);
	assert_int_equal(per_next(&p, &fact), PER_TOO_LONG);
	/* Strings in parts. */
	assert_int_equal(READ(&limit_prefixed, "\xc1").result, PER_TOO_LONG);
	assert_int_equal(READ(&limit_list, "\xc1").result, PER_TOO_LONG);
	assert_int_equal(READ(&limit_bytes, "\x05\x01").result, PER_MALFORMED);
	/* What is longer than the longest message is not read. */
	per_begin(&p, &limit_prefixed, (const uint8_t *)"\x00", 1, 70000);
	assert_int_equal(p.end, PER_MESSAGE_MAX * 8);
	assert_int_equal(per_next(&p, &fact), PER_END);
	per_begin(&p, &limit_prefixed, (const uint8_t *)"\x00\x00", 2, 1);
	assert_int_equal(p.have, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_structures),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_far_additions),
		cmocka_unit_test(test_sequence),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
