// SPDX-License-Identifier: GPL-2.0-only
/*
 * Segments of one direction: messages however segments cut them.
 *
 * A segment that follows the last one is read. If one is missing, a later one
 * that begins with a message is read, and the missing bytes when they come. No
 * byte is read a second time: in what comes again, ids are rewritten as they
 * were the first time, from the list of patches.
 */

#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/netfilter/nf_conntrack.h>

#include "pptp/nf_conntrack_pptp_core/internal.h"

/* @off is within the payload, and writable. */
static void write_byte(const struct pptp_segment *g, unsigned int off, u8 to)
{
	struct sk_buff *skb = g->p->skb;
	unsigned int at = g->payload.off + off;
	struct tcphdr *th = (struct tcphdr *)(skb->data + g->p->protoff);
	unsigned int shift = (at - g->p->protoff) & 1 ? 0 : 8;
	u8 from = skb->data[at];

	skb->data[at] = to;
	inet_proto_csum_replace2(&th->check, skb, htons(from << shift),
				 htons(to << shift), false);
}

/* Once for all of it: piece by piece, a large segment is copied many times. */
static bool make_writable(struct pptp_segment *g)
{
	if (!g->writable)
		g->writable = !skb_ensure_writable(g->p->skb, g->payload.off +
						   g->payload.len);
	if (!g->writable)
		pptp_refuse(g, POM_NOT_EXPECTED, "cannot rewrite the packet");
	return g->writable;
}

static void add_patch(struct pptp_stream *st, u32 seq, u16 from, u16 to)
{
	st->patch[st->oldest] = (struct pptp_patch) {
		.seq	= seq,
		.from	= htons(from),
		.to	= htons(to),
	};
	st->oldest = (st->oldest + 1) % PPTP_PATCHES;
	st->patches = min(st->patches + 1, PPTP_PATCHES);
}

/**
 * pptp_stream_rewrite() - replace an id of the current message
 * @g: the segment
 * @off: offset of the id in the message
 * @from: the id; the result of pptp_parse()
 * @to: what replaces it
 *
 * Return: false where the id stays as it is, although @to is different, because
 * an earlier segment has part of it (counted as split), or memory is short.
 */
bool pptp_stream_rewrite(struct pptp_segment *g, u8 off, u16 from, u16 to)
{
	int at = g->at + off;

	if (from == to)
		return true;
	if (at < g->fresh) {
		pptp_refuse(g, POM_SPLIT, "call id in an earlier segment");
		return false;
	}
	if (!make_writable(g))
		return false;
	write_byte(g, at, to >> 8);
	write_byte(g, at + 1, to & 0xff);
	add_patch(g->st, g->payload.seq + at, from, to);
	return true;
}

/* Part of the id may be in a different segment. */
static void patch_byte(struct pptp_segment *g, u32 seq, u8 from, u8 to)
{
	u32 off = seq - g->payload.seq;
	u8 byte;

	if (off >= g->payload.len || from == to ||
	    skb_copy_bits(g->p->skb, g->payload.off + off, &byte, 1) < 0 ||
	    byte != from || !make_writable(g))
		return;
	write_byte(g, off, to);
}

static void apply_patches(struct pptp_segment *g)
{
	const struct pptp_patch *patch;
	unsigned int i;

	for (i = 0; i < g->st->patches; i++) {
		patch = &g->st->patch[i];
		patch_byte(g, patch->seq, ntohs(patch->from) >> 8,
			   ntohs(patch->to) >> 8);
		patch_byte(g, patch->seq + 1, ntohs(patch->from) & 0xff,
			   ntohs(patch->to) & 0xff);
	}
}

/* Return: false where the bytes are no PPTP. */
static bool read_message(struct pptp_segment *g, struct pptp_place *place,
			 unsigned int *at, unsigned int end)
{
	unsigned int n = min_t(unsigned int, sizeof(place->head) - place->have,
			       end - *at);
	struct pptp_message msg;
	enum pptp_error error;

	if (skb_copy_bits(g->p->skb, g->payload.off + *at,
			  place->head + place->have, n) < 0)
		return false;
	error = pptp_parse(place->head, place->have + n, &msg);
	if (error == PPTP_MORE) {
		place->have += n;
		*at = end;
		return true;
	}
	if (error != PPTP_OK) {
		pptp_refuse(g, POM_MALFORMED, pptp_error_text(error));
		return false;
	}
	g->at = (int)*at - place->have;
	place->skip = msg.len - place->have;
	place->have = 0;
	return pptp_message_read(g, &msg);
}

/* From @at to @end of the payload, which have not been read before. */
static bool read_messages(struct pptp_segment *g, struct pptp_place *place,
			  unsigned int at, unsigned int end)
{
	unsigned int n;

	place->next = g->payload.seq + end;
	g->fresh = at;
	while (at < end) {
		if (!place->skip && !read_message(g, place, &at, end))
			return false;
		n = min_t(unsigned int, place->skip, end - at);
		place->skip -= n;
		at += n;
	}
	return true;
}

/* Whether the segment begins with a message. */
static bool begins_message(const struct pptp_segment *g)
{
	u8 head[PPTP_READ_MAX];
	unsigned int n = min_t(unsigned int, g->payload.len, sizeof(head));
	struct pptp_message msg;

	return skb_copy_bits(g->p->skb, g->payload.off, head, n) == 0 &&
	       pptp_parse(head, n, &msg) == PPTP_OK;
}

/* The segment is behind the place in the stream. */
static bool read_ahead(struct pptp_segment *g)
{
	struct pptp_stream *st = g->st;

	if (!g->s->started || !begins_message(g))
		return true;
	st->missing = st->place;
	st->missing_end = g->payload.seq;
	st->place.skip = 0;
	st->place.have = 0;
	return read_messages(g, &st->place, 0, g->payload.len);
}

/*
 * If the segment has what is missing, or the beginning of it. A copy of the
 * segment finds nothing missing.
 */
static bool read_missing(struct pptp_segment *g)
{
	struct pptp_stream *st = g->st;
	u32 at = st->missing.next - g->payload.seq;
	u32 n = st->missing_end - st->missing.next;

	if (!n || at >= g->payload.len)
		return true;
	return read_messages(g, &st->missing, at,
			     min(at + n, g->payload.len));
}

/**
 * pptp_stream_read() - read the messages of a segment
 * @g: the segment; its payload is not empty
 *
 * Return: false where it is no PPTP.
 */
bool pptp_stream_read(struct pptp_segment *g)
{
	struct pptp_place *place = &g->st->place;
	u32 seen = place->next - g->payload.seq;

	if ((s32)seen < 0)
		return read_ahead(g);
	if (seen) {
		apply_patches(g);
		if (!read_missing(g))
			return false;
	}
	return seen >= g->payload.len ||
	       read_messages(g, place, seen, g->payload.len);
}
