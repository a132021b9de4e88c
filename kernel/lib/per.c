// SPDX-License-Identifier: GPL-2.0-only
/* Reads PER by tables, see per.h. */
#include "lib/per.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

const struct per_type per_null = { .kind = PER_NULL };
const struct per_type per_boolean = { .kind = PER_BOOLEAN, .fixed = 1 };
const struct per_type per_any_integer = { .kind = PER_ANY_INTEGER };
const struct per_type per_prefixed = { .kind = PER_PREFIXED };
const struct per_type per_ipv4 = { .kind = PER_IPV4 };
const struct per_type per_ipv6 = { .kind = PER_IPV6 };
const struct per_type per_port = { .kind = PER_PORT };
const struct per_type per_rest = { .kind = PER_REST };

static const struct per_field rest_field = { .type = &per_rest };

/* All functions that return bool return false after this. */
static bool stop(struct per_reader *p, enum per_result why)
{
	p->result = why;
	return false;
}

static uint32_t aligned(uint32_t at)
{
	return (at + 7) & ~7u;
}

static void align(struct per_reader *p)
{
	p->at = aligned(p->at);
}

/* Whether the bits up to @at are within a structure, and here. */
static inline bool are_here(const struct per_reader *p, uint32_t end,
			    uint32_t at)
{
	return at <= end && at <= p->have;
}

/* Passes over @n bits, which may be behind the bytes that are here. */
static bool skip(struct per_reader *p, uint32_t end, uint32_t n)
{
	if (p->at > end || n > end - p->at)
		return stop(p, PER_MALFORMED);
	p->at += n;
	return true;
}

/* The higher bits of the result may be others. */
static uint32_t many_bits(const uint8_t *data, uint32_t at, unsigned int n)
{
	uint32_t byte = at / 8;
	uint64_t value = 0;

	for (; byte <= (at + n - 1) / 8; byte++)
		value = value << 8 | data[byte];
	return (uint32_t)(value >> (8 * byte - at - n));
}

/*
 * 1 to 32 bits that are here, as the highest ones of the result. The others may
 * be set. Up to eight are in one byte, or in two.
 */
static inline uint32_t top_bits(const uint8_t *data, uint32_t at,
				unsigned int n)
{
	uint32_t two;

	if (n > 8)
		return many_bits(data, at, n) << (32 - n);
	two = (uint32_t)data[at / 8] << 8 | data[(at + n - 1) / 8];
	return two << (16 + at % 8);
}

/* The same as a number. Where there are none, no byte may be here. */
static inline uint32_t bits_at(const uint8_t *data, uint32_t at,
			       unsigned int n)
{
	return n ? top_bits(data, at, n) >> (32 - n) : 0;
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
static unsigned int width(uint32_t max)
{
	unsigned int n = 0;

	for (; max; max >>= 1)
		n++;
	return n;
}

/* A number from 0 to @span. Higher ones are not refused. */
static bool read_number(struct per_reader *p, uint32_t end, uint32_t span,
			uint32_t *value)
{
	uint32_t n;

	if (span < 255)
		return read_bits(p, end, width(span), value);
	if (span <= 65535)
		return read_bytes(p, end, span == 255 ? 1 : 2, value);
	/* Two bits have the number of bytes. */
	return read_bits(p, end, 2, &n) && read_bytes(p, end, n + 1, value);
}

/* Of two bytes, or cut. */
static bool read_long_length(struct per_reader *p, uint32_t end, uint32_t *n)
{
	uint32_t low;

	if (!read_bytes(p, end, 1, n))
		return false;
	if (*n >= 0xc0)
		return stop(p, PER_TOO_LONG);
	if (!read_bits(p, end, 8, &low))
		return false;
	*n = (*n & 0x3f) << 8 | low;
	return true;
}

/* Without a limit; the parts of 16 KiB that it may announce are refused. */
static inline bool read_length(struct per_reader *p, uint32_t end, uint32_t *n)
{
	uint32_t at = aligned(p->at);

	if (!are_here(p, end, at + 8) || p->data[at / 8] >= 0x80)
		return read_long_length(p, end, n);
	*n = p->data[at / 8];
	p->at = at + 8;
	return true;
}

/* Length and bytes: sets @next behind them. */
static inline bool read_prefix(struct per_reader *p, uint32_t end,
			       uint32_t *next)
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
	if (!read_bits(p, end, 1, value))
		return false;
	return *value ? read_integer(p, end, value) :
			read_bits(p, end, 6, value);
}

