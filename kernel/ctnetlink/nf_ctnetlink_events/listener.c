// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listeners and their rings. Each CPU writes into a ring of its own, with
 * bottom halves off and under ring_lock; one reader takes from all of them. A
 * packet never waits: an event that finds the ring full is counted.
 */
#include <linux/bottom_half.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/percpu.h>
#include <linux/poll.h>
#include <linux/smp.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <linux/uaccess.h>
#include <net/netfilter/nf_conntrack_expect.h>

#include "compat/local_lock.h"
#include "ctnetlink/nf_ctnetlink/internal.h"
#include "ctnetlink/nf_ctnetlink_events/choice.h"
#include "ctnetlink/nf_ctnetlink_events/internal.h"
#include "lib/account.h"

enum {
	/* What a listener that asks for no size gets, of all CPUs. */
	RINGS_DEFAULT_BYTES = 3 << 20,
	/* Events of a CPU, also if this is more. */
	RING_LEAST = 64,
};

/*
 * Of all rings of the CPU: their @head, @missed and free slots. It is a lock
 * with PREEMPT_RT only, see pom_local_lock_bh(). Readers do not take it.
 */
static DEFINE_PER_CPU(local_lock_t, ring_lock) = INIT_LOCAL_LOCK(ring_lock);

static void listener_work(struct work_struct *work)
{
	struct ctn_listener *l = container_of(to_delayed_work(work),
					      struct ctn_listener, wake);

	clear_bit(0, &l->armed);
	/* pairs with ring_notify(): a later event schedules again */
	smp_mb__after_atomic();
	ctn_listener_wake(l);
}

void ctn_listener_wake(struct ctn_listener *l)
{
	wake_up_interruptible_poll(&l->wait, EPOLLIN | EPOLLRDNORM | EPOLLERR);
}

/**
 * ctn_listener_create() - an open file without a watch
 * @net: the network namespace, of which this takes over a reference
 *
 * Return: NULL if there is no memory; then the reference stays
 */
struct ctn_listener *ctn_listener_create(struct net *net)
{
	struct ctn_listener *l = kzalloc(sizeof(*l), GFP_KERNEL_ACCOUNT);

	if (!l)
		return NULL;
	l->net = net;
	INIT_LIST_HEAD(&l->list);
	mutex_init(&l->lock);
	init_waitqueue_head(&l->wait);
	INIT_DELAYED_WORK(&l->wake, listener_work);
	return l;
}

static void rings_free(struct ctn_listener *l)
{
	unsigned int cpu;

	if (l->ring)
		for_each_possible_cpu(cpu)
			kvfree(l->ring[cpu]);
	kfree(l->ring);
	l->ring = NULL;
	if (l->charged)
		account_uncharge(ctn_events_net(l->net)->account, l->charged);
	l->charged = 0;
}

/* Undoes ctn_listener_setup(). The listener is in no list. */
void ctn_listener_reset(struct ctn_listener *l)
{
	rings_free(l);
	kfree(l->filter);
	l->filter = NULL;
}

/**
 * ctn_listener_free() - undo ctn_listener_create() and ctn_listener_setup()
 * @l: in no list, and no CPU is in ctn_listener_event()
 */
void ctn_listener_free(struct ctn_listener *l)
{
	cancel_delayed_work_sync(&l->wake);
	ctn_listener_reset(l);
	put_net(l->net);
	kfree(l);
}

/* CPUs that come later have none. */
static int rings_alloc(struct ctn_listener *l)
{
	struct ctn_events_net *en = ctn_events_net(l->net);
	size_t size = struct_size(l->ring[0], slots, l->slot * (l->mask + 1));
	unsigned int cpu;

	l->ring = kcalloc(nr_cpu_ids, sizeof(*l->ring), GFP_KERNEL_ACCOUNT);
	if (!l->ring)
		return -ENOMEM;
	for_each_online_cpu(cpu) {
		if (!account_charge(en->account, size))
			return -ENOBUFS;
		l->charged += size;
		l->ring[cpu] = kvzalloc_node(size, GFP_KERNEL_ACCOUNT,
					     cpu_to_node(cpu));
		if (!l->ring[cpu])
			return -ENOMEM;
	}
	return 0;
}

/* The most bytes of an event. */
static u32 watch_slot(const struct nf_ctnetlink_watch *watch)
{
	u32 len = pom_ctn_record_len(watch->blocks);

	if (watch->kinds & NF_CTNETLINK_EVENTS_EXPECT)
		len = max_t(u32, len, sizeof(struct nf_ctnetlink_expect));
	return ALIGN(sizeof(struct nf_ctnetlink_event) + len, 8);
}

