// SPDX-License-Identifier: GPL-2.0-only
/* Calls that the speaker forwards: the peer is to call a different address. */

#include <linux/err.h>
#include <net/ip6_route.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>

#include "h323/nf_conntrack_h323_core/internal.h"
#include "lib/helper_server.h"

/* Through the same gateway, or both without one. */
static bool is_same_way4(struct net *net, __be32 a, __be32 b)
{
	struct flowi4 to_a = { .daddr = a }, to_b = { .daddr = b };
	struct rtable *ra = ip_route_output_key(net, &to_a), *rb;
	__be32 via_a, via_b;
	bool ret = false;

	if (IS_ERR(ra))
		return false;
	rb = ip_route_output_key(net, &to_b);
	if (!IS_ERR(rb)) {
		via_a = rt_nexthop(ra, a);
		via_b = rt_nexthop(rb, b);
		ret = ra->dst.dev == rb->dst.dev &&
		      (via_a == via_b || (via_a == a && via_b == b));
		ip_rt_put(rb);
	}
	ip_rt_put(ra);
	return ret;
}

#if IS_ENABLED(CONFIG_IPV6)
static struct in6_addr gateway6(struct dst_entry *dst, struct in6_addr *to)
{
	return *rt6_nexthop(container_of(dst, struct rt6_info, dst), to);
}

static bool is_same_way6(struct net *net, struct in6_addr *a,
			 struct in6_addr *b)
{
	struct flowi6 to_a = { .daddr = *a }, to_b = { .daddr = *b };
	struct dst_entry *da = ip6_route_output(net, NULL, &to_a);
	struct dst_entry *db = ip6_route_output(net, NULL, &to_b);
	struct in6_addr via_a, via_b;
	bool ret = false;

	if (!da->error && !db->error) {
		via_a = gateway6(da, a);
		via_b = gateway6(db, b);
		ret = da->dev == db->dev &&
		      (ipv6_addr_equal(&via_a, &via_b) ||
		       (ipv6_addr_equal(&via_a, a) &&
			ipv6_addr_equal(&via_b, b)));
	}
	dst_release(da);
	dst_release(db);
	return ret;
}
#else
static bool is_same_way6(struct net *net, struct in6_addr *a,
			 struct in6_addr *b)
{
	return false;
}
#endif

/*
 * Whether the peer and the address are in the same direction: packets between
 * them do not pass this host.
 */
static bool is_same_way(const struct pom_packet *p, struct pom_endpoint *to)
{
	union nf_inet_addr peer = p->ct->tuplehash[!p->dir].tuple.src.u3;
	struct net *net = nf_ct_net(p->ct);
	union nf_inet_addr addr;

	memcpy(&addr, to->addr, sizeof(addr));
	if (nf_ct_l3num(p->ct) == NFPROTO_IPV6)
		return is_same_way6(net, &peer.in6, &addr.in6);
	return is_same_way4(net, peer.ip, addr.ip);
}

/**
 * h323_forward() - open the way from the peer to a forwarded call
 * @g: the packet
 * @a: the address. One of the speaker or the peer was handled by h323_open()
 */
void h323_forward(struct h323_segment *g, struct h323_address *a)
{
	struct pom_answer answer;

	if (h323_is_unset(a) || pom_is_own(g->p, a->to.addr) ||
	    h323_is_peer(g->p, &a->to) || !h323_admit(g) ||
	    (g->settings.callforward_filter && is_same_way(g->p, &a->to)))
		return;
	pom_answer_begin(&answer, g->p);
	answer.l4proto = IPPROTO_TCP;
	answer.assign = h323_assign(g->p, &pom_h323_call_helper);
	pom_expect_server(&answer, &a->to);
}