/* How many additions a sequence may have. */
static bool read_additions(struct per_reader *p, uint32_t end, uint32_t *n)
{
	if (!read_bits(p, end, 7, n))
		return false;
	++*n;
	if (*n <= 64)
		return true;
	/* It is a length, which begins behind the first of these bits. */
	p->at -= 6;
	return read_length(p, end, n) && (*n > 64 || stop(p, PER_MALFORMED));
}

/* How many units a string has, or elements. */
static inline bool read_size(struct per_reader *p, uint32_t end,
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

static bool read_port(struct per_reader *p, uint32_t end)
{
	const uint8_t *bytes;

	align(p);
	if (!skip(p, end, 16) || p->at > p->have) {
		p->cuts_address = p->fact.off * 8u < p->have;
		return p->result == PER_FACT && stop(p, PER_CUT);
	}
	bytes = &p->data[p->at / 8 - 2];
	p->fact.port = (uint16_t)(bytes[0] << 8 | bytes[1]);
	p->told = true;
	return true;
}

/* The fact is complete with its port, which is the next field. */
static bool read_address(struct per_reader *p, uint32_t end, uint8_t what,
			 uint8_t len)
{
	align(p);
	p->fact.what = what;
	p->fact.off = (uint16_t)(p->at / 8);
	p->fact.len = len;
	p->fact.value = 0;
	if (!skip(p, end, len * 8))
		return false;
	p->top->next++;
	return read_port(p, end);
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
	case PER_IPV4:
		return read_address(p, end, what, 4);
	case PER_IPV6:
		return read_address(p, end, what, 16);
	case PER_REST:
		/* Behind the whole message nothing is missing. */
		p->at = end < p->end ? end : p->have;
		return true;
	}
	return read_value(p, end, f);
}

/* What follows has a length of its own. */
static inline bool enter_prefix(struct per_reader *p, uint32_t *end,
				uint32_t *resume)
{
	if (!read_prefix(p, *end, end))
		return false;
	if (!*resume)
		*resume = *end;
	return true;
}

/* An alternative that newer versions have added. */
static const struct per_field *find_new_choice(struct per_reader *p,
					       const struct per_field *f,
					       uint32_t number)
{
	const struct per_field *found = find_addition(f->type, number);

	tell(p, f, number + f->type->count);
	return found ? found : &rest_field;
}

/* The number is missing, unless it is that of a new one. */
static bool read_cut_choice(struct per_reader *p, uint32_t end,
			    const struct per_type *t, uint32_t *i)
{
	if (t->extensible && !read_bits(p, end, 1, i))
		return false;
	if (t->extensible && *i) {
		*i <<= t->width;
		return true;
	}
	return read_bits(p, end, t->width, i);
}

/* The number of an alternative; above those of @width bits for a new one. */
static inline bool read_choice(struct per_reader *p, uint32_t end,
			       const struct per_type *t, uint32_t *i)
{
	unsigned int n = t->width + t->extensible;
	uint32_t at = p->at;

	if (!are_here(p, end, at + n))
		return read_cut_choice(p, end, t, i);
	*i = bits_at(p->data, at, n);
	p->at = at + (*i >> t->width ? 1 : n);
	return true;
}

