/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_QUAKE3_H
#define _XT_QUAKE3_H

#include <linux/types.h>

/* Connectionless messages as bits. */
enum {
	XT_QUAKE3_OTHER			= 1 << 0,
	XT_QUAKE3_GETSERVERS		= 1 << 1,
	XT_QUAKE3_GETSERVERS_EXT	= 1 << 2,
	XT_QUAKE3_SERVERS		= 1 << 3,
	XT_QUAKE3_SERVERS_EXT		= 1 << 4,
	XT_QUAKE3_GETINFO		= 1 << 5,
	XT_QUAKE3_INFO			= 1 << 6,
	XT_QUAKE3_GETSTATUS		= 1 << 7,
	XT_QUAKE3_STATUS		= 1 << 8,
	XT_QUAKE3_GETCHALLENGE		= 1 << 9,
	XT_QUAKE3_CHALLENGE		= 1 << 10,
	XT_QUAKE3_CONNECT		= 1 << 11,
	XT_QUAKE3_CONNECTED		= 1 << 12,
	XT_QUAKE3_DISCONNECT		= 1 << 13,
	XT_QUAKE3_RCON			= 1 << 14,
	XT_QUAKE3_PRINT			= 1 << 15,
	XT_QUAKE3_HEARTBEAT		= 1 << 16,
	XT_QUAKE3_ALL			= (1 << 17) - 1,
};

/**
 * struct xt_quake3_mtinfo - -m quake3
 * @messages: XT_QUAKE3_x bits of the messages that match, at least one; host
 *	byte order
 * @invert: 0 or 1. With 1, every message that is not in @messages matches.
 *	All messages inverted is refused.
 * @reserved: 0
 */
struct xt_quake3_mtinfo {
	__u32 messages;
	__u8 invert;
	__u8 reserved[3];
};

#endif
