/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second listener behind the kernel's notifier of conntrack events.
 *
 * The kernel has one notifier in each network namespace, which
 * nf_conntrack_netlink registers. A tap calls it, and is called in its place:
 *
 * - From 5.15 on, the tap replaces the pointer of its namespace. Unregistering
 *   writes NULL over any pointer.
 * - Before, unregistering stops the kernel if it finds a different pointer. All
 *   namespaces have the same notifier, which nf_conntrack_netlink can write to.
 *   So the first tap replaces the function in it, and the last one puts the
 *   kernel's own back.
 */
#ifndef POM_COMPAT_CT_EVENTS_H
#define POM_COMPAT_CT_EVENTS_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack_ecache.h>

#ifdef CONFIG_NF_CONNTRACK_EVENTS
#define POM_CT_TAP	1
#else
#define POM_CT_TAP	0
#endif

#if POM_CT_TAP && defined(HAVE_CT_EVENT_OPS)
/* What the functions of a tap get. */
#define pom_ct_event	const struct nf_ct_event
#define pom_exp_event	const struct nf_exp_event

/**
 * struct pom_ct_source - what all taps of a module share
 * @notifier: their functions, which the kernel calls in an RCU read section
 */
struct pom_ct_source {
	struct nf_ct_event_notifier notifier;
};

#define POM_CT_SOURCE_INIT(name, ct_fn, exp_fn) {			\
	.notifier.ct_event	= (ct_fn),				\
	.notifier.exp_event	= (exp_fn),				\
}

/**
 * struct pom_ct_tap - a listener of one network namespace
 * @notifier: what the kernel calls, in an RCU read section
 * @next: the kernel's own
 */
struct pom_ct_tap {
	struct nf_ct_event_notifier notifier;
	struct nf_ct_event_notifier *next;
};

static inline void pom_ct_tap_init(struct pom_ct_tap *tap,
				   struct pom_ct_source *source)
{
	tap->notifier = source->notifier;
}

/**
 * pom_ct_source_end() - forget the kernel's notifier
 * @source: of all taps
 *
 * Between the end of nf_conntrack_netlink's exit function and that of its
 * memory. Process context.
 */
static inline void pom_ct_source_end(struct pom_ct_source *source)
{
}

/**
 * pom_ct_tap_is_open() - whether the kernel calls the tap
 * @net: its network namespace
 * @tap: the tap
 */
static inline bool pom_ct_tap_is_open(const struct net *net,
				      const struct pom_ct_tap *tap)
{
	return rcu_access_pointer(net->ct.nf_conntrack_event_cb) ==
	       &tap->notifier;
}

/* Returns whether the pointer was @old, and is @new. Implies a barrier. */
static inline bool pom_ct_tap_exchange(struct net *net,
				       struct nf_ct_event_notifier *old,
				       struct nf_ct_event_notifier *new)
{
	struct nf_ct_event_notifier **pointer =
		(__force struct nf_ct_event_notifier **)
		&net->ct.nf_conntrack_event_cb;

	return cmpxchg(pointer, old, new) == old;
}

/**
 * pom_ct_tap_open() - let the kernel call the tap
 * @net: its network namespace
 * @tap: with @notifier; not open, and no CPU is in it
 *
 * Return: 0; -ENOENT where nf_conntrack_netlink is not there; -EAGAIN where it
 * is coming or going
 */
static inline int pom_ct_tap_open(struct net *net, struct pom_ct_tap *tap)
{
	struct nf_ct_event_notifier *old =
		rcu_access_pointer(net->ct.nf_conntrack_event_cb);

	if (!old)
		return -ENOENT;
	tap->next = old;
	return pom_ct_tap_exchange(net, old, &tap->notifier) ? 0 : -EAGAIN;
}

/**
 * pom_ct_tap_close() - end that
 * @net: its network namespace
 * @tap: the tap, also one that is not open
 *
 * A CPU may be in the tap until synchronize_rcu().
 */
static inline void pom_ct_tap_close(struct net *net, struct pom_ct_tap *tap)
{
	pom_ct_tap_exchange(net, &tap->notifier, tap->next);
}

/**
 * pom_ct_tap_next() - call the kernel's own listener
 * @tap: the tap, in its notifier
 * @events: of the notifier
 * @item: of the notifier
 *
 * Return: what the notifier returns
 */
static inline int pom_ct_tap_next(const struct pom_ct_tap *tap,
				  unsigned int events,
				  const struct nf_ct_event *item)
{
	/* pairs with pom_ct_tap_exchange(): the pointer, then @next */
	smp_rmb();
	return tap->next->ct_event(events, item);
}

