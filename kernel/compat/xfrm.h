/* SPDX-License-Identifier: GPL-2.0-only */
/* IPsec as the newest kernel has it. */
#ifndef POM_COMPAT_XFRM_H
#define POM_COMPAT_XFRM_H

#include <net/xfrm.h>

#ifdef CONFIG_XFRM
/**
 * pom_xfrm_decode() - what policies compare, of a packet that is sent
 * @net: its network namespace
 * @skb: at its IP header
 * @fl: receives it
 * @family: AF_INET or AF_INET6
 *
 * Return: 0 or a negative error
 */
static inline int pom_xfrm_decode(struct net *net, struct sk_buff *skb,
				  struct flowi *fl, unsigned int family)
{
#ifdef HAVE_XFRM_DECODE_NET
	return __xfrm_decode_session(net, skb, fl, family, 0);
#else
	return __xfrm_decode_session(skb, fl, family, 0);
#endif
}
#endif /* CONFIG_XFRM */

#endif /* POM_COMPAT_XFRM_H */
