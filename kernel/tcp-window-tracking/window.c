// SPDX-License-Identifier: GPL-2.0-only
/* Why connection tracking refuses a TCP segment, see window.h. */

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stdint.h>
#endif

#include "tcp-window-tracking/window.h"

/* The largest window without a scale. */
#define WINDOW_MAX		65535U

/* An acknowledgment may always be so many bytes old. */
#define WINDOW_ACK_AGE		66000

enum { ORIGINAL, REPLY };

enum window_option {
	OPTION_END,
	OPTION_NOP,
	OPTION_SCALE = 3,
	OPTION_SACK = 5,
};

/* Of an option: kind and length, and one block of SACK. */
#define OPTION_HEAD	2
#define SACK_BLOCK	8

#define IN(state)	(1U << (state))
#define ALL_STATES	(IN(WINDOW_STATES) - 1)
#define NEW		IN(0)
#define OPENING		(IN(WINDOW_SYN_SENT) | IN(WINDOW_SYN_SENT2))
#define OPEN		(IN(WINDOW_SYN_RECV) | IN(WINDOW_ESTABLISHED))
#define CLOSING		(IN(WINDOW_FIN_WAIT) | IN(WINDOW_CLOSE_WAIT) | \
			 IN(WINDOW_LAST_ACK))
#define CLOSED		(IN(WINDOW_TIME_WAIT) | IN(WINDOW_CLOSE))

/* States in which no segment of this kind can come; the rows are directions. */
static const uint16_t window_invalid[2][WINDOW_KIND_NONE + 1] = {
	[ORIGINAL] = {
		[WINDOW_KIND_SYNACK] = ALL_STATES & ~(IN(WINDOW_SYN_RECV) |
						      IN(WINDOW_SYN_SENT2)),
		[WINDOW_KIND_FIN] = NEW | OPENING,
		[WINDOW_KIND_ACK] = OPENING,
		[WINDOW_KIND_RST] = NEW,
		[WINDOW_KIND_NONE] = ALL_STATES,
	},
	[REPLY] = {
		[WINDOW_KIND_SYN] = ALL_STATES & ~(OPENING |
						   IN(WINDOW_TIME_WAIT)),
		[WINDOW_KIND_SYNACK] = NEW,
		[WINDOW_KIND_FIN] = NEW | OPENING,
		[WINDOW_KIND_ACK] = NEW,
		[WINDOW_KIND_RST] = NEW,
		[WINDOW_KIND_NONE] = ALL_STATES,
	},
};

/*
 * States in which it passes, and conntrack waits for the answer to it. A SYN
 * may instead replace a closed connection with a new one.
 */
static const uint16_t window_waits[2][WINDOW_KIND_NONE + 1] = {
	[ORIGINAL] = {
		[WINDOW_KIND_SYN] = OPEN | CLOSING | CLOSED,
	},
	[REPLY] = {
		[WINDOW_KIND_SYN] = IN(WINDOW_TIME_WAIT),
		[WINDOW_KIND_SYNACK] = OPEN | CLOSING | CLOSED,
		[WINDOW_KIND_ACK] = OPENING,
	},
};

/*
 * Sequence numbers wrap. Of two that are 2^31 apart, each is after the other.
 */
static bool after(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a) < 0;
}

static uint32_t read32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The highest right edge of the blocks of a SACK option of @len bytes. */
static uint32_t window_sack_edge(const uint8_t *option, size_t len,
				 uint32_t ack)
{
	uint32_t edge;
	size_t i;

	for (i = OPTION_HEAD; i < len; i += SACK_BLOCK) {
		edge = read32(option + i + SACK_BLOCK / 2);
		if (after(edge, ack))
			ack = edge;
	}
	return ack;
}

/* Bytes of an option; 0 behind the last one, and for one that does not fit. */
static size_t window_option_len(const uint8_t *option, size_t left)
{
	if (!left || *option == OPTION_END)
		return 0;
	if (*option == OPTION_NOP)
		return 1;
	if (left < OPTION_HEAD || option[1] < OPTION_HEAD || option[1] > left)
		return 0;
	return option[1];
}

/* Only the first SACK option counts. */
static uint32_t window_sack(const uint8_t *option, size_t left, uint32_t ack)
{
	size_t len;

	for (; (len = window_option_len(option, left)); option += len) {
		if (*option == OPTION_SACK && len > OPTION_HEAD &&
		    len % SACK_BLOCK == OPTION_HEAD)
			return window_sack_edge(option, len, ack);
		left -= len;
	}
	return ack;
}

