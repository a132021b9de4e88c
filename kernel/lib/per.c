// SPDX-License-Identifier: GPL-2.0-only
/* Reads PER by tables, see per.h. */
#include "lib/per.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

const struct per_type per_null = { .kind = PER_NULL };
const struct per_type per_boolean = { .kind = PER_BOOLEAN };
const struct per_type per_any_integer = { .kind = PER_ANY_INTEGER };
const struct per_type per_prefixed = { .kind = PER_PREFIXED };
const struct per_type per_ipv4 = { .kind = PER_IPV4 };
const struct per_type per_ipv6 = { .kind = PER_IPV6 };
const struct per_type per_port = { .kind = PER_PORT };
const struct per_type per_rest = { .kind = PER_REST };

static const struct per_field null_field = { .type = &per_null };
static const struct per_field rest_field = { .type = &per_rest };

/* All functions that return bool return false after this. */
static bool stop(struct per_reader *p, enum per_result why)
{
	p->result = why;
	return false;
}

static void align(struct per_reader *p)
{
	p->at = (p->at + 7) & ~7u;
}

/* Passes over @n bits, which may be behind the bytes that are here. */
static bool skip(struct per_reader *p, uint32_t end, uint32_t n)
{
	if (p->at > end || n > end - p->at)
		return stop(p, PER_MALFORMED);
	p->at += n;
	return true;
}

static uint32_t bits_across(const uint8_t *data, uint32_t at, unsigned int n)
{
	unsigned int here, shift;
	uint32_t value = 0;

	while (n) {
		here = 8 - at % 8;
		shift = here > n ? here - n : 0;
		here -= shift;
		value = value << here |
			(data[at / 8] >> shift & ((1u << here) - 1));
		at += here;
		n -= here;
	}
	return value;
}

/* Most are within a byte. Where there are none, no byte may be behind them. */
static inline uint32_t bits_at(const uint8_t *data, uint32_t at,
			       unsigned int n)
{
	unsigned int behind = at % 8 + n;

	if (!behind || behind > 8)
		return bits_across(data, at, n);
	return data[at / 8] >> (8 - behind) & ((1u << n) - 1);
}

/* Up to 32 bits. */
static inline bool read_bits(struct per_reader *p, uint32_t end,
			     unsigned int n, uint32_t *value)
{
	uint32_t at = p->at;

	if (!skip(p, end, n))
		return false;
	if (p->at > p->have)
		return stop(p, PER_CUT);
	*value = bits_at(p->data, at, n);
	return true;
}

static bool read_bytes(struct per_reader *p, uint32_t end, unsigned int n,
		       uint32_t *value)
{
	align(p);
	return read_bits(p, end, n * 8, value);
}

/* Bits that the numbers from 0 to @max take. */
static inline unsigned int width(uint32_t max)
{
	static const uint8_t low[16] = {
		0, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4,
	};
	unsigned int n = 0;

	while (max > 15) {
		max >>= 4;
		n += 4;
	}
	return n + low[max];
}

static bool read_large_number(struct per_reader *p, uint32_t end,
			      uint32_t span, uint32_t *value)
{
	unsigned int bytes;
	uint32_t n;

	if (span == 255)
		return read_bytes(p, end, 1, value);
	if (span <= 65535)
		return read_bytes(p, end, 2, value);
	bytes = (width(span) + 7) / 8;
	return read_bits(p, end, width(bytes - 1), &n) &&
	       read_bytes(p, end, n + 1, value);
}

/* A number from 0 to @span. Higher ones are not refused. */
static inline bool read_number(struct per_reader *p, uint32_t end,
			       uint32_t span, uint32_t *value)
{
	if (span < 255)
		return read_bits(p, end, width(span), value);
	return read_large_number(p, end, span, value);
}

/* Without a limit; the parts of 16 KiB that it may announce are refused. */
static bool read_length(struct per_reader *p, uint32_t end, uint32_t *n)
{
	uint32_t low;

	if (!read_bytes(p, end, 1, n))
		return false;
	if (*n < 0x80)
		return true;
	if (*n >= 0xc0)
		return stop(p, PER_TOO_LONG);
	if (!read_bits(p, end, 8, &low))
		return false;
	*n = (*n & 0x3f) << 8 | low;
	return true;
}

