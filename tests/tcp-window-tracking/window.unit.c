// SPDX-License-Identifier: GPL-2.0-only
/* Why conntrack refuses which segment, by the rules before and from 6.1 on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "exact.h"
#include "tcp-window-tracking/window.h"

#define S	WINDOW_SYN
#define A	WINDOW_ACK
#define F	WINDOW_FIN
#define R	WINDOW_RST_FLAG

#define ISN	0xffffff00U	/* so that the numbers of the client wrap */
#define SERVER	5000U
#define WIN	8192U

enum { CLIENT_SENDS, SERVER_SENDS };
enum { BEFORE, SINCE };	/* Linux 6.1 */

/* What a Linux client sends: MSS, SACK, timestamps, scale 7. */
static const uint8_t linux_syn[] = {
	0xd4, 0x31, 0x00, 0x50, 0xa1, 0xa2, 0xa3, 0xff, 0x00, 0x00, 0x00, 0x00,
	0xa0, 0x02, 0xfa, 0xf0, 0x12, 0x34, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4,
	0x04, 0x02, 0x08, 0x0a, 0xde, 0xad, 0xbe, 0xef, 0x00, 0x00, 0x00, 0x00,
	0x01, 0x03, 0x03, 0x07,
};

/* Both have sent their SYN, and the client has acknowledged that. */
static struct window_conn established(bool tolerant)
{
	return (struct window_conn) {
		.side = {
			{ .end = ISN + 1, .maxend = ISN + 1 + WIN,
			  .maxwin = WIN, .maxack = SERVER + 1,
			  .flags = WINDOW_SIDE_MAXACK },
			{ .end = SERVER + 1, .maxend = SERVER + 1 + WIN,
			  .maxwin = WIN, .maxack = ISN + 1,
			  .flags = WINDOW_SIDE_MAXACK },
		},
		.last_seq = ISN + 1, .last_end = ISN + 1,
		.last_ack = SERVER + 1, .last_window = WIN,
		.last_dir = CLIENT_SENDS, .last_kind = WINDOW_KIND_ACK,
		.state = WINDOW_ESTABLISHED,
		.replied = true, .assured = true,
		.lenient_rst = tolerant, .tolerant = tolerant,
	};
}

static uint8_t kind_of(uint8_t flags)
{
	uint8_t tcp[WINDOW_TCP_MIN] = { [12] = 5 << 4 };
	struct window_segment seg;

	tcp[13] = flags;
	assert_true(window_parse(tcp, sizeof(tcp), sizeof(tcp), &seg));
	return seg.kind;
}

static struct window_segment segment(uint8_t flags, uint32_t seq, uint32_t ack,
				     uint32_t len)
{
	return (struct window_segment) {
		.seq = seq, .ack = ack, .sack = ack, .len = len,
		.end = seq + len + !!(flags & S) + !!(flags & F),
		.window = WIN, .flags = flags, .kind = kind_of(flags),
	};
}

static void expect_refused(const struct window_conn *c, unsigned int dir,
			   struct window_segment seg, enum window_reason reason)
{
	assert_int_equal(window_refused(c, &seg, dir, 0).reason, reason);
}

static void expect_ignored(const struct window_conn *c, unsigned int dir,
			   struct window_segment seg, enum window_reason reason)
{
	assert_int_equal(window_ignored(c, &seg, dir, 0).reason, reason);
}

static void test_parse(void **state)
{
	struct window_segment seg;
	uint8_t *copy, tcp[sizeof(linux_syn)];
	size_t n;

	(void)state;
	assert_true(window_parse(linux_syn, sizeof(linux_syn),
				 sizeof(linux_syn) + 9, &seg));
	assert_int_equal(seg.seq, 0xa1a2a3ff);
	assert_int_equal(seg.ack, 0);
	assert_int_equal(seg.sack, 0);
	assert_int_equal(seg.len, 9);
	assert_int_equal(seg.end, 0xa1a2a3ff + 9 + 1);
	assert_int_equal(seg.window, 64240);
	assert_int_equal(seg.flags, S);
	assert_int_equal(seg.kind, WINDOW_KIND_SYN);
	assert_int_equal(seg.scale, 7);
	for_each_truncation(copy, n, linux_syn, sizeof(linux_syn))
		assert_false(window_parse(copy, n, n, &seg));
	/* more of the header than the segment has */
	assert_false(window_parse(linux_syn, sizeof(linux_syn),
				  sizeof(linux_syn) - 1, &seg));
	memcpy(tcp, linux_syn, sizeof(tcp));
	tcp[12] = 4 << 4;
	assert_false(window_parse(tcp, sizeof(tcp), sizeof(tcp), &seg));
}

