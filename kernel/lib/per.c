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

static uint32_t bits_at(const uint8_t *data, uint32_t at, unsigned int n)
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

/* Up to 32 bits. */
static bool read_bits(struct per_reader *p, uint32_t end, unsigned int n,
		      uint32_t *value)
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
static unsigned int width(uint32_t max)
{
	unsigned int n = 0;

	while (max) {
		max >>= 1;
		n++;
	}
	return n;
}

/* A number from 0 to @span. Higher ones are not refused. */
static bool read_number(struct per_reader *p, uint32_t end, uint32_t span,
			uint32_t *value)
{
	unsigned int bytes;
	uint32_t n;

	if (span < 255)
		return read_bits(p, end, width(span), value);
	if (span == 255)
		return read_bytes(p, end, 1, value);
	if (span <= 65535)
		return read_bytes(p, end, 2, value);
	bytes = (width(span) + 7) / 8;
	return read_bits(p, end, width(bytes - 1), &n) &&
	       read_bytes(p, end, n + 1, value);
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

static const struct per_field *find_addition(const struct per_type *t,
					     uint32_t number)
{
	unsigned int i;

	for (i = t->count; i < t->fields; i++)
		if (t->field[i].number == number)
			return &t->field[i];
	return NULL;
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
	uint32_t i, n = 0, extended = 0;

	if (l->type->extensible && !read_bits(p, l->end, 1, &extended))
		return false;
	l->extended = extended;
	l->bitmap = p->at;
	for (i = 0; i < l->type->count; i++)
		n += l->type->field[i].optional;
	if (!skip(p, l->end, n))
		return false;
	return p->at <= p->have || stop(p, PER_CUT);
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

static bool is_set(const struct per_reader *p, const struct per_level *l,
		   uint32_t i)
{
	return bits_at(p->data, l->bitmap + i, 1);
}

/* Return: false where there was none, too. */
static bool read_root_field(struct per_reader *p, struct per_level *l)
{
	const struct per_field *f = &l->type->field[l->at++];

	if (f->optional && !is_set(p, l, l->optional++))
		return true;
	return read_field(p, f, place_in(l));
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

static bool read_addition(struct per_reader *p, struct per_level *l)
{
	struct per_place at = place_in(l);
	uint16_t number = l->at++;
	const struct per_field *f;

	if (!is_set(p, l, number))
		return true;
	if (!enter_prefix(p, &at))
		return false;
	f = find_addition(l->type, number);
	return read_field(p, f ? f : &rest_field, at);
}

static bool leave_level(struct per_reader *p, const struct per_level *l)
{
	if (l->resume)
		p->at = l->resume;
	p->depth--;
	return true;
}

static bool step(struct per_reader *p)
{
	struct per_level *l = &p->level[p->depth - 1];

	if (!p->steps--)
		return stop(p, PER_TOO_LONG);
	if (l->type->kind == PER_SEQUENCE_OF) {
		if (l->at == l->n)
			return leave_level(p, l);
		l->at++;
		return read_field(p, &l->type->field[0], place_in(l));
	}
	if (l->additions)
		return l->at < l->n ? read_addition(p, l) : leave_level(p, l);
	if (l->at < l->type->count)
		return read_root_field(p, l);
	return l->extended ? begin_additions(p, l) : leave_level(p, l);
}

void per_begin(struct per_reader *p, const struct per_field *root,
	       const uint8_t *data, size_t have, size_t len)
{
	if (len > PER_MESSAGE_MAX)
		len = PER_MESSAGE_MAX;
	if (have > len)
		have = len;
	*p = (struct per_reader) {
		.root = root,
		.data = data,
		.have = (uint32_t)have * 8,
		.end = (uint32_t)len * 8,
		.steps = (uint32_t)(have ? have : 1) * PER_STEPS,
	};
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
