/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_PPTP_H
#define _XT_PPTP_H

#include <linux/types.h>

/* Control types of RFC 2637 as bits, 1 to 15. */
#define XT_PPTP_MESSAGE_BIT(type)	(1 << (type))
#define XT_PPTP_MESSAGES	0xfffe
/* Messages with a call id. */
#define XT_PPTP_WITH_CALL_ID	0xff80
/* Messages with a result. */
#define XT_PPTP_WITH_RESULT \
	(XT_PPTP_MESSAGE_BIT(2) | XT_PPTP_MESSAGE_BIT(4) | \
	 XT_PPTP_MESSAGE_BIT(6) | XT_PPTP_MESSAGE_BIT(8) | \
	 XT_PPTP_MESSAGE_BIT(10) | XT_PPTP_MESSAGE_BIT(13))

/* The tests of a rule: the bits of tests and invert. */
enum {
	XT_PPTP_MESSAGE		= 1 << 0,
	XT_PPTP_CALL_ID		= 1 << 1,
	XT_PPTP_RESULT		= 1 << 2,
	XT_PPTP_TESTS		= XT_PPTP_MESSAGE | XT_PPTP_CALL_ID |
				  XT_PPTP_RESULT,
};

/**
 * struct xt_pptp_mtinfo - -m pptp
 * @messages: with XT_PPTP_MESSAGE: XT_PPTP_MESSAGE_BIT() bits
 * @id_low: with XT_PPTP_CALL_ID: the first call id, host byte order
 * @id_high: the last one
 * @result_low: with XT_PPTP_RESULT: the first result
 * @result_high: the last one
 * @tests: the tests; without any, the rule matches every message
 * @invert: those of @tests that must fail
 * @pad: 0
 *
 * Members of tests that the rule does not have are 0. One message of the packet
 * must pass all tests. A rule that no message can pass is refused.
 */
struct xt_pptp_mtinfo {
	__u16 messages;
	__u16 id_low;
	__u16 id_high;
	__u8 result_low;
	__u8 result_high;
	__u8 tests;
	__u8 invert;
	__u8 pad[2];
};

#endif
