/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_TALK_H
#define _XT_TALK_H

#include <linux/types.h>

/* Types of messages, as bits. */
enum {
	XT_TALK_LEAVE_INVITE	= 1 << 0,
	XT_TALK_LOOK_UP		= 1 << 1,
	XT_TALK_DELETE		= 1 << 2,
	XT_TALK_ANNOUNCE	= 1 << 3,
	XT_TALK_REPLY_QUERY	= 1 << 4,
	XT_TALK_TYPES		= (1 << 5) - 1,
};

/* Answers of a response, as bits. */
enum {
	XT_TALK_SUCCESS			= 1 << 0,
	XT_TALK_NOT_HERE		= 1 << 1,
	XT_TALK_FAILED			= 1 << 2,
	XT_TALK_MACHINE_UNKNOWN		= 1 << 3,
	XT_TALK_PERMISSION_DENIED	= 1 << 4,
	XT_TALK_UNKNOWN_REQUEST		= 1 << 5,
	XT_TALK_BAD_VERSION		= 1 << 6,
	XT_TALK_BAD_ADDR		= 1 << 7,
	XT_TALK_BAD_CTL_ADDR		= 1 << 8,
	XT_TALK_NO_CALLER		= 1 << 9,
	XT_TALK_TRY_HERE		= 1 << 10,
	XT_TALK_SELECTIVE_REFUSAL	= 1 << 11,
	XT_TALK_ANSWERS			= (1 << 12) - 1,
};

/* What a rule asks about: the bits of tests and invert. */
enum {
	XT_TALK_TYPE	= 1 << 0,
	XT_TALK_ANSWER	= 1 << 1,
	XT_TALK_CALLER	= 1 << 2,
	XT_TALK_CALLEE	= 1 << 3,
	XT_TALK_TESTS	= (1 << 4) - 1,
};

#define XT_TALK_NAME_MAX	12

/**
 * struct xt_talk_mtinfo - match data of talk, revision 0
 * @caller: with XT_TALK_CALLER: a user's name; 0s follow it
 * @callee: with XT_TALK_CALLEE: the same
 * @answers: with XT_TALK_ANSWER: bits of answers
 * @types: with XT_TALK_TYPE: bits of types
 * @tests: what is asked; without any, whether it is a talk message at all
 * @invert: of @tests, those that must not hold
 * @reserved: 0
 *
 * What is not asked about is 0. A rule that no message can satisfy is refused:
 * one that excludes all types or all answers, or asks for an answer, which only
 * responses have, and for a user, which only requests have.
 */
struct xt_talk_mtinfo {
	char caller[XT_TALK_NAME_MAX];
	char callee[XT_TALK_NAME_MAX];
	__u16 answers;
	__u8 types;
	__u8 tests;
	__u8 invert;
	__u8 reserved[3];
};

#endif /* _XT_TALK_H */
