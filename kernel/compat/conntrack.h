/* SPDX-License-Identifier: GPL-2.0-only */
/* Connections: their timer, and walks of the table. */
#ifndef POM_COMPAT_CONNTRACK_H
#define POM_COMPAT_CONNTRACK_H

#include <net/netfilter/nf_conntrack.h>

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
