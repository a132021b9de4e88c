/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_TARPIT_H
#define _XT_TARPIT_H

#include <linux/types.h>

/* What a rule does with a connection. */
enum xt_tarpit_target_variant {
	XTTARPIT_TARPIT = 0,	/* accept, then keep the window at 0 */
	XTTARPIT_HONEYPOT = 1,	/* accept, and acknowledge all data */
	XTTARPIT_RESET = 2,	/* refuse or reset */
};

/**
 * struct xt_tarpit_tginfo - target data of TARPIT, revision 0
 * @variant: enum xt_tarpit_target_variant; anything else is refused
 *
 * The layout and the values are those of xtables-addons.
 */
struct xt_tarpit_tginfo {
	__u8 variant;
};

#endif /* _XT_TARPIT_H */