static bool watch_is_valid(const struct nf_ctnetlink_watch *watch)
{
	return watch->kinds && !(watch->kinds & ~NF_CTNETLINK_EVENTS_ALL) &&
	       !(watch->blocks & ~NF_CTNETLINK_BLOCKS_ALL) &&
	       watch->ring <= NF_CTNETLINK_RING_MAX &&
	       watch->wake_events <= NF_CTNETLINK_RING_MAX &&
	       watch->wake_ms <= NF_CTNETLINK_WAKE_MS_MAX &&
	       !(watch->flags & ~NF_CTNETLINK_WATCH_CHANNEL);
}

/* Fewer where many CPUs would make it too large. */
static u32 ring_default(u32 slot)
{
	u32 count = NF_CTNETLINK_RING_DEFAULT;

	while (count > RING_LEAST &&
	       (u64)count * slot * num_online_cpus() > RINGS_DEFAULT_BYTES)
		count /= 2;
	return count;
}

static int watch_channel(struct ctn_listener *l,
			 const struct nf_ctnetlink_watch *watch)
{
	int channel;

	l->channel = 0;
	if (!(watch->flags & NF_CTNETLINK_WATCH_CHANNEL))
		return 0;
	channel = pom_ctn_channel_find(l->net, watch->channel);
	if (channel < 0)
		return channel;
	l->channel = channel;
	return 0;
}

/**
 * ctn_listener_setup() - set what a listener reads
 * @l: with its lock held, not ready
 * @watch: from the user
 * @terms: what follows
 * @len: bytes of it
 *
 * Return: 0; -EINVAL, -ENOMEM, -ENOBUFS beyond a limit of memory, or -ENOSPC
 * for one name of a channel too many; then the listener is as before
 */
int ctn_listener_setup(struct ctn_listener *l,
		       const struct nf_ctnetlink_watch *watch,
		       const void *terms, unsigned int len)
{
	struct ctn_filter *filter;
	const char *wrong;
	u32 count;
	int err;

	if (!watch_is_valid(watch))
		return -EINVAL;
	err = watch_channel(l, watch);
	if (err)
		return err;
	filter = pom_ctn_filter_create(terms, len, &wrong);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	l->filter = filter;
	l->slot = watch_slot(watch);
	count = watch->ring ? roundup_pow_of_two(watch->ring) :
			      ring_default(l->slot);
	l->mask = count - 1;
	err = rings_alloc(l);
	if (err) {
		ctn_listener_reset(l);
		return err;
	}
	l->kinds = watch->kinds;
	l->blocks = watch->blocks;
	l->wake_events = clamp(watch->wake_events ?: count / 4, 1U, count);
	l->wake_delay = msecs_to_jiffies(watch->wake_ms ?:
					 NF_CTNETLINK_WAKE_MS_DEFAULT);
	return 0;
}

static struct nf_ctnetlink_event *ring_slot(const struct ctn_listener *l,
					    struct ctn_ring *ring, u32 number)
{
	return (void *)(ring->slots + (number & l->mask) * l->slot);
}

static void ring_notify(struct ctn_listener *l, u32 waiting)
{
	if (waiting == l->wake_events && wq_has_sleeper(&l->wait))
		ctn_listener_wake(l);
	/* pairs with listener_work(): it has not begun, or sees the event */
	smp_mb();
	if (!test_bit(0, &l->armed) && !test_and_set_bit(0, &l->armed))
		schedule_delayed_work(&l->wake, l->wake_delay);
}

/*
 * A slot for an event, with all but @len, or NULL: then it was counted. Under
 * ring_lock.
 */
static struct nf_ctnetlink_event *event_begin(struct ctn_listener *l,
					      u32 kinds)
{
	struct ctn_ring *ring = l->ring[smp_processor_id()];
	struct nf_ctnetlink_event *event;

	if (unlikely(!ring)) {
		atomic_inc(&l->missed);
		return NULL;
	}
	/* pairs with take(): the slot was copied */
	if (unlikely(ring->head - smp_load_acquire(&ring->tail) > l->mask)) {
		ring->missed++;
		return NULL;
	}
	event = ring_slot(l, ring, ring->head);
	event->kinds = kinds;
	event->lost = ring->missed;
	ring->missed = 0;
	event->time = ktime_get_real_ns();
	return event;
}

/* Under the same ring_lock. @len is without the event's own. */
static void event_end(struct ctn_listener *l, struct nf_ctnetlink_event *event,
		      unsigned int len)
{
	struct ctn_ring *ring = l->ring[smp_processor_id()];
	u32 head = ring->head + 1;

	event->len = ALIGN(sizeof(*event) + len, 8);
	/* pairs with oldest() */
	smp_store_release(&ring->head, head);
	ring_notify(l, head - READ_ONCE(ring->tail));
}

