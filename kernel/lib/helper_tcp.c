// SPDX-License-Identifier: GPL-2.0-only
/* The lines of one direction of a connection, see helper_tcp.h. */

#include <net/netfilter/nf_conntrack.h>

#include "lib/helper.h"
#include "lib/helper_tcp.h"

/* Bits of struct pom_connection, for each direction. */
#define KNOWN(dir)	(1 + (dir))	/* next is set */
#define SKIP(dir)	(3 + (dir))	/* next is in a line that is not read */
#define TAIL(dir)	(5 + (dir))	/* the beginning of it is kept */
#define BEGIN(dir, i)	(7 + (dir) * POM_BEGINS + (i))	/* begin[i] is set */
/* From begin[i] on, announcements went on unchanged; not of begin[0]. */
#define LEFT(dir, i)	(POM_OWN_BITS_END + (dir) * (POM_BEGINS - 1) + (i) - 1)

/* Of pom_place.begin: the first one of an announcement. */
#define ANNOUNCED	1

static bool within_line(const struct pom_connection *c, u8 dir)
{
	return test_bit(SKIP(dir), &c->bits) || test_bit(TAIL(dir), &c->bits);
}

static void set_begin(struct pom_connection *c, u8 dir, unsigned int i, u16 seq)
{
	WRITE_ONCE(c->dir[dir].begin[i], seq);
	set_bit(BEGIN(dir, i), &c->bits);
}

/* Whether a line is known to begin at @seq, before @next. */
static bool begins_line(const struct pom_connection *c, u8 dir, u32 next,
			u32 seq)
{
	unsigned int i;

	if (next - seq - 1 >= U16_MAX)
		return false;
	for (i = 0; i < POM_BEGINS; i++)
		if (test_bit(BEGIN(dir, i), &c->bits) &&
		    READ_ONCE(c->dir[dir].begin[i]) == (u16)seq)
			return true;
	return false;
}

/* Forgets what will be too far behind @to, where @from is the place now. */
static void forget_begins(struct pom_connection *c, u8 dir, u32 from, u32 to)
{
	unsigned int i;
	u16 behind;

	for (i = 0; i < POM_BEGINS; i++) {
		behind = (u16)from - READ_ONCE(c->dir[dir].begin[i]);
		if (to - from > (u32)(U16_MAX - behind))
			clear_bit(BEGIN(dir, i), &c->bits);
	}
}

/* Where the first line begins. */
static void begin_connection(struct pom_connection *c, u8 dir, u32 seq)
{
	unsigned int i;

	for (i = 0; i < POM_BEGINS; i++)
		clear_bit(BEGIN(dir, i), &c->bits);
	WRITE_ONCE(c->dir[dir].next, seq);
	set_begin(c, dir, 0, seq);
	clear_bit(SKIP(dir), &c->bits);
	clear_bit(TAIL(dir), &c->bits);
	set_bit(KNOWN(dir), &c->bits);
}

/*
 * What conntrack knows after a SYN/ACK.
 *
 * @accepted: it has not ignored this one
 * @resumed: it had ignored the SYN before, and now takes the client's sequence
 *	numbers from it
 * @begin: where the client's stream begins, if @resumed; not if @data
 * @data: that SYN had data, which was not read
 */
struct answered {
	bool accepted;
	bool resumed;
	u32 begin;
	bool data;
};

static void look_up_answered(const struct pom_stream *s, struct answered *a)
{
	struct nf_conn *ct = s->p->ct;
	const struct ip_ct_tcp *tcp = &ct->proto.tcp;

	spin_lock_bh(&ct->lock);
	a->accepted = tcp->state == TCP_CONNTRACK_SYN_RECV &&
		      tcp->seen[IP_CT_DIR_REPLY].td_end ==
		      s->payload.seq + s->payload.len;
	a->begin = tcp->seen[IP_CT_DIR_ORIGINAL].td_end;
	a->resumed = a->accepted && tcp->last_end == a->begin;
	a->data = tcp->last_end - tcp->last_seq != 1;
	spin_unlock_bh(&ct->lock);
}

/*
 * A client that has lost its connection without a FIN may connect from the same
 * port while conntrack still has the old connection as established. Conntrack
 * ignores such a SYN. When the server acknowledges the SYN, the entry becomes
 * that of the new connection. The first SYN of an entry is never ignored.
 */
