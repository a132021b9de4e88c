/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_EGGDROP_H
#define _XT_EGGDROP_H

#include <linux/types.h>

/* What a line says, as bits. */
enum {
	XT_EGGDROP_OFFER	= 1 << 1,
	XT_EGGDROP_ACCEPT	= 1 << 2,
	XT_EGGDROP_REFUSE	= 1 << 3,
	XT_EGGDROP_SEND		= 1 << 4,
	XT_EGGDROP_SHARES	= XT_EGGDROP_OFFER | XT_EGGDROP_ACCEPT |
				  XT_EGGDROP_REFUSE | XT_EGGDROP_SEND,
};

/**
 * struct xt_eggdrop_mtinfo - -m eggdrop
 * @shares: XT_EGGDROP_x bits, at least one
 * @invert: 1: a line of sharing, but none of these; 0 otherwise
 * @pad: 0
 *
 * A rule that no line can satisfy is refused.
 */
struct xt_eggdrop_mtinfo {
	__u8 shares;
	__u8 invert;
	__u8 pad[2];
};

#endif
