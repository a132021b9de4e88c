/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_TARPIT_H
#define _XT_TARPIT_H

#include <linux/types.h>

/* What happens to the peer of a connection. */
enum xt_tarpit_target_variant {
	XTTARPIT_TARPIT = 0,	/* accepted, and then kept waiting */
	XTTARPIT_HONEYPOT = 1,	/* accepted, all that it sends is read */
	XTTARPIT_RESET = 2,	/* refused or reset */
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