/* Reads "..." and which optional fields are present, of the root. */
static inline bool begin_sequence(struct per_reader *p, struct per_level *l,
				  const struct per_type *t)
{
	unsigned int extensible = t->extensible, n = extensible + t->width;
	uint32_t at = p->at, bits = 0;

	if (!are_here(p, l->end, at + n))
		return (!extensible || read_bits(p, l->end, 1, &bits)) &&
		       skip(p, l->end, t->width) && stop(p, PER_CUT);
	if (n)
		bits = top_bits(p->data, at, n);
	p->at = at + n;
	l->list = false;
	l->additions = false;
	l->extended = bits >> 31 & extensible;
	l->present = bits << extensible;
	l->next = t->field;
	l->behind = t->field + t->count;
	return true;
}

static inline bool begin_list(struct per_reader *p, struct per_level *l,
			      const struct per_type *t)
{
	uint32_t n;

	if (!read_size(p, l->end, t, &n))
		return false;
	l->next = t->field;
	l->list = true;
	l->n = (uint16_t)n;
	return n <= 65535 || stop(p, PER_TOO_LONG);
}

/* The structure that begins is that of @f, which is in @around. */
static inline bool enter_level(struct per_reader *p, const struct per_type *t,
			       uint32_t end, uint32_t resume, uint8_t what)
{
	struct per_level *l;

	if (p->top == &p->level[PER_DEPTH_MAX])
		return stop(p, PER_TOO_DEEP);
	l = ++p->top;
	l->type = t;
	l->end = end;
	l->resume = resume;
	l->what = what;
	return t->kind == PER_SEQUENCE ? begin_sequence(p, l, t) :
					 begin_list(p, l, t);
}

/* Reads a field, or its beginning if it has fields of its own. */
static inline void read_field(struct per_reader *p, const struct per_field *f,
			      uint32_t end, uint32_t resume, uint8_t what)
{
	const struct per_type *t;
	uint32_t i;

	for (;;) {
		if (!p->steps) {
			stop(p, PER_TOO_LONG);
			return;
		}
		p->steps--;
		t = f->type;
		if (f->what && !f->tell)
			what = f->what;
		if (t->kind >= PER_SEQUENCE) {
			enter_level(p, t, end, resume, what);
			return;
		}
		if (t->kind == PER_PREFIXED) {
			if (!read_prefix(p, end, &p->at))
				return;
			break;
		}
		if (t->kind < PER_INSIDE) {
			if (!read_simple(p, end, f, what))
				return;
			break;
		}
		if (t->kind == PER_INSIDE) {
			if (!enter_prefix(p, &end, &resume))
				return;
			f = t->field;
			continue;
		}
		if (!read_choice(p, end, t, &i))
			return;
		if (i >> t->width) {
			if (!read_small(p, end, &i) ||
			    !enter_prefix(p, &end, &resume))
				return;
			f = find_new_choice(p, f, i);
			continue;
		}
		if (i >= t->count) {
			stop(p, PER_MALFORMED);
			return;
		}
		tell(p, f, i);
		if (!t->fields)
			break;
		f = &t->field[i];
	}
	if (resume)
		p->at = resume;
}

/* Which of the next additions are present. Returns false behind the last. */
static bool see_additions(const struct per_reader *p, struct per_level *l)
{
	unsigned int n = l->n - l->seen;

	if (!n)
		return false;
	if (n > 32)
		n = 32;
	l->present = top_bits(p->data, l->bitmap + l->seen, n) &
		     ~0u << (32 - n);
	l->at = l->seen;
	l->seen += (uint16_t)n;
	return true;
}

static bool begin_additions(struct per_reader *p, struct per_level *l)
{
	uint32_t n;

	if (!read_additions(p, l->end, &n))
		return false;
	l->additions = true;
	l->n = (uint16_t)n;
	l->seen = 0;
	l->present = 0;
	l->bitmap = p->at;
	l->behind = l->type->field + l->type->fields;
	if (!skip(p, l->end, n))
		return false;
	return p->at <= p->have || stop(p, PER_CUT);
}

