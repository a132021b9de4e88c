/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* The target TIMEOUT; its structures are next to those of the match. */
#ifndef _XT_TIMEOUT_TARGET_H
#define _XT_TIMEOUT_TARGET_H

#include <linux/netfilter/xt_timeout.h>

#endif /* _XT_TIMEOUT_TARGET_H */
