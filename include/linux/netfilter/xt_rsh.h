/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_RSH_H
#define _XT_RSH_H

#include <linux/types.h>

/* The name of a user with its NUL. */
#define XT_RSH_USER_SIZE	32
/* A pattern for commands with its NUL. */
#define XT_RSH_COMMAND_SIZE	128

/* What a rule asks about: the bits of tests and invert. */
enum {
	XT_RSH_STDERR_PORT	= 1 << 0,
	XT_RSH_USER		= 1 << 1,
	XT_RSH_REMOTE_USER	= 1 << 2,
	XT_RSH_COMMAND		= 1 << 3,
	XT_RSH_TESTS		= XT_RSH_STDERR_PORT | XT_RSH_USER |
				  XT_RSH_REMOTE_USER | XT_RSH_COMMAND,
};

/**
 * struct xt_rsh_mtinfo - -m rsh
 * @low: with XT_RSH_STDERR_PORT: the first port; 0 is none
 * @high: the last port, @low or higher
 * @tests: what is asked, at least one; all of the same segment
 * @invert: of @tests, those that must not hold
 * @reserved: 0
 * @user: with XT_RSH_USER: NUL-terminated, not empty
 * @remote_user: with XT_RSH_REMOTE_USER: the same
 * @command: with XT_RSH_COMMAND: a pattern as in glob(7), NUL-terminated, not
 *	empty
 *
 * What is not asked about is 0.
 */
struct xt_rsh_mtinfo {
	__u16 low;
	__u16 high;
	__u8 tests;
	__u8 invert;
	__u8 reserved[2];
	char user[XT_RSH_USER_SIZE];
	char remote_user[XT_RSH_USER_SIZE];
	char command[XT_RSH_COMMAND_SIZE];
};

#endif
