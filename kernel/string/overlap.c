// SPDX-License-Identifier: GPL-2.0-only
/* Whether segments of a TCP connection overlap with different bytes. */
#include "string/overlap.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define KEEP	STRING_OVERLAP_KEEP

static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

/* Sets or clears @len bits from @at on, which do not wrap. */
static void set_known(struct string_overlap *o, uint32_t at, uint32_t len,
		      bool known)
{
	uint32_t end = at + len;

	while (at < end) {
		uint8_t bit = (uint8_t)(1U << at % 8);

		if (at % 8 == 0 && end - at >= 8) {
			uint32_t octets = (end - at) / 8;

			memset(o->known + at / 8, known ? 0xff : 0, octets);
			at += octets * 8;
			continue;
		}
		if (known)
			o->known[at / 8] |= bit;
		else
			o->known[at / 8] &= (uint8_t)~bit;
		at++;
	}
}

/* Adds @len bytes at the end, at most KEEP; a gap if @data is NULL. */
static void append(struct string_overlap *o, const uint8_t *data, uint32_t len)
{
	while (len) {
		uint32_t room = KEEP - o->at;
		uint32_t part = room < len ? room : len;

		if (data) {
			memcpy(o->bytes + o->at, data, part);
			data += part;
		}
		set_known(o, o->at, part, data);
		o->at = (uint16_t)((o->at + part) % KEEP);
		o->next += part;
		len -= part;
	}
}

static void append_gap(struct string_overlap *o, uint32_t len)
{
	if (len > KEEP) {
		o->next += len - KEEP;
		len = KEEP;
	}
	append(o, NULL, len);
}

/* @len bytes that end at @back bytes before the newest one, or later. */
static enum string_overlap_result compare(struct string_overlap *o,
					  uint32_t back, const uint8_t *data,
					  uint32_t len)
{
	enum string_overlap_result result = STRING_OVERLAP_EQUAL;
	uint32_t at = (o->at + KEEP - back) % KEEP;

	for (; len; len--, data++, at = at + 1 == KEEP ? 0 : at + 1) {
		uint8_t bit = (uint8_t)(1U << at % 8);

		if (!(o->known[at / 8] & bit)) {
			o->known[at / 8] |= bit;
			o->bytes[at] = *data;
		} else if (o->bytes[at] != *data) {
			result = STRING_OVERLAP_DIFFERS;
		}
	}
	return result;
}

/* The piece ends before @o->next, or there. */
static enum string_overlap_result look_back(struct string_overlap *o,
					    uint32_t seq, const uint8_t *data,
					    uint32_t len, uint32_t acked)
{
	enum string_overlap_result result;
	bool unknown = false;
	uint32_t skip = before(seq, acked) ? acked - seq : 0;
	uint32_t back;

	if (skip >= len)
		return STRING_OVERLAP_EQUAL;
	back = o->next - (seq + skip);
	if (back > KEEP) {
		unknown = true;
		skip += back - KEEP;
		back = KEEP;
		if (skip >= len)
			return STRING_OVERLAP_UNKNOWN;
	}
	result = compare(o, back, data + skip, len - skip);
	return result == STRING_OVERLAP_EQUAL && unknown ?
	       STRING_OVERLAP_UNKNOWN : result;
}

static void begin(struct string_overlap *o, uint32_t seq)
{
	memset(o, 0, offsetof(struct string_overlap, bytes));
	o->started = 1;
	o->start = seq;
	o->next = seq;
}

bool string_overlap_begin(struct string_overlap *o, uint32_t seq, uint32_t end)
{
	bool replaces = o->started;

	if (o->started && (o->start == seq || o->next == end))
		return false;
	begin(o, seq);
	return replaces;
}

enum string_overlap_result string_overlap_add(struct string_overlap *o,
					      uint32_t seq,
					      const uint8_t *data, uint32_t len,
					      uint32_t acked)
{
	enum string_overlap_result result = STRING_OVERLAP_EQUAL;
	uint32_t old, fresh;

	if (!o->started)
		begin(o, seq);
	if (before(seq, o->next)) {
		old = o->next - seq < len ? o->next - seq : len;
		result = look_back(o, seq, data, old, acked);
		data += old;
		len -= old;
	} else {
		append_gap(o, seq - o->next);
	}
	/* Only the end of a long piece is kept. */
	fresh = len < KEEP ? len : KEEP;
	o->next += len - fresh;
	append(o, data + (len - fresh), fresh);
	return result;
}