/* The same, for expectations. */
static inline int pom_ct_tap_next_exp(const struct pom_ct_tap *tap,
				      unsigned int events,
				      const struct nf_exp_event *item)
{
	/* as in pom_ct_tap_next() */
	smp_rmb();
	return tap->next->exp_event(events, item);
}
#elif POM_CT_TAP
#define pom_ct_event	struct nf_ct_event
#define pom_exp_event	struct nf_exp_event

/**
 * struct pom_ct_source - what all taps of a module share
 * @ct_fn: for events of connections; called in an RCU read section
 * @exp_fn: for events of expectations, the same
 * @lock: of the following members
 * @ct: the kernel's notifier, while @ct_fn is its function; else NULL
 * @exp: the same, and @exp_fn
 * @ct_next: its own function
 * @exp_next: its own function
 * @taps: how many are open
 */
struct pom_ct_source {
	int (*ct_fn)(unsigned int events, struct nf_ct_event *item);
	int (*exp_fn)(unsigned int events, struct nf_exp_event *item);
	spinlock_t lock; /* of what follows; a process only */
	struct nf_ct_event_notifier *ct;
	struct nf_exp_event_notifier *exp;
	int (*ct_next)(unsigned int events, struct nf_ct_event *item);
	int (*exp_next)(unsigned int events, struct nf_exp_event *item);
	unsigned int taps;
};

#define POM_CT_SOURCE_INIT(name, ct, exp) {				\
	.ct_fn	= (ct),							\
	.exp_fn	= (exp),						\
	.lock	= __SPIN_LOCK_UNLOCKED((name).lock),			\
}

/**
 * struct pom_ct_tap - a listener of one network namespace
 * @source: its functions, which are called for all namespaces
 * @open: it counts in @source
 */
struct pom_ct_tap {
	struct pom_ct_source *source;
	bool open;
};

static inline void pom_ct_tap_init(struct pom_ct_tap *tap,
				   struct pom_ct_source *source)
{
	tap->source = source;
}

/* As above. */
static inline bool pom_ct_tap_is_open(const struct net *net,
				      const struct pom_ct_tap *tap)
{
	struct nf_ct_event_notifier *ct =
		rcu_access_pointer(net->ct.nf_conntrack_event_cb);

	return READ_ONCE(tap->open) && ct && ct == READ_ONCE(tap->source->ct);
}

/* Under the lock. The notifiers stay until pom_ct_source_end(). */
static inline void pom_ct_source_begin(struct pom_ct_source *source,
				       struct nf_ct_event_notifier *ct,
				       struct nf_exp_event_notifier *exp)
{
	source->ct_next = READ_ONCE(ct->fcn);
	source->exp_next = READ_ONCE(exp->fcn);
	/* pairs with pom_ct_tap_next() */
	smp_wmb();
	WRITE_ONCE(ct->fcn, source->ct_fn);
	WRITE_ONCE(exp->fcn, source->exp_fn);
	source->exp = exp;
	WRITE_ONCE(source->ct, ct);
}

/* Under the lock. */
static inline void pom_ct_source_restore(struct pom_ct_source *source)
{
	if (!source->ct)
		return;
	WRITE_ONCE(source->ct->fcn, source->ct_next);
	WRITE_ONCE(source->exp->fcn, source->exp_next);
	WRITE_ONCE(source->ct, NULL);
}

/*
 * As above. A namespace whose pointer is set proves that
 * pom_ct_source_end() comes later: nf_conntrack_netlink waits for a grace
 * period after it has cleared all of them.
 */
static inline int pom_ct_tap_open(struct net *net, struct pom_ct_tap *tap)
{
	struct pom_ct_source *source = tap->source;
	struct nf_exp_event_notifier *exp;
	struct nf_ct_event_notifier *ct;
	int err = 0;

	rcu_read_lock();
	spin_lock(&source->lock);
	ct = rcu_dereference(net->ct.nf_conntrack_event_cb);
	exp = rcu_dereference(net->ct.nf_expect_event_cb);
	if (!ct || !exp) {
		err = ct || exp ? -EAGAIN : -ENOENT;
		goto unlock;
	}
	if (!source->ct)
		pom_ct_source_begin(source, ct, exp);
	if (!tap->open)
		source->taps++;
	WRITE_ONCE(tap->open, true);
unlock:
	spin_unlock(&source->lock);
	rcu_read_unlock();
	return err;
}