/* Only the last one counts. */
static uint16_t window_scale(const uint8_t *option, size_t left)
{
	uint16_t scale = WINDOW_NO_SCALE;
	size_t len;

	for (; (len = window_option_len(option, left)); option += len) {
		if (*option == OPTION_SCALE && len == OPTION_HEAD + 1)
			scale = option[OPTION_HEAD];
		left -= len;
	}
	return scale;
}

static uint8_t window_kind_of(uint8_t flags)
{
	if (flags & WINDOW_RST_FLAG)
		return WINDOW_KIND_RST;
	if (flags & WINDOW_SYN)
		return flags & WINDOW_ACK ? WINDOW_KIND_SYNACK
					  : WINDOW_KIND_SYN;
	if (flags & WINDOW_FIN)
		return WINDOW_KIND_FIN;
	return flags & WINDOW_ACK ? WINDOW_KIND_ACK : WINDOW_KIND_NONE;
}

/**
 * window_parse() - read a segment
 * @tcp: the header
 * @have: bytes at @tcp; the header's own length, or less where it is truncated
 * @len: bytes of the whole segment
 * @seg: the result
 *
 * Return: false for a truncated segment
 */
bool window_parse(const uint8_t *tcp, size_t have, size_t len,
		  struct window_segment *seg)
{
	size_t header;

	if (have < WINDOW_TCP_MIN)
		return false;
	header = (tcp[12] >> 4) * 4;
	if (header < WINDOW_TCP_MIN || header > have || header > len)
		return false;
	seg->seq = read32(tcp + 4);
	seg->ack = read32(tcp + 8);
	seg->sack = window_sack(tcp + WINDOW_TCP_MIN, header - WINDOW_TCP_MIN,
				seg->ack);
	seg->flags = tcp[13];
	seg->scale = WINDOW_NO_SCALE;
	if (seg->flags & WINDOW_SYN)
		seg->scale = window_scale(tcp + WINDOW_TCP_MIN,
					  header - WINDOW_TCP_MIN);
	seg->len = len - header;
	seg->end = seg->seq + seg->len + !!(seg->flags & WINDOW_SYN) +
		   !!(seg->flags & WINDOW_FIN);
	seg->window = tcp[14] << 8 | tcp[15];
	seg->kind = window_kind_of(seg->flags);
	return true;
}

/**
 * window_flags_valid() - whether conntrack accepts the flags of a segment
 * @seg: the segment
 *
 * PSH and the flags of ECN do not matter.
 */
bool window_flags_valid(const struct window_segment *seg)
{
	switch (seg->flags & ~(WINDOW_PSH | WINDOW_ECE | WINDOW_CWR)) {
	case WINDOW_SYN:
	case WINDOW_SYN | WINDOW_URG:
	case WINDOW_SYN | WINDOW_ACK:
	case WINDOW_RST_FLAG:
	case WINDOW_RST_FLAG | WINDOW_ACK:
	case WINDOW_FIN | WINDOW_ACK:
	case WINDOW_FIN | WINDOW_ACK | WINDOW_URG:
	case WINDOW_ACK:
	case WINDOW_ACK | WINDOW_URG:
		return true;
	default:
		return false;
	}
}

/**
 * window_may_open() - whether a segment begins a connection for conntrack
 * @seg: a segment without a connection, with valid flags
 * @pick_up: the namespace takes over connections from the middle
 */
bool window_may_open(const struct window_segment *seg, bool pick_up)
{
	return seg->kind == WINDOW_KIND_SYN ||
	       (seg->kind == WINDOW_KIND_ACK && pick_up);
}

static bool window_established(const struct window_conn *c)
{
	return c->state == WINDOW_ESTABLISHED && c->assured;
}

/* What the checks before the window lead to. */
enum window_step {
	STEP_REFUSED,
	STEP_ACCEPTED,
	STEP_WINDOW,
};

/* A RST that may belong to the data that the receiver has acknowledged. */
static bool window_rst_is_next(const struct window_conn *c,
			       const struct window_segment *seg,
			       unsigned int dir)
{
	if (!window_established(c) || seg->seq == c->side[!dir].maxack)
		return true;
	return c->last_kind == WINDOW_KIND_ACK && c->last_dir == dir &&
	       c->last_end == seg->seq;
}