static void begin_client(struct pom_connection *c, const struct answered *a)
{
	const u8 dir = IP_CT_DIR_ORIGINAL;

	if (!a->resumed || (test_bit(KNOWN(dir), &c->bits) &&
			    READ_ONCE(c->dir[dir].next) == a->begin))
		return;
	set_mask_bits(&c->bits, ~(BIT(POM_OWN_BITS) - 1), 0);
	begin_connection(c, dir, a->begin);
	if (a->data)
		clear_bit(KNOWN(dir), &c->bits);
}

/*
 * A SYN says where the stream begins as long as the handshake lasts. Later,
 * conntrack ignores a SYN or SYN/ACK, and lets it pass: any host can have
 * forged it, and the other side may answer with a challenge ACK (RFC 5961). The
 * state is that behind the packet.
 */
static void read_syn(const struct pom_stream *s, struct pom_connection *c)
{
	u8 dir = s->p->dir, state = READ_ONCE(s->p->ct->proto.tcp.state);
	struct answered a;

	if (state == TCP_CONNTRACK_SYN_SENT2 ||
	    (state == TCP_CONNTRACK_SYN_SENT && dir == IP_CT_DIR_ORIGINAL)) {
		begin_connection(c, dir, s->payload.seq);
	} else if (state == TCP_CONNTRACK_SYN_RECV && dir == IP_CT_DIR_REPLY) {
		look_up_answered(s, &a);
		begin_client(c, &a);
		if (a.accepted)
			begin_connection(c, dir, s->payload.seq);
	}
}

static void take_tail(struct pom_stream *s)
{
	const struct pom_packet *p = s->p;

	s->line.len = nf_autohelper_take(p->helper, p->ct, p->dir,
					 s->payload.seq, s->line.bytes,
					 sizeof(s->line.bytes));
	s->lost = !s->line.len;
}

/*
 * Continues what the segment before this one has begun. Another CPU may have a
 * copy of this segment: it passes over the rest of the line.
 */
static void resume_line(struct pom_stream *s, struct pom_connection *c)
{
	const struct pom_packet *p = s->p;

	if (test_bit(TAIL(p->dir), &c->bits)) {
		/* Until the end of this segment is known. */
		set_bit(SKIP(p->dir), &c->bits);
		if (test_and_clear_bit(TAIL(p->dir), &c->bits))
			take_tail(s);
		s->line.skip = !s->line.len;
	} else {
		s->line.skip = test_bit(SKIP(p->dir), &c->bits);
	}
	s->fresh = !s->line.len && !s->line.skip;
}

static void find_place(struct pom_stream *s, struct pom_connection *c,
		       bool strict)
{
	u8 dir = s->p->dir;
	u32 seq = s->payload.seq;

	s->known = test_bit(KNOWN(dir), &c->bits);
	/* See set_place(). */
	s->next = smp_load_acquire(&c->dir[dir].next);
	s->in_order = s->known && seq == s->next;
	s->line.len = 0;
	s->line.skip = false;
	s->lost = false;
	if (s->in_order)
		return resume_line(s, c);
	s->fresh = s->known && begins_line(c, dir, s->next, seq);
	s->line.skip = !s->fresh && strict;
}

bool pom_stream_begin(struct pom_stream *s, struct pom_packet *p,
		      unsigned int protoff, enum ip_conntrack_info ctinfo,
		      bool strict)
{
	struct pom_connection *c = nfct_help_data(p->ct);

	pom_packet_begin(p);
	p->protoff = protoff;
	s->p = p;
	if (pom_packet_is_error(p) ||
	    !tcp_payload_find(p->skb, protoff, &s->payload))
		return false;
	if (s->payload.syn) {
		read_syn(s, c);
		return false;
	}
	if (!s->payload.len ||
	    (ctinfo != IP_CT_ESTABLISHED && ctinfo != IP_CT_ESTABLISHED_REPLY))
		return false;
	s->at = 0;
	s->have = 0;
	s->grown = 0;
	s->new_growth = 0;
	s->announced = 0;
	s->rewritten = false;
	s->left = false;
	find_place(s, c, strict);
	return true;
}

/* Makes bytes to read available, unless all are read. */
static bool look(struct pom_stream *s)
{
	if (s->have)
		return true;
	if (s->at == s->payload.len)
		return false;
	s->bytes = tcp_payload_piece(s->p->skb, &s->payload, s->at, s->piece,
				     sizeof(s->piece), &s->have);
	return s->bytes;
}

void pom_stream_pass(struct pom_stream *s, u8 byte)
{
	size_t n;

	while (!s->line.len && look(s)) {
		n = pom_lines_without(s->bytes, s->have, byte);
		if (!n)
			return;
		s->line.skip = false;
		s->bytes += n;
		s->have -= n;
		s->at += n;
	}
}

