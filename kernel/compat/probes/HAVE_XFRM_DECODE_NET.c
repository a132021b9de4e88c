// SPDX-License-Identifier: GPL-2.0-only
/*
 * 6.7: xfrm_decode_session() takes the network namespace. Nothing calls it
 * without CONFIG_XFRM.
 */
/* no: too many arguments|incompatible pointer type */
#include <net/xfrm.h>

int probe(struct net *net, struct sk_buff *skb, struct flowi *fl);

int probe(struct net *net, struct sk_buff *skb, struct flowi *fl)
{
#ifdef CONFIG_XFRM
	return __xfrm_decode_session(net, skb, fl, AF_INET, 0);
#else
	return 0;
#endif
}