/* A RST that answers a segment which passed although conntrack ignored it. */
static bool window_rst_answers(const struct window_conn *c,
			       const struct window_segment *seg,
			       unsigned int dir)
{
	if (seg->ack == c->last_end &&
	    ((c->replied && c->last_kind == WINDOW_KIND_SYN &&
	      c->last_dir != dir) ||
	     (!c->assured && c->last_kind == WINDOW_KIND_ACK)))
		return true;
	return c->lenient_rst && c->state == WINDOW_SYN_SENT &&
	       c->last_kind == WINDOW_KIND_ACK && c->last_dir == REPLY &&
	       c->last_ack == seg->seq;
}

static enum window_step window_rst_step(const struct window_conn *c,
					const struct window_segment *seg,
					unsigned int dir)
{
	const struct window_side *receiver = &c->side[!dir];

	if (c->lenient_rst && IN(c->state) & (CLOSING | CLOSED))
		return STEP_ACCEPTED;
	if (receiver->flags & WINDOW_SIDE_MAXACK &&
	    !(c->lenient_rst && c->last_kind == WINDOW_KIND_SYN)) {
		if (c->lenient_rst && !seg->seq && !window_established(c))
			return STEP_WINDOW;
		if (after(receiver->maxack, seg->seq) && !c->any_rst)
			return STEP_REFUSED;
		if (window_rst_is_next(c, seg, dir))
			return STEP_WINDOW;
	}
	return window_rst_answers(c, seg, dir) ? STEP_ACCEPTED : STEP_WINDOW;
}

/*
 * A SYN+ACK that answers a SYN which was ignored: the ends agree, and conntrack
 * was wrong. It begins again with them.
 */
static bool window_begins_again(const struct window_conn *c,
				const struct window_segment *seg,
				unsigned int dir)
{
	return seg->kind == WINDOW_KIND_SYNACK &&
	       c->last_kind == WINDOW_KIND_SYN && c->last_dir != dir &&
	       c->last_end == seg->ack;
}

static void window_begin_again(struct window_conn *c, unsigned int dir)
{
	struct window_side *receiver = &c->side[!dir];

	receiver->end = c->last_end;
	receiver->maxend = c->last_end;
	receiver->maxwin = c->last_window ? c->last_window : 1;
	receiver->scale = c->last_scale;
	receiver->flags = c->last_flags & ~WINDOW_LAST_CHALLENGE;
	c->side[dir] = (struct window_side) {
		.flags = c->side[dir].flags & WINDOW_SIDE_LIBERAL,
	};
}

/* @c is a copy, which this may change as conntrack changes the original. */
static enum window_step window_state_step(struct window_conn *c,
					  const struct window_segment *seg,
					  unsigned int dir)
{
	uint32_t state = IN(c->state);

	if (window_invalid[dir][seg->kind] & state) {
		/* the keep-alive of a client whose SYN SYNPROXY repeats */
		if (c->synproxy && c->state == WINDOW_SYN_SENT &&
		    seg->kind == WINDOW_KIND_ACK && dir == ORIGINAL &&
		    c->last_dir == ORIGINAL &&
		    c->side[dir].end - 1 == seg->seq)
			return STEP_ACCEPTED;
		return STEP_REFUSED;
	}
	if (window_waits[dir][seg->kind] & state) {
		if (!window_begins_again(c, seg, dir))
			return STEP_ACCEPTED;
		window_begin_again(c, dir);
		return STEP_WINDOW;
	}
	/* the answer to a SYN that was ignored, and not to a FIN */
	if (seg->kind == WINDOW_KIND_ACK && c->state == WINDOW_LAST_ACK &&
	    c->last_kind == WINDOW_KIND_SYN && c->last_dir != dir &&
	    c->last_flags & WINDOW_LAST_CHALLENGE)
		return STEP_ACCEPTED;
	return STEP_WINDOW;
}

/* Numbers of a segment that are compared with the window. */
struct window_numbers {
	uint32_t seq;
	uint32_t end;
	uint32_t sack;
};

static void window_begin_sender(struct window_side *sender,
				const struct window_segment *seg)
{
	sender->end = seg->end;
	sender->maxend = seg->end;
	sender->maxwin = seg->window ? seg->window : 1;
}

/* A connection that was picked up: its first segment from this sender. */
static void window_guess_sender(struct window_conn *c,
				const struct window_segment *seg,
				unsigned int dir, uint32_t sack)
{
	struct window_side *sender = &c->side[dir];
	struct window_side *receiver = &c->side[!dir];
	uint32_t win = (uint32_t)seg->window << sender->scale;

	sender->end = seg->end;
	sender->maxwin = win ? win : 1;
	sender->maxend = seg->end + sender->maxwin;
	if (!receiver->maxwin) {
		receiver->end = sack;
		receiver->maxend = sack;
	} else if (sack == receiver->end + 1) {
		receiver->end++;
	}
}

