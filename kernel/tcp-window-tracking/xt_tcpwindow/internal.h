/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of xt_tcpwindow know of each other.
 *
 * match.c   the match tcpwindow, init and exit
 * target.c  the target TCPWINDOW
 */
#ifndef POM_XT_TCPWINDOW_INTERNAL_H
#define POM_XT_TCPWINDOW_INTERNAL_H

#include <linux/netfilter/x_tables.h>
#include "tcp-window-tracking/packet.h"

static inline struct tcpwindow_place
tcpwindow_place(const struct xt_action_param *par, u16 zone)
{
	return (struct tcpwindow_place) {
		.net	= xt_net(par),
		.hook	= xt_hooknum(par),
		.family	= xt_family(par),
		.zone	= zone,
	};
}

/* target.c */
int tcpwindow_tg_init(void);
void tcpwindow_tg_exit(void);

#endif /* POM_XT_TCPWINDOW_INTERNAL_H */
