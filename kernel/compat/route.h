/* SPDX-License-Identifier: GPL-2.0-only */
/* Routes as the newest kernel has them. */
#ifndef POM_COMPAT_ROUTE_H
#define POM_COMPAT_ROUTE_H

#include <linux/ip.h>
#include <linux/list.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/route.h>
#ifdef HAVE_NET_GSO_H
#include <net/gso.h>
#endif

/**
 * pom_route_input() - look up the route of a received packet
 * @skb: at its IPv4 header, without a route
 * @to: instead of the packet's destination
 * @in: the device that it came from
 *
 * Under rcu_read_lock. Validates the source address, too.
 *
 * Return: 0, or not 0 where a router has to drop the packet
 */
static inline int pom_route_input(struct sk_buff *skb, __be32 to,
				  struct net_device *in)
{
	const struct iphdr *iph = ip_hdr(skb);

#ifdef HAVE_ROUTE_INPUT_DSCP
	return ip_route_input_noref(skb, to, iph->saddr, ip4h_dscp(iph), in);
#else
	return ip_route_input_noref(skb, to, iph->saddr, iph->tos, in);
#endif
}

/**
 * pom_rt_is_private() - whether the caller alone uses a new route
 * @rt: from a look-up
 *
 * Such a route is not cached for other packets and may be changed. The kernel
 * has it in a list and takes its device away when that is unregistered.
 */
static inline bool pom_rt_is_private(const struct rtable *rt)
{
#ifdef HAVE_DST_UNCACHED
	return !list_empty(&rt->dst.rt_uncached);
#else
	return !list_empty(&rt->rt_uncached);
#endif
}

/**
 * pom_rt6_is_private() - pom_rt_is_private() for IPv6
 * @rt: from a look-up
 */
static inline bool pom_rt6_is_private(const struct rt6_info *rt)
{
#ifdef HAVE_DST_UNCACHED
	return !list_empty(&rt->dst.rt_uncached);
#else
	return !list_empty(&rt->rt6i_uncached);
#endif
}

#endif /* POM_COMPAT_ROUTE_H */