/* As above. */
static inline void pom_ct_tap_close(struct net *net, struct pom_ct_tap *tap)
{
	struct pom_ct_source *source = tap->source;

	spin_lock(&source->lock);
	if (tap->open && !--source->taps)
		pom_ct_source_restore(source);
	WRITE_ONCE(tap->open, false);
	spin_unlock(&source->lock);
}

/* As above. */
static inline void pom_ct_source_end(struct pom_ct_source *source)
{
	spin_lock(&source->lock);
	WRITE_ONCE(source->ct, NULL);
	spin_unlock(&source->lock);
}

/* As above. */
static inline int pom_ct_tap_next(const struct pom_ct_tap *tap,
				  unsigned int events,
				  struct nf_ct_event *item)
{
	/* pairs with pom_ct_source_begin(): the function, then the next one */
	smp_rmb();
	return tap->source->ct_next(events, item);
}

/* As above. */
static inline int pom_ct_tap_next_exp(const struct pom_ct_tap *tap,
				      unsigned int events,
				      struct nf_exp_event *item)
{
	/* as in pom_ct_tap_next() */
	smp_rmb();
	return tap->source->exp_next(events, item);
}
#else
struct pom_ct_tap {
	char nothing;
};

static inline bool pom_ct_tap_is_open(const struct net *net,
				      const struct pom_ct_tap *tap)
{
	return false;
}

static inline int pom_ct_tap_open(struct net *net, struct pom_ct_tap *tap)
{
	return -EOPNOTSUPP;
}

static inline void pom_ct_tap_close(struct net *net, struct pom_ct_tap *tap)
{
}
#endif

#if POM_CT_TAP
/*
 * The kernel uses two bits of expmask, one for each kind of event of an
 * expectation. The others are all 0, or all 1, in a new connection, unless a
 * rule with CT has set them.
 */
#define POM_CT_CHOICE_SHIFT	2

/* A choice is less. */
#define POM_CT_CHOICE_MAX	(0xffff >> POM_CT_CHOICE_SHIFT)

/**
 * pom_ct_choice() - a number that a connection keeps
 * @ct: the connection
 *
 * Return: 0 without one
 */
static inline u16 pom_ct_choice(const struct nf_conn *ct)
{
	const struct nf_conntrack_ecache *e = nf_ct_ecache_find(ct);
	u16 choice;

	BUILD_BUG_ON(IPEXP_DESTROY >= POM_CT_CHOICE_SHIFT);
	if (!e)
		return 0;
	choice = READ_ONCE(e->expmask) >> POM_CT_CHOICE_SHIFT;
	return choice == POM_CT_CHOICE_MAX ? 0 : choice;
}

/**
 * pom_ct_choose() - let a connection keep a number
 * @ct: the connection, of which the kernel makes events
 * @choice: less than POM_CT_CHOICE_MAX
 *
 * Of two CPUs at once, one wins.
 */
static inline void pom_ct_choose(struct nf_conn *ct, u16 choice)
{
	struct nf_conntrack_ecache *e = nf_ct_ecache_find(ct);
	u16 kept = BIT(POM_CT_CHOICE_SHIFT) - 1;

	if (e)
		WRITE_ONCE(e->expmask, (READ_ONCE(e->expmask) & kept) |
				       choice << POM_CT_CHOICE_SHIFT);
}

/**
 * pom_ct_events_add() - let the kernel make events of a new connection
 * @ct: the connection, not confirmed
 *
 * Softirq or process context. With nf_conntrack_events=0 the kernel makes no
 * events, and with 2 only where nf_conntrack_netlink has a listener. Nothing
 * happens without memory.
 */
static inline void pom_ct_events_add(struct nf_conn *ct)
{
	struct nf_conntrack_ecache *e;

	if (nf_ct_ecache_find(ct))
		return;
	e = nf_ct_ext_add(ct, NF_CT_EXT_ECACHE, GFP_ATOMIC);
	if (!e)
		return;
	e->ctmask = 0xffff;
	e->expmask = BIT(POM_CT_CHOICE_SHIFT) - 1;
}
#else
static inline u16 pom_ct_choice(const struct nf_conn *ct)
{
	return 0;
}

static inline void pom_ct_choose(struct nf_conn *ct, u16 choice)
{
}

static inline void pom_ct_events_add(struct nf_conn *ct)
{
}
#endif

#endif /* POM_COMPAT_CT_EVENTS_H */
