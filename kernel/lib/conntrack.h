/* SPDX-License-Identifier: GPL-2.0-only */
/* Rules that need connection tracking. */
#ifndef POM_LIB_CONNTRACK_H
#define POM_LIB_CONNTRACK_H

#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>

#include "lib/log.h"

/**
 * pom_conntrack_get() - track the connections of a network namespace
 * @net: the network namespace
 * @family: NFPROTO_IPV4, NFPROTO_IPV6 or NFPROTO_INET
 *
 * Process context; may load modules. Logs a failure.
 *
 * Return: 0, and nf_ct_netns_put() ends it; else a negative error
 */
static inline int pom_conntrack_get(struct net *net, u8 family)
{
	int err = nf_ct_netns_get(net, family);

	if (err < 0)
		pom_info(net, "cannot enable connection tracking: error %d\n",
			 err);
	return err;
}

#endif /* POM_LIB_CONNTRACK_H */
