/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Events of connections: the file /proc/net/nf_ctnetlink_events.
 *
 * A program opens the file for reading and writing, writes a struct
 * nf_ctnetlink_watch, and reads struct nf_ctnetlink_event. It reads the events
 * of the network namespace whose file it has opened, with CAP_NET_ADMIN in the
 * user namespace that owns it.
 *
 * write: once, in one piece. EINVAL where a member is wrong, EBUSY the second
 *        time. Beyond the limits of the namespace: EUSERS for the 17th
 *        program, ENOBUFS for memory, also that of its user, ENOSPC for the
 *        1025th channel. EOPNOTSUPP where the kernel is built without events
 *        or nf_conntrack_netlink cannot be loaded, EAGAIN while that is being
 *        loaded or unloaded.
 *        Without a channel, the first program of a namespace waits until the
 *        connections are found that began before it.
 * read:  whole events, as many as fit. Waits for one, or returns EAGAIN with
 *        O_NONBLOCK. EINVAL where the first does not fit, ENOTCONN before
 *        write(), EPIPE after nf_conntrack_netlink was unloaded.
 * poll:  readable if there are events; an error with EPIPE.
 */
#ifndef POM_NF_CTNETLINK_EVENTS_H
#define POM_NF_CTNETLINK_EVENTS_H 1

#include <linux/netfilter/nf_ctnetlink.h>

/* Kinds of events. An event may be of several kinds. */
#define NF_CTNETLINK_EVENT_NEW		1u	/* after its first packet */
#define NF_CTNETLINK_EVENT_REPLY	2u	/* its first answer */
#define NF_CTNETLINK_EVENT_ASSURED	4u	/* it is established */
#define NF_CTNETLINK_EVENT_STATE	8u	/* TCP, SCTP: another state */
#define NF_CTNETLINK_EVENT_MARK		16u	/* another mark */
#define NF_CTNETLINK_EVENT_LABELS	32u	/* other labels */
#define NF_CTNETLINK_EVENT_HELPER	64u	/* it has got a helper */
#define NF_CTNETLINK_EVENT_DESTROY	128u	/* its end: final counters */
/* Of a connection that it expects: */
#define NF_CTNETLINK_EVENT_EXPECT_NEW		256u
#define NF_CTNETLINK_EVENT_EXPECT_DESTROY	512u	/* begun, or in vain */
#define NF_CTNETLINK_EVENTS_EXPECT	(NF_CTNETLINK_EVENT_EXPECT_NEW | \
					 NF_CTNETLINK_EVENT_EXPECT_DESTROY)
#define NF_CTNETLINK_EVENTS_ALL		1023u

#define NF_CTNETLINK_CHANNEL_LEN	32	/* including the NUL */

/* Limits of a watch. */
#define NF_CTNETLINK_RING_DEFAULT	4096u
#define NF_CTNETLINK_RING_MAX		65536u
#define NF_CTNETLINK_WAKE_MS_DEFAULT	100u
#define NF_CTNETLINK_WAKE_MS_MAX	10000u

#define NF_CTNETLINK_WATCH_CHANNEL	1u	/* @channel is set */

/*
 * struct nf_ctnetlink_watch - what a program reads
 * @kinds:       of NF_CTNETLINK_EVENT_*, not 0
 * @blocks:      of NF_CTNETLINK_BLOCK_*
 * @ring:        events that each CPU keeps until they are read, rounded up to a
 *               power of 2; 0 is NF_CTNETLINK_RING_DEFAULT, and fewer where
 *               there are many CPUs
 * @wake_events: a CPU with so many events wakes the reader at once, or when its
 *               ring is full; 0 is a quarter of @ring
 * @wake_ms:     the longest time until the reader is woken; 0 is
 *               NF_CTNETLINK_WAKE_MS_DEFAULT
 * @flags:       NF_CTNETLINK_WATCH_*
 * @channel:     with NF_CTNETLINK_WATCH_CHANNEL, NUL-terminated: only events of
 *               connections for which a rule with CTEVENT has chosen it
 *
 * struct nf_ctnetlink_term[] follow. Without them, all connections are
 * selected. An expectation is selected with the connection that expects it.
 */
struct nf_ctnetlink_watch {
	__u32 kinds;
	__u32 blocks;
	__u32 ring;
	__u32 wake_events;
	__u32 wake_ms;
	__u32 flags;
	char channel[NF_CTNETLINK_CHANNEL_LEN];
};

/*
 * struct nf_ctnetlink_event - something happened to a connection
 * @len:   of the event with its record, a multiple of 8
 * @kinds: of NF_CTNETLINK_EVENT_*, those of the watch only
 * @lost:  events that were lost before this one, since it was not read in time
 * @time:  in ns since 1970. Of a connection that began before all programs,
 *         this is when the change was found: up to a second after it, or
 *         more where there are many
 *
 * struct nf_ctnetlink_expect follows if the event is one of
 * NF_CTNETLINK_EVENTS_EXPECT, and is of no other kind then. Else struct
 * nf_ctnetlink_record follows. Its member @uses is 0.
 */
struct nf_ctnetlink_event {
	__u16 len;
	__u16 kinds;
	__u32 lost;
	__aligned_u64 time;
};

/*
 * struct nf_ctnetlink_expect - a connection that is expected
 * @len:       of this structure
 * @family:    NFPROTO_IPV4 or NFPROTO_IPV6
 * @proto:     IPPROTO_*
 * @flags:     NF_CT_EXPECT_*
 * @class:     a number that the helper gives it
 * @left:      seconds until it is no longer expected
 * @zone:      0 is the default
 * @src_mask_port: which bits of the source port must be those of @port
 * @port:      in network byte order: source and destination
 * @addr:      source and destination; the first 4 bytes of IPv4, the rest 0
 * @src_mask:  which bits of the source address must be those of @addr
 * @helper:    of the connection that expects it, padded with NUL
 * @master:    that connection
 */
struct nf_ctnetlink_expect {
	__u16 len;
	__u8 family;
	__u8 proto;
	__u32 flags;
	__u32 class;
	__u32 left;
	__u16 zone;
	__be16 src_mask_port;
	__be16 port[2];
	__u8 addr[2][16];
	__u8 src_mask[16];
	char helper[NF_CTNETLINK_NAME_LEN];
	struct nf_ctnetlink_master master;
};

#endif /* POM_NF_CTNETLINK_EVENTS_H */