/* The highest edge of @options, which acknowledge 1000. */
static uint32_t sack(const uint8_t *options, size_t len)
{
	uint8_t *tcp = exact_copy((const uint8_t[WINDOW_TCP_MAX]){}, 20 + len);
	struct window_segment seg;

	assert_int_equal(len % 4, 0);
	tcp[10] = 1000 >> 8;
	tcp[11] = 1000 & 255;
	tcp[12] = (5 + len / 4) << 4;
	tcp[13] = A;
	memcpy(tcp + 20, options, len);
	assert_true(window_parse(tcp, 20 + len, 20 + len, &seg));
	free(tcp);
	return seg.sack;
}

#define SACK(...) sack((const uint8_t[]){ __VA_ARGS__ }, \
		       sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void test_sack(void **state)
{
	(void)state;
	assert_int_equal(SACK(1, 1, 5, 10, 0, 0, 4, 0, 0, 0, 5, 0), 0x500);
	/* the highest of several, and none below the acknowledgment */
	assert_int_equal(SACK(1, 1, 5, 18, 0, 0, 4, 0, 0, 0, 7, 0,
			      0, 0, 4, 0, 0, 0, 5, 0), 0x700);
	assert_int_equal(SACK(1, 1, 5, 10, 0, 0, 0, 0, 0, 0, 0, 9), 1000);
	/* only the first option, and nothing behind the end */
	assert_int_equal(SACK(5, 10, 0, 0, 4, 0, 0, 0, 5, 0,
			      5, 10, 0, 0, 4, 0, 0, 0, 6, 0), 0x500);
	assert_int_equal(SACK(0, 1, 5, 10, 0, 0, 4, 0, 0, 0, 5, 0), 1000);
	/* a length that is no number of blocks, too long, too short, missing */
	assert_int_equal(SACK(1, 1, 5, 9, 0, 0, 4, 0, 0, 0, 5, 0), 1000);
	assert_int_equal(SACK(1, 1, 5, 18, 0, 0, 4, 0, 0, 0, 5, 0), 1000);
	assert_int_equal(SACK(1, 1, 5, 1, 0, 0, 4, 0, 0, 0, 5, 0), 1000);
	assert_int_equal(SACK(5, 2, 1, 5), 1000);
	/* another option first */
	assert_int_equal(SACK(3, 3, 7, 1, 1, 1, 5, 10, 0, 0, 4, 0, 0, 0, 5, 0),
			 0x500);
}

static void test_scale_option(void **state)
{
	uint8_t tcp[] = {
		[12] = 7 << 4, [13] = S,
		[20] = 3, 3, 15, 3, 3, 2, 1, 0,
	};
	struct window_segment seg;

	(void)state;
	assert_true(window_parse(tcp, sizeof(tcp), sizeof(tcp), &seg));
	assert_int_equal(seg.scale, 2);
	tcp[24] = 4;	/* longer than the option is */
	assert_true(window_parse(tcp, sizeof(tcp), sizeof(tcp), &seg));
	assert_int_equal(seg.scale, 15);
	tcp[20] = 0;
	assert_true(window_parse(tcp, sizeof(tcp), sizeof(tcp), &seg));
	assert_int_equal(seg.scale, WINDOW_NO_SCALE);
	tcp[20] = 3;
	tcp[13] = A;
	assert_true(window_parse(tcp, sizeof(tcp), sizeof(tcp), &seg));
	assert_int_equal(seg.scale, WINDOW_NO_SCALE);
}

