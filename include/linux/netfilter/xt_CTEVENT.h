/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* The target CTEVENT: which connections have events in a channel. */
#ifndef _XT_CTEVENT_H
#define _XT_CTEVENT_H

#include <linux/netfilter/nf_ctnetlink_events.h>

#define XT_CTEVENT_ONCE		1u	/* one event of a connection */
#define XT_CTEVENT_FLAGS	1u

#define XT_CTEVENT_SAMPLE_MAX	1000000000u

/*
 * struct xt_ctevent_tginfo - a rule
 * @channel: its name, NUL-terminated, the rest 0; empty is a name, too
 * @sample:  one of so many connections is chosen, at random; 0 is 1
 * @flags:   XT_CTEVENT_*
 * @choice:  of the kernel
 */
struct xt_ctevent_tginfo {
	char channel[NF_CTNETLINK_CHANNEL_LEN];
	__u32 sample;
	__u32 flags;
	__u32 choice;
};

#endif /* _XT_CTEVENT_H */