/* Length and bytes: sets @next behind them. */
static bool read_prefix(struct per_reader *p, uint32_t end, uint32_t *next)
{
	uint32_t n;

	if (!read_length(p, end, &n))
		return false;
	if (n * 8 > end - p->at)
		return stop(p, PER_MALFORMED);
	*next = p->at + n * 8;
	return true;
}

/* An integer of any length; one of over four bytes counts as the highest. */
static bool read_integer(struct per_reader *p, uint32_t end, uint32_t *value)
{
	uint32_t next;

	if (!read_prefix(p, end, &next))
		return false;
	*value = PER_NO_MAX;
	if (next - p->at <= 32)
		return read_bits(p, end, next - p->at, value);
	p->at = next;
	return true;
}

/* A number that is mostly below 64. */
static bool read_small(struct per_reader *p, uint32_t end, uint32_t *value)
{
	uint32_t large;

	if (!read_bits(p, end, 1, &large))
		return false;
	return large ? read_integer(p, end, value) :
		       read_bits(p, end, 6, value);
}

/* How many additions a sequence may have. */
static bool read_additions(struct per_reader *p, uint32_t end, uint32_t *n)
{
	uint32_t large;

	if (!read_bits(p, end, 1, &large))
		return false;
	if (large)
		return read_length(p, end, n) &&
		       (*n > 64 || stop(p, PER_MALFORMED));
	if (!read_bits(p, end, 6, n))
		return false;
	++*n;
	return true;
}

/* How many units a string has, or elements. */
static bool read_size(struct per_reader *p, uint32_t end,
		      const struct per_type *t, uint32_t *n)
{
	if (t->max > 65535)
		return read_length(p, end, n);
	if (!read_number(p, end, t->max - t->min, n))
		return false;
	*n += t->min;
	return true;
}

/* Strings of up to 16 bits that have a fixed size are not aligned. */
static bool skip_string(struct per_reader *p, uint32_t end,
			const struct per_type *t)
{
	unsigned int unit = t->kind == PER_UNITS ? t->count : 8;
	uint32_t n;

	if (!read_size(p, end, t, &n))
		return false;
	if (n && (t->min != t->max || n * unit > 16))
		align(p);
	return skip(p, end, n * unit);
}

/*
 * Additions are in the order of their numbers, so that no addition is further
 * behind the root than its number says.
 */
static const struct per_field *find_addition(const struct per_type *t,
					     uint32_t number)
{
	const struct per_field *f;
	uint32_t n;

	if (t->fields <= t->count)
		return NULL;
	n = t->fields - t->count;
	f = &t->field[t->count + (number < n ? number : n - 1)];
	while (f->number > number && f > &t->field[t->count])
		f--;
	return f->number == number ? f : NULL;
}

static void tell(struct per_reader *p, const struct per_field *f,
		 uint32_t value)
{
	if (!f->tell)
		return;
	p->told = true;
	p->fact = (struct per_fact) { .what = f->what, .value = value };
}

static bool read_value(struct per_reader *p, uint32_t end,
		       const struct per_field *f)
{
	const struct per_type *t = f->type;
	uint32_t value = 0, more = 0;
	bool read;

	if (t->extensible && !read_bits(p, end, 1, &more))
		return false;
	switch (t->kind) {
	case PER_BOOLEAN:
		read = read_bits(p, end, 1, &value);
		break;
	case PER_ENUMERATED:
		read = more ? read_small(p, end, &value) :
			      read_number(p, end, t->max - 1, &value);
		value += more ? t->max : 0;
		break;
	case PER_INTEGER:
		read = more ? read_integer(p, end, &value) :
			      read_number(p, end, t->max - t->min, &value);
		value += more ? 0 : t->min;
		break;
	default:
		read = read_integer(p, end, &value);
		break;
	}
	if (read)
		tell(p, f, value);
	return read;
}

/* The fact is complete with its port. */
static bool read_address(struct per_reader *p, uint32_t end, uint8_t what,
			 uint8_t len)
{
	align(p);
	p->fact = (struct per_fact) {
		.what = what,
		.off = (uint16_t)(p->at / 8),
		.len = len,
	};
	return skip(p, end, len * 8);
}

static bool read_port(struct per_reader *p, uint32_t end)
{
	uint32_t port;

	if (!read_bytes(p, end, 2, &port)) {
		p->cuts_address = p->fact.off * 8u < p->have;
		return false;
	}
	p->fact.port = (uint16_t)port;
	p->told = true;
	return true;
}