static void test_flags(void **state)
{
	static const uint8_t valid[] = {
		S, S | WINDOW_URG, S | A, R, R | A, F | A, F | A | WINDOW_URG,
		A, A | WINDOW_URG,
	};
	struct window_segment seg = {};
	unsigned int flags, i;
	bool want;

	(void)state;
	for (flags = 0; flags < 256; flags++) {
		want = false;
		for (i = 0; i < sizeof(valid); i++)
			want |= (flags & 0x37) == valid[i];
		seg.flags = flags;
		assert_int_equal(window_flags_valid(&seg), want);
	}
}

static void test_kinds(void **state)
{
	struct window_segment syn = segment(S, 1, 0, 0);
	struct window_segment ack = segment(A, 1, 1, 0);
	struct window_segment fin = segment(F | A, 1, 1, 0);

	(void)state;
	assert_int_equal(kind_of(S | A), WINDOW_KIND_SYNACK);
	assert_int_equal(kind_of(R | S), WINDOW_KIND_RST);
	assert_int_equal(kind_of(F | A), WINDOW_KIND_FIN);
	assert_int_equal(kind_of(WINDOW_PSH), WINDOW_KIND_NONE);
	assert_true(window_may_open(&syn, false));
	assert_true(window_may_open(&ack, true));
	assert_false(window_may_open(&ack, false));
	assert_false(window_may_open(&fin, true));
}

/* x: refused. States in the kernel's order, from NONE to SYN_SENT2. */
static const struct {
	uint8_t dir;
	uint8_t flags;
	const char *refused;
} transitions[] = {
	{ CLIENT_SENDS, S,	"..........", },
	{ CLIENT_SENDS, S | A,	"xx.xxxxxx.", },
	{ CLIENT_SENDS, F | A,	"xx.......x", },
	{ CLIENT_SENDS, A,	".x.......x", },
	{ CLIENT_SENDS, R,	"x.........", },
	{ CLIENT_SENDS, 0,	"xxxxxxxxxx", },
	{ SERVER_SENDS, S,	"x.xxxxx.x.", },
	{ SERVER_SENDS, S | A,	"x.........", },
	{ SERVER_SENDS, F | A,	"xx.......x", },
	{ SERVER_SENDS, A,	"x.........", },
	{ SERVER_SENDS, R,	"x.........", },
	{ SERVER_SENDS, 0,	"xxxxxxxxxx", },
};

static void test_states(void **state)
{
	struct window_conn c = established(SINCE);
	struct window_segment seg;
	enum window_reason got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(transitions) / sizeof(*transitions); i++) {
		if (transitions[i].dir == CLIENT_SENDS)
			seg = segment(transitions[i].flags, ISN + 1,
				      SERVER + 1, 0);
		else
			seg = segment(transitions[i].flags, SERVER + 1,
				      ISN + 1, 0);
		for (c.state = 0; c.state < WINDOW_STATES; c.state++) {
			got = window_refused(&c, &seg, transitions[i].dir,
					     0).reason;
			assert_int_equal(got == WINDOW_STATE,
					 transitions[i].refused[c.state] ==
					 'x');
		}
	}
}

static void test_synproxy(void **state)
{
	struct window_conn c = established(SINCE);
	struct window_segment seg = segment(A, ISN, SERVER + 1, 0);

	(void)state;
	c.state = WINDOW_SYN_SENT;
	expect_refused(&c, CLIENT_SENDS, seg, WINDOW_STATE);
	c.synproxy = true;
	expect_refused(&c, CLIENT_SENDS, seg, WINDOW_UNKNOWN);
	seg.seq++;
	expect_refused(&c, CLIENT_SENDS, seg, WINDOW_STATE);
}

/* The client has sent much, and the server has acknowledged all. */
static struct window_conn long_transfer(bool tolerant)
{
	struct window_conn c = established(tolerant);

