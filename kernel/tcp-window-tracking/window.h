/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why connection tracking refuses or tolerates a TCP segment.
 *
 * The kernel does not tell. But it changes little of a connection when it
 * refuses a segment, and what it changes does not hide the reason. So the same
 * tests find the same fault once more, afterwards. The window is that of Guido
 * van Rooij, "Real Stateful TCP Packet Filtering in IP Filter" (SANE 2000).
 *
 * The order of calls for one segment:
 *
 *	window_parse()		reads it; otherwise it is truncated
 *	window_flags_valid()	RFC 9293 allows its flags
 *	window_refused()	the fault, if no rule saw a connection
 *	window_ignored()	the fault, if conntrack accepted it all the same
 *
 * Plain C: the modules, the unit test and the fuzzer share this file.
 */
#ifndef POM_TCP_WINDOW_H
#define POM_TCP_WINDOW_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Bytes of a TCP header without options, and with most of them. */
#define WINDOW_TCP_MIN	20
#define WINDOW_TCP_MAX	60

/* The largest window scale of RFC 7323, and none. */
#define WINDOW_SCALE_MAX	14
#define WINDOW_NO_SCALE		256

/* The numbers are those of enum xt_tcpwindow_reason. */
enum window_reason {
	WINDOW_SEQ_OVER,	/* data after the receiver's window */
	WINDOW_ACK_OVER,	/* acknowledges data that was not seen */
	WINDOW_SEQ_UNDER,	/* all data is older than the window */
	WINDOW_ACK_UNDER,	/* an acknowledgment that is too old */
	WINDOW_RST,		/* a RST that the receiver cannot have caused */
	WINDOW_STATE,		/* no such segment in this state */
	WINDOW_FLAGS,
	WINDOW_CHECKSUM,
	WINDOW_TRUNCATED,
	WINDOW_NO_CONNECTION,
	WINDOW_UNKNOWN,		/* refused, and no fault was found */
	WINDOW_REASONS,
	WINDOW_NONE = WINDOW_REASONS,
};

/* Byte 13 of the header. */
enum window_flag {
	WINDOW_FIN = 0x01,
	WINDOW_SYN = 0x02,
	WINDOW_RST_FLAG = 0x04,
	WINDOW_PSH = 0x08,
	WINDOW_ACK = 0x10,
	WINDOW_URG = 0x20,
	WINDOW_ECE = 0x40,
	WINDOW_CWR = 0x80,
};

/* What a segment is for conntrack, with the numbers of last_index. */
enum window_kind {
	WINDOW_KIND_SYN,
	WINDOW_KIND_SYNACK,
	WINDOW_KIND_FIN,
	WINDOW_KIND_ACK,
	WINDOW_KIND_RST,
	WINDOW_KIND_NONE,
};

/* The numbers of enum tcp_conntrack. */
enum window_state {
	WINDOW_SYN_SENT = 1,
	WINDOW_SYN_RECV,
	WINDOW_ESTABLISHED,
	WINDOW_FIN_WAIT,
	WINDOW_CLOSE_WAIT,
	WINDOW_LAST_ACK,
	WINDOW_TIME_WAIT,
	WINDOW_CLOSE,
	WINDOW_SYN_SENT2,
	WINDOW_STATES,
};

/* Bits of window_side.flags, and of window_conn.last_flags from 0x40 on. */
enum window_side_flag {
	WINDOW_SIDE_SACK = 0x02,
	WINDOW_SIDE_LIBERAL = 0x08,
	WINDOW_SIDE_MAXACK = 0x20,
	WINDOW_LAST_CHALLENGE = 0x40,
};

/**
 * struct window_segment - a segment; all numbers in host order
 * @seq: as it is in the header
 * @ack: as it is in the header
 * @sack: the highest acknowledged byte of @ack and the SACK blocks
 * @len: bytes of data
 * @end: the sequence number behind the data, a SYN and a FIN
 * @window: as it is in the header
 * @flags: enum window_flag
 * @kind: enum window_kind
 * @scale: the window scale that a SYN announces, which may be too large; or
 *	WINDOW_NO_SCALE
 */
struct window_segment {
	uint32_t seq;
	uint32_t ack;
	uint32_t sack;
	uint32_t len;
	uint32_t end;
	uint16_t window;
	uint8_t flags;
	uint8_t kind;
	uint16_t scale;
};

/**
 * struct window_side - what conntrack knows of one sender
 * @end: behind the highest byte that it sent
 * @maxend: behind the highest byte that it may send
 * @maxwin: the largest window that it offered; 0 if it sent nothing yet
 * @maxack: the highest byte that it acknowledged, with WINDOW_SIDE_MAXACK
 * @scale: of its windows
 * @flags: enum window_side_flag
 */
struct window_side {
	uint32_t end;
	uint32_t maxend;
	uint32_t maxwin;
	uint32_t maxack;
	uint8_t scale;
	uint8_t flags;
};

/**
 * struct window_conn - a connection
 * @side: the sender of the first segment, and the other
 * @last_seq: of the last segment that counts: see conntrack
 * @last_ack: the same
 * @last_end: the same
 * @last_window: the same
 * @last_dir: the same, 0 or 1
 * @last_kind: the same, enum window_kind
 * @last_scale: the window scale of the last SYN that was ignored
 * @last_flags: the same, enum window_side_flag
 * @retrans: how often the last segment was repeated
 * @state: enum window_state
 * @replied: conntrack has seen a reply
 * @assured: and an answer to that
 * @synproxy: SYNPROXY answers for the server
 * @liberal: the namespace accepts segments outside of windows
 * @any_rst: the namespace accepts a RST with an old sequence number
 * @lenient_rst: the rules of RSTs are those from Linux 5.14 on
 * @tolerant: the rules of the window are those from Linux 6.1 on
 */
struct window_conn {
	struct window_side side[2];
	uint32_t last_seq;
	uint32_t last_ack;
	uint32_t last_end;
	uint16_t last_window;
	uint8_t last_dir;
	uint8_t last_kind;
	uint8_t last_scale;
	uint8_t last_flags;
	uint8_t retrans;
	uint8_t state;
	bool replied;
	bool assured;
	bool synproxy;
	bool liberal;
	bool any_rst;
	bool lenient_rst;
	bool tolerant;
};

/**
 * struct window_fault - what is wrong with a segment
 * @reason: WINDOW_NONE for nothing
 * @bound: of the four reasons of the window, the first number that is out of
 *	the window on the side where the segment is; otherwise 0
 */
struct window_fault {
	enum window_reason reason;
	uint32_t bound;
};

bool window_parse(const uint8_t *tcp, size_t have, size_t len,
		  struct window_segment *seg);
bool window_flags_valid(const struct window_segment *seg);
bool window_may_open(const struct window_segment *seg, bool pick_up);
struct window_fault window_refused(const struct window_conn *conn,
				   const struct window_segment *seg,
				   unsigned int dir, uint32_t offset);
struct window_fault window_ignored(const struct window_conn *conn,
				   const struct window_segment *seg,
				   unsigned int dir, uint32_t offset);
bool window_retransmitted(const struct window_conn *conn,
			  const struct window_segment *seg, unsigned int dir);
void window_learn(struct window_side side[2], const struct window_segment *seg,
		  unsigned int dir, uint32_t offset);
void window_check_from_now(struct window_side side[2]);
uint32_t window_scaled(const struct window_conn *conn,
		       const struct window_segment *seg, unsigned int dir);

#endif /* POM_TCP_WINDOW_H */
