/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* The match tcpwindow and the target TCPWINDOW. */
#ifndef _XT_TCPWINDOW_H
#define _XT_TCPWINDOW_H

#include <linux/types.h>

/*
 * Why connection tracking refuses or tolerates a segment. Numbers never change;
 * new ones follow.
 */
enum xt_tcpwindow_reason {
	XT_TCPWINDOW_SEQ_OVER,
	XT_TCPWINDOW_ACK_OVER,
	XT_TCPWINDOW_SEQ_UNDER,
	XT_TCPWINDOW_ACK_UNDER,
	XT_TCPWINDOW_RST,
	XT_TCPWINDOW_STATE,
	XT_TCPWINDOW_FLAGS,
	XT_TCPWINDOW_CHECKSUM,
	XT_TCPWINDOW_TRUNCATED,
	XT_TCPWINDOW_NO_CONNECTION,
	XT_TCPWINDOW_UNKNOWN,
	XT_TCPWINDOW_REASONS,
};

#define XT_TCPWINDOW_ALL	((1U << XT_TCPWINDOW_REASONS) - 1)
#define XT_TCPWINDOW_WINDOW	(1U << XT_TCPWINDOW_SEQ_OVER |	\
				 1U << XT_TCPWINDOW_ACK_OVER |	\
				 1U << XT_TCPWINDOW_SEQ_UNDER |	\
				 1U << XT_TCPWINDOW_ACK_UNDER)
#define XT_TCPWINDOW_MALFORMED	(1U << XT_TCPWINDOW_FLAGS |	\
				 1U << XT_TCPWINDOW_CHECKSUM |	\
				 1U << XT_TCPWINDOW_TRUNCATED)
/* What a segment that is accepted can have. */
#define XT_TCPWINDOW_IGNORED	(XT_TCPWINDOW_WINDOW |		\
				 1U << XT_TCPWINDOW_RST |	\
				 1U << XT_TCPWINDOW_STATE)

/* The largest scale, and the largest window with it. */
#define XT_TCPWINDOW_SCALE_MAX	14
#define XT_TCPWINDOW_MAX	(65535U << XT_TCPWINDOW_SCALE_MAX)

/* The options of the match that are given, and those that are inverted. */
enum {
	XT_TCPWINDOW_REASON		= 1 << 0,
	XT_TCPWINDOW_IGNORE		= 1 << 1,
	XT_TCPWINDOW_RETRANSMISSION	= 1 << 2,
	XT_TCPWINDOW_SCALE		= 1 << 3,
	XT_TCPWINDOW_SIZE		= 1 << 4,
	XT_TCPWINDOW_ZONE		= 1 << 5,
	XT_TCPWINDOW_PICKED_UP		= 1 << 6,

	XT_TCPWINDOW_NOT_REASON		= 1 << 8,
	XT_TCPWINDOW_NOT_RETRANSMISSION	= 1 << 10,
	XT_TCPWINDOW_NOT_SCALE		= 1 << 11,
	XT_TCPWINDOW_NOT_SIZE		= 1 << 12,
	XT_TCPWINDOW_NOT_PICKED_UP	= 1 << 14,
};

/**
 * struct xt_tcpwindow_mtinfo - match data of tcpwindow, revision 0
 * @flags: XT_TCPWINDOW_REASON to _NOT_PICKED_UP
 * @reasons: of --reason, a bit for each: 1 << enum xt_tcpwindow_reason
 * @ignored: of --ignored, the same
 * @window_min: of --window, bytes
 * @window_max: the same, up to XT_TCPWINDOW_MAX
 * @zone: of --zone
 * @scale_min: of --scale
 * @scale_max: the same, up to XT_TCPWINDOW_SCALE_MAX
 *
 * A value of an option that is not given is 0.
 */
struct xt_tcpwindow_mtinfo {
	__u32 flags;
	__u32 reasons;
	__u32 ignored;
	__u32 window_min;
	__u32 window_max;
	__u16 zone;
	__u8 scale_min;
	__u8 scale_max;
};

/* What the target does: one of these. _ACCEPT can have XT_TCPWINDOW_ZONE. */
enum {
	XT_TCPWINDOW_LIBERAL		= 1 << 0,
	XT_TCPWINDOW_STRICT		= 1 << 1,
	XT_TCPWINDOW_NO_WINDOW		= 1 << 2,
	XT_TCPWINDOW_ACCEPT		= 1 << 3,
	XT_TCPWINDOW_LOOSE		= 1 << 4,
};

/**
 * struct xt_tcpwindow_tginfo - target data of TCPWINDOW, revision 0
 * @flags: XT_TCPWINDOW_LIBERAL, _STRICT, _NO_WINDOW, _ACCEPT or _LOOSE, and
 *	_ZONE
 * @zone: of --zone
 * @packets: of --loose, 1 or more; 0 without it
 */
struct xt_tcpwindow_tginfo {
	__u32 flags;
	__u16 zone;
	__u16 packets;
};

#endif /* _XT_TCPWINDOW_H */