/**
 * ctn_listener_event() - something happened
 * @l: a listener that is ready
 * @kinds: of NF_CTNETLINK_EVENT_*
 * @ct: to which connection
 * @channel: its channel, or 0
 * @dead: it ended some time ago: its helper is left out, whose module may be
 *	gone
 *
 * In an RCU read section; any context but hard interrupts.
 *
 * Return: whether the event belongs to the listener's channel and to what it
 * reads, also where it was lost
 */
bool ctn_listener_event(struct ctn_listener *l, u32 kinds,
			const struct nf_conn *ct, u16 channel, bool dead)
{
	struct nf_ctnetlink_event *event;
	u32 blocks = l->blocks;

	kinds &= l->kinds;
	if (!kinds || (l->channel && l->channel != channel) ||
	    !pom_ctn_filter_selects(l->filter, ct, dead))
		return false;
	if (dead)
		blocks &= ~NF_CTNETLINK_BLOCK_HELPER;
	local_bh_disable();
	pom_local_lock_bh(&ring_lock);
	event = event_begin(l, kinds);
	if (event)
		event_end(l, event,
			  pom_ctn_record_write(event + 1, ct, blocks, 0));
	pom_local_unlock_bh(&ring_lock);
	local_bh_enable();
	return l->channel;
}

/**
 * ctn_listener_expect() - an expectation was made, or removed
 * @l: a listener that is ready
 * @kind: which of NF_CTNETLINK_EVENTS_EXPECT
 * @exp: the expectation, whose master exists
 * @channel: of the master, or 0
 *
 * As ctn_listener_event().
 */
bool ctn_listener_expect(struct ctn_listener *l, u32 kind,
			 const struct nf_conntrack_expect *exp, u16 channel)
{
	struct nf_ctnetlink_event *event;

	kind &= l->kinds;
	if (!kind || (l->channel && l->channel != channel) ||
	    !pom_ctn_filter_selects(l->filter, exp->master, false))
		return false;
	local_bh_disable();
	pom_local_lock_bh(&ring_lock);
	event = event_begin(l, kind);
	if (event) {
		pom_ctn_expect_write((void *)(event + 1), exp);
		event_end(l, event, sizeof(struct nf_ctnetlink_expect));
	}
	pom_local_unlock_bh(&ring_lock);
	local_bh_enable();
	return l->channel;
}

/* The ring with the oldest event, or NULL. */
static struct ctn_ring *oldest(const struct ctn_listener *l)
{
	struct ctn_ring *ring, *found = NULL;
	unsigned int cpu;
	u64 time, least = 0;

	for_each_possible_cpu(cpu) {
		ring = l->ring[cpu];
		/* pairs with event_end(): the event is complete */
		if (!ring || smp_load_acquire(&ring->head) == ring->tail)
			continue;
		time = ring_slot(l, ring, ring->tail)->time;
		if (found && time >= least)
			continue;
		found = ring;
		least = time;
	}
	return found;
}

/* Whether a read would not wait. For one that is ready; any context. */
bool ctn_listener_has_events(const struct ctn_listener *l)
{
	const struct ctn_ring *ring;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		ring = l->ring[cpu];
		if (ring && READ_ONCE(ring->head) != READ_ONCE(ring->tail))
			return true;
	}
	return false;
}

/* Copies one event. The CPU does not write into its slot. */
static ssize_t take(struct ctn_listener *l, struct ctn_ring *ring,
		    char __user *to, size_t len)
{
	struct nf_ctnetlink_event *event = ring_slot(l, ring, ring->tail);
	u16 event_len = event->len;

	if (event_len > len)
		return -EINVAL;
	if (unlikely(atomic_read(&l->missed)))
		event->lost += atomic_xchg(&l->missed, 0);
	if (copy_to_user(to, event, event_len))
		return -EFAULT;
	/* pairs with event_begin() */
	smp_store_release(&ring->tail, ring->tail + 1);
	return event_len;
}

/**
 * ctn_listener_read() - copy events to the reader, the oldest first
 * @l: with its lock held, ready
 * @to: where to
 * @len: bytes there
 *
 * An event that another CPU is writing may be older than the last one.
 *
 * Return: bytes, 0 without an event; -EINVAL where the first does not fit, or
 * -EFAULT
 */
ssize_t ctn_listener_read(struct ctn_listener *l, char __user *to, size_t len)
{
	struct ctn_ring *ring;
	size_t done = 0;
	ssize_t ret;

	while ((ring = oldest(l))) {
		ret = take(l, ring, to + done, len - done);
		if (ret < 0)
			return done ? (ssize_t)done : ret;
		done += ret;
		cond_resched();
		if (signal_pending(current))
			break;
	}
	return done;
}