/* A sender that begins with a new number while the connection opens. */
static bool window_sender_changes(const struct window_conn *c,
				  const struct window_segment *seg,
				  unsigned int dir)
{
	if (!after(seg->end, c->side[dir].end))
		return false;
	if (c->tolerant)
		return seg->flags & WINDOW_SYN &&
		       IN(c->state) & (IN(WINDOW_SYN_SENT) |
				       IN(WINDOW_SYN_RECV));
	return c->state == (dir == ORIGINAL ? WINDOW_SYN_SENT
					    : WINDOW_SYN_RECV);
}

/*
 * What conntrack does before it compares. Return: false where it accepts the
 * segment without a comparison: a simultaneous open
 */
static bool window_prepare(struct window_conn *c,
			   const struct window_segment *seg, unsigned int dir,
			   uint32_t sack)
{
	struct window_side *sender = &c->side[dir];
	bool lone_syn = !(seg->flags & WINDOW_ACK);

	if (sender->maxwin) {
		if (!window_sender_changes(c, seg, dir))
			return true;
		window_begin_sender(sender, seg);
		return !(c->tolerant && lone_syn && dir == REPLY);
	}
	if (seg->flags & WINDOW_SYN) {
		window_begin_sender(sender, seg);
		return !lone_syn;
	}
	window_guess_sender(c, seg, dir, sack);
	return true;
}

/* Without an ACK, or in some RSTs, the number is not set. */
static void window_fix_numbers(const struct window_conn *c,
			       const struct window_segment *seg,
			       unsigned int dir, uint32_t ack,
			       struct window_numbers *n)
{
	bool rst = seg->flags & WINDOW_RST_FLAG;

	if (!(seg->flags & WINDOW_ACK) || (rst && !ack))
		n->sack = c->side[!dir].end;
	if (rst && !n->seq && c->state == WINDOW_SYN_SENT) {
		n->seq = c->side[dir].end;
		n->end = n->seq;
	}
}

/* The four bounds of a window, and which of them a segment violates. */
struct window_bounds {
	uint32_t bound[WINDOW_ACK_UNDER + 1];
	bool out[WINDOW_ACK_UNDER + 1];
};

static void window_compare(const struct window_side *sender,
			   const struct window_side *receiver,
			   const struct window_numbers *n,
			   struct window_bounds *b)
{
	uint32_t age = sender->maxwin > WINDOW_ACK_AGE ? sender->maxwin
						       : WINDOW_ACK_AGE;

	b->bound[WINDOW_SEQ_OVER] = sender->maxend + 1;
	b->bound[WINDOW_ACK_OVER] = receiver->end + 1;
	b->bound[WINDOW_SEQ_UNDER] = sender->end - receiver->maxwin - 1;
	b->bound[WINDOW_ACK_UNDER] = receiver->end - age - 1;
	b->out[WINDOW_SEQ_OVER] = !after(sender->maxend + 1, n->seq);
	b->out[WINDOW_ACK_OVER] = !after(receiver->end + 1, n->sack);
	b->out[WINDOW_SEQ_UNDER] = receiver->maxwin &&
				   !after(n->end, b->bound[WINDOW_SEQ_UNDER]);
	b->out[WINDOW_ACK_UNDER] = !after(n->sack, b->bound[WINDOW_ACK_UNDER]);
}

/* More data than the receiver can take, but not more than a window more. */
static bool window_overshoots(const struct window_side *sender,
			      const struct window_side *receiver,
			      const struct window_numbers *n,
			      const struct window_bounds *b)
{
	return receiver->maxwin && !b->out[WINDOW_SEQ_UNDER] &&
	       !b->out[WINDOW_ACK_OVER] && !b->out[WINDOW_ACK_UNDER] &&
	       n->end - sender->maxend + 1 <= receiver->maxwin;
}

/* The order in which conntrack tests the bounds. */
static const uint8_t window_order[2][WINDOW_ACK_UNDER + 1] = {
	{ WINDOW_SEQ_OVER, WINDOW_SEQ_UNDER, WINDOW_ACK_OVER,
	  WINDOW_ACK_UNDER },
	{ WINDOW_SEQ_OVER, WINDOW_ACK_OVER, WINDOW_SEQ_UNDER,
	  WINDOW_ACK_UNDER },
};