	c.side[0].end += 1000000;
	c.side[0].maxend = c.side[0].end + WIN;
	c.side[1].maxack = c.side[0].end;
	c.side[1].end += 200000;
	c.side[1].maxend = c.side[1].end + WIN;
	c.side[0].maxack = c.side[1].end;
	return c;
}

/* @seg is the first that is out of the window, @inside the last that is not. */
static void expect_bound(bool tolerant, struct window_segment seg,
			 struct window_segment inside, enum window_reason want,
			 uint32_t bound)
{
	struct window_conn c = long_transfer(tolerant);
	struct window_fault fault = window_refused(&c, &seg, CLIENT_SENDS, 0);

	if (fault.reason == WINDOW_UNKNOWN)
		fault = window_ignored(&c, &seg, CLIENT_SENDS, 0);
	assert_int_equal(fault.reason, want);
	assert_int_equal(fault.bound, bound);
	expect_refused(&c, CLIENT_SENDS, inside, WINDOW_UNKNOWN);
	expect_ignored(&c, CLIENT_SENDS, inside, WINDOW_NONE);
}

static void test_bounds(void **state)
{
	struct window_conn c = long_transfer(SINCE);
	uint32_t end = c.side[0].end, maxend = c.side[0].maxend;
	uint32_t ack = c.side[1].end;
	unsigned int rules;

	(void)state;
	for (rules = BEFORE; rules <= SINCE; rules++) {
		expect_bound(rules, segment(A, maxend + 1, ack, 0),
			     segment(A, maxend, ack, 0), WINDOW_SEQ_OVER,
			     maxend + 1);
		expect_bound(rules, segment(A, end, ack + 1, 0),
			     segment(A, end, ack, 0), WINDOW_ACK_OVER, ack + 1);
		expect_bound(rules, segment(A, end - WIN - 11, ack, 10),
			     segment(A, end - WIN - 10, ack, 10),
			     WINDOW_SEQ_UNDER, end - WIN - 1);
		expect_bound(rules, segment(A, end, ack - 66001, 0),
			     segment(A, end, ack - 66000, 0), WINDOW_ACK_UNDER,
			     ack - 66001);
	}
	/* a large window allows older acknowledgments */
	c.side[0].maxwin = 100000;
	expect_ignored(&c, CLIENT_SENDS, segment(A, end, ack - 100000, 0),
		       WINDOW_NONE);
	expect_ignored(&c, CLIENT_SENDS, segment(A, end, ack - 100001, 0),
		       WINDOW_ACK_UNDER);
}

/* The kernels differ in what they refuse, and in what they name first. */
static void test_rules(void **state)
{
	struct window_conn before = long_transfer(BEFORE);
	struct window_conn since = long_transfer(SINCE);
	uint32_t end = since.side[0].end, ack = since.side[1].end;
	uint32_t maxend = since.side[0].maxend;
	struct window_segment both = segment(A, end - 20000, ack + 1, 0);

	(void)state;
	expect_refused(&before, CLIENT_SENDS, segment(A, end - 20000, ack, 0),
		       WINDOW_SEQ_UNDER);
	expect_refused(&since, CLIENT_SENDS, segment(A, end - 20000, ack, 0),
		       WINDOW_UNKNOWN);
	expect_refused(&before, CLIENT_SENDS, segment(A, end, ack - 70000, 0),
		       WINDOW_ACK_UNDER);
	expect_refused(&since, CLIENT_SENDS, segment(A, end, ack - 70000, 0),
		       WINDOW_UNKNOWN);
	expect_refused(&before, CLIENT_SENDS, both, WINDOW_SEQ_UNDER);
	expect_refused(&since, CLIENT_SENDS, both, WINDOW_ACK_OVER);
	/* up to a window too much */
	expect_refused(&since, CLIENT_SENDS,
		       segment(A, maxend + 1, ack, WIN - 2), WINDOW_UNKNOWN);
	expect_ignored(&since, CLIENT_SENDS,
		       segment(A, maxend + 1, ack, WIN - 2), WINDOW_SEQ_OVER);
	expect_refused(&since, CLIENT_SENDS,
		       segment(A, maxend + 1, ack, WIN - 1), WINDOW_SEQ_OVER);
	expect_refused(&before, CLIENT_SENDS, segment(A, maxend + 1, ack, 1),
		       WINDOW_SEQ_OVER);
	/* not with another fault */
	expect_refused(&since, CLIENT_SENDS, segment(A, maxend + 1, ack + 1, 1),
		       WINDOW_SEQ_OVER);
}

