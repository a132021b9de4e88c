// SPDX-License-Identifier: GPL-2.0-only
/*
 * Segments of one direction: messages however segments cut them.
 *
 * A segment that follows the last one is read. Where one is missing, a later
 * one that begins with a message is read, and the missing bytes when they come.
 * Nothing is read before the first bytes of a stream: without them, it may be a
 * different protocol. The beginning of a message is read when it comes, and
 * again with each segment that continues it. No address is handled twice: in
 * bytes that are sent again, addresses are rewritten as they were the first
 * time.
 */

#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>

#include "h323/messages.h"
#include "h323/nf_conntrack_h323_core/internal.h"
#include "lib/packet_bytes.h"

static bool replace(const struct h323_segment *g, unsigned int off,
		    const u8 *bytes, unsigned int n)
{
	const struct pom_packet *p = g->p;

	if (p->nat && p->nat->replace(p, off, n, bytes, n))
		return true;
	pom_refuse(p, POM_NOT_EXPECTED, "cannot rewrite the packet");
	return false;
}

static void add_patch(struct h323_segment *g, unsigned int off,
		      const u8 *bytes, unsigned int n)
{
	struct h323_stream *st = g->st;
	struct h323_patch *patch = &st->patch[st->oldest];

	patch->seq = g->payload.seq + off;
	patch->len = n;
	memcpy(patch->bytes, bytes, n);
	st->oldest = (st->oldest + 1) % H323_PATCHES;
}

/**
 * h323_write() - rewrite an address of the current message
 * @g: the packet
 * @a: the address
 * @to: what replaces it
 *
 * Return: false where it stays as it is: an earlier segment has a part of it
 * (counted as split), or memory is short.
 */
bool h323_write(struct h323_segment *g, const struct h323_address *a,
		const struct pom_endpoint *to)
{
	u8 bytes[H323_ADDRESS_LEN];
	unsigned int len = a->fact.len;
	int off = g->at + a->fact.off;

	if (off < g->fresh) {
		pom_refuse(g->p, POM_SPLIT, "address in two segments");
		return false;
	}
	memcpy(bytes, to->addr, len);
	bytes[len] = to->port >> 8;
	bytes[len + 1] = to->port & 0xff;
	if (!replace(g, off, bytes, len + 2))
		return false;
	if (g->s)
		add_patch(g, off, bytes, len + 2);
	return true;
}

/* The part of it that the segment has. */
static void apply_patch(const struct h323_segment *g,
			const struct h323_patch *patch)
{
	s32 from = (s32)(patch->seq - g->payload.seq);
	s32 to = from + patch->len;
	unsigned int cut = from < 0 ? -from : 0;
	u8 now[H323_ADDRESS_LEN];

	to = min_t(s32, to, g->payload.len);
	from = max(from, 0);
	if (!patch->len || from >= to ||
	    skb_copy_bits(g->p->skb, g->payload.off + from, now, to - from) ||
	    !memcmp(now, patch->bytes + cut, to - from))
		return;
	replace(g, from, patch->bytes + cut, to - from);
}

static void apply_patches(const struct h323_segment *g)
{
	unsigned int i;

	if (!pom_is_mapped(g->p))
		return;
	for (i = 0; i < H323_PATCHES; i++)
		apply_patch(g, &g->st->patch[i]);
}

/**
 * struct message - a message that is being read
 * @data: its bytes
 * @have: how many there are
 * @len: of the whole message
 * @done: those that were here before; addresses in them were handled
 * @in_head: @data is in the head of the packet, which moves when it is written
 * @forwards: @alternative is set
 * @alternative: the address of a Facility, until its reason is known
 */
struct message {
	const u8 *data;
	unsigned int have;
	unsigned int len;
	unsigned int done;
	bool in_head;
	bool forwards;
	struct h323_address alternative;
};

static const u8 *head_at(const struct h323_segment *g, int at)
{
	return g->p->skb->data + (int)g->payload.off + at;
}

/* An address that ends in this segment is handled in it. */
static void handle_address(struct h323_segment *g, struct h323_reader *r,
			   struct message *m, const struct per_fact *fact)
{
	struct h323_address a;

	if (!h323_get_address(g, m->data, fact, &a))
		return;
	if (fact->what == H323_ALTERNATIVE) {
		m->forwards = true;
		m->alternative = a;
	}
	if (fact->off + fact->len + 2 <= m->done)
		return;
	h323_open(g, &a);
	if (!m->in_head)
		return;
	m->data = head_at(g, g->at);
	h323_move(r, m->data);
}

