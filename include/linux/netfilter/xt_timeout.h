/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* The match timeout and the target TIMEOUT. */
#ifndef _XT_TIMEOUT_H
#define _XT_TIMEOUT_H

#include <linux/types.h>

/* The longest time, in seconds: a signed 32-bit number of milliseconds. */
#define XT_TIMEOUT_MAX	2147483

/* The states that have a timeout. Numbers never change; new ones follow. */
enum xt_timeout_state {
	XT_TIMEOUT_TCP_SYN_SENT,
	XT_TIMEOUT_TCP_SYN_RECV,
	XT_TIMEOUT_TCP_ESTABLISHED,
	XT_TIMEOUT_TCP_FIN_WAIT,
	XT_TIMEOUT_TCP_CLOSE_WAIT,
	XT_TIMEOUT_TCP_LAST_ACK,
	XT_TIMEOUT_TCP_TIME_WAIT,
	XT_TIMEOUT_TCP_CLOSE,
	XT_TIMEOUT_TCP_SYN_SENT2,
	XT_TIMEOUT_TCP_MAX_RETRANS,
	XT_TIMEOUT_TCP_UNACKNOWLEDGED,
	XT_TIMEOUT_UDP,
	XT_TIMEOUT_UDP_STREAM,
	XT_TIMEOUT_ICMP,
	XT_TIMEOUT_ICMPV6,
	XT_TIMEOUT_SCTP_CLOSED,
	XT_TIMEOUT_SCTP_COOKIE_WAIT,
	XT_TIMEOUT_SCTP_COOKIE_ECHOED,
	XT_TIMEOUT_SCTP_ESTABLISHED,
	XT_TIMEOUT_SCTP_SHUTDOWN_SENT,
	XT_TIMEOUT_SCTP_SHUTDOWN_RECD,
	XT_TIMEOUT_SCTP_SHUTDOWN_ACK_SENT,
	XT_TIMEOUT_SCTP_HEARTBEAT_SENT,
	XT_TIMEOUT_GRE,
	XT_TIMEOUT_GRE_STREAM,
	XT_TIMEOUT_GENERIC,
	XT_TIMEOUT_STATES,
};

/* The space in struct xt_timeout_tginfo. */
#define XT_TIMEOUT_STATES_MAX	32

enum {
	/* of the target */
	XT_TIMEOUT_CAP		= 1 << 0,
	XT_TIMEOUT_NOW		= 1 << 1,
	XT_TIMEOUT_EXPIRE	= 1 << 2,

	/* of the match */
	XT_TIMEOUT_LEFT		= 1 << 0,
	XT_TIMEOUT_NOT_LEFT	= 1 << 1,
	XT_TIMEOUT_ASSURED	= 1 << 2,
	XT_TIMEOUT_NOT_ASSURED	= 1 << 3,
};

struct timeout_vector;

/**
 * struct xt_timeout_tginfo - target data of TIMEOUT, revision 0
 * @flags: XT_TIMEOUT_CAP, _NOW, _EXPIRE
 * @set: a bit for each state in @value: 1 << enum xt_timeout_state
 * @cap: the longest remaining time, in seconds; 0 without XT_TIMEOUT_CAP
 * @pad: 0
 * @value: seconds, 1 to XT_TIMEOUT_MAX; 0 for states that are not in @set
 * @vector: private to the kernel
 */
struct xt_timeout_tginfo {
	__u32 flags;
	__u32 set;
	__u32 cap;
	__u32 pad;
	__u32 value[XT_TIMEOUT_STATES_MAX];

	struct timeout_vector *vector __attribute__((aligned(8)));
};

/**
 * struct xt_timeout_mtinfo - match data of timeout, revision 0
 * @min: the least remaining time, in seconds; 0 without XT_TIMEOUT_LEFT
 * @max: the most, up to 4294967295
 * @flags: XT_TIMEOUT_LEFT, _NOT_LEFT, _ASSURED, _NOT_ASSURED
 */
struct xt_timeout_mtinfo {
	__u32 min;
	__u32 max;
	__u32 flags;
};

#endif /* _XT_TIMEOUT_H */
