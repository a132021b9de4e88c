/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_IRC_H
#define _XT_IRC_H

#include <linux/types.h>

/* A file name pattern with its NUL. */
#define XT_IRC_FILENAME_SIZE	128

/* Requests of DCC, as bits. */
enum {
	XT_IRC_DCC_CHAT		= 1 << 1,
	XT_IRC_DCC_SEND		= 1 << 2,
	XT_IRC_DCC_SCHAT	= 1 << 3,
	XT_IRC_DCC_TSEND	= 1 << 4,
	XT_IRC_DCC_MOVE		= 1 << 5,
	XT_IRC_DCC_RESUME	= 1 << 6,
	XT_IRC_DCC_ACCEPT	= 1 << 7,
	XT_IRC_DCC_FILES	= XT_IRC_DCC_SEND | XT_IRC_DCC_TSEND |
				  XT_IRC_DCC_MOVE | XT_IRC_DCC_RESUME |
				  XT_IRC_DCC_ACCEPT,
	XT_IRC_DCC_ALL		= XT_IRC_DCC_CHAT | XT_IRC_DCC_SCHAT |
				  XT_IRC_DCC_FILES,
};

/* Commands, as bits: 1 privmsg, ... in the order of the manual. */
#define XT_IRC_COMMAND(n)	(1U << (n))
#define XT_IRC_COMMAND_LAST	27
#define XT_IRC_PRIVMSG		XT_IRC_COMMAND(1)
#define XT_IRC_COMMAND_ALL	((1U << (XT_IRC_COMMAND_LAST + 1)) - 2)

/* What a rule asks about: the bits of tests and invert. */
enum {
	XT_IRC_DCC	= 1 << 0,
	XT_IRC_FILENAME	= 1 << 1,
	XT_IRC_COMMANDS	= 1 << 2,
	XT_IRC_TESTS	= XT_IRC_DCC | XT_IRC_FILENAME | XT_IRC_COMMANDS,
};

/**
 * struct xt_irc_mtinfo - -m irc
 * @commands: with XT_IRC_COMMANDS: XT_IRC_COMMAND() bits
 * @dccs: with XT_IRC_DCC: XT_IRC_DCC_x bits
 * @tests: what is asked, at least one; all of the same line
 * @invert: of @tests, those that must not hold
 * @filename: with XT_IRC_FILENAME: a pattern as in glob(7), NUL-terminated,
 *	not empty
 *
 * What is not asked about is 0. A rule that no line can satisfy is refused.
 */
struct xt_irc_mtinfo {
	__u32 commands;
	__u16 dccs;
	__u8 tests;
	__u8 invert;
	char filename[XT_IRC_FILENAME_SIZE];
};

#endif
