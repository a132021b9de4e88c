/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reader of PER (ITU-T X.691, aligned variant), driven by tables. It tells
 * where a message has addresses, and a few of its values, in the order of the
 * message. Everything else is skipped.
 *
 *	per_begin(&p, &message, data, have, len);
 *	while (per_next(&p, &fact) == PER_FACT)
 *		... fact.what ...
 *
 * A message may be cut: the facts before the end of the bytes are returned.
 *
 * Open types and additions of later versions have a length, by which they are
 * skipped unless the tables know them. Strings in parts (16 KiB and more) are
 * not read.
 *
 * Plain C: the modules, the unit tests and the fuzzers share this file.
 */
#ifndef POM_LIB_PER_H
#define POM_LIB_PER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Most structures that contain each other. */
#define PER_DEPTH_MAX	16

/*
 * Most steps of the reader for a byte of the message. A step is a field. Those
 * of a fixed size and unknown additions are none: they are at least a bit long.
 */
#define PER_STEPS	64

/* Longest message, in bytes. */
#define PER_MESSAGE_MAX	65535

enum per_kind {
	PER_NULL,
	PER_BOOLEAN,
	PER_INTEGER,		/* @min to @max */
	PER_ANY_INTEGER,	/* without a highest value */
	PER_ENUMERATED,		/* @max values, which is 0 to @max - 1 */
	PER_BYTES,		/* OCTET STRING, text of 8 bits a character */
	PER_UNITS,		/* BIT STRING or text: @count bits a unit */
	PER_PREFIXED,		/* a length and as many bytes */
	PER_IPV4,		/* OCTET STRING (SIZE (4)); PER_PORT is next */
	PER_IPV6,		/* OCTET STRING (SIZE (16)), in the same way */
	PER_PORT,		/* INTEGER (0..65535) next to an address */
	PER_REST,		/* the rest of the message is not read */
	PER_INSIDE,		/* PER_PREFIXED whose bytes are field[0] */
	/* These have fields: */
	PER_CHOICE,		/* without: all alternatives are PER_NULL */
	PER_SEQUENCE,
	PER_SEQUENCE_OF,	/* @min to @max times field[0] */
};

/* @max of what has no highest value, and of sizes above 65535 */
#define PER_NO_MAX	0xffffffffu

/* Bits that a number from 0 to @span takes, up to a @span of 254. */
#define PER_WIDTH(span)							\
	(((span) > 0) + ((span) > 1) + ((span) > 3) + ((span) > 7) +	\
	 ((span) > 15) + ((span) > 31) + ((span) > 63) + ((span) > 127))

struct per_field;

/**
 * struct per_type - a type of ASN.1
 * @kind: enum per_kind
 * @extensible: newer versions of the protocol may add to it ("...")
 * @count: how many fields the first version has: the extension root; of
 *	PER_UNITS the bits of a unit
 * @fields: how many @field has
 * @width: of a CHOICE: PER_WIDTH(@count - 1); of a SEQUENCE: how many fields of
 *	its root are optional, up to 31
 * @aligned: of a @fixed size: it begins with a byte
 * @fixed: of a type without fields: how many bits it takes, where that is
 *	always the same. Less work than without; 0 is always correct
 * @min: smallest value or size
 * @max: highest value or size
 * @field: those of the root, and behind them the additions that are read
 */
struct per_type {
	uint8_t kind;
	bool extensible;
	uint8_t count;
	uint8_t fields;
	uint8_t width;
	bool aligned;
	uint16_t fixed;
	uint32_t min;
	uint32_t max;
	const struct per_field *field;
};

/**
 * struct per_field - a component of a SEQUENCE, an alternative of a CHOICE
 * @type: its type
 * @what: what an address in it is; 0 as that of the structure around it
 * @optional: a bit is set where it is present
 * @tell: its value is a fact of the kind @what
 * @number: of an addition: its number, from 0
 */
struct per_field {
	const struct per_type *type;
	uint8_t what;
	bool optional;
	bool tell;
	uint8_t number;
};

/* Types without a parameter. */
extern const struct per_type per_null;
extern const struct per_type per_boolean;
extern const struct per_type per_any_integer;
extern const struct per_type per_prefixed;
extern const struct per_type per_ipv4;
extern const struct per_type per_ipv6;
extern const struct per_type per_port;
extern const struct per_type per_rest;

/* What per_next() returns. */
enum per_result {
	PER_FACT,		/* the next one */
	PER_END,		/* of the message */
	PER_CUT,		/* the message is longer than its bytes here */
	PER_MALFORMED,		/* a part of it is longer than the whole */
	PER_TOO_DEEP,		/* PER_DEPTH_MAX */
	PER_TOO_LONG,		/* PER_STEPS, or a part of 16 KiB or more */
};

/**
 * struct per_fact - an address or a value
 * @what: from struct per_field
 * @len: of an address: 4 or 16 bytes; of a value: 0
 * @off: where an address is; two bytes with the port follow it
 * @port: of an address, host byte order
 * @value: an integer, or the number of an alternative
 */
struct per_fact {
	uint8_t what;
	uint8_t len;
	uint16_t off;
	uint16_t port;
	uint32_t value;
};

/**
 * struct per_level - a structure that is being read
 * @type: of a sequence
 * @next: the next field of the root or addition; of a list: its elements
 * @behind: of a sequence: behind the last field that can be @next
 * @end: bit behind the last one that it may have
 * @resume: bit where the structure around it continues; 0 for behind this one
 * @present: of a sequence: the bits of its optional fields that follow, or of
 *	its additions, from the highest bit on
 * @bitmap: of additions: where their bits are
 * @n: elements that follow; additions
 * @seen: bits of additions that were read
 * @at: number of the addition that the highest bit of @present is of
 * @list: PER_SEQUENCE_OF
 * @extended: of a sequence: it has additions
 * @additions: of a sequence: they are being read
 * @what: of the addresses in it
 */
struct per_level {
	const struct per_type *type;
	const struct per_field *next;
	const struct per_field *behind;
	uint32_t end;
	uint32_t resume;
	uint32_t present;
	uint32_t bitmap;
	uint16_t n;
	uint16_t seen;
	uint16_t at;
	bool list;
	bool extended;
	bool additions;
	uint8_t what;
};

/**
 * struct per_reader - a message that is being read. Not to be copied
 * @data: its bytes; may be moved between two calls of per_next()
 * @have: how many bits are at @data
 * @end: bits of the message
 * @at: next bit
 * @steps: how many are left
 * @result: why reading has stopped; PER_FACT before
 * @told: @fact is the next result
 * @cuts_address: the end of the bytes is in an address or its port
 * @fact: what was found last
 * @top: the last one of @level that is in use
 * @level: the structures around the next bit, and one around the message
 */
struct per_reader {
	const uint8_t *data;
	uint32_t have;
	uint32_t end;
	uint32_t at;
	uint32_t steps;
	uint8_t result;
	bool told;
	bool cuts_address;
	struct per_fact fact;
	struct per_level *top;
	struct per_level level[PER_DEPTH_MAX + 1];
};

/**
 * per_begin() - begin to read a message
 * @p: not initialised
 * @root: what it is
 * @data: its bytes
 * @have: how many there are
 * @len: bytes of the whole message, @have or more
 */
void per_begin(struct per_reader *p, const struct per_field *root,
	       const uint8_t *data, size_t have, size_t len);

/**
 * per_next() - the next address or value
 * @p: from per_begin()
 * @fact: what was found, if the result is PER_FACT
 *
 * Any context. After another result there are no more.
 */
enum per_result per_next(struct per_reader *p, struct per_fact *fact);

#endif
