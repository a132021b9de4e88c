// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hooks that run after the table mangle and route tagged packets.
 *
 * After the table, nothing of it can route the packet again: mangle OUTPUT and
 * the route chains of nft do so when a mark has changed. In FORWARD, OUTPUT and
 * POSTROUTING the hook runs the rest of the hooks itself, with the new output
 * device. So filter and nat see that device, and each chain sees the packet
 * once.
 */
#include <linux/bitops.h>
#include <linux/bottom_half.h>
#include <linux/netdevice.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/lwtunnel.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netns/hash.h>

#include "ROUTE/xt_ROUTE/internal.h"

static u32 route_secret __read_mostly;

static struct route_tag *route_tag(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct inet_skb_parm) +
		     sizeof(struct route_tag) > sizeof(skb->cb));
	BUILD_BUG_ON(sizeof(struct inet6_skb_parm) +
		     sizeof(struct route_tag) > sizeof(skb->cb));
	return (void *)(skb->cb + sizeof(skb->cb) - sizeof(struct route_tag));
}

/*
 * A copy of the packet has a different one, so its tag does not count; neither
 * does one that is left when the packet gets a header of a different family, or
 * enters a network namespace where the id means a different next hop.
 */
static u32 route_seal(const struct sk_buff *skb,
		      const struct nf_hook_state *state)
{
	return route_secret ^ net_hash_mix(state->net) ^
	       rol32((unsigned long)skb, 3 + state->hook + state->pf);
}

/**
 * route_tag_set() - the hook is to route this packet
 * @skb: the packet, in the table mangle
 * @state: of the hook that it is in
 * @id: as in struct route_tag; replaces one that an earlier rule set
 */
void route_tag_set(struct sk_buff *skb, const struct nf_hook_state *state,
		   u32 id)
{
	struct route_tag *tag = route_tag(skb);

	tag->seal = route_seal(skb, state);
	tag->id = id;
}

/* In the seals below, instead of a hook. */
enum {
	ROUTE_RECEIVED = NF_INET_NUMHOOKS, /* by --iif */
	ROUTE_RETURNED,	/* more than once on the same interface */
	ROUTE_COPIED,	/* by --tee */
	ROUTE_LOOPED,	/* this host has sent it to itself in a VRF */
};

/* A copy of the packet has the same one. */
static u32 route_net_seal(const struct net *net, unsigned int what)
{
	return route_secret ^ rol32(net_hash_mix(net), 3 + what);
}

/**
 * route_tag_received() - an interface of --iif is to receive this packet
 * @net: the network namespace
 * @skb: the packet
 * @id: of the next hop
 *
 * The first next hop stays in the tag. ip_rcv() and ip6_rcv() leave these bytes
 * as they are; programs of tc may not.
 */
void route_tag_received(const struct net *net, struct sk_buff *skb, u32 id)
{
	struct route_tag *tag = route_tag(skb);

	if (tag->past == route_net_seal(net, ROUTE_RETURNED))
		return;
	if (tag->past != route_net_seal(net, ROUTE_RECEIVED)) {
		tag->past = route_net_seal(net, ROUTE_RECEIVED);
		tag->first = id;
	} else if (tag->first == id) {
		tag->past = route_net_seal(net, ROUTE_RETURNED);
	}
}

/**
 * route_tag_returned() - whether rules send this packet round in a circle
 * @net: the network namespace
 * @skb: the packet
 *
 * Return: true if route_tag_received() saw the first next hop twice
 */
bool route_tag_returned(const struct net *net, struct sk_buff *skb)
{
	return route_tag(skb)->past == route_net_seal(net, ROUTE_RETURNED);
}

/* A VRF hides this from INPUT. */
static void route_tag_loop(const struct net *net, struct sk_buff *skb)
{
	route_tag(skb)->seal = route_net_seal(net, ROUTE_LOOPED);
}

/**
 * route_tag_looped() - whether this host has sent a packet to itself in a VRF
 * @net: the network namespace
 * @skb: the packet, in INPUT
 */
bool route_tag_looped(const struct net *net, struct sk_buff *skb)
{
	return route_tag(skb)->seal == route_net_seal(net, ROUTE_LOOPED);
}

/**
 * route_tag_copies() - the next copies of this packet are made by --tee
 * @net: the network namespace
 * @skb: the packet
 *
 * The hook in OUTPUT applies IPsec policies to them.
 *
 * Return: the former tag, for route_tag_restore()
 */
