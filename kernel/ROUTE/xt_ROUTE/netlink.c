// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family xt_ROUTE lists next hops that are watched, says
 * that they are up or down, and sends an event when their state has changed.
 * include/linux/netfilter/xt_ROUTE.h describes the messages.
 */
#include <linux/module.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "compat/genetlink.h"
#include "ROUTE/xt_ROUTE/internal.h"

MODULE_ALIAS_GENL_FAMILY(XT_ROUTE_GENL_NAME);

static const struct genl_multicast_group route_groups[] = {
	{
		.name = XT_ROUTE_GENL_EVENTS,
		GENL_MCGRP_FLAGS(GENL_MCAST_CAP_NET_ADMIN)
	},
};

static const struct nla_policy route_policy[] = {
	[XT_ROUTE_A_GW]		= NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[XT_ROUTE_A_OIF]	= { .type = NLA_NUL_STRING,
				    .len = IFNAMSIZ - 1 },
	[XT_ROUTE_A_SET]	= NLA_POLICY_MAX(NLA_U8, ROUTE_DOWN),
};

static struct genl_family route_family;

static unsigned int route_gw_len(const struct route_key *key)
{
	return key->family == NFPROTO_IPV4 ? sizeof(key->gw.ip) :
					     sizeof(key->gw.in6);
}

static size_t route_msg_size(void)
{
	return nla_total_size(sizeof(struct in6_addr)) +
	       nla_total_size(IFNAMSIZ) + 4 * nla_total_size(sizeof(u8)) +
	       nla_total_size(0);
}

static int route_msg_put(struct sk_buff *msg, const struct route_hop *hop)
{
	const struct route_key *key = &hop->key;

	if (key->has_gw &&
	    nla_put(msg, XT_ROUTE_A_GW, route_gw_len(key), &key->gw))
		return -EMSGSIZE;
	if (key->name[0] && nla_put_string(msg, XT_ROUTE_A_OIF, key->name))
		return -EMSGSIZE;
	if (nla_put_u8(msg, XT_ROUTE_A_FAMILY, key->family) ||
	    nla_put_u8(msg, XT_ROUTE_A_UP, hop->usable) ||
	    nla_put_u8(msg, XT_ROUTE_A_SET, hop->forced) ||
	    nla_put_u8(msg, XT_ROUTE_A_NUMBER, hop->number))
		return -EMSGSIZE;
	if (key->reply && nla_put_flag(msg, XT_ROUTE_A_REPLY))
		return -EMSGSIZE;
	return 0;
}

static int route_msg_fill(struct sk_buff *msg, const struct route_hop *hop,
			  u32 portid, u32 seq, int flags, u8 cmd)
{
	void *hdr = genlmsg_put(msg, portid, seq, &route_family, flags, cmd);
	int err;

	if (!hdr)
		return -EMSGSIZE;
	err = route_msg_put(msg, hop);
	if (err)
		genlmsg_cancel(msg, hdr);
	else
		genlmsg_end(msg, hdr);
	return err;
}

/**
 * route_netlink_notify() - send an event
 * @net: the network namespace
 * @hop: the next hop, with a number if it will have one; route_net.lock is held
 * @event: XT_ROUTE_CMD_CHANGE or XT_ROUTE_CMD_END
 *
 * A listener that loses an event for lack of memory gets ENOBUFS.
 */
void route_netlink_notify(struct net *net, const struct route_hop *hop,
			  enum xt_route_cmd event)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(&route_family, net, 0))
		return;
	msg = genlmsg_new(route_msg_size(), GFP_KERNEL);
	if (msg && !route_msg_fill(msg, hop, 0, 0, 0, event)) {
		genlmsg_multicast_netns(&route_family, net, msg, 0, 0,
					GFP_KERNEL);
		return;
	}
	nlmsg_free(msg);
	genl_set_err(&route_family, net, 0, 0, -ENOBUFS);
}

/* A dump continues after the id in cb->args[0]. */
static int route_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct route_net *rn = route_pernet(sock_net(skb->sk));
	struct route_hop *hop;
	unsigned long id;

	mutex_lock(&rn->lock);
	rcu_read_lock();
	xa_for_each_start(&rn->hops, id, hop, cb->args[0] + 1) {
		if (hop->watchers &&
		    route_msg_fill(skb, hop, NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, NLM_F_MULTI,
				   XT_ROUTE_CMD_GET))
			break;
		cb->args[0] = id;
	}
	rcu_read_unlock();
	mutex_unlock(&rn->lock);
	return skb->len;
}

static int route_key_read(struct genl_info *info, struct route_key *key)
{
	struct nlattr *gw = info->attrs[XT_ROUTE_A_GW];
	struct nlattr *oif = info->attrs[XT_ROUTE_A_OIF];

	if (!gw && !oif)
		return -EINVAL;
	if (oif && !*(char *)nla_data(oif))
		return -EINVAL;
	if (oif)
		strscpy(key->name, nla_data(oif), sizeof(key->name));
	if (!gw)
		return 0;
	key->has_gw = true;
	key->family = nla_len(gw) == sizeof(key->gw.ip) ? NFPROTO_IPV4 :
							  NFPROTO_IPV6;
	if (nla_len(gw) != route_gw_len(key))
		return -EINVAL;
	memcpy(&key->gw, nla_data(gw), nla_len(gw));
	return 0;
}

static int route_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct route_net *rn = route_pernet(genl_info_net(info));
	struct route_key key = {};
	int err = route_key_read(info, &key);

	if (err || GENL_REQ_ATTR_CHECK(info, XT_ROUTE_A_SET))
		return -EINVAL;
	return route_watch_force(rn, &key,
				 nla_get_u8(info->attrs[XT_ROUTE_A_SET]));
}

static const struct genl_ops route_ops[] = {
	{
		.cmd	= XT_ROUTE_CMD_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= route_get_dumpit,
	},
	{
		.cmd	= XT_ROUTE_CMD_SET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= route_set_doit,
	},
};

static struct genl_family route_family __ro_after_init = {
	.name		= XT_ROUTE_GENL_NAME,
	.version	= XT_ROUTE_GENL_VERSION,
	.module		= THIS_MODULE,
	.netnsok	= true,
	.parallel_ops	= true, /* route_net.lock is enough */
	.maxattr	= ARRAY_SIZE(route_policy) - 1,
	.policy		= route_policy,
	.ops		= route_ops,
	.n_ops		= ARRAY_SIZE(route_ops),
	.mcgrps		= route_groups,
	.n_mcgrps	= ARRAY_SIZE(route_groups),
};

int __init route_netlink_init(void)
{
	return genl_register_family(&route_family);
}

void route_netlink_exit(void)
{
	genl_unregister_family(&route_family);
}