static bool read_prefixed(struct per_reader *p, uint32_t end)
{
	uint32_t next;

	if (!read_prefix(p, end, &next))
		return false;
	p->at = next;
	return true;
}

static bool read_simple(struct per_reader *p, uint32_t end,
			const struct per_field *f, uint8_t what)
{
	switch (f->type->kind) {
	case PER_NULL:
		return true;
	case PER_BYTES:
	case PER_UNITS:
		return skip_string(p, end, f->type);
	case PER_PREFIXED:
		return read_prefixed(p, end);
	case PER_IPV4:
		return read_address(p, end, what, 4);
	case PER_IPV6:
		return read_address(p, end, what, 16);
	case PER_PORT:
		return read_port(p, end);
	case PER_REST:
		/* Behind the whole message nothing is missing. */
		p->at = end < p->end ? end : p->have;
		return true;
	}
	return read_value(p, end, f);
}

/**
 * struct per_place - where a field is read
 * @what: of the addresses in it
 * @end: bit behind the last one that it may have
 * @resume: where reading continues behind it; 0 for where it ends
 */
struct per_place {
	uint8_t what;
	uint32_t end;
	uint32_t resume;
};

/* What follows has a length of its own. */
static bool enter_prefix(struct per_reader *p, struct per_place *at)
{
	uint32_t next;

	if (!read_prefix(p, at->end, &next))
		return false;
	at->end = next;
	if (!at->resume)
		at->resume = next;
	return true;
}

/* Return: the alternative, or NULL. */
static const struct per_field *read_choice(struct per_reader *p,
					   const struct per_field *f,
					   struct per_place *at)
{
	const struct per_type *t = f->type;
	const struct per_field *found;
	uint32_t i, more = 0;

	if (t->extensible && !read_bits(p, at->end, 1, &more))
		return NULL;
	if (!more) {
		if (!read_number(p, at->end, t->count - 1, &i))
			return NULL;
		if (i >= t->count) {
			stop(p, PER_MALFORMED);
			return NULL;
		}
		tell(p, f, i);
		return t->fields ? &t->field[i] : &null_field;
	}
	if (!read_small(p, at->end, &i) || !enter_prefix(p, at))
		return NULL;
	tell(p, f, i + t->count);
	found = find_addition(t, i);
	return found ? found : &rest_field;
}

static bool begin_sequence(struct per_reader *p, struct per_level *l)
{
	const struct per_field *f = l->type->field;
	const struct per_field *behind = f + l->type->count;
	uint32_t at, n = 0, extended = 0;

	if (l->type->extensible && !read_bits(p, l->end, 1, &extended))
		return false;
	l->extended = extended;
	for (; f < behind; f++)
		n += f->optional;
	at = p->at;
	if (!skip(p, l->end, n))
		return false;
	if (p->at > p->have)
		return stop(p, PER_CUT);
	if (n)
		l->present = bits_at(p->data, at, n) << (32 - n);
	return true;
}

static bool begin_sequence_of(struct per_reader *p, struct per_level *l)
{
	uint32_t n;

	if (!read_size(p, l->end, l->type, &n))
		return false;
	l->n = (uint16_t)n;
	return n <= 65535 || stop(p, PER_TOO_LONG);
}

static bool enter_level(struct per_reader *p, const struct per_type *t,
			const struct per_place *at)
{
	struct per_level *l;

	if (p->depth == PER_DEPTH_MAX)
		return stop(p, PER_TOO_DEEP);
	l = &p->level[p->depth++];
	*l = (struct per_level) {
		.type = t,
		.end = at->end,
		.resume = at->resume,
		.what = at->what,
	};
	return t->kind == PER_SEQUENCE ? begin_sequence(p, l) :
					 begin_sequence_of(p, l);
}

/* Reads a field, or its beginning if it has fields of its own. */
static bool read_field(struct per_reader *p, const struct per_field *f,
		       struct per_place at)
{
	for (;;) {
		at.what = f->what && !f->tell ? f->what : at.what;
		switch (f->type->kind) {
		case PER_CHOICE:
			f = read_choice(p, f, &at);
			if (!f)
				return false;
			break;
		case PER_INSIDE:
			if (!enter_prefix(p, &at))
				return false;
			f = &f->type->field[0];
			break;
		case PER_SEQUENCE:
		case PER_SEQUENCE_OF:
			return enter_level(p, f->type, &at);
		default:
			if (!read_simple(p, at.end, f, at.what))
				return false;
			if (at.resume)
				p->at = at.resume;
			return true;
		}
		if (!p->steps--)
			return stop(p, PER_TOO_LONG);
	}
}