struct route_tag route_tag_copies(const struct net *net, struct sk_buff *skb)
{
	struct route_tag *tag = route_tag(skb), former = *tag;

	tag->seal = route_net_seal(net, ROUTE_COPIED);
	return former;
}

/**
 * route_tag_restore() - undo route_tag_copies()
 * @skb: the packet
 * @former: the tag that it had
 */
void route_tag_restore(struct sk_buff *skb, struct route_tag former)
{
	*route_tag(skb) = former;
}

static bool route_is_copied(struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	return state->hook == NF_INET_LOCAL_OUT &&
	       route_tag(skb)->seal == route_net_seal(state->net, ROUTE_COPIED);
}

static bool route_is_tagged(struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	return route_tag(skb)->seal == route_seal(skb, state);
}

/* NULL if its last rule was deleted. */
static struct route_hop *route_tag_hop(struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	return route_hop_find(state->net,
			      route_tag(skb)->id & ~ROUTE_TAG_UNTRACK);
}

/* As the target NOTRACK does before conntrack. NAT ignores the packet. */
static void route_untrack(struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	if (!(route_tag(skb)->id & ROUTE_TAG_UNTRACK))
		return;
	nf_reset_ct(skb);
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
#endif
}

static bool route_is_local(const struct sk_buff *skb, u8 family)
{
	return family == NFPROTO_IPV4 ? route_is_local4(skb) :
					route_is_local6(skb);
}

static bool route_set(struct sk_buff *skb, const struct nf_hook_state *state,
		      struct route_hop *hop, enum route_kind kind)
{
	return hop->key.family == NFPROTO_IPV4 ?
	       route_set4(skb, state, hop, kind) :
	       route_set6(skb, state, hop, kind);
}

/* A socket that an earlier look-up found does not get the packet. */
static bool route_set_input(struct sk_buff *skb,
			    const struct nf_hook_state *state,
			    struct route_hop *hop)
{
	if (hop->key.family == NFPROTO_IPV4 &&
	    !route_admits4(skb, state, hop))
		return false;
	skb_orphan(skb);
	if (!route_set(skb, state, hop, ROUTE_INPUT))
		return false;
	route_count(hop, ROUTE_ROUTED);
	return true;
}

/*
 * FORWARD and POSTROUTING follow; the hooks after mangle INPUT do not. After
 * NFQUEUE this is process context, in which the kernel does not forward.
 */
static unsigned int route_local_in(struct sk_buff *skb,
				   const struct nf_hook_state *state,
				   struct route_hop *hop)
{
	if (!route_set_input(skb, state, hop))
		return NF_DROP;
	local_bh_disable();
	skb_dst(skb)->input(skb);
	local_bh_enable();
	return NF_STOLEN;
}

static bool route_set_output(struct sk_buff *skb,
			     const struct nf_hook_state *state,
			     struct route_hop *hop)
{
	bool secured = dst_xfrm(skb_dst(skb));

	if (!route_set(skb, state, hop, ROUTE_OUTPUT))
		return false;
	/* What IPsec would have encrypted is not sent as it is. */
	if (route_secure(skb, state) &&
	    (!secured || dst_xfrm(skb_dst(skb))))
		return true;
	route_count(hop, ROUTE_NO_ROUTE);
	return false;
}

static bool route_fits(struct sk_buff *skb, const struct nf_hook_state *state)
{
	return state->pf == NFPROTO_IPV4 ? route_fits4(skb, state) :
					   route_fits6(skb, state);
}

static const struct nf_hook_entries *
route_entries(const struct nf_hook_state *state)
{
	const struct netns_nf *nf = &state->net->nf;

	return state->pf == NFPROTO_IPV4 ?
	       rcu_dereference(nf->hooks_ipv4[state->hook]) :
	       rcu_dereference(nf->hooks_ipv6[state->hook]);
}

static unsigned int route_hook(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state);

/* The number of the hook after this one; 0 if this one is being removed. */
static unsigned int route_next_hook(const struct nf_hook_entries *e)
{
	unsigned int i;

	for (i = 0; e && i < e->num_hook_entries; i++)
		if (e->hooks[i].hook == route_hook)
			return i + 1;
	return 0;
}

static unsigned int route_refuse(const struct route_hop *hop)
{
	route_count(hop, ROUTE_NO_ROUTE);
	return NF_DROP;
}

/* The caller continues, and may leave the RCU section before it sends. */
static unsigned int route_keep(struct sk_buff *skb, const struct route_hop *hop)
{
	return skb_dst_force(skb) ? NF_ACCEPT : route_refuse(hop);
}

