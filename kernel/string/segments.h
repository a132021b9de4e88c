/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which bytes of a TCP segment continue a search, even if segments are lost,
 * retransmitted, overlap or arrive out of order.
 *
 * This code handles only sequence numbers, and does not know the patterns. It
 * stores no bytes of the connection except a few behind one gap. So these
 * matches are found:
 *
 *	- in a single segment
 *	- across segments in order, parts of which may be retransmitted
 *	- across the edges of the newest gap if that is filled from its
 *	  beginning, with at most STRING_STREAM_KEEP bytes behind it
 *
 * Plain C: the module, the unit tests and the fuzzer share this file.
 */
#ifndef POM_STRING_SEGMENTS_H
#define POM_STRING_SEGMENTS_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* How many bytes behind a gap are kept. */
#define STRING_STREAM_KEEP	32

/**
 * struct string_stream - one direction of a connection; all 0 at its beginning
 * @start: sequence number of its first byte
 * @next: the sequence number at which the search continues
 * @hole: the beginning of the newest gap
 * @hole_end: its end; @hole if no gap exists
 * @hit: the beginning of the first segment with a match
 * @hit_end: its end; @hit if no match exists
 * @started: @next is valid
 * @kept: how many bytes from @hole_end on are in @keep
 */
struct string_stream {
	uint32_t start;
	uint32_t next;
	uint32_t hole;
	uint32_t hole_end;
	uint32_t hit;
	uint32_t hit_end;
	uint8_t started;
	uint8_t kept;
	uint8_t keep[STRING_STREAM_KEEP];
};

/* The state of a search at the start or end of a span. */
enum string_stream_place {
	STRING_STREAM_NOWHERE,	/* a new search; its result is not kept */
	STRING_STREAM_HEAD,	/* behind the newest byte in order */
	STRING_STREAM_HOLE,	/* before the gap */
};

/**
 * struct string_span - bytes of a segment to search
 * @off: from the segment's first byte
 * @len: 1 or more
 * @from: enum string_stream_place to read the state from
 * @to: enum string_stream_place to write the state to
 */
struct string_span {
	uint32_t off;
	uint32_t len;
	uint8_t from;
	uint8_t to;
};

#define STRING_SPANS_MAX	3

/**
 * struct string_plan - what to do with a segment, in this order
 * @forget: reset both states
 * @open: copy the state at the head to that of the gap
 * @hit: the segment matches: it overlaps a segment with a match
 * @spans: @count spans to search
 * @keep_off: offset of bytes to append to the kept ones
 * @keep_len: how many
 * @join: the gap is closed: search the kept bytes from the state of the gap
 */
struct string_plan {
	bool forget;
	bool open;
	bool hit;
	bool join;
	uint8_t count;
	uint8_t keep_len;
	uint32_t keep_off;
	struct string_span spans[STRING_SPANS_MAX];
};

/**
 * string_stream_plan() - a segment arrives
 * @s: its direction; is updated
 * @seq: its sequence number
 * @len: bytes of its payload, under 2^31
 * @syn: it opens the connection
 * @plan: what to do
 *
 * Without a SYN, a direction begins with the first segment that arrives.
 */
void string_stream_plan(struct string_stream *s, uint32_t seq, uint32_t len,
			bool syn, struct string_plan *plan);

/*
 * Records a match in a segment, which will then match when it is retransmitted.
 * Returns whether it was recorded; otherwise an earlier segment is recorded.
 */
bool string_stream_hit(struct string_stream *s, uint32_t seq, uint32_t len);

#endif
