/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Carries out the plans for segments with a search that is too simple to be
 * wrong: its state is the text so far, or the end of it.
 */
#ifndef POM_STRING_SEGMENTS_MODEL_H
#define POM_STRING_SEGMENTS_MODEL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "string/segments.h"

#define MODEL_PATTERN	8

/* The last bytes that a search has seen, all that a pattern could begin in. */
struct model_place {
	uint8_t tail[MODEL_PATTERN];
	uint32_t len;
};

struct model {
	struct string_stream stream;
	struct model_place head;
	struct model_place hole;
	const uint8_t *pattern;
	uint32_t m;
};

static inline bool model_scan(const struct model *m, struct model_place *place,
			      const uint8_t *data, uint32_t len)
{
	uint32_t room = m->m;
	bool found = false;

	for (; len; len--) {
		if (place->len == room) {
			memmove(place->tail, place->tail + 1, room - 1);
			place->len--;
		}
		place->tail[place->len++] = *data++;
		found |= place->len == room &&
			 !memcmp(place->tail, m->pattern, room);
	}
	return found;
}

/* What is wrong with a plan; NULL for nothing. */
static inline const char *model_broken(const struct string_plan *plan,
				       uint32_t len)
{
	uint32_t i;

	if (plan->count > STRING_SPANS_MAX)
		return "too many spans";
	for (i = 0; i < plan->count; i++)
		if (!plan->spans[i].len || plan->spans[i].off >= len ||
		    plan->spans[i].len > len - plan->spans[i].off)
			return "a span outside of the segment";
	if (plan->keep_len && (plan->keep_off >= len ||
			       plan->keep_len > len - plan->keep_off))
		return "to be kept, and outside of the segment";
	return NULL;
}

/* A segment arrives: is anything found? @wrong: what is wrong with the plan. */
static inline bool model_segment(struct model *m, uint32_t seq,
				 const uint8_t *data, uint32_t len, bool syn,
				 const char **wrong)
{
	struct model_place *places[] = { NULL, &m->head, &m->hole };
	struct model_place place;
	struct string_plan plan;
	bool found = false;
	uint32_t i;

	string_stream_plan(&m->stream, seq, len, syn, &plan);
	*wrong = model_broken(&plan, len);
	if (*wrong)
		return false;
	if (plan.forget) {
		m->head.len = 0;
		m->hole.len = 0;
	}
	if (plan.open)
		m->hole = m->head;
	for (i = 0; i < plan.count; i++) {
		const struct string_span *span = &plan.spans[i];

		place.len = 0;
		if (places[span->from])
			place = *places[span->from];
		found |= model_scan(m, &place, data + span->off, span->len);
		if (places[span->to])
			*places[span->to] = place;
	}
	if (plan.keep_len) {
		if (plan.keep_len + m->stream.kept > STRING_STREAM_KEEP) {
			*wrong = "too much is kept";
			return false;
		}
		memcpy(m->stream.keep + m->stream.kept, data + plan.keep_off,
		       plan.keep_len);
		m->stream.kept += plan.keep_len;
	}
	if (plan.join)
		found |= model_scan(m, &m->hole, m->stream.keep,
				    m->stream.kept);
	if (found)
		string_stream_hit(&m->stream, seq + syn, len);
	return found || plan.hit;
}

#endif
