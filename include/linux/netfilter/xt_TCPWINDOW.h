/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* The target TCPWINDOW; its structure is next to that of the match. */
#ifndef _XT_TCPWINDOW_TARGET_H
#define _XT_TCPWINDOW_TARGET_H

#include <linux/netfilter/xt_tcpwindow.h>

#endif /* _XT_TCPWINDOW_TARGET_H */