/* The next addition that is known, and its place; passes over others. */
static inline const struct per_field *next_addition(struct per_reader *p,
						    struct per_level *l,
						    uint32_t *next)
{
	const struct per_field *f = l->next, *behind = l->behind;
	unsigned int at = l->at;
	uint32_t present;

	for (present = l->present;; present <<= 1, at++) {
		if (!present) {
			if (!see_additions(p, l))
				return NULL;
			present = l->present;
			at = l->at;
		}
		if (!(present >> 31))
			continue;
		if (!read_prefix(p, l->end, next))
			return NULL;
		while (f < behind && f->number < at)
			f++;
		if (f < behind && f->number == at)
			break;
		p->at = *next;
	}
	l->next = f;
	l->present = present << 1;
	l->at = (uint16_t)(at + 1);
	return f;
}

/*
 * The next field of the root that is present and takes more than passing over
 * a number of bits that is always the same.
 */
static inline const struct per_field *next_root_field(struct per_reader *p,
						      struct per_level *l)
{
	const struct per_field *f = l->next, *behind = l->behind;
	uint32_t present = l->present, at = p->at, to;
	const struct per_type *t;
	bool skipped;

	for (; f < behind; f++) {
		if (f->optional) {
			skipped = !(present >> 31);
			present <<= 1;
			if (skipped)
				continue;
		}
		t = f->type;
		to = (t->aligned ? aligned(at) : at) + t->fixed;
		if (!t->fixed || f->tell || !are_here(p, l->end, to))
			break;
		at = to;
	}
	p->at = at;
	l->present = present;
	l->next = f + 1;
	if (f < behind)
		return f;
	l->next = f;
	return NULL;
}

static inline const struct per_field *next_in_sequence(struct per_reader *p,
						       struct per_level *l,
						       uint32_t *next)
{
	const struct per_field *f;

	if (!l->additions) {
		f = next_root_field(p, l);
		if (f || !l->extended || !begin_additions(p, l))
			return f;
	}
	return next_addition(p, l, next);
}

static inline void leave_level(struct per_reader *p, struct per_level *l)
{
	if (l->resume)
		p->at = l->resume;
	if (l > p->level)
		p->top = l - 1;
	else
		stop(p, p->at > p->have ? PER_CUT : PER_END);
}

static inline void step(struct per_reader *p)
{
	struct per_level *l = p->top;
	const struct per_field *f = NULL;
	uint32_t next = 0;

	if (!l->list) {
		f = next_in_sequence(p, l, &next);
	} else if (l->n) {
		l->n--;
		f = l->next;
	}
	if (f)
		read_field(p, f, next ? next : l->end, next, l->what);
	else if (p->result == PER_FACT)
		leave_level(p, l);
}

/* The outermost level is a list of one element: the message. */
void per_begin(struct per_reader *p, const struct per_field *root,
	       const uint8_t *data, size_t have, size_t len)
{
	struct per_level *l = &p->level[0];

	if (len > PER_MESSAGE_MAX)
		len = PER_MESSAGE_MAX;
	if (have > len)
		have = len;
	p->data = data;
	p->have = (uint32_t)have * 8;
	p->end = (uint32_t)len * 8;
	p->at = 0;
	p->steps = (uint32_t)(have ? have : 1) * PER_STEPS;
	p->result = PER_FACT;
	p->told = false;
	p->cuts_address = false;
	p->top = l;
	l->next = root;
	l->n = 1;
	l->list = true;
	l->end = p->end;
	l->resume = 0;
	l->what = 0;
}

enum per_result per_next(struct per_reader *p, struct per_fact *fact)
{
	p->told = false;
	while (p->result == PER_FACT && !p->told)
		step(p);
	/* The next call returns what has happened behind a fact. */
	if (!p->told)
		return p->result;
	*fact = p->fact;
	return PER_FACT;
}
