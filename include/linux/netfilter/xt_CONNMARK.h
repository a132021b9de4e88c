/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* The target CONNMARK; its structures are next to those of the match. */
#ifndef _XT_CONNMARK_TARGET_H
#define _XT_CONNMARK_TARGET_H

#include <linux/netfilter/xt_connmark.h>

#endif /* _XT_CONNMARK_TARGET_H */
