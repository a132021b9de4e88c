// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet path: a new connection gets the helper of its port.
 *
 * The hook runs after conntrack, so that a `-j CT --helper` rule in the raw
 * table takes precedence, and before NAT, which prepares sequence adjustment
 * for connections with a helper. A related connection keeps the helper of its
 * expectation: an announcement in one protocol must not trigger the helper of
 * a different one.
 */

#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/netfilter/nf_conntrack.h>

#include "autohelper/nf_autohelper_core/internal.h"

/* The namespace's own entry, or else a request that it follows. */
static struct ah_entry *look_up(const struct net *net, u32 key,
				atomic_long_t **hits)
{
	struct ah_net *an = ah_net(net);
	struct ah_entry *e = ah_table_find(&an->table, key);
	struct ah_follow *f;

	if (e) {
		*hits = &e->hits;
		return e;
	}
	f = rcu_dereference(an->follow);
	e = ah_request_find(f, key);
	if (e)
		*hits = &f->hits[e->slot];
	return e;
}

static unsigned int ah_hook(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	const struct nf_conntrack_tuple *tuple;
	struct nf_conntrack_helper *helper;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;
	struct ah_entry *e;
	atomic_long_t *hits;

	ct = nf_ct_get(skb, &ctinfo);
	if (!ct || ctinfo != IP_CT_NEW || nf_ct_is_confirmed(ct) ||
	    nf_ct_is_template(ct) || nfct_help(ct))
		return NF_ACCEPT;

	tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	if (tuple->dst.protonum != IPPROTO_TCP &&
	    tuple->dst.protonum != IPPROTO_UDP)
		return NF_ACCEPT;
	e = look_up(state->net,
		    AH_KEY(tuple->dst.protonum, ntohs(tuple->dst.u.all)),
		    &hits);
	if (!e)
		return NF_ACCEPT;
	helper = e->binding->helper[state->pf == NFPROTO_IPV6 ? AH_IPV6 :
								AH_IPV4];
	if (helper && pom_helper_assign(ct, helper))
		atomic_long_inc(hits);
	return NF_ACCEPT;
}

static const struct nf_hook_ops ah_hook_ops[] = {
	{
		.hook		= ah_hook,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP_PRI_CONNTRACK + 1,
	},
	{
		.hook		= ah_hook,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP_PRI_CONNTRACK + 1,
	},
	{
		.hook		= ah_hook,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP6_PRI_CONNTRACK + 1,
	},
	{
		.hook		= ah_hook,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP6_PRI_CONNTRACK + 1,
	},
};

static bool hooks_wanted(const struct ah_net *an, unsigned int own)
{
	if (an->mode == AH_OFF)
		return false;
	if (own)
		return true;
	if (net_eq(an->net, &init_net))
		return READ_ONCE(ah_requests.count);
	return an->mode == AH_FOLLOW;
}

/**
 * ah_hooks_update() - register the hooks if, and only if, they are needed
 * @an: the namespace, with its lock held
 * @own: entries that its table has, or is about to have
 *
 * This does not enable conntrack: if no rule needs it, packets have no
 * connection that could get a helper.
 *
 * Return: 0, or an error of the registration.
 */
int ah_hooks_update(struct ah_net *an, unsigned int own)
{
	bool want = hooks_wanted(an, own);
	int ret = 0;

	lockdep_assert_held(&an->table.lock);
	if (want == an->hooked)
		return 0;
	if (want)
		ret = nf_register_net_hooks(an->net, ah_hook_ops,
					    ARRAY_SIZE(ah_hook_ops));
	else
		nf_unregister_net_hooks(an->net, ah_hook_ops,
					ARRAY_SIZE(ah_hook_ops));
	if (!ret)
		an->hooked = want;
	return ret;
}