static struct per_place place_in(const struct per_level *l)
{
	return (struct per_place) { .what = l->what, .end = l->end };
}

static bool begin_additions(struct per_reader *p, struct per_level *l)
{
	uint32_t n;

	if (!read_additions(p, l->end, &n))
		return false;
	l->additions = true;
	l->at = 0;
	l->n = (uint16_t)n;
	l->bitmap = p->at;
	if (!skip(p, l->end, n))
		return false;
	return p->at <= p->have || stop(p, PER_CUT);
}

static bool read_addition(struct per_reader *p, struct per_level *l,
			  uint16_t number)
{
	struct per_place at = place_in(l);
	const struct per_field *f;

	if (!enter_prefix(p, &at))
		return false;
	f = find_addition(l->type, number);
	return read_field(p, f ? f : &rest_field, at);
}

static void leave_level(struct per_reader *p, const struct per_level *l)
{
	if (l->resume)
		p->at = l->resume;
	p->depth--;
}

/* The next field of the extension root that is present, or NULL. */
static const struct per_field *next_root_field(struct per_level *l)
{
	const struct per_field *f;
	bool present;

	while (l->at < l->type->count) {
		f = &l->type->field[l->at++];
		if (!f->optional)
			return f;
		present = l->present & 1u << 31;
		l->present <<= 1;
		if (present)
			return f;
	}
	return NULL;
}

/* Whether there is one; l->at is its number. */
static bool find_next_addition(const struct per_reader *p, struct per_level *l)
{
	while (l->at < l->n) {
		if (bits_at(p->data, l->bitmap + l->at, 1))
			return true;
		l->at++;
	}
	return false;
}

static void step_in_sequence(struct per_reader *p, struct per_level *l)
{
	const struct per_field *f;

	if (!l->additions) {
		f = next_root_field(l);
		if (f) {
			read_field(p, f, place_in(l));
			return;
		}
		if (l->extended && !begin_additions(p, l))
			return;
	}
	if (l->additions && find_next_addition(p, l))
		read_addition(p, l, l->at++);
	else
		leave_level(p, l);
}

/*
 * A step reads a field. It passes over those in front of it that are not
 * present: as many as the tables have, or as the bitmap of additions.
 */
static void step(struct per_reader *p)
{
	struct per_level *l = &p->level[p->depth - 1];

	if (!p->steps--)
		stop(p, PER_TOO_LONG);
	else if (l->type->kind == PER_SEQUENCE)
		step_in_sequence(p, l);
	else if (l->at++ < l->n)
		read_field(p, &l->type->field[0], place_in(l));
	else
		leave_level(p, l);
}

void per_begin(struct per_reader *p, const struct per_field *root,
	       const uint8_t *data, size_t have, size_t len)
{
	if (len > PER_MESSAGE_MAX)
		len = PER_MESSAGE_MAX;
	if (have > len)
		have = len;
	p->root = root;
	p->data = data;
	p->have = (uint32_t)have * 8;
	p->end = (uint32_t)len * 8;
	p->at = 0;
	p->steps = (uint32_t)(have ? have : 1) * PER_STEPS;
	p->result = PER_FACT;
	p->depth = 0;
	p->told = false;
	p->cuts_address = false;
}

/* Reads the message from its first bit to the first level. */
static void begin(struct per_reader *p)
{
	const struct per_field *root = p->root;

	p->root = NULL;
	read_field(p, root, (struct per_place) { .end = p->end });
}

enum per_result per_next(struct per_reader *p, struct per_fact *fact)
{
	p->told = false;
	if (p->root)
		begin(p);
	while (p->result == PER_FACT && !p->told) {
		if (p->depth)
			step(p);
		else
			stop(p, p->at > p->have ? PER_CUT : PER_END);
	}
	/* The next call returns what has happened behind a fact. */
	if (!p->told)
		return p->result;
	*fact = p->fact;
	return PER_FACT;
}
