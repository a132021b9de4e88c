/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_GRE_H
#define _XT_GRE_H

#include <linux/types.h>

/* The version that has a call id: that of PPTP (RFC 2637). */
#define XT_GRE_PPTP		1
/* The header has three bits for the version. */
#define XT_GRE_VERSION_MAX	7

/* The tests of a rule: the bits of tests and invert. */
enum {
	XT_GRE_VERSION	= 1 << 0,
	XT_GRE_CALL_ID	= 1 << 1,
	XT_GRE_TESTS	= XT_GRE_VERSION | XT_GRE_CALL_ID,
};

/**
 * struct xt_gre_mtinfo - -m gre
 * @id_low: with XT_GRE_CALL_ID: the first call id, host byte order
 * @id_high: the last one
 * @version: with XT_GRE_VERSION: the version
 * @tests: the tests, at least one
 * @invert: those of @tests that must fail
 * @pad: 0
 *
 * Members of tests that the rule does not have are 0. A packet without a call
 * id never passes XT_GRE_CALL_ID, inverted or not. A rule that no packet can
 * pass is refused.
 */
struct xt_gre_mtinfo {
	__u16 id_low;
	__u16 id_high;
	__u8 version;
	__u8 tests;
	__u8 invert;
	__u8 pad;
};

#endif