static void test_liberal(void **state)
{
	struct window_conn c = established(BEFORE);
	struct window_segment seg = segment(A, ISN + 90000, SERVER + 1, 0);

	(void)state;
	expect_refused(&c, CLIENT_SENDS, seg, WINDOW_SEQ_OVER);
	expect_ignored(&c, CLIENT_SENDS, seg, WINDOW_NONE);
	c.side[1].flags |= WINDOW_SIDE_LIBERAL;
	expect_refused(&c, CLIENT_SENDS, seg, WINDOW_SEQ_OVER);
	c.side[0].flags |= WINDOW_SIDE_LIBERAL;
	expect_refused(&c, CLIENT_SENDS, seg, WINDOW_UNKNOWN);
	expect_ignored(&c, CLIENT_SENDS, seg, WINDOW_SEQ_OVER);
	c = established(BEFORE);
	c.liberal = true;
	expect_refused(&c, CLIENT_SENDS, seg, WINDOW_UNKNOWN);
	expect_ignored(&c, CLIENT_SENDS, seg, WINDOW_SEQ_OVER);
	/* but a RST is not excepted */
	c = long_transfer(SINCE);
	c.liberal = true;
	expect_refused(&c, CLIENT_SENDS, segment(R, ISN + 1, 0, 0), WINDOW_RST);
}

/* NAT has made the data of the server longer. */
static void test_offset(void **state)
{
	struct window_conn c = established(SINCE);
	struct window_segment seg = segment(A, ISN + 1, SERVER + 1 + 7, 0);

	(void)state;
	assert_int_equal(window_refused(&c, &seg, CLIENT_SENDS, 0).reason,
			 WINDOW_ACK_OVER);
	assert_int_equal(window_refused(&c, &seg, CLIENT_SENDS, 7).reason,
			 WINDOW_UNKNOWN);
	/* SACK counts if the receiver of the data permits it */
	seg = segment(A, ISN + 1, SERVER + 1, 0);
	seg.sack = SERVER + 500;
	expect_refused(&c, CLIENT_SENDS, seg, WINDOW_UNKNOWN);
	c.side[1].flags |= WINDOW_SIDE_SACK;
	expect_refused(&c, CLIENT_SENDS, seg, WINDOW_ACK_OVER);
}

static void test_rst(void **state)
{
	struct window_conn since = long_transfer(SINCE);
	struct window_conn before = long_transfer(BEFORE);
	uint32_t next = since.side[0].end;
	struct window_segment old = segment(R, next - 1, 0, 0);
	struct window_segment exact = segment(R, next, 0, 0);
	struct window_segment later = segment(R, next + 5, 0, 0);
	struct window_segment beyond = segment(R, next + 90000, 0, 0);

	(void)state;
	expect_refused(&since, CLIENT_SENDS, old, WINDOW_RST);
	expect_refused(&before, CLIENT_SENDS, old, WINDOW_RST);
	expect_refused(&since, CLIENT_SENDS, exact, WINDOW_UNKNOWN);
	expect_refused(&since, CLIENT_SENDS, later, WINDOW_UNKNOWN);
	expect_refused(&since, CLIENT_SENDS, beyond, WINDOW_SEQ_OVER);
	/* it did not close the connection */
	expect_ignored(&since, CLIENT_SENDS, later, WINDOW_RST);
	since.state = WINDOW_CLOSE;
	expect_ignored(&since, CLIENT_SENDS, later, WINDOW_NONE);
	/* what closes accepts any, but only by the later rules */
	expect_refused(&since, CLIENT_SENDS, old, WINDOW_UNKNOWN);
	before.state = WINDOW_TIME_WAIT;
	expect_refused(&before, CLIENT_SENDS, old, WINDOW_RST);
	since = long_transfer(SINCE);
	since.any_rst = true;
	expect_refused(&since, CLIENT_SENDS, old, WINDOW_UNKNOWN);
	/* after a SYN that was ignored, nothing is known */
	since = long_transfer(SINCE);
	since.last_kind = WINDOW_KIND_SYN;
	expect_refused(&since, CLIENT_SENDS, old, WINDOW_UNKNOWN);
	/* nor without an acknowledgment */
	since = long_transfer(SINCE);
	since.side[1].flags = 0;
	expect_refused(&since, CLIENT_SENDS, old, WINDOW_UNKNOWN);
	/* the answer to a SYN of which conntrack knows nothing */
	since = established(SINCE);
	expect_refused(&since, SERVER_SENDS, segment(R, 0, 0, 0), WINDOW_RST);
	since.assured = false;
	expect_refused(&since, SERVER_SENDS, segment(R, 0, 0, 0),
		       WINDOW_UNKNOWN);
	expect_refused(&since, CLIENT_SENDS, segment(R | A, ISN + 1, 0, 0),
		       WINDOW_UNKNOWN);
}