/* Whether the value that was read last is in a segment before this one. */
static bool is_done(const struct h323_reader *r, const struct message *m)
{
	return r->off + DIV_ROUND_UP(r->per.at, 8) <= m->done;
}

static void handle_fact(struct h323_segment *g, struct h323_reader *r,
			struct message *m, const struct per_fact *fact)
{
	if (fact->len)
		handle_address(g, r, m, fact);
	else if (fact->what == H323_FACILITY_REASON && m->forwards &&
		 fact->value == H323_CALL_FORWARDED && !is_done(r, m))
		h323_forward(g, &m->alternative);
}

static bool may_read(struct h323_segment *g)
{
	if (g->messages++ < H323_MESSAGES_MAX && g->steps < H323_STEPS_MAX)
		return true;
	nf_autohelper_count(g->p->helper, g->p->ct, POM_NOT_EXPECTED);
	return false;
}

static noinline_for_stack void read_message(struct h323_segment *g,
					    struct message *m)
{
	struct h323_reader r pom_space;
	struct per_fact fact;
	enum per_result ret;
	u32 steps;

	if (!may_read(g))
		return;
	ret = h323_begin(&r, g->protocol, m->data, m->have, m->len);
	if (ret == PER_FACT)
		r.per.steps = min(r.per.steps, H323_STEPS_MAX - g->steps);
	steps = ret == PER_FACT ? r.per.steps : 0;
	while (ret == PER_FACT) {
		ret = h323_next(&r, &fact);
		if (ret == PER_FACT)
			handle_fact(g, &r, m, &fact);
	}
	if (steps)
		g->steps += steps - r.per.steps;
	if (ret > PER_CUT)
		pom_refuse(g->p, POM_MALFORMED, h323_error_text(ret));
}

/**
 * h323_look() - look at bytes of a payload in one piece
 * @g: the packet
 * @off: where in the payload
 * @n: how many; all within the payload
 * @copy: NULL, or what the caller frees
 *
 * Return: the bytes, in the head of the packet or at @copy; NULL where memory
 * is short, which is counted.
 */
const u8 *h323_look(const struct h323_segment *g, unsigned int off,
		    unsigned int n, u8 **copy)
{
	const u8 *data = pom_packet_bytes(g->p->skb, g->payload.off + off, n,
					  copy);

	if (!data)
		pom_refuse(g->p, POM_NOT_EXPECTED, "no memory");
	return data;
}

/* A message that is in this segment as a whole. */
static void read_whole(struct h323_segment *g, unsigned int off,
		       unsigned int len)
{
	struct message m = { .have = len, .len = len };
	u8 *copy;

	g->at = off;
	m.data = h323_look(g, off, len, &copy);
	m.in_head = !copy;
	if (m.data)
		read_message(g, &m);
	kfree(copy);
}

static void skip_message(struct h323_segment *g, struct h323_place *pl,
			 const char *text)
{
	h323_place_skip(g->hn, pl);
	pom_refuse(g->p, POM_NOT_EXPECTED, text);
}

/* The first bytes of a message, until its length is known. */
static bool keep_head(struct h323_segment *g, struct h323_place *pl,
		      unsigned int off, unsigned int *n)
{
	*n = min_t(unsigned int, *n, H323_TPKT_LEN - pl->have);
	if (skb_copy_bits(g->p->skb, g->payload.off + off,
			  pl->head + pl->have, *n) < 0)
		return false;
	pl->have += *n;
	if (pl->have < H323_TPKT_LEN)
		return true;
	pl->len = h323_tpkt(pl->head);
	if (pl->len)
		g->st->begun = true;
	/* A keep-alive is complete. */
	if (pl->len == H323_TPKT_LEN)
		h323_place_clear(g->hn, pl);
	return pl->len || !pl->have;
}

/* The rest of them, as far as the segment has it. */
static bool keep_rest(struct h323_segment *g, struct h323_place *pl,
		      unsigned int off, unsigned int *n)
{
	struct message m = { .len = pl->len, .done = pl->have };

	*n = min_t(unsigned int, *n, pl->len - pl->have);
	if (skb_copy_bits(g->p->skb, g->payload.off + off, pl->buf + pl->have,
			  *n) < 0)
		return false;
	g->at = (int)off - pl->have;
	pl->have += *n;
	m.data = pl->buf;
	m.have = pl->have;
	read_message(g, &m);
	if (pl->have == pl->len)
		h323_place_clear(g->hn, pl);
	return true;
}