/* @tolerated: conntrack lets such a segment pass, and does not believe it. */
static struct window_fault window_check(struct window_conn *c,
					const struct window_segment *seg,
					unsigned int dir, uint32_t offset,
					bool *tolerated)
{
	struct window_fault none = { .reason = WINDOW_NONE };
	struct window_side *sender = &c->side[dir];
	struct window_side *receiver = &c->side[!dir];
	struct window_numbers n = { .seq = seg->seq, .end = seg->end };
	struct window_bounds b;
	enum window_reason reason;
	unsigned int i;

	*tolerated = false;
	n.sack = receiver->flags & WINDOW_SIDE_SACK ? seg->sack : seg->ack;
	n.sack -= offset;
	if (!window_prepare(c, seg, dir, n.sack))
		return none;
	window_fix_numbers(c, seg, dir, seg->ack - offset, &n);
	window_compare(sender, receiver, &n, &b);
	for (i = 0; i <= WINDOW_ACK_UNDER; i++) {
		reason = window_order[c->tolerant][i];
		if (!b.out[reason])
			continue;
		if (c->tolerant)
			*tolerated = reason >= WINDOW_SEQ_UNDER ||
				     (reason == WINDOW_SEQ_OVER &&
				      window_overshoots(sender, receiver, &n,
							&b));
		return (struct window_fault) { reason, b.bound[reason] };
	}
	return none;
}

static bool window_is_liberal(const struct window_conn *c, unsigned int dir)
{
	return c->liberal || c->side[dir].flags & WINDOW_SIDE_LIBERAL;
}

/**
 * window_refused() - why conntrack has refused a segment
 * @conn: the connection afterwards
 * @seg: the segment, with valid flags
 * @dir: its direction: 0 or 1, an index of @conn->side
 * @offset: what NAT has added to the acknowledged number
 *
 * A RST outside of the window hides one thing: that a SYN came before it, and
 * that conntrack therefore skipped the check of its number. Where that number
 * and its acknowledgment are both wrong, this returns WINDOW_RST.
 *
 * Return: WINDOW_UNKNOWN where conntrack would accept it
 */
struct window_fault window_refused(const struct window_conn *conn,
				   const struct window_segment *seg,
				   unsigned int dir, uint32_t offset)
{
	struct window_fault fault = { .reason = WINDOW_UNKNOWN };
	struct window_conn c = *conn;
	enum window_step step;
	bool tolerated;

	step = window_state_step(&c, seg, dir);
	if (step == STEP_REFUSED)
		fault.reason = WINDOW_STATE;
	if (step == STEP_WINDOW && seg->kind == WINDOW_KIND_RST) {
		step = window_rst_step(&c, seg, dir);
		if (step == STEP_REFUSED)
			fault.reason = WINDOW_RST;
	}
	if (step != STEP_WINDOW)
		return fault;
	/* beginning again may have changed whether it is liberal */
	fault = window_check(&c, seg, dir, offset, &tolerated);
	if (fault.reason == WINDOW_NONE || tolerated ||
	    window_is_liberal(&c, dir))
		return (struct window_fault) { .reason = WINDOW_UNKNOWN };
	return fault;
}

/**
 * window_ignored() - what is wrong with a segment that conntrack accepted
 * @conn: the connection afterwards
 * @seg: the segment, with valid flags
 * @dir: its direction: 0 or 1, an index of @conn->side
 * @offset: what NAT has added to the acknowledged number
 *
 * Conntrack has let it pass, but it did not change the window or the state:
 *
 *	- WINDOW_STATE: a segment that it does not understand, such as a SYN in
 *	  the middle of a connection. If the ends understand it, their answers
 *	  tell
 *	- a reason of the window
 *	- WINDOW_RST: a RST in the window that did not close the connection,
 *	  because its number is not the next one
 *
 * Return: WINDOW_NONE for nothing
 */
