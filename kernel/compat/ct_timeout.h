/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The timeouts that a connection has of its own: struct nf_ct_timeout.
 *
 * No walk of the table finds an unconfirmed connection. Kernels differ in how a
 * module knows that none has its timeouts any more:
 *
 * - HAVE_CT_TIMEOUT_REFCNT (7.3, and updates of 2026 to older versions, such as
 *   6.1.192 and 6.12.118): a connection holds a reference. The kernel drops it,
 *   and frees the memory of the last one with kfree_rcu().
 * - HAVE_CT_PCPU_LISTS (up to 5.18): a connection has a bare pointer, and stays
 *   on a CPU's list until it is confirmed or freed. Once each list has been
 *   seen empty, no connection from before is unconfirmed.
 * - Neither (5.19 to such an update): a bare pointer, and no lists. The memory
 *   stays until the network namespace ends or the module is unloaded.
 */
#ifndef POM_COMPAT_CT_TIMEOUT_H
#define POM_COMPAT_CT_TIMEOUT_H

#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/list_nulls.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_timeout.h>

#if !defined(HAVE_CT_TIMEOUT_REFCNT) && defined(HAVE_CT_PCPU_LISTS)
#define POM_CT_UNSEEN
#endif

/**
 * pom_ct_timeout_init() - the first reference, which is the caller's
 * @t: new
 */
static inline void pom_ct_timeout_init(struct nf_ct_timeout *t)
{
#ifdef HAVE_CT_TIMEOUT_REFCNT
	refcount_set(&t->refcnt, 1);
#endif
}

/**
 * pom_ct_timeout_get() - a reference for a connection
 * @t: the timeouts
 *
 * Any context. Return: false where @t is being freed
 */
static inline bool pom_ct_timeout_get(struct nf_ct_timeout *t)
{
#ifdef HAVE_CT_TIMEOUT_REFCNT
	return refcount_inc_not_zero(&t->refcnt);
#else
	return true;
#endif
}

/**
 * pom_ct_timeout_put() - drop a connection's reference
 * @t: the timeouts, which a connection had until now
 *
 * Any context.
 */
static inline void pom_ct_timeout_put(struct nf_ct_timeout *t)
{
#ifdef HAVE_CT_TIMEOUT_REFCNT
	if (refcount_dec_and_test(&t->refcnt))
		kfree_rcu(t, rcu);
#endif
}

/**
 * pom_ct_timeout_free() - drop the reference of pom_ct_timeout_init()
 * @t: the timeouts; no rule has them. On kernels without references no
 *	connection has them, either. NULL is allowed
 *
 * Process context; may sleep. Readers may still look at @t until a grace period
 * has passed.
 */
static inline void pom_ct_timeout_free(struct nf_ct_timeout *t)
{
	if (!t)
		return;
#if defined(HAVE_CT_TIMEOUT_REFCNT)
	pom_ct_timeout_put(t);
#elif defined(HAVE_CT_TIMEOUT_RCU)
	kfree_rcu(t, rcu);
#else
	/* Waits for a grace period if there is no memory. */
	kvfree_rcu(t);
#endif
}

/**
 * pom_ct_unseen_longs() - the size of a set of CPUs, in longs
 *
 * 0 where there are no lists to look at. The functions with @unseen take a set
 * of that size.
 */
static inline unsigned int pom_ct_unseen_longs(void)
{
#ifdef POM_CT_UNSEEN
	return BITS_TO_LONGS(nr_cpu_ids);
#else
	return 0;
#endif
}

/**
 * pom_ct_unseen_fill() - no list of unconfirmed connections was seen empty
 * @unseen: the set, with all CPUs afterwards
 */
static inline void pom_ct_unseen_fill(unsigned long *unseen)
{
#ifdef POM_CT_UNSEEN
	unsigned int cpu;

	bitmap_zero(unseen, nr_cpu_ids);
	for_each_possible_cpu(cpu)
		__set_bit(cpu, unseen);
#endif
}

/**
 * pom_ct_unseen_update() - remove the CPUs whose list is empty
 * @net: the network namespace
 * @unseen: the set
 *
 * Process context. A grace period later, connections that were on these lists
 * are in the table or freed.
 */
static inline void pom_ct_unseen_update(struct net *net, unsigned long *unseen)
{
#ifdef POM_CT_UNSEEN
	unsigned int cpu;

	for_each_set_bit(cpu, unseen, nr_cpu_ids) {
		struct ct_pcpu *pcpu = per_cpu_ptr(net->ct.pcpu_lists, cpu);

		spin_lock_bh(&pcpu->lock);
		if (hlist_nulls_empty(&pcpu->unconfirmed))
			__clear_bit(cpu, unseen);
		spin_unlock_bh(&pcpu->lock);
	}
#endif
}

/**
 * pom_ct_unseen_may_be_last() - whether the next walk may find the last user
 * @unseen: the set of CPUs
 *
 * Return: false where an unconfirmed connection from before may remain. Then a
 * walk is for nothing. Always true where there are no lists to look at
 */
static inline bool pom_ct_unseen_may_be_last(const unsigned long *unseen)
{
#ifdef POM_CT_UNSEEN
	return bitmap_empty(unseen, nr_cpu_ids);
#else
	return true;
#endif
}

/* Whether pom_ct_timeout_is_unused() can be true. */
static inline bool pom_ct_timeout_is_followed(void)
{
#if defined(HAVE_CT_TIMEOUT_REFCNT) || defined(POM_CT_UNSEEN)
	return true;
#else
	return false;
#endif
}

/**
 * pom_ct_timeout_is_unused() - whether no connection has these timeouts
 * @t: no rule has them; NULL is allowed
 * @unseen: the set of CPUs, updated before the last walk of the table
 *
 * After a walk that has taken @t from all connections in the table.
 */
static inline bool pom_ct_timeout_is_unused(struct nf_ct_timeout *t,
					    const unsigned long *unseen)
{
#if defined(HAVE_CT_TIMEOUT_REFCNT)
	return !t || refcount_read(&t->refcnt) == 1;
#elif defined(POM_CT_UNSEEN)
	return bitmap_empty(unseen, nr_cpu_ids);
#else
	return false;
#endif
}

/**
 * pom_ct_timeout_flush() - take the module's timeouts from all connections
 * @fn: the function of pom_ct_walk(), which takes them
 *
 * Module exit only. Drops the packets that wait in queues of user space, as the
 * unload of a conntrack helper does: their connections may be unconfirmed, and
 * no walk finds them.
 */
static inline void pom_ct_timeout_flush(int (*fn)(struct nf_conn *ct,
						  void *data))
{
	nf_ct_iterate_destroy(fn, NULL);
}

#endif /* POM_COMPAT_CT_TIMEOUT_H */
