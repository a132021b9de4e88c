// SPDX-License-Identifier: GPL-2.0-only
/* IPsec policies of a route that ROUTE has chosen. */
#include <linux/err.h>
#include <linux/ipv6.h>
#include <net/inet_sock.h>
#include <net/ip.h>

#include "compat/xfrm.h"
#include "ROUTE/xt_ROUTE/internal.h"

/* What IPsec sends passes no policy again. */
static bool route_is_transformed(const struct sk_buff *skb, u8 family)
{
	return family == NFPROTO_IPV4 ?
	       IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED :
	       IP6CB(skb)->flags & IP6SKB_XFRM_TRANSFORMED;
}

#ifdef CONFIG_XFRM
/*
 * The socket that sent the packet, if it has a policy of its own, which counts
 * instead of those of the network namespace. IKE daemons have one.
 */
static const struct sock *route_policy_socket(const struct nf_hook_state *state)
{
	const struct sock *sk = sk_const_to_full_sk(state->sk);

	return sk && sk_fullsock(sk) &&
	       rcu_access_pointer(sk->sk_policy[XFRM_POLICY_OUT]) ? sk : NULL;
}

static bool route_secure_socket(struct sk_buff *skb,
				const struct nf_hook_state *state,
				const struct sock *sk)
{
	struct dst_entry *dst;
	struct flowi fl;

	if (pom_xfrm_decode(state->net, skb, &fl, state->pf) ||
	    !skb_dst_force(skb))
		return false;
	dst = skb_dst(skb);
	skb_dst_set(skb, NULL);
	dst = xfrm_lookup(state->net, dst, &fl, sk, XFRM_LOOKUP_QUEUE);
	if (IS_ERR(dst))
		return false;
	skb_dst_set(skb, dst);
	return true;
}
#else
static const struct sock *route_policy_socket(const struct nf_hook_state *state)
{
	return NULL;
}

static bool route_secure_socket(struct sk_buff *skb,
				const struct nf_hook_state *state,
				const struct sock *sk)
{
	return true;
}
#endif /* CONFIG_XFRM */

static bool route_secure_net(struct sk_buff *skb,
			     const struct nf_hook_state *state)
{
	struct net_device *dev = skb->dev;
	bool passes;

	/* Only its network namespace counts; that of @dev may be different. */
	skb->dev = state->net->loopback_dev;
	passes = state->pf == NFPROTO_IPV4 ? xfrm4_route_forward(skb) :
					     xfrm6_route_forward(skb);
	skb->dev = dev;
	return passes;
}

/**
 * route_secure() - apply IPsec policies to the new route
 * @skb: the packet, in FORWARD, OUTPUT or POSTROUTING
 * @state: of the hook
 *
 * Return: false where a policy blocks the packet, which may have no route then
 */
bool route_secure(struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct sock *sk;

	if (route_is_transformed(skb, state->pf))
		return true;
	sk = route_policy_socket(state);
	return sk ? route_secure_socket(skb, state, sk) :
		    route_secure_net(skb, state);
}
