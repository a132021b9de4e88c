/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which connections have events in a channel. A rule chooses a connection once;
 * the choice is a number that the connection keeps until it ends.
 */
#ifndef POM_NF_CTNETLINK_EVENTS_CHOICE_H
#define POM_NF_CTNETLINK_EVENTS_CHOICE_H

#include <linux/types.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>

/* Parts of a choice; 0 is none. */
enum {
	/* The number of a channel, from 1 on. */
	CTN_CHOICE_CHANNEL	= 0x0fff,
	CTN_CHANNELS		= CTN_CHOICE_CHANNEL - 1,
	CTN_CHANNELS_MAX	= 1024,
	/* No channel, and later rules do not choose again. */
	CTN_CHOICE_NONE		= CTN_CHOICE_CHANNEL,
	/* The next event that a program reads is the last one. */
	CTN_CHOICE_ONCE		= 0x1000,
};

int pom_ctn_channel_find(struct net *net, const char *name);
void pom_ctn_choose(struct net *net, struct nf_conn *ct, u16 choice,
		    u32 sample);

#endif /* POM_NF_CTNETLINK_EVENTS_CHOICE_H */