/*
 * How many packets in each other, of tunnels, rules may route: a circle of
 * tunnels must not use up the stack. On uml-7.3 each takes 3 kB of the 16 kB of
 * stack. 5 kB are left when the third is dropped.
 */
#define ROUTE_ROUNDS_MAX	2

/**
 * struct route_sender - a task that sends what ROUTE has routed, on its stack
 * @node: among those of the CPU, in a section with preemption disabled
 * @task: which one. With PREEMPT_RT, the CPU may run others meanwhile
 * @rounds: how many packets, in each other
 * @header: of the last one, between its OUTPUT and its POSTROUTING
 */
struct route_sender {
	struct hlist_node node;
	const struct task_struct *task;
	unsigned int rounds;
	unsigned long header;
};

static DEFINE_PER_CPU(struct hlist_head, route_senders);

/* Adds @self unless the task has an entry. Returns its entry. */
static struct route_sender *route_sender_enter(struct route_sender *self)
{
	struct route_sender *s;

	preempt_disable();
	hlist_for_each_entry(s, this_cpu_ptr(&route_senders), node)
		if (s->task == self->task)
			goto out;
	s = self;
	hlist_add_head(&s->node, this_cpu_ptr(&route_senders));
out:
	preempt_enable();
	return s;
}

static void route_sender_leave(struct route_sender *self)
{
	preempt_disable();
	hlist_del(&self->node);
	preempt_enable();
}

/* Bottom halves are off: the task stays on its CPU. */
static void route_finish_round(struct sk_buff *skb,
			       const struct nf_hook_state *state,
			       const struct route_hop *hop)
{
	unsigned long header = (unsigned long)skb_network_header(skb);
	bool is_output = state->hook == NF_INET_LOCAL_OUT;
	struct route_sender self = { .task = current };
	struct route_sender *s = route_sender_enter(&self);
	unsigned long before = s->header;
	bool is_new = is_output || header != before;

	s->rounds += is_new;
	if (s->rounds <= ROUTE_ROUNDS_MAX) {
		s->header = is_output ? header : 0;
		state->okfn(state->net, state->sk, skb);
		s->header = before;
	} else {
		route_count(hop, ROUTE_NO_ROUTE);
		kfree_skb(skb);
	}
	s->rounds -= is_new;
	if (s == &self)
		route_sender_leave(s);
}

/* What is after the hooks. */
static void route_finish(struct sk_buff *skb, const struct nf_hook_state *state,
			 const struct route_hop *hop)
{
	/* For the counters. After NFQUEUE this is process context. */
	local_bh_disable();
	if (state->hook == NF_INET_LOCAL_OUT ||
	    state->hook == NF_INET_POST_ROUTING)
		route_finish_round(skb, state, hop);
	else
		state->okfn(state->net, state->sk, skb);
	local_bh_enable();
}

/* Runs the hooks that follow, with the new device, and what is after them. */
static unsigned int route_go_on(struct sk_buff *skb,
				const struct nf_hook_state *state,
				struct route_hop *hop)
{
	const struct nf_hook_entries *e = route_entries(state);
	const struct dst_entry *dst = skb_dst(skb);
	struct nf_hook_state rest = *state;
	unsigned int next;

	if (state->hook != NF_INET_PRE_ROUTING)
		rest.out = dst->dev;
	if (state->hook == NF_INET_POST_ROUTING)
		skb->dev = dst->dev;
	next = route_next_hook(e);
	if (!next)
		return route_keep(skb, hop);
	if (nf_hook_slow(skb, &rest, e, next) != 1)
		return NF_STOLEN;
	/* Routed again, for a mark or for DNAT; REDIRECT leads to this host. */
	if (state->hook == NF_INET_LOCAL_OUT && skb_dst(skb) != dst &&
	    !route_is_local(skb, state->pf) &&
	    !route_set_output(skb, &rest, hop)) {
		kfree_skb(skb);
		return NF_STOLEN;
	}
	route_finish(skb, &rest, hop);
	return NF_STOLEN;
}

/*
 * The packet keeps its route from here: no look-up follows. It leaves a batch,
 * whose next packet could take over its route.
 */
static unsigned int route_prerouting(struct sk_buff *skb,
				     const struct nf_hook_state *state,
				     struct route_hop *hop)
{
	if (!route_set_input(skb, state, hop))
		return NF_DROP;
	/* A VRF runs the hooks alone: what follows them frees the packet. */
	if (netif_is_l3_master(state->in))
		return route_keep(skb, hop);
	return route_go_on(skb, state, hop);
}

