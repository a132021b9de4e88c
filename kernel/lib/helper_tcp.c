// SPDX-License-Identifier: GPL-2.0-only
/* The lines of one direction of a connection, see helper_tcp.h. */

#include <net/netfilter/nf_conntrack.h>

#include "lib/helper.h"
#include "lib/helper_tcp.h"

/* Bits of struct pom_connection, for each direction. */
#define KNOWN(dir)	(1 + (dir))	/* next is set */
#define SKIP(dir)	(3 + (dir))	/* next is in a line that is not read */
#define TAIL(dir)	(5 + (dir))	/* the beginning of it is kept */

static bool within_line(const struct pom_connection *c, u8 dir)
{
	return test_bit(SKIP(dir), &c->bits) || test_bit(TAIL(dir), &c->bits);
}

/* Where the first line begins. */
static void begin_connection(struct pom_connection *c, u8 dir, u32 seq)
{
	struct pom_place *at = &c->dir[dir];

	WRITE_ONCE(at->next, seq);
	WRITE_ONCE(at->begin[0], seq);
	WRITE_ONCE(at->begin[1], seq);
	clear_bit(SKIP(dir), &c->bits);
	clear_bit(TAIL(dir), &c->bits);
	set_bit(KNOWN(dir), &c->bits);
}

/*
 * A SYN says where the stream begins as long as the handshake lasts. Later,
 * conntrack lets a SYN pass that the other side may answer with a challenge
 * ACK (RFC 5961): any host can have forged it. The state is that behind the
 * packet.
 */
static bool is_handshake(const struct pom_packet *p,
			 const struct pom_connection *c)
{
	u8 state = READ_ONCE(p->ct->proto.tcp.state);

	if (state == TCP_CONNTRACK_SYN_SENT2)
		return true;
	if (p->dir == IP_CT_DIR_ORIGINAL)
		return state == TCP_CONNTRACK_SYN_SENT;
	return state == TCP_CONNTRACK_SYN_RECV &&
	       !test_bit(KNOWN(p->dir), &c->bits);
}

/* Continues what the segment before this one has begun. */
static void resume_line(struct pom_stream *s, struct pom_connection *c)
{
	const struct pom_packet *p = s->p;

	if (test_and_clear_bit(TAIL(p->dir), &c->bits)) {
		s->line.len = nf_autohelper_take(p->helper, p->ct, p->dir,
						 s->payload.seq, s->line.bytes,
						 sizeof(s->line.bytes));
		s->line.skip = !s->line.len;
		/* Until the end of this segment is known. */
		set_bit(SKIP(p->dir), &c->bits);
	} else {
		s->line.skip = test_bit(SKIP(p->dir), &c->bits);
	}
	s->fresh = !s->line.len && !s->line.skip;
}

static void find_place(struct pom_stream *s, struct pom_connection *c,
		       bool strict)
{
	const struct pom_place *at = &c->dir[s->p->dir];
	u32 seq = s->payload.seq;

	s->line.len = 0;
	s->line.skip = false;
	s->fresh = true;
	if (!test_bit(KNOWN(s->p->dir), &c->bits))
		s->fresh = false;
	else if (seq == READ_ONCE(at->next))
		return resume_line(s, c);
	else if (seq != READ_ONCE(at->begin[0]) &&
		 seq != READ_ONCE(at->begin[1]))
		s->fresh = false;
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
	if (!tcp_payload_find(p->skb, protoff, &s->payload))
		return false;
	if (s->payload.syn) {
		if (is_handshake(p, c))
			begin_connection(c, p->dir, s->payload.seq);
		return false;
	}
	if (!s->payload.len ||
	    (ctinfo != IP_CT_ESTABLISHED && ctinfo != IP_CT_ESTABLISHED_REPLY))
		return false;
	s->at = 0;
	s->have = 0;
	s->grown = 0;
	s->rewritten = false;
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

bool pom_stream_rewrite(struct pom_stream *s, const struct pom_field *field,
			unsigned int n)
{
	struct pom_packet *p = s->p;
	unsigned int before = p->skb->len;
	bool ret = pom_rewrite(p, field, n);
	int grown = (int)p->skb->len - (int)before;

	/* The bytes may be elsewhere now. */
	s->have = 0;
	s->at += grown;
	s->payload.len += grown;
	s->grown += grown;
	s->rewritten |= ret;
	return ret;
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

static void set_place(const struct pom_stream *s, struct pom_connection *c,
		      u32 next, bool kept)
{
	u8 dir = s->p->dir;
	struct pom_place *at = &c->dir[dir];
	bool known = test_bit(KNOWN(dir), &c->bits);

	if (!known)
		begin_connection(c, dir, next);
	/*
	 * A segment that is sent again must be rewritten again. A segment that
	 * is missing can be read when it comes.
	 */
	if (s->fresh)
		WRITE_ONCE(at->begin[!s->rewritten], s->payload.seq);
	else if (known && s->payload.seq != at->next && !within_line(c, dir))
		WRITE_ONCE(at->begin[1], at->next);
	WRITE_ONCE(at->next, next);
	assign_bit(TAIL(dir), &c->bits, kept);
	assign_bit(SKIP(dir), &c->bits,
		   !kept && (s->line.skip || s->line.len));
}

void pom_stream_end(struct pom_stream *s,
		    bool (*wanted)(const u8 *line, size_t len))
{
	const struct pom_packet *p = s->p;
	struct pom_connection *c = nfct_help_data(p->ct);
	u32 next = s->payload.seq + s->payload.len - s->grown;

	if (s->grown && p->nat)
		p->nat->resized(p, s->payload.seq, s->grown);
	/* A segment that was sent again, or came late, changes nothing. */
	if (test_bit(KNOWN(p->dir), &c->bits) &&
	    (s32)(next - READ_ONCE(c->dir[p->dir].next)) <= 0)
		return;
	set_place(s, c, next, keep(s, next, wanted));
}
