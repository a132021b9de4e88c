// SPDX-License-Identifier: GPL-2.0-only
/* Which bytes of a TCP segment continue a search. */
#include "string/segments.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/* Sequence numbers that are further apart are not compared (RFC 9293, 3.4). */
#define FAR	0x40000000U

static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static void add_span(struct string_plan *plan, uint32_t off, uint32_t len,
		     enum string_stream_place from, enum string_stream_place to)
{
	plan->spans[plan->count++] = (struct string_span){
		.off = off, .len = len, .from = from, .to = to,
	};
}

static bool has_hole(const struct string_stream *s)
{
	return s->hole != s->hole_end;
}

/* Adds a span from @off on at the head, and perhaps keeps its end. */
static void advance(struct string_stream *s, uint32_t off, uint32_t len,
		    enum string_stream_place from, struct string_plan *plan)
{
	uint32_t room = STRING_STREAM_KEEP - s->kept;

	add_span(plan, off, len, from, STRING_STREAM_HEAD);
	if (has_hole(s) && s->next == s->hole_end + s->kept && room) {
		plan->keep_off = off;
		plan->keep_len = (uint8_t)(len < room ? len : room);
	}
	s->next += len;
}

/* The segment begins behind the head, and leaves a gap that may be filled. */
static void leave_hole(struct string_stream *s, uint32_t seq, uint32_t len,
		       struct string_plan *plan)
{
	plan->open = true;
	s->hole = s->next;
	s->hole_end = seq;
	s->kept = 0;
	s->next = seq;
	advance(s, 0, len, STRING_STREAM_NOWHERE, plan);
}

/* The segment contains the first byte of the gap. */
static void fill_hole(struct string_stream *s, uint32_t seq, uint32_t end,
		      struct string_plan *plan)
{
	uint32_t stop = before(end, s->hole_end) ? end : s->hole_end;

	add_span(plan, s->hole - seq, stop - s->hole, STRING_STREAM_HOLE,
		 STRING_STREAM_HOLE);
	s->hole = stop;
	plan->join = !has_hole(s);
}

/* The segment, or a part of it, is before the head. */
static void look_back(struct string_stream *s, uint32_t seq, uint32_t end,
		      struct string_plan *plan)
{
	uint32_t len = end - seq;

	if (has_hole(s) && !before(s->hole, seq) && before(s->hole, end))
		fill_hole(s, seq, end, plan);
	/* Also search it alone: its bytes may differ from the first time. */
	if (!plan->count || plan->spans[0].len != len)
		add_span(plan, 0, len, STRING_STREAM_NOWHERE,
			 STRING_STREAM_NOWHERE);
	if (before(s->next, end))
		advance(s, s->next - seq, end - s->next, STRING_STREAM_HEAD,
			plan);
}

static void forget_far(struct string_stream *s)
{
	if (s->next - s->hole > FAR)
		s->hole_end = s->hole;
	if (s->next - s->hit > FAR)
		s->hit_end = s->hit;
}

void string_stream_plan(struct string_stream *s, uint32_t seq, uint32_t len,
			bool syn, struct string_plan *plan)
{
	uint32_t end;

	memset(plan, 0, offsetof(struct string_plan, spans));
	/* The SYN precedes the first byte. */
	seq += syn;
	end = seq + len;
	/*
	 * A retransmitted SYN changes nothing, nor does one that ends where the
	 * bytes end that have arrived.
	 */
	if (!s->started || (syn && seq != s->start && end != s->next)) {
		memset(s, 0, sizeof(*s));
		s->started = 1;
		s->start = seq;
		s->next = seq;
		plan->forget = true;
	}
	forget_far(s);
	if (!len)
		return;
	plan->hit = s->hit != s->hit_end && before(seq, s->hit_end) &&
		    before(s->hit, end);

	if (seq == s->next)
		advance(s, 0, len, STRING_STREAM_HEAD, plan);
	else if (before(s->next, seq))
		leave_hole(s, seq, len, plan);
	else
		look_back(s, seq, end, plan);
}

bool string_stream_hit(struct string_stream *s, uint32_t seq, uint32_t len)
{
	if (s->hit != s->hit_end && !before(seq, s->hit))
		return false;
	s->hit = seq;
	s->hit_end = seq + len;
	return true;
}
