// SPDX-License-Identifier: GPL-2.0-only
/*
 * The packet path: a new connection gets the helper of its port.
 *
 * Just after conntrack, so that an explicit `-j CT --helper` in the raw table
 * has had its say, and before NAT, which prepares sequence adjustment for
 * connections that have a helper. A related connection is left to the helper
 * that expected it: what one protocol announces must not awake another.
 */

#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/netfilter/nf_conntrack.h>

#include "nf_autohelper_core/core.h"

static unsigned int ah_hook(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	const struct nf_conntrack_tuple *tuple;
	struct nf_conntrack_helper *helper;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;
	struct ah_entry *e;

	ct = nf_ct_get(skb, &ctinfo);
	if (!ct || ctinfo != IP_CT_NEW || nf_ct_is_confirmed(ct) ||
	    nf_ct_is_template(ct) || nfct_help(ct))
		return NF_ACCEPT;

	tuple = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	if (tuple->dst.protonum != IPPROTO_TCP &&
	    tuple->dst.protonum != IPPROTO_UDP)
		return NF_ACCEPT;
	e = ah_table_find(ah_net(state->net),
			  AH_KEY(tuple->dst.protonum, ntohs(tuple->dst.u.all)));
	if (!e)
		return NF_ACCEPT;
	helper = e->binding->helper[state->pf == NFPROTO_IPV6 ? AH_IPV6 :
								AH_IPV4];
	if (helper && pom_helper_assign(ct, helper))
		atomic_long_inc(&e->hits);
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

static int hook_in(struct net *net)
{
	int ret = nf_ct_netns_get(net, NFPROTO_INET);

	if (ret < 0)
		return ret;
	ret = nf_register_net_hooks(net, ah_hook_ops, ARRAY_SIZE(ah_hook_ops));
	if (ret < 0)
		nf_ct_netns_put(net, NFPROTO_INET);
	return ret;
}

/**
 * ah_hooks_update() - be hooked in where there is something to do, only there
 * @an: the namespace
 *
 * With ah_lock held. A namespace where nothing is attached, or that is
 * switched off, pays nothing: not even conntrack is hooked in by us.
 *
 * Return: 0, or what hooking in says; unhooking cannot fail.
 */
int ah_hooks_update(struct ah_net *an)
{
	bool want = an->count && an->enabled && !an->leaving;
	int ret = 0;

	lockdep_assert_held(&ah_lock);
	if (want == an->hooked)
		return 0;
	if (want) {
		ret = hook_in(an->net);
	} else {
		nf_unregister_net_hooks(an->net, ah_hook_ops,
					ARRAY_SIZE(ah_hook_ops));
		nf_ct_netns_put(an->net, NFPROTO_INET);
	}
	if (!ret)
		an->hooked = want;
	return ret;
}