/* RSTs with wrong numbers that answer what conntrack has let pass. */
static void test_rst_answers(void **state)
{
	struct window_conn c = established(SINCE);
	struct window_segment seg = segment(R | A, SERVER + 1, 77777, 0);

	(void)state;
	expect_refused(&c, SERVER_SENDS, seg, WINDOW_ACK_OVER);
	c.last_kind = WINDOW_KIND_SYN;
	c.last_end = 77777;
	expect_refused(&c, SERVER_SENDS, seg, WINDOW_UNKNOWN);
	c.last_dir = SERVER_SENDS;
	expect_refused(&c, SERVER_SENDS, seg, WINDOW_ACK_OVER);
	/* a half-open connection */
	c.last_kind = WINDOW_KIND_ACK;
	c.assured = false;
	c.side[0].flags = 0;
	expect_refused(&c, SERVER_SENDS, seg, WINDOW_UNKNOWN);
	/* the client does not know the server's acknowledgment */
	c = established(SINCE);
	c.state = WINDOW_SYN_SENT;
	c.side[1].flags = 0;
	c.last_kind = WINDOW_KIND_ACK;
	c.last_dir = SERVER_SENDS;
	c.last_ack = 99;
	expect_refused(&c, CLIENT_SENDS, segment(R, 99, 0, 0), WINDOW_UNKNOWN);
	c.lenient_rst = false;
	c.last_end = 1;
	expect_refused(&c, CLIENT_SENDS, segment(R, 99 + 2 * WIN, 0, 0),
		       WINDOW_SEQ_OVER);
	/* refused by its port: it has no number at all */
	c.side[0].flags = 0;
	expect_refused(&c, SERVER_SENDS, segment(R, 0, 0, 0), WINDOW_UNKNOWN);
}

/* SYN+ACK of a server that had accepted a SYN which conntrack ignored. */
static void test_begins_again(void **state)
{
	struct window_conn c = established(SINCE);
	struct window_segment seg = segment(S | A, 99, 70001, 0);

	(void)state;
	c.last_kind = WINDOW_KIND_SYN;
	c.last_end = 70001;
	c.last_window = 0;
	expect_refused(&c, SERVER_SENDS, seg, WINDOW_UNKNOWN);
	c.last_window = WIN;
	/* a block of SACK beyond what the client has sent */
	seg.sack = 80000;
	c.last_flags = WINDOW_SIDE_SACK;
	expect_refused(&c, SERVER_SENDS, seg, WINDOW_ACK_OVER);
	c.side[1].flags |= WINDOW_SIDE_LIBERAL;
	expect_refused(&c, SERVER_SENDS, seg, WINDOW_UNKNOWN);
	/* another number: it is ignored */
	c = established(SINCE);
	c.last_kind = WINDOW_KIND_SYNACK;
	c.last_dir = SERVER_SENDS;
	c.last_seq = 99;
	c.last_end = 100;
	c.last_window = WIN;
	expect_refused(&c, SERVER_SENDS, seg, WINDOW_UNKNOWN);
	expect_ignored(&c, SERVER_SENDS, seg, WINDOW_STATE);
	/* an answer to such a SYN is no answer to the FIN */
	c = established(SINCE);
	c.state = WINDOW_LAST_ACK;
	c.last_kind = WINDOW_KIND_SYN;
	c.last_flags = WINDOW_LAST_CHALLENGE;
	expect_refused(&c, SERVER_SENDS, segment(A, 7, 7, 0), WINDOW_UNKNOWN);
}

