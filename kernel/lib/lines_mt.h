/* SPDX-License-Identifier: GPL-2.0-only */
/* Matches on lines of text in TCP segments. */
#ifndef POM_LIB_LINES_MT_H
#define POM_LIB_LINES_MT_H

#include <linux/netfilter/x_tables.h>
#include <linux/skbuff.h>

#include "lib/lines.h"
#include "lib/tcp_payload.h"

/* Bytes that are looked at in one piece where a payload is not linear. */
#define POM_LINES_PIECE	128

/**
 * pom_match_lines() - whether a line of a segment passes a test
 * @skb: the packet; may be non-linear
 * @par: of the match
 * @test: the test; the last argument is POM_LINE_MAX bytes that it may
 *	overwrite, the line among them
 *
 * In the packet path. A line begins and ends in the same segment: TCP may carry
 * anything, so others are no reason to drop it. Inlined, so that the compiler
 * calls @test directly.
 */
static __always_inline bool
pom_match_lines(const struct sk_buff *skb, const struct xt_action_param *par,
		bool (*test)(const void *info, const u8 *line, size_t len,
			     u8 *scratch))
{
	struct tcp_payload payload;
	unsigned int at, have, n;
	u8 piece[POM_LINES_PIECE];
	const u8 *bytes, *line;
	struct pom_line l;
	size_t len;

	if (par->fragoff || !tcp_payload_find(skb, par->thoff, &payload))
		return false;
	l.len = 0;
	l.skip = false;
	for (at = 0; at < payload.len; at += n) {
		bytes = tcp_payload_piece(skb, &payload, at, piece,
					  sizeof(piece), &have);
		if (!bytes)
			return false;
		for (n = 0; n < have;) {
			n += pom_line_cut(&l, bytes + n, have - n, &line, &len);
			if (line && test(par->matchinfo, line, len, l.bytes))
				return true;
		}
	}
	return false;
}

#endif /* POM_LIB_LINES_MT_H */
