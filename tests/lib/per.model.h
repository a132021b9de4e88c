/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reader of PER, made to be obvious instead of quick, to compare
 * per_next() with: it calls itself for each structure, reads bit by bit, and
 * leaves by longjmp() where a message ends too early. Without limits of depth
 * and work. Shared by unit tests and fuzzers.
 */
#ifndef POM_PER_MODEL_H
#define POM_PER_MODEL_H

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "lib/per.h"

/* Most facts that are compared, and most bits and fields that are read. */
#define MODEL_FACTS	4096
#define MODEL_WORK	4000000

struct model {
	const uint8_t *data;
	size_t have, at;	/* bits */
	size_t work;
	size_t n;
	struct per_fact fact[MODEL_FACTS];
	enum per_result result;
	jmp_buf out;
};

/* The part of the message that a structure may have: up to this bit. */
static void model_leave(struct model *m, enum per_result why)
{
	m->result = why;
	longjmp(m->out, 1);
}

static void model_work(struct model *m)
{
	if (++m->work > MODEL_WORK)
		model_leave(m, PER_TOO_LONG);
}

static void model_pass(struct model *m, size_t end, size_t n)
{
	if (m->at + n > end)
		model_leave(m, PER_MALFORMED);
	m->at += n;
}

static uint64_t model_bits(struct model *m, size_t end, unsigned int n)
{
	uint64_t value = 0;

	if (m->at + n > end)
		model_leave(m, PER_MALFORMED);
	if (m->at + n > m->have)
		model_leave(m, PER_CUT);
	for (; n; n--, m->at++) {
		model_work(m);
		value = value * 2 +
			(m->data[m->at / 8] >> (7 - m->at % 8) & 1);
	}
	return value;
}

static uint64_t model_aligned(struct model *m, size_t end, unsigned int n)
{
	while (m->at % 8)
		m->at++;
	return model_bits(m, end, n);
}

/* A number of those from 0 to @span (X.691, 11.5). */
static uint64_t model_number(struct model *m, size_t end, uint64_t span)
{
	unsigned int bits = 0, bytes = 0;
	uint64_t n;

	if (span + 1 == 256)
		return model_aligned(m, end, 8);
	if (span + 1 > 256 && span + 1 <= 65536)
		return model_aligned(m, end, 16);
	if (span + 1 < 256) {
		while ((1u << bits) <= span)
			bits++;
		return model_bits(m, end, bits);
	}
	while (span >> (8 * bytes))
		bytes++;
	while ((1u << bits) < bytes)
		bits++;
	n = model_bits(m, end, bits) + 1;
	return model_aligned(m, end, (unsigned int)n * 8);
}

/* X.691, 11.9 */
static size_t model_length(struct model *m, size_t end)
{
	uint64_t first = model_aligned(m, end, 8);

	if (first >= 0xc0)
		model_leave(m, PER_TOO_LONG);
	if (first < 0x80)
		return first;
	return (first - 0x80) * 256 + model_bits(m, end, 8);
}

static size_t model_part(struct model *m, size_t end)
{
	size_t n = model_length(m, end) * 8;

	if (m->at + n > end)
		model_leave(m, PER_MALFORMED);
	return m->at + n;
}

static uint32_t model_integer(struct model *m, size_t end)
{
	size_t next = model_part(m, end);

	if (next - m->at <= 32)
		return (uint32_t)model_bits(m, end,
					    (unsigned int)(next - m->at));
	m->at = next;
	return 0xffffffff;
}

/* X.691, 11.6 */
static uint32_t model_small(struct model *m, size_t end)
{
	if (model_bits(m, end, 1))
		return model_integer(m, end);
	return (uint32_t)model_bits(m, end, 6);
}

static size_t model_size(struct model *m, size_t end, const struct per_type *t)
{
	if (t->max > 65535)
		return model_length(m, end);
	return t->min + model_number(m, end, t->max - t->min);
}

static void model_string(struct model *m, size_t end, const struct per_type *t,
			 unsigned int unit)
{
	size_t n = model_size(m, end, t);

	if (n && !(t->min == t->max && n * unit <= 16))
		model_aligned(m, end + 8, 0);
	model_pass(m, end, n * unit);
}

static struct per_fact *model_fact(struct model *m, uint8_t what)
{
	struct per_fact *f = &m->fact[m->n];

	if (m->n + 1 == MODEL_FACTS)
		model_leave(m, PER_TOO_LONG);
	memset(f, 0, sizeof(*f));
	f->what = what;
	return f;
}

/* An address is a fact when its port has been read. */
static void model_address(struct model *m, size_t end, uint8_t what,
			  unsigned int len)
{
	struct per_fact *f = model_fact(m, what);

	while (m->at % 8)
		m->at++;
	f->off = (uint16_t)(m->at / 8);
	f->len = (uint8_t)len;
	model_pass(m, end, len * 8);
}

static void model_port(struct model *m, size_t end)
{
	m->fact[m->n].port = (uint16_t)model_aligned(m, end, 16);
	m->n++;
}

static void model_tell(struct model *m, const struct per_field *f,
		       uint32_t value)
{
	if (!f->tell)
		return;
	model_fact(m, f->what)->value = value;
	m->n++;
}

static uint32_t model_value(struct model *m, size_t end,
			    const struct per_type *t)
{
	bool more = t->extensible && model_bits(m, end, 1);

	switch (t->kind) {
	case PER_BOOLEAN:
		return (uint32_t)model_bits(m, end, 1);
	case PER_ENUMERATED:
		return more ? t->max + model_small(m, end) :
			      (uint32_t)model_number(m, end, t->max - 1);
	case PER_INTEGER:
		return more ? model_integer(m, end) :
			      t->min + (uint32_t)model_number(m, end, t->max -
							      t->min);
	default:
		return model_integer(m, end);
	}
}

