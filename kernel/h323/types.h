/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notation for the tables of h225_types.c and h245_types.c. It follows the
 * ASN.1 of the recommendations:
 *
 *	SEQUENCE(N, O, ...)		N components of the extension root, O of
 *					them optional; behind them additions
 *	CHOICE(N, ...)			the same of alternatives
 *	..._EXT				has "..."
 *	REQ, OPT(TYPE)			a component, an optional one; also an
 *					alternative of a CHOICE
 *	ADD(N, TYPE)			addition number N behind "...", from 0
 *	..._AS(TYPE, WHAT)		addresses in it are facts of this kind
 *	..._TELL(TYPE, WHAT)		its value is a fact of this kind
 *	LIST(TYPE)			SEQUENCE OF or SET OF, of any size
 *	CONTAINED(FIELD)		OCTET STRING that contains it
 *	PREFIXED			a length and bytes: OCTET STRING,
 *					OBJECT IDENTIFIER and others
 *	NULLS(N)			CHOICE of N alternatives NULL
 *	TEXT4, TEXT16(MIN, MAX)		characters of 4 or 16 bits
 *
 * Additions that have no address and no value to tell are left out: they are
 * skipped by their length.
 */
#ifndef POM_H323_TYPES_H
#define POM_H323_TYPES_H

#include "h323/messages.h"
#include "lib/per.h"

#define NO_MAX	PER_NO_MAX

/* Fields of all macros below. */
#define FIELDS(...) \
	.fields = sizeof((const struct per_field[]) { __VA_ARGS__ }) / \
		  sizeof(struct per_field), \
	.field = (const struct per_field[]) { __VA_ARGS__ }

#define SEQUENCE(n, o, ...) \
	{ .kind = PER_SEQUENCE, .count = (n), .width = (o), \
	  FIELDS(__VA_ARGS__) }
#define SEQUENCE_EXT(n, o, ...) \
	{ .kind = PER_SEQUENCE, .extensible = true, .count = (n), \
	  .width = (o), FIELDS(__VA_ARGS__) }
#define CHOICE(n, ...) \
	{ .kind = PER_CHOICE, .count = (n), .width = PER_WIDTH((n) - 1), \
	  FIELDS(__VA_ARGS__) }
#define CHOICE_EXT(n, ...) \
	{ .kind = PER_CHOICE, .extensible = true, .count = (n), \
	  .width = PER_WIDTH((n) - 1), FIELDS(__VA_ARGS__) }

#define REQ(t)			{ .type = &(t) }
#define REQ_AS(t, w)		{ .type = &(t), .what = (w) }
#define REQ_TELL(t, w)		{ .type = &(t), .what = (w), .tell = true }
#define OPT(t)			{ .type = &(t), .optional = true }
#define OPT_AS(t, w)		{ .type = &(t), .what = (w), .optional = true }
#define ADD(n, t)		{ .type = &(t), .number = (n) }
#define ADD_AS(n, t, w)		{ .type = &(t), .number = (n), .what = (w) }
#define ADD_TELL(n, t, w) \
	{ .type = &(t), .number = (n), .what = (w), .tell = true }

/* Types without a name. */
#define TYPE(...)		((const struct per_type) { __VA_ARGS__ })

/* Numbers of up to two bytes, and strings of one length, have a fixed size. */
#define NUMBER_BITS(span) \
	((span) < 255 ? PER_WIDTH(span) : (span) == 255 ? 8 : \
	 (span) <= 65535 ? 16 : 0)
#define INTEGER(lo, hi) \
	TYPE(.kind = PER_INTEGER, .min = lo, .max = hi, \
	     .fixed = NUMBER_BITS((hi) - (lo)), .aligned = (hi) - (lo) >= 255)
#define INTEGER_EXT(lo, hi) \
	TYPE(.kind = PER_INTEGER, .min = lo, .max = hi, .extensible = true)
#define ENUMERATED_EXT(n) \
	TYPE(.kind = PER_ENUMERATED, .max = n, .extensible = true)
#define BYTES(lo, hi) \
	TYPE(.kind = PER_BYTES, .min = lo, .max = hi, \
	     .fixed = (lo) == (hi) ? 8 * (hi) : 0, .aligned = (hi) > 2)
#define UNITS(bits, lo, hi) \
	TYPE(.kind = PER_UNITS, .count = bits, .min = lo, .max = hi)
#define BITS(lo, hi)		UNITS(1, lo, hi)
#define TEXT4(lo, hi)		UNITS(4, lo, hi)
#define TEXT16(lo, hi)		UNITS(16, lo, hi)
#define NULLS(n) \
	TYPE(.kind = PER_CHOICE, .count = n, .width = PER_WIDTH((n) - 1))
#define NULLS_EXT(n) \
	TYPE(.kind = PER_CHOICE, .count = n, .width = PER_WIDTH((n) - 1), \
	     .extensible = true)
#define SEQUENCE_OF(lo, hi, t) \
	TYPE(.kind = PER_SEQUENCE_OF, .min = lo, .max = hi, FIELDS(REQ(t)))
#define LIST(t)			SEQUENCE_OF(0, NO_MAX, t)
#define CONTAINED(f)		TYPE(.kind = PER_INSIDE, .field = &(f))

#define NOTHING			per_null
#define BOOLEAN			per_boolean
#define ANY_INTEGER		per_any_integer
#define PREFIXED		per_prefixed
#define IPV4			per_ipv4
#define IPV6			per_ipv6
#define PORT			per_port
#define REST			per_rest

#endif