/* Continues a message whose beginning is kept. */
static bool continue_message(struct h323_segment *g, struct h323_place *pl,
			     unsigned int off, unsigned int *n)
{
	if (!pl->len)
		return keep_head(g, pl, off, n);
	if (pl->segments++ == H323_SEGMENTS_MAX) {
		skip_message(g, pl, "message in too many segments");
		*n = 0;
		return true;
	}
	if (!pl->buf) {
		if (!h323_place_alloc(g, pl)) {
			skip_message(g, pl, "no space for a message");
			*n = 0;
			return true;
		}
		memcpy(pl->buf, pl->head, pl->have);
	}
	return keep_rest(g, pl, off, n);
}

/* How long the message is that begins at @off; 0 where that is not known. */
static unsigned int length_at(const struct h323_segment *g, unsigned int off,
			      unsigned int n)
{
	u8 buf[H323_TPKT_LEN];
	const u8 *head;

	if (n < sizeof(buf))
		return 0;
	head = skb_header_pointer(g->p->skb, g->payload.off + off, sizeof(buf),
				  buf);
	return head ? h323_tpkt(head) : 0;
}

/*
 * Reads what is next of the @n bytes at @off, and sets @n to how many that
 * were. Returns false for what is no packet of RFC 1006.
 */
static bool read_next(struct h323_segment *g, struct h323_place *pl,
		      unsigned int off, unsigned int *n)
{
	unsigned int len;

	if (pl->skip) {
		*n = min(*n, pl->skip);
		pl->skip -= *n;
		return true;
	}
	len = pl->have ? 0 : length_at(g, off, *n);
	if (!len || len > *n)
		return continue_message(g, pl, off, n);
	g->st->begun = true;
	read_whole(g, off, len);
	*n = len;
	return true;
}

/* Whether a message can begin at @off, after bytes that nobody has read. */
static bool may_begin(const struct h323_segment *g, unsigned int off)
{
	unsigned int len = length_at(g, off, g->payload.len - off);
	u8 head[2];

	if (len < H323_TPKT_LEN + sizeof(head))
		return false;
	if (g->protocol != H323_PROTOCOL_CALL)
		return true;
	/* No program has a call reference of more than two bytes. */
	return skb_copy_bits(g->p->skb, g->payload.off + off + H323_TPKT_LEN,
			     head, sizeof(head)) == 0 &&
	       head[0] == Q931_DISCRIMINATOR && head[1] <= 2;
}

static bool read_place(struct h323_segment *g, struct h323_place *pl,
		       unsigned int off, unsigned int to)
{
	bool ret = true;
	unsigned int n;

	if (pl->lost && may_begin(g, off))
		pl->lost = false;
	g->fresh = off;
	while (ret && !pl->lost && off < to) {
		n = to - off;
		ret = read_next(g, pl, off, &n);
		off += n;
	}
	pl->next = g->payload.seq + to;
	return ret;
}

static bool is_missing(const struct h323_stream *st)
{
	return st->missing.next != st->missing_end;
}

/* Bytes that were missing when a later segment came. */
static bool read_missing(struct h323_segment *g)
{
	struct h323_stream *st = g->st;
	u32 off = st->missing.next - g->payload.seq;
	u32 to = st->missing_end - g->payload.seq;
	bool ret;

	if (!is_missing(st) || off >= g->payload.len)
		return true;
	ret = read_place(g, &st->missing, off, min(to, g->payload.len));
	if (!is_missing(st))
		h323_place_clear(g->hn, &st->missing);
	return ret;
}

/* A segment has come before the one that is next. */
static void leave_gap(struct h323_segment *g)
{
	struct h323_stream *st = g->st;

	if (is_missing(st) || st->place.lost) {
		h323_place_clear(g->hn, &st->place);
	} else {
		h323_place_clear(g->hn, &st->missing);
		st->missing = st->place;
		st->missing_end = g->payload.seq;
	}
	st->place = (struct h323_place) {
		.next = g->payload.seq,
		.lost = true,
	};
}

/**
 * h323_stream_read() - read a segment
 * @g: the segment, which has payload; its session is locked
 *
 * Return: false where its bytes are not H.323: no byte of this connection must
 * be read any more.
 */
bool h323_stream_read(struct h323_segment *g)
{
	struct h323_stream *st = g->st;
	u32 end = g->payload.seq + g->payload.len;
	s32 old = (s32)(st->place.next - g->payload.seq);

	if (old > 0) {
		apply_patches(g);
		if (!read_missing(g))
			return false;
	}
	if ((s32)(end - st->place.next) <= 0 || (old < 0 && !st->begun))
		return true;
	if (old < 0) {
		leave_gap(g);
		old = 0;
	}
	return read_place(g, &st->place, old, g->payload.len);
}
