/* SPDX-License-Identifier: GPL-2.0-only */
/* Connections: their references, their timer, and walks of the table. */
#ifndef POM_COMPAT_CONNTRACK_H
#define POM_COMPAT_CONNTRACK_H

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_expect.h>

/**
 * pom_ct_get() - take a reference to a connection that may be gone
 * @ct: found in an RCU read section
 *
 * The memory may be that of a later connection: look at it again.
 *
 * Return: false if nobody else has a reference
 */
static inline bool pom_ct_get(struct nf_conn *ct)
{
#ifdef HAVE_CT_REFCOUNT
	if (!refcount_inc_not_zero(&ct->ct_general.use))
		return false;
	/* refcount_inc_not_zero() does not order the reads that follow. */
	smp_acquire__after_ctrl_dep();
	return true;
#else
	return atomic_inc_not_zero(&ct->ct_general.use);
#endif
}

/**
 * pom_ct_uses() - how many references a connection has
 * @ct: the connection, with a reference
 */
static inline unsigned int pom_ct_uses(const struct nf_conn *ct)
{
#ifdef HAVE_CT_REFCOUNT
	return refcount_read(&ct->ct_general.use);
#else
	return atomic_read(&ct->ct_general.use);
#endif
}

/**
 * pom_ct_count() - how many connections a network namespace has
 * @net: the network namespace
 */
static inline unsigned int pom_ct_count(const struct net *net)
{
#ifdef HAVE_CT_COUNT
	return nf_conntrack_count(net);
#else
	return atomic_read(&net->ct.count);
#endif
}

/**
 * pom_expect_left() - how many seconds an expectation has left
 * @exp: the expectation
 *
 * Return: negative where it has expired
 */
static inline long pom_expect_left(const struct nf_conntrack_expect *exp)
{
#ifdef HAVE_EXPECT_WITHOUT_TIMER
	return (s32)(READ_ONCE(exp->timeout) - nfct_time_stamp) / HZ;
#else
	return (long)(READ_ONCE(exp->timeout.expires) - jiffies) / HZ;
#endif
}

/**
 * pom_ct_refresh() - let a connection end some time from now
 * @ct: a connection, whose packet the caller looks at
 * @delay: the time, in jiffies
 *
 * Softirq or process context. Without effect where the timeout is fixed.
 */
static inline void pom_ct_refresh(struct nf_conn *ct, u32 delay)
{
#ifdef HAVE_CT_REFRESH_WITH_SKB
	nf_ct_refresh(ct, NULL, delay);
#else
	nf_ct_refresh(ct, delay);
#endif
}

/**
 * pom_ct_walk() - call a function for each confirmed connection
 * @net: the network namespace
 * @fn: called with a lock of the table and bottom halves off; returns 0
 * @data: for @fn
 *
 * Process context; sleeps.
 */
static inline void pom_ct_walk(struct net *net,
			       int (*fn)(struct nf_conn *ct, void *data),
			       void *data)
{
#ifdef HAVE_CT_ITER_DATA
	struct nf_ct_iter_data iter = { .net = net, .data = data };

	nf_ct_iterate_cleanup_net(fn, &iter);
#else
	nf_ct_iterate_cleanup_net(net, fn, data, 0, 0);
#endif
}

#endif /* POM_COMPAT_CONNTRACK_H */