bool pom_stream_line(struct pom_stream *s)
{
	struct pom_packet *p = s->p;
	const u8 *line;
	size_t len, n;

	while (look(s)) {
		n = pom_line_cut(&s->line, s->bytes, s->have, &line, &len);
		s->bytes += n;
		s->have -= n;
		s->at += n;
		if (!line)
			continue;
		p->data = line;
		p->have = len;
		p->len = len;
		p->off = (int)s->at - (int)len;
		return true;
	}
	return false;
}

bool pom_stream_admit(struct pom_stream *s)
{
	const struct pom_packet *p = s->p;

	if (s->announced++ < POM_ANNOUNCEMENTS_MAX)
		return true;
	if (s->announced == POM_ANNOUNCEMENTS_MAX + 1)
		pom_refuse(p, POM_NOT_EXPECTED,
			   "too many announcements in one packet");
	else
		nf_autohelper_count(p->helper, p->ct, POM_NOT_EXPECTED);
	return false;
}

/* Where the line that was read last begins, as its sender counts. */
static u32 line_seq(const struct pom_stream *s)
{
	return s->payload.seq + s->p->off - s->grown;
}

/* Bytes of it that have passed before, unless it is new. */
static s32 old_bytes(const struct pom_stream *s)
{
	return s->known ? s->next - line_seq(s) : 0;
}

bool pom_stream_is_copy(const struct pom_stream *s)
{
	s32 old = old_bytes(s);

	return old > 0 && old >= (s32)s->p->len;
}

void pom_stream_leave(struct pom_stream *s)
{
	if (s->left || !pom_is_mapped(s->p))
		return;
	s->left = true;
	s->left_at = line_seq(s);
}

/* How a line has passed that is older than pom_stream.next. */
enum fate {
	UNKNOWN,	/* perhaps not at all, and later ones have passed */
	LEFT_ALONE,	/* it has gone on unchanged */
	CHANGED,	/* NAT has changed it */
};

static enum fate find_fate(const struct pom_stream *s)
{
	const struct pom_connection *c = nfct_help_data(s->p->ct);
	u16 behind = s->next - line_seq(s), nearest = U16_MAX, at;
	enum fate fate = UNKNOWN;
	u8 dir = s->p->dir;
	unsigned int i;

	if (s->next - line_seq(s) > U16_MAX)
		return UNKNOWN;
	for (i = 0; i < POM_BEGINS; i++) {
		at = (u16)s->next - READ_ONCE(c->dir[dir].begin[i]);
		if (!test_bit(BEGIN(dir, i), &c->bits) || at < behind ||
		    at > nearest)
			continue;
		nearest = at;
		if (i < ANNOUNCED)
			fate = UNKNOWN;
		else
			fate = test_bit(LEFT(dir, i), &c->bits) ? LEFT_ALONE :
								  CHANGED;
	}
	return fate;
}

bool pom_stream_can_rewrite(struct pom_stream *s)
{
	const struct pom_packet *p = s->p;
	s32 old = old_bytes(s);
	enum fate fate;

	if (!pom_is_mapped(p))
		return true;
	fate = old > 0 ? find_fate(s) : s->left ? LEFT_ALONE : CHANGED;
	if (p->off < 0 || (old > 0 && old < (s32)p->len)) {
		pom_refuse(p, POM_SPLIT,
			   "NAT cannot change an earlier segment");
		pom_stream_leave(s);
	} else if (fate == UNKNOWN) {
		pom_refuse(p, POM_SPLIT, "later segments have passed");
		pom_stream_leave(s);
	} else if (old <= 0 && s->grown != s->new_growth) {
		pom_refuse(p, POM_SPLIT, "a line in front is sent again");
		pom_stream_leave(s);
	} else if (fate == LEFT_ALONE) {
		pom_refuse(p, POM_NOT_EXPECTED,
			   "NAT has not changed what was sent before");
	} else {
		return true;
	}
	return false;
}

/*
 * For the kernel's sequence numbers. What is sent again has been counted.
 * Its sender may choose other boundaries: the line has the same place in any
 * segment.
 */
static void count_new_growth(struct pom_stream *s, int grown)
{
	if (!grown || old_bytes(s) > 0)
		return;
	if (!s->new_growth)
		s->grown_at = line_seq(s);
	s->new_growth += grown;
}