static void model_field(struct model *m, size_t end, const struct per_field *f,
			uint8_t what);

static const struct per_field *model_addition(const struct per_type *t,
					      size_t number)
{
	size_t i;

	for (i = t->count; i < t->fields; i++)
		if (t->field[i].number == number)
			return &t->field[i];
	return NULL;
}

/* What has a length of its own: @f, or something unknown. */
static void model_contained(struct model *m, size_t end,
			    const struct per_field *f, uint8_t what)
{
	size_t next = model_part(m, end);

	if (f)
		model_field(m, next, f, what);
	m->at = next;
}

static void model_choice(struct model *m, size_t end,
			 const struct per_field *f, uint8_t what)
{
	const struct per_type *t = f->type;
	uint32_t i;

	if (t->extensible && model_bits(m, end, 1)) {
		i = model_small(m, end);
		/* It counts only if its length is present. */
		if (f->tell) {
			size_t at = m->at;

			model_part(m, end);
			m->at = at;
		}
		model_tell(m, f, t->count + i);
		model_contained(m, end, model_addition(t, i), what);
		return;
	}
	i = (uint32_t)model_number(m, end, t->count - 1);
	if (i >= t->count)
		model_leave(m, PER_MALFORMED);
	model_tell(m, f, i);
	if (t->fields)
		model_field(m, end, &t->field[i], what);
}

static void model_additions(struct model *m, size_t end,
			    const struct per_type *t, uint8_t what)
{
	size_t n, i, bitmap;

	if (model_bits(m, end, 1)) {
		n = model_length(m, end);
		if (n <= 64)
			model_leave(m, PER_MALFORMED);
	} else {
		n = model_bits(m, end, 6) + 1;
	}
	bitmap = m->at;
	model_pass(m, end, n);
	if (m->at > m->have)
		model_leave(m, PER_CUT);
	for (i = 0; i < n; i++) {
		model_work(m);
		if (m->data[(bitmap + i) / 8] >> (7 - (bitmap + i) % 8) & 1)
			model_contained(m, end, model_addition(t, i), what);
	}
}

static void model_sequence(struct model *m, size_t end,
			   const struct per_type *t, uint8_t what)
{
	bool extended = t->extensible && model_bits(m, end, 1);
	bool here[256] = { false };
	size_t i, n = 0;

	for (i = 0; i < t->count; i++)
		n += t->field[i].optional;
	if (m->at + n <= end && m->at + n > m->have)
		model_leave(m, PER_CUT);
	for (i = 0; i < t->count; i++)
		here[i] = !t->field[i].optional || model_bits(m, end, 1);
	for (i = 0; i < t->count; i++) {
		model_work(m);
		if (here[i])
			model_field(m, end, &t->field[i], what);
	}
	if (extended)
		model_additions(m, end, t, what);
}

static void model_field(struct model *m, size_t end, const struct per_field *f,
			uint8_t what)
{
	const struct per_type *t = f->type;
	size_t n;

	model_work(m);
	if (f->what && !f->tell)
		what = f->what;
	switch (t->kind) {
	case PER_NULL:
		return;
	case PER_BYTES:
		model_string(m, end, t, 8);
		return;
	case PER_UNITS:
		model_string(m, end, t, t->count);
		return;
	case PER_PREFIXED:
		m->at = model_part(m, end);
		return;
	case PER_IPV4:
		model_address(m, end, what, 4);
		return;
	case PER_IPV6:
		model_address(m, end, what, 16);
		return;
	case PER_PORT:
		model_port(m, end);
		return;
	case PER_REST:
		m->at = end;
		return;
	case PER_INSIDE:
		model_contained(m, end, t->field, what);
		return;
	case PER_CHOICE:
		model_choice(m, end, f, what);
		return;
	case PER_SEQUENCE:
		model_sequence(m, end, t, what);
		return;
	case PER_SEQUENCE_OF:
		for (n = model_size(m, end, t); n; n--)
			model_field(m, end, t->field, what);
		return;
	default:
		model_tell(m, f, model_value(m, end, t));
	}
}

/* Reads a whole message. Not reentrant. */
static struct model *model_read(const struct per_field *root,
				const uint8_t *data, size_t have, size_t len)
{
	static struct model m;

	m.data = data;
	m.have = have * 8;
	m.at = 0;
	m.work = 0;
	m.n = 0;
	m.result = PER_END;
	if (!setjmp(m.out)) {
		model_field(&m, len * 8, root, 0);
		if (m.at > m.have)
			m.result = PER_CUT;
	}
	return &m;
}

static bool model_same(const struct per_fact *a, const struct per_fact *b)
{
	return a->what == b->what && a->len == b->len && a->off == b->off &&
	       a->port == b->port && a->value == b->value;
}

/*
 * Whether the result of per_next() is the model's. The reader may stop before
 * it because of its limits; the model may have told more then.
 */
static bool model_agrees(const struct model *m, enum per_result result,
			 size_t n)
{
	if (m->result == PER_TOO_LONG || result == PER_TOO_DEEP ||
	    result == PER_TOO_LONG)
		return n <= m->n;
	/* Of a message whose rest is not read, nothing is missing. */
	return n == m->n && (result == m->result ||
			     (result == PER_END && m->result == PER_CUT));
}

#endif
