/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef POM_NF_CTNETLINK_EVENTS_INTERNAL_H
#define POM_NF_CTNETLINK_EVENTS_INTERNAL_H

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter/nf_ctnetlink_events.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>

#include "compat/ct_events.h"
#include "lib/account.h"

struct ctn_filter;
struct ctn_old;
struct nf_conntrack_expect;

/**
 * struct ctn_ring - events of one CPU, until they are read
 * @head: how many were written; the CPU writes it under ring_lock
 * @missed: events that found the ring full since the last one; the same
 * @tail: how many were read; the reader writes it
 * @slots: of the size and number in struct ctn_listener
 */
struct ctn_ring {
	u32 head;
	u32 missed;
	u32 tail ____cacheline_aligned_in_smp;
	u8 slots[] __aligned(8);
};

/**
 * struct ctn_listener - an open file
 * @list: of the network namespace, after write()
 * @net: with a reference
 * @lock: for one read() or write() at a time
 * @ready: write() has set what follows
 * @ended: nf_conntrack_netlink was unloaded
 * @filter: which connections
 * @channel: the choice of its connections, or 0: all
 * @kinds: which events
 * @blocks: of the records
 * @slot: bytes of an event at most
 * @mask: slots of a ring, less 1
 * @wake_events: events of a CPU that wake the reader
 * @wake_delay: in jiffies
 * @charged: bytes
 * @missed: events on CPUs that had no ring, which came later
 * @armed: bit 0: @wake is scheduled
 * @wait: the reader
 * @wake: wakes the reader
 * @ring: by number of the CPU; NULL for one that was not there
 */
struct ctn_listener {
	struct list_head list;
	struct net *net;
	struct mutex lock; /* a read() or write() */
	bool ready;
	bool ended;
	struct ctn_filter *filter;
	u16 channel;
	u32 kinds;
	u32 blocks;
	u32 slot;
	u32 mask;
	u32 wake_events;
	unsigned long wake_delay;
	long charged;
	atomic_t missed;
	unsigned long armed;
	wait_queue_head_t wait;
	struct delayed_work wake;
	struct ctn_ring **ring;
};

/**
 * struct ctn_events_net - a network namespace
 * @tap: open as long as there are listeners
 * @lock: of the following six members
 * @listeners: RCU
 * @count: how many
 * @hooked: the hook is registered, until the namespace ends
 * @active: there are listeners; packets read it
 * @all: there are listeners without a channel; the hook reads it
 * @old: connections that began before these; NULL where none of them asks for
 *	events that such a connection may have
 * @channel_lock: of the following members
 * @channels: names and their numbers
 * @channel_count: how many
 * @account: the memory of rings
 */
struct ctn_events_net {
	struct pom_ct_tap tap;
	struct mutex lock; /* of the following six */
	struct list_head listeners;
	unsigned int count;
	bool hooked;
	bool active;
	bool all;
	struct ctn_old *old;
	struct mutex channel_lock; /* of the following two */
	struct list_head channels;
	u16 channel_count;
	struct account_net *account;
};

struct ctn_events_net *ctn_events_net(const struct net *net);
bool ctn_events_are_ready(void);

int ctn_proc_create(struct net *net);
void ctn_proc_remove(struct net *net);

struct ctn_listener *ctn_listener_create(struct net *net);
void ctn_listener_free(struct ctn_listener *l);
int ctn_listener_setup(struct ctn_listener *l,
		       const struct nf_ctnetlink_watch *watch,
		       const void *terms, unsigned int len);
void ctn_listener_reset(struct ctn_listener *l);
bool ctn_listener_event(struct ctn_listener *l, u32 kinds,
			const struct nf_conn *ct, u16 channel, bool dead);
bool ctn_listener_expect(struct ctn_listener *l, u32 kind,
			 const struct nf_conntrack_expect *exp, u16 channel);
void ctn_listener_wake(struct ctn_listener *l);
bool ctn_listener_has_events(const struct ctn_listener *l);
ssize_t ctn_listener_read(struct ctn_listener *l, char __user *to, size_t len);

void ctn_channels_free(struct ctn_events_net *en);

/* What the worker of older connections can tell. */
#define CTN_OLD_KINDS							\
	(NF_CTNETLINK_EVENT_REPLY | NF_CTNETLINK_EVENT_ASSURED |	\
	 NF_CTNETLINK_EVENT_STATE | NF_CTNETLINK_EVENT_MARK |		\
	 NF_CTNETLINK_EVENT_DESTROY)

struct ctn_old *ctn_old_create(struct net *net, struct ctn_events_net *en);
void ctn_old_free(struct ctn_old *old);
void ctn_old_flush(void);

void ctn_tap_init(struct ctn_events_net *en);
int ctn_tap_add(struct ctn_listener *l);
void ctn_tap_del(struct ctn_listener *l);
bool ctn_tap_is_open(const struct net *net);
void ctn_tap_end_all(void);
void ctn_tap_pre_exit(struct net *net);

#endif /* POM_NF_CTNETLINK_EVENTS_INTERNAL_H */
