/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections that conntrack has picked up in the middle.
 *
 * Conntrack does not know their window scales, and is liberal with them for
 * ever. Until 2004, a number of packets passed unchecked, and then checking
 * started.
 */
#ifndef POM_TCP_WINDOW_LOOSE_H
#define POM_TCP_WINDOW_LOOSE_H

#include <net/netfilter/nf_conntrack.h>

struct sk_buff;

bool tcpwindow_picked_up(struct nf_conn *ct);
void tcpwindow_loose(const struct sk_buff *skb, u8 family, struct nf_conn *ct,
		     enum ip_conntrack_info ctinfo, unsigned int packets);

#endif /* POM_TCP_WINDOW_LOOSE_H */
