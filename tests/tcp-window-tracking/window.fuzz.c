// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection in any state and any segment: no access out of bounds (the
 * sanitizers see to that), and no reason that breaks a law.
 *
 *	octet 0		settings of the namespace and the connection
 *	octet 1		state, and in bit 7 the direction
 *	octets 2-6	last_kind, last_dir, last_flags, last_scale, retrans
 *	octets 8-27	last_seq, last_ack, last_end, last_window, offset
 *	octets 28-63	two sides: end, maxend, maxwin, maxack, scale, flags
 *	then		the segment
 */
#include <stdio.h>
#include <stdlib.h>

#include "exact.h"
#include "tcp-window-tracking/window.h"

#define HEAD	64
#define SIDE	18

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t read32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static struct window_side read_side(const uint8_t *p)
{
	return (struct window_side) {
		.end = read32(p), .maxend = read32(p + 4),
		.maxwin = read32(p + 8), .maxack = read32(p + 12),
		.scale = p[16] % 15, .flags = p[17],
	};
}

static struct window_conn read_conn(const uint8_t *p)
{
	return (struct window_conn) {
		.side = { read_side(p + 28), read_side(p + 28 + SIDE) },
		.last_seq = read32(p + 8), .last_ack = read32(p + 12),
		.last_end = read32(p + 16), .last_window = read32(p + 20),
		.last_kind = p[2] % (WINDOW_KIND_NONE + 1),
		.last_dir = p[3] & 1, .last_flags = p[4],
		.last_scale = p[5] % 15, .retrans = p[6],
		.state = (p[1] & 0x7f) % WINDOW_STATES,
		.replied = p[0] & 1, .assured = p[0] & 2,
		.synproxy = p[0] & 4, .liberal = p[0] & 8,
		.any_rst = p[0] & 16, .lenient_rst = p[0] & 32,
		.tolerant = p[0] & 64,
	};
}

static bool in_window_reasons(enum window_reason reason)
{
	return reason <= WINDOW_ACK_UNDER;
}

static const char *broken_law(const struct window_conn *c, uint8_t kind,
			      enum window_reason refused,
			      enum window_reason ignored)
{
	bool window = in_window_reasons(refused);

	if (!window && refused != WINDOW_RST && refused != WINDOW_STATE &&
	    refused != WINDOW_UNKNOWN)
		return "refused for what a connection cannot know";
	if (!in_window_reasons(ignored) && ignored != WINDOW_RST &&
	    ignored != WINDOW_STATE && ignored != WINDOW_NONE)
		return "ignored for what a connection cannot know";
	if (c->tolerant && (refused == WINDOW_SEQ_UNDER ||
			    refused == WINDOW_ACK_UNDER))
		return "refused for what is tolerated";
	if (c->liberal && window)
		return "refused for the window in a liberal namespace";
	if (c->any_rst && refused == WINDOW_RST)
		return "refused for a RST where any is accepted";
	/* conntrack begins again with a SYN+ACK before it compares */
	if (window && in_window_reasons(ignored) && kind != WINDOW_KIND_SYNACK)
		return "both refused and ignored for the window";
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct window_segment seg;
	struct window_conn conn;
	const char *broken;
	unsigned int dir;
	uint8_t *tcp;
	bool whole;

	if (size < HEAD)
		return 0;
	conn = read_conn(data);
	dir = data[1] >> 7;
	size -= HEAD;
	tcp = exact_copy(data + HEAD, size);
	whole = window_parse(tcp, size > WINDOW_TCP_MAX ? WINDOW_TCP_MAX : size,
			     size, &seg);
	free(tcp);
	if (!whole || !window_flags_valid(&seg))
		return 0;
	broken = broken_law(&conn, seg.kind,
			    window_refused(&conn, &seg, dir,
					   read32(data + 24)).reason,
			    window_ignored(&conn, &seg, dir,
					   read32(data + 24)).reason);
	window_retransmitted(&conn, &seg, dir);
	window_scaled(&conn, &seg, dir);
	window_may_open(&seg, conn.liberal);
	if (broken) {
		fprintf(stderr, "broken law: %s\n", broken);
		abort();
	}
	return 0;
}
