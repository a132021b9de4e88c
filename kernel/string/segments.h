/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which bytes of a TCP segment continue a search, when segments
 * are sent again, overlap, arrive in another order or not at all.
 *
 * Knows sequence numbers only, and nothing of what is searched for. Nothing is
 * stored of what was said but a few bytes behind one gap; so these are found:
 *
 *	what is in one segment, whichever it is
 *	matches across segments that arrive in order, parts of which
 *	may come again
 *	matches across the edges of the newest gap when that is filled from its
 *	beginning on, with at most STRING_STREAM_KEEP bytes behind it
 *
 * Plain C: the same file serves the module, the unit tests and the fuzzer.
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

/* Bytes that are kept of what follows a gap. */
#define STRING_STREAM_KEEP	32

/**
 * struct string_stream - one direction of a connection; all 0 at its beginning
 * @start: sequence number of its first byte
 * @next: the sequence number at which the search continues
 * @hole: where the newest gap begins
 * @hole_end: and ends; @hole where there is none
 * @hit: the first segment in which something was found
 * @hit_end: and its end; @hit where there is none
 * @started: @next means something
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
	STRING_STREAM_NOWHERE,	/* at a beginning; is forgotten */
	STRING_STREAM_HEAD,	/* behind the newest byte in order */
	STRING_STREAM_HOLE,	/* before the gap */
};

/**
 * struct string_span - bytes of a segment to search
 * @off: from the segment's first byte
 * @len: 1 or more
 * @from: of enum string_stream_place
 * @to: the same; the place is overwritten
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
 * @forget: both states start again
 * @open: the place of the gap becomes that of the head
 * @hit: it is, in part, what something was found in before: it matches
 * @spans: @count of them, to be searched
 * @keep_off: bytes of the segment from here on ...
 * @keep_len: ... so many, go to the end of what is kept
 * @join: the gap is closed: from its place on, what is kept is searched
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
 * @s: its direction; is brought up to date
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
 * Something was found in that segment: it matches also when it is sent again.
 * Returns whether it is now the one that does; else one before it is.
 */
bool string_stream_hit(struct string_stream *s, uint32_t seq, uint32_t len);

#endif