/* Senders of which conntrack has seen nothing. */
static void test_first(void **state)
{
	struct window_conn c = established(SINCE);

	(void)state;
	c.state = WINDOW_SYN_SENT;
	c.side[1] = (struct window_side) {};
	expect_refused(&c, SERVER_SENDS, segment(S | A, 9, ISN + 1, 0),
		       WINDOW_UNKNOWN);
	expect_refused(&c, SERVER_SENDS, segment(S | A, 9, ISN + 2, 0),
		       WINDOW_ACK_OVER);
	/* a simultaneous open */
	expect_refused(&c, SERVER_SENDS, segment(S, 9, 0, 0), WINDOW_UNKNOWN);
	/* picked up in the middle */
	c.state = WINDOW_ESTABLISHED;
	expect_refused(&c, SERVER_SENDS, segment(A, 9, ISN + 1, 5),
		       WINDOW_UNKNOWN);
	expect_refused(&c, SERVER_SENDS, segment(A, 9, ISN + 2, 5),
		       WINDOW_UNKNOWN);
	expect_refused(&c, SERVER_SENDS, segment(A, 9, ISN + 3, 5),
		       WINDOW_ACK_OVER);
	c.side[0] = (struct window_side) {};
	expect_refused(&c, SERVER_SENDS, segment(A, 9, 12345, 5),
		       WINDOW_UNKNOWN);
	expect_ignored(&c, SERVER_SENDS, segment(A, 9, 12345, 5), WINDOW_NONE);
}

/* A sender that begins with another number before the connection is open. */
static void test_changes(void **state)
{
	struct window_conn c = established(SINCE);
	struct window_segment syn = segment(S, ISN + 500000, 0, 0);
	struct window_segment data = segment(F | A, SERVER + 500000, ISN + 1,
					     0);

	(void)state;
	c.state = WINDOW_SYN_SENT;
	expect_refused(&c, CLIENT_SENDS, syn, WINDOW_UNKNOWN);
	syn = segment(S, SERVER + 500000, 0, 0);
	expect_refused(&c, SERVER_SENDS, syn, WINDOW_UNKNOWN);
	c.tolerant = false;
	expect_refused(&c, SERVER_SENDS, syn, WINDOW_SEQ_OVER);
	syn = segment(S, ISN + 500000, 0, 0);
	syn.window = 0;
	expect_refused(&c, CLIENT_SENDS, syn, WINDOW_UNKNOWN);
	/* any segment of the server, by the earlier rules */
	c.state = WINDOW_SYN_RECV;
	expect_refused(&c, SERVER_SENDS, data, WINDOW_UNKNOWN);
	c.tolerant = true;
	expect_refused(&c, SERVER_SENDS, data, WINDOW_SEQ_OVER);
}

static void test_retransmitted(void **state)
{
	struct window_conn c = long_transfer(SINCE);
	uint32_t end = c.side[0].end;
	struct window_segment seg = segment(A, end - 10, SERVER, 9);

	(void)state;
	assert_true(window_retransmitted(&c, &seg, CLIENT_SENDS));
	seg = segment(A, end - 10, SERVER, 0);
	assert_false(window_retransmitted(&c, &seg, CLIENT_SENDS));
	seg = segment(A, end - 10, SERVER, 11);
	assert_false(window_retransmitted(&c, &seg, CLIENT_SENDS));
	/* the last data, acknowledged and not */
	seg = segment(A, end - 10, SERVER, 10);
	assert_true(window_retransmitted(&c, &seg, CLIENT_SENDS));
	c.side[1].maxack--;
	assert_false(window_retransmitted(&c, &seg, CLIENT_SENDS));
	c.last_seq = seg.seq;
	c.last_end = seg.end;
	assert_false(window_retransmitted(&c, &seg, CLIENT_SENDS));
	c.retrans = 1;
	assert_true(window_retransmitted(&c, &seg, CLIENT_SENDS));
	c.last_dir = SERVER_SENDS;
	assert_false(window_retransmitted(&c, &seg, CLIENT_SENDS));
}

