/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second listener behind the kernel's notifier of conntrack events.
 *
 * The kernel has one notifier in each network namespace. nf_conntrack_netlink
 * registers it, warns if there is one already, and before 5.15 crashes if it
 * finds a different one when it unregisters. A tap replaces its pointer, and
 * calls it. From 5.15 on, unregistering writes NULL over either pointer.
 */
#ifndef POM_COMPAT_CT_EVENTS_H
#define POM_COMPAT_CT_EVENTS_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/rcupdate.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack_ecache.h>

#ifdef HAVE_CT_EVENT_OPS
#define POM_CT_TAP	1

/**
 * struct pom_ct_tap - a listener of one network namespace
 * @notifier: what the kernel calls, in an RCU read section
 * @next: the kernel's own
 */
struct pom_ct_tap {
	struct nf_ct_event_notifier notifier;
	struct nf_ct_event_notifier *next;
};

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

#define POM_CT_TAP_INIT(ct_fn, exp_fn) {				\
	.notifier.ct_event	= (ct_fn),				\
	.notifier.exp_event	= (exp_fn),				\
}

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

	if (nf_ct_ecache_exist(ct))
		return;
	e = nf_ct_ext_add(ct, NF_CT_EXT_ECACHE, GFP_ATOMIC);
	if (!e)
		return;
	e->ctmask = 0xffff;
	e->expmask = BIT(POM_CT_CHOICE_SHIFT) - 1;
}
#else
#define POM_CT_TAP	0

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