/* What follows POSTROUTING does not call the function that encapsulates. */
static bool route_is_too_late(const struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return state->hook == NF_INET_POST_ROUTING &&
	       lwtunnel_output_redirect(skb_dst(skb)->lwtstate);
}

static unsigned int route_output(struct sk_buff *skb,
				 const struct nf_hook_state *state,
				 struct route_hop *hop)
{
	/* The target refuses this, but a chain of nft may leave an old tag. */
	if (route_is_too_early(state))
		return route_refuse(hop);
	if (!route_set_output(skb, state, hop))
		return NF_DROP;
	if (route_is_too_late(skb, state))
		return route_refuse(hop);
	if (!route_fits(skb, state))
		return NF_DROP;
	route_count(hop, ROUTE_ROUTED);
	return route_go_on(skb, state, hop);
}

/* The kernel has looked up a route to the gateway, without policies. */
static unsigned int route_copied(struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	route_tag(skb)->seal = 0;
	return dst_xfrm(skb_dst(skb)) || route_secure(skb, state) ?
	       NF_ACCEPT : NF_DROP;
}

static unsigned int route_hook(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct route_hop *hop;

	if (unlikely(route_is_copied(skb, state)))
		return route_copied(skb, state);
	if (likely(!route_is_tagged(skb, state)))
		return NF_ACCEPT;
	route_untrack(skb);
	route_tag(skb)->seal = 0;
	hop = route_tag_hop(skb, state);
	/* It must not leave by a route that the rule has replaced. */
	if (!hop)
		return NF_DROP;
	if (hop->key.receive)
		return route_receive(skb, state, hop);
	switch (state->hook) {
	case NF_INET_PRE_ROUTING:
		return route_prerouting(skb, state, hop);
	case NF_INET_LOCAL_IN:
		return route_local_in(skb, state, hop);
	default:
		return route_output(skb, state, hop);
	}
}

/* In PREROUTING, what has to be done before NAT or INPUT. */
static unsigned int route_hook_before_nat(void *priv, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	const struct route_hop *hop;

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		route_tag_loop(state->net, skb);
	if (likely(!route_is_tagged(skb, state)))
		return NF_ACCEPT;
	route_untrack(skb);
	hop = route_tag_hop(skb, state);
	return hop && hop->key.receive ? route_hook(priv, skb, state) :
					 NF_ACCEPT;
}

/* For each family; the same in all namespaces. */
static struct nf_hook_ops
route_hooks[2][NF_INET_NUMHOOKS + 1] __ro_after_init;

/**
 * route_hooks_register() - route packets of one family in a namespace
 * @net: the network namespace
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Process context.
 *
 * Return: 0 or an error
 */
int route_hooks_register(struct net *net, u8 family)
{
	return nf_register_net_hooks(net, route_hooks[family == NFPROTO_IPV6],
				     ARRAY_SIZE(route_hooks[0]));
}

/**
 * route_hooks_unregister() - undo route_hooks_register()
 * @net: the network namespace
 * @family: the same
 */
void route_hooks_unregister(struct net *net, u8 family)
{
	nf_unregister_net_hooks(net, route_hooks[family == NFPROTO_IPV6],
				ARRAY_SIZE(route_hooks[0]));
}

static void __init route_hook_fill(struct nf_hook_ops *ops, u8 family,
				   unsigned int hook)
{
	ops->hook = route_hook;
	ops->pf = family;
	ops->hooknum = hook;
	/* DNAT takes the route of a packet away. */
	ops->priority = hook == NF_INET_PRE_ROUTING ? NF_IP_PRI_NAT_DST + 1 :
						      NF_IP_PRI_MANGLE + 1;
}

void __init route_hook_init(void)
{
	unsigned int i;

	for (i = 0; i < NF_INET_NUMHOOKS; i++) {
		route_hook_fill(&route_hooks[0][i], NFPROTO_IPV4, i);
		route_hook_fill(&route_hooks[1][i], NFPROTO_IPV6, i);
	}
	for (i = 0; i < 2; i++) {
		struct nf_hook_ops *ops = &route_hooks[i][NF_INET_NUMHOOKS];

		*ops = route_hooks[i][NF_INET_PRE_ROUTING];
		ops->hook = route_hook_before_nat;
		ops->priority = NF_IP_PRI_MANGLE + 1;
	}
	get_random_bytes(&route_secret, sizeof(route_secret));
}