/* A connection that was picked up, of which conntrack has supposed nothing. */
static void test_learn(void **state)
{
	struct window_side side[2] = {
		{ .end = ISN, .maxwin = 100, .flags = WINDOW_SIDE_LIBERAL },
		{ .end = SERVER, .maxwin = 90000,
		  .flags = WINDOW_SIDE_LIBERAL | WINDOW_SIDE_SACK },
	};
	struct window_segment seg = segment(A, ISN + 90000, SERVER + 70, 10);

	(void)state;
	window_learn(side, &seg, CLIENT_SENDS, 7);
	assert_int_equal(side[0].end, ISN + 90010);
	assert_int_equal(side[0].maxwin, WIN);
	assert_int_equal(side[0].maxack, SERVER + 63);
	assert_int_equal(side[0].flags,
			 WINDOW_SIDE_LIBERAL | WINDOW_SIDE_MAXACK);
	/* older ones, and some that may have any numbers */
	seg = segment(A, ISN, SERVER, 0);
	seg.window = 1;
	window_learn(side, &seg, CLIENT_SENDS, 0);
	seg = segment(R, ISN + 900000, SERVER + 900000, 0);
	window_learn(side, &seg, CLIENT_SENDS, 0);
	seg = segment(S, ISN + 900000, SERVER + 900000, 0);
	window_learn(side, &seg, CLIENT_SENDS, 0);
	assert_int_equal(side[0].end, ISN + 90010);
	assert_int_equal(side[0].maxack, SERVER + 63);
	/* no acknowledgment */
	seg = segment(F, SERVER + 5, 0, 0);
	window_learn(side, &seg, SERVER_SENDS, 0);
	assert_int_equal(side[1].flags,
			 WINDOW_SIDE_LIBERAL | WINDOW_SIDE_SACK);

	window_check_from_now(side);
	/* the server has sent what the client acknowledges */
	assert_int_equal(side[1].end, SERVER + 63);
	assert_int_equal(side[1].maxend, SERVER + 63 + (WIN << 14));
	assert_int_equal(side[1].maxwin, 65535U << 14);
	assert_int_equal(side[1].scale, 14);
	assert_int_equal(side[1].flags, WINDOW_SIDE_SACK);
	assert_int_equal(side[0].end, ISN + 90010);
	assert_int_equal(side[0].maxend, ISN + 90010 + (65535U << 14));
	assert_int_equal(side[0].flags, WINDOW_SIDE_MAXACK);
}

static void test_scaled(void **state)
{
	struct window_conn c = established(SINCE);
	struct window_segment seg = segment(A, ISN + 1, SERVER + 1, 0);

	(void)state;
	c.side[0].scale = 14;
	seg.window = 65535;
	assert_int_equal(window_scaled(&c, &seg, CLIENT_SENDS), 65535U << 14);
	assert_int_equal(window_scaled(&c, &seg, SERVER_SENDS), 65535);
	seg.flags = S;
	assert_int_equal(window_scaled(&c, &seg, CLIENT_SENDS), 65535);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_sack),
		cmocka_unit_test(test_scale_option),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_synproxy),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_liberal),
		cmocka_unit_test(test_offset),
		cmocka_unit_test(test_rst),
		cmocka_unit_test(test_rst_answers),
		cmocka_unit_test(test_begins_again),
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_retransmitted),
		cmocka_unit_test(test_learn),
		cmocka_unit_test(test_scaled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