/* Behind a try to rewrite the line; the packet had @before bytes. */
static bool count_growth(struct pom_stream *s, unsigned int before, bool ret)
{
	int grown = (int)s->p->skb->len - (int)before;

	if (!ret)
		pom_stream_leave(s);
	else if (!s->rewritten)
		s->rewritten_at = line_seq(s);
	count_new_growth(s, grown);
	/* The bytes may be elsewhere now. */
	s->have = 0;
	s->at += grown;
	s->payload.len += grown;
	s->grown += grown;
	s->rewritten |= ret;
	return ret;
}

bool pom_stream_rewrite(struct pom_stream *s, const struct pom_field *field,
			unsigned int n)
{
	unsigned int before = s->p->skb->len;

	return count_growth(s, before, pom_rewrite(s->p, field, n));
}

bool pom_stream_rewrite_bytes(struct pom_stream *s, unsigned int off,
			      unsigned int len, const u8 *bytes,
			      unsigned int n)
{
	unsigned int before = s->p->skb->len;

	return count_growth(s, before,
			    pom_rewrite_bytes(s->p, off, len, bytes, n));
}

/* Returns whether the beginning of a line is kept. */
static bool keep(const struct pom_stream *s, u32 next,
		 bool (*wanted)(const u8 *line, size_t len))
{
	const struct pom_line *l = &s->line;
	const struct pom_packet *p = s->p;

	return l->len && wanted(l->bytes, l->len) &&
	       nf_autohelper_keep(p->helper, p->ct, p->dir, next, l->bytes,
				  l->len) == 0;
}

/*
 * What is sent again must be changed again, or again not. The sender may have
 * several segments on the way; of those whose length changes, the kernel's
 * sequence numbers are right for the last one only.
 */
static void remember_announced(const struct pom_stream *s,
			       struct pom_connection *c, u32 next, u32 seq,
			       bool left)
{
	u8 dir = s->p->dir;
	unsigned int i;

	if (next - seq - 1 >= U16_MAX)
		return;
	for (i = POM_BEGINS - 1; i > ANNOUNCED; i--)
		if (test_bit(BEGIN(dir, i - 1), &c->bits)) {
			assign_bit(LEFT(dir, i), &c->bits,
				   test_bit(LEFT(dir, i - 1), &c->bits));
			set_begin(c, dir, i,
				  READ_ONCE(c->dir[dir].begin[i - 1]));
		}
	assign_bit(LEFT(dir, ANNOUNCED), &c->bits, left);
	set_begin(c, dir, ANNOUNCED, seq);
}

static void remember(const struct pom_stream *s, struct pom_connection *c,
		     u32 next)
{
	u8 dir = s->p->dir;

	forget_begins(c, dir, s->next, next);
	/* What fills the gap is left alone: later segments have passed. */
	if (pom_is_mapped(s->p) && (s32)(s->payload.seq - s->next) > 0)
		remember_announced(s, c, next, s->next, true);
	if (s->rewritten)
		remember_announced(s, c, next, s->rewritten_at, false);
	if (s->left)
		remember_announced(s, c, next, s->left_at, true);
	if (s->fresh) {
		if (!s->rewritten && next - s->payload.seq <= U16_MAX)
			set_begin(c, dir, 0, s->payload.seq);
	} else if (!s->in_order && next - s->next <= U16_MAX &&
		   !within_line(c, dir)) {
		/* A segment that is missing can be read when it comes. */
		set_begin(c, dir, 0, s->next);
	}
}

static void set_place(const struct pom_stream *s, struct pom_connection *c,
		      u32 next, bool kept)
{
	bool skip = !kept && (s->line.skip || s->line.len);
	u8 dir = s->p->dir;

	if (s->known)
		remember(s, c, next);
	if (skip)
		set_bit(SKIP(dir), &c->bits);
	assign_bit(TAIL(dir), &c->bits, kept);
	/*
	 * Another CPU may have the segment that follows: where it finds the new
	 * place, it finds whether that place is within a line.
	 */
	smp_store_release(&c->dir[dir].next, next);
	set_bit(KNOWN(dir), &c->bits);
	if (!skip)
		clear_bit(SKIP(dir), &c->bits);
}

void pom_stream_end(struct pom_stream *s,
		    bool (*wanted)(const u8 *line, size_t len))
{
	const struct pom_packet *p = s->p;
	struct pom_connection *c = nfct_help_data(p->ct);
	u32 next = s->payload.seq + s->payload.len - s->grown;

	if (s->new_growth && p->nat)
		p->nat->resized(p, s->grown_at, s->new_growth);
	if (pom_stream_moves(s))
		set_place(s, c, next, keep(s, next, wanted));
}