struct window_fault window_ignored(const struct window_conn *conn,
				   const struct window_segment *seg,
				   unsigned int dir, uint32_t offset)
{
	struct window_fault fault = { .reason = WINDOW_NONE };
	struct window_conn c = *conn;
	bool closed = c.state == WINDOW_CLOSE;
	bool rst = seg->kind == WINDOW_KIND_RST;
	bool tolerated;

	if (window_waits[dir][seg->kind] & IN(c.state) && c.last_dir == dir &&
	    c.last_kind == seg->kind && c.last_seq == seg->seq &&
	    c.last_end == seg->end && c.last_window == seg->window) {
		fault.reason = WINDOW_STATE;
		return fault;
	}
	fault = window_check(&c, seg, dir, offset, &tolerated);
	/* a RST that answers what was ignored closes outside, too */
	if (!window_is_liberal(&c, dir) && (!tolerated || (rst && closed)))
		fault.reason = WINDOW_NONE;
	if (fault.reason == WINDOW_NONE && rst && !closed)
		fault = (struct window_fault) { .reason = WINDOW_RST };
	return fault;
}

/**
 * window_retransmitted() - whether all data of a segment came before
 * @conn: the connection afterwards
 * @seg: a segment that conntrack has accepted
 * @dir: its direction: 0 or 1, an index of @conn->side
 *
 * Data that comes in another order than it was sent counts, too. Data that
 * ends with the highest byte is known to be repeated if its receiver has
 * acknowledged it, or if the whole segment is equal to the last one.
 */
bool window_retransmitted(const struct window_conn *conn,
			  const struct window_segment *seg, unsigned int dir)
{
	const struct window_side *sender = &conn->side[dir];
	const struct window_side *receiver = &conn->side[!dir];

	if (!seg->len || after(seg->end, sender->end))
		return false;
	if (seg->end != sender->end)
		return true;
	if (receiver->flags & WINDOW_SIDE_MAXACK &&
	    !after(seg->end, receiver->maxack))
		return true;
	return conn->retrans && conn->last_dir == dir &&
	       conn->last_kind == WINDOW_KIND_ACK &&
	       conn->last_seq == seg->seq && conn->last_end == seg->end;
}

/**
 * window_scaled() - the window that a segment offers
 * @conn: its connection
 * @seg: the segment
 * @dir: its direction: 0 or 1, an index of @conn->side
 *
 * Return: bytes
 */
uint32_t window_scaled(const struct window_conn *conn,
		       const struct window_segment *seg, unsigned int dir)
{
	if (seg->flags & WINDOW_SYN)
		return seg->window;
	return (uint32_t)seg->window << conn->side[dir].scale;
}

/**
 * window_learn() - note what a segment of an unchecked connection shows
 * @side: both directions; conntrack has seen this one
 * @seg: a segment that conntrack has accepted
 * @dir: its direction: 0 or 1, an index of @side
 * @offset: what NAT has added to the acknowledged number
 *
 * Conntrack itself learns nothing from segments outside of the window that it
 * supposes. A SYN or a RST may have any numbers.
 */
void window_learn(struct window_side side[2], const struct window_segment *seg,
		  unsigned int dir, uint32_t offset)
{
	struct window_side *sender = &side[dir];
	uint32_t ack = seg->ack - offset;

	if (seg->flags & (WINDOW_SYN | WINDOW_RST_FLAG))
		return;
	if (after(seg->end, sender->end))
		sender->end = seg->end;
	if (seg->window > sender->maxwin)
		sender->maxwin = seg->window;
	if (!(seg->flags & WINDOW_ACK))
		return;
	if (!(sender->flags & WINDOW_SIDE_MAXACK) ||
	    after(ack, sender->maxack)) {
		sender->maxack = ack;
		sender->flags |= WINDOW_SIDE_MAXACK;
	}
}

/* What @other acknowledges has been sent, also before anyone looked. */
static void window_check_side(struct window_side *sender,
			      const struct window_side *other)
{
	uint32_t acked = other->flags & WINDOW_SIDE_MAXACK ? other->maxack
							   : sender->end;

	if (after(acked, sender->end))
		sender->end = acked;
	sender->maxend = acked + other->maxwin;
	sender->scale = WINDOW_SCALE_MAX;
	sender->flags &= ~WINDOW_SIDE_LIBERAL;
}

/**
 * window_check_from_now() - start to check a connection
 * @side: both directions, after window_learn() of some segments of each
 *
 * The scales of the windows are unknown. With the largest, no window is larger
 * than conntrack thinks.
 */
void window_check_from_now(struct window_side side[2])
{
	unsigned int dir;

	for (dir = 0; dir < 2; dir++) {
		if (side[dir].maxwin > WINDOW_MAX)
			side[dir].maxwin = WINDOW_MAX;
		side[dir].maxwin <<= WINDOW_SCALE_MAX;
	}
	window_check_side(&side[0], &side[1]);
	window_check_side(&side[1], &side[0]);
}
