/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_H323_H
#define _XT_H323_H

#include <linux/types.h>

/* Messages of call signalling (Q.931, over TCP), as bits. */
enum {
	XT_H323_ALERTING		= 1 << 0,
	XT_H323_CALL_PROCEEDING		= 1 << 1,
	XT_H323_PROGRESS		= 1 << 2,
	XT_H323_SETUP			= 1 << 3,
	XT_H323_CONNECT			= 1 << 4,
	XT_H323_SETUP_ACKNOWLEDGE	= 1 << 5,
	XT_H323_RELEASE_COMPLETE	= 1 << 6,
	XT_H323_FACILITY		= 1 << 7,
	XT_H323_NOTIFY			= 1 << 8,
	XT_H323_STATUS_INQUIRY		= 1 << 9,
	XT_H323_INFORMATION		= 1 << 10,
	XT_H323_STATUS			= 1 << 11,
	XT_H323_MESSAGES		= (1 << 12) - 1,
};

/*
 * Messages of RAS, over UDP: a bit for each, in the order of the choice
 * RasMessage of H.225.0: bit 0 is a GatekeeperRequest. An
 * AdmissionConfirmSequence, which is number 32, counts as an AdmissionConfirm.
 */
#define XT_H323_RAS_MESSAGES	0xffffffffu

/* What a rule asks about: the bits of tests and invert. */
enum {
	XT_H323_MESSAGE	= 1 << 0,
	XT_H323_RAS	= 1 << 1,
	XT_H323_TESTS	= (1 << 2) - 1,
};

/**
 * struct xt_h323_mtinfo - match data of h323, revision 0
 * @ras: with XT_H323_RAS: bits of messages
 * @messages: with XT_H323_MESSAGE: bits of messages
 * @tests: what is asked: one of both
 * @invert: of @tests, what must not hold
 *
 * What is not asked about is 0. A rule that no message can satisfy is refused.
 */
struct xt_h323_mtinfo {
	__u32 ras;
	__u16 messages;
	__u8 tests;
	__u8 invert;
};

#endif /* _XT_H323_H */
