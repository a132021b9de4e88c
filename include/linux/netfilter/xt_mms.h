/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_MMS_H
#define _XT_MMS_H

#include <linux/types.h>

/* Messages of [MS-MMSP] as bits. */
enum {
	XT_MMS_OTHER			= 1 << 0,
	XT_MMS_CONNECT			= 1 << 1,
	XT_MMS_CONNECT_FUNNEL		= 1 << 2,
	XT_MMS_OPEN_FILE		= 1 << 3,
	XT_MMS_START_PLAYING		= 1 << 4,
	XT_MMS_STOP_PLAYING		= 1 << 5,
	XT_MMS_CLOSE_FILE		= 1 << 6,
	XT_MMS_READ_BLOCK		= 1 << 7,
	XT_MMS_FUNNEL_INFO		= 1 << 8,
	XT_MMS_SECURITY_RESPONSE	= 1 << 9,
	XT_MMS_PONG			= 1 << 10,
	XT_MMS_CANCEL_READ_BLOCK	= 1 << 11,
	XT_MMS_START_STRIDING		= 1 << 12,
	XT_MMS_LOGGING			= 1 << 13,
	XT_MMS_STREAM_SWITCH		= 1 << 14,
	XT_MMS_REPORT_CONNECTED_EX	= 1 << 15,
	XT_MMS_REPORT_CONNECTED_FUNNEL	= 1 << 16,
	XT_MMS_REPORT_DISCONNECTED_FUNNEL = 1 << 17,
	XT_MMS_REPORT_STARTED_PLAYING	= 1 << 18,
	XT_MMS_REPORT_OPEN_FILE		= 1 << 19,
	XT_MMS_REPORT_START_STRIDING	= 1 << 20,
	XT_MMS_REPORT_READ_BLOCK	= 1 << 21,
	XT_MMS_REPORT_FUNNEL_INFO	= 1 << 22,
	XT_MMS_SECURITY_CHALLENGE	= 1 << 23,
	XT_MMS_PING			= 1 << 24,
	XT_MMS_REPORT_END_OF_STREAM	= 1 << 25,
	XT_MMS_REPORT_STREAM_CHANGE	= 1 << 26,
	XT_MMS_REPORT_STREAM_SWITCH	= 1 << 27,
	XT_MMS_REPORT_REDIRECT		= 1 << 28,
	XT_MMS_ALL			= (1 << 29) - 1,
};

/* Transports that a client announces, as bits. */
enum {
	XT_MMS_TCP			= 1 << 1,
	XT_MMS_UDP			= 1 << 2,
	XT_MMS_TRANSPORTS		= XT_MMS_TCP | XT_MMS_UDP,
};

/* What is tested, as bits of @invert. */
enum {
	XT_MMS_MESSAGE			= 1 << 0,
	XT_MMS_TRANSPORT		= 1 << 1,
};

/**
 * struct xt_mms_mtinfo - -m mms
 * @messages: XT_MMS_x bits of the messages that match; 0: not tested; host byte
 *	order
 * @transports: XT_MMS_TCP, XT_MMS_UDP; 0: not tested
 * @invert: tests whose result is inverted
 * @reserved: 0
 *
 * One message must pass all tests. Only XT_MMS_CONNECT_FUNNEL has a transport.
 * A rule that no message can satisfy is refused.
 */
struct xt_mms_mtinfo {
	__u32 messages;
	__u8 transports;
	__u8 invert;
	__u8 reserved[2];
};

#endif
