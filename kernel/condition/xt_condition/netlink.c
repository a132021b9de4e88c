// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family nf_condition lists, reads and sets conditions, and
 * sends events of their changes. include/linux/netfilter/xt_condition.h
 * describes the messages.
 */
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netlink.h>
#include <net/sock.h>
#include "compat/genetlink.h"
#include "condition/xt_condition/internal.h"

MODULE_ALIAS_GENL_FAMILY(NF_CONDITION_GENL_NAME);

enum { CONDITION_GROUP_EVENTS };

static const struct genl_multicast_group condition_groups[] = {
	[CONDITION_GROUP_EVENTS] = {
		.name = NF_CONDITION_GENL_EVENTS,
		GENL_MCGRP_FLAGS(GENL_MCAST_CAP_NET_ADMIN)
	},
};

static const struct nla_policy condition_policy[] = {
	[NF_CONDITION_A_NAME] = {
		.type	= NLA_NUL_STRING,
		.len	= XT_CONDITION_NAME_LEN - 1,
	},
	[NF_CONDITION_A_VALUE] = NLA_POLICY_MAX(NLA_U8, 1),
};

static struct genl_family condition_family;

static struct sk_buff *condition_msg_alloc(gfp_t gfp)
{
	return genlmsg_new(nla_total_size(XT_CONDITION_NAME_LEN) +
			   nla_total_size(sizeof(u8)), gfp);
}

static int condition_msg_fill(struct sk_buff *skb, const struct condition *c,
			      u32 portid, u32 seq, int flags, u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &condition_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(skb, NF_CONDITION_A_NAME, c->name) ||
	    nla_put_u8(skb, NF_CONDITION_A_VALUE, condition_value(c))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * condition_netlink_notify - send an event in a condition's namespace
 * @c: the condition; its lock is held, which keeps events in order
 * @event: NEW, CHANGE or DEL
 *
 * A listener that loses an event, for lack of memory, gets ENOBUFS from
 * netlink, and must dump again.
 */
void condition_netlink_notify(const struct condition *c,
			      enum nf_condition_cmd event)
{
	struct sk_buff *skb;

	lockdep_assert_held(&c->lock);
	if (!genl_has_listeners(&condition_family, c->net,
				CONDITION_GROUP_EVENTS))
		return;
	skb = condition_msg_alloc(GFP_KERNEL);
	if (!skb || condition_msg_fill(skb, c, 0, 0, 0, event)) {
		nlmsg_free(skb);
		genl_set_err(&condition_family, c->net, 0,
			     CONDITION_GROUP_EVENTS, -ENOBUFS);
		return;
	}
	genlmsg_multicast_netns(&condition_family, c->net, skb, 0,
				CONDITION_GROUP_EVENTS, GFP_KERNEL);
}

/* Finds the condition that a request names. Under cn->names.lock. */
static struct condition *condition_of_request(struct condition_net *cn,
					      struct genl_info *info)
{
	struct condition *c;

	if (GENL_REQ_ATTR_CHECK(info, NF_CONDITION_A_NAME))
		return ERR_PTR(-EINVAL);
	c = condition_find(cn, nla_data(info->attrs[NF_CONDITION_A_NAME]));
	if (!c) {
		NL_SET_BAD_ATTR(info->extack,
				info->attrs[NF_CONDITION_A_NAME]);
		GENL_SET_ERR_MSG(info, "no rule uses a condition of that name");
		return ERR_PTR(-ENOENT);
	}
	return c;
}

static int condition_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct condition_net *cn = condition_pernet(genl_info_net(info));
	struct condition *c;
	struct sk_buff *msg;
	int err;

	msg = condition_msg_alloc(GFP_KERNEL);
	if (!msg)
		return -ENOMEM;

	mutex_lock(&cn->names.lock);
	c = condition_of_request(cn, info);
	if (IS_ERR(c))
		err = PTR_ERR(c);
	else
		err = condition_msg_fill(msg, c, info->snd_portid,
					 info->snd_seq, 0,
					 NF_CONDITION_CMD_GET);
	mutex_unlock(&cn->names.lock);

	if (err) {
		nlmsg_free(msg);
		return err;
	}
	return genlmsg_reply(msg, info);
}

static int condition_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct condition_net *cn = condition_pernet(genl_info_net(info));
	struct condition *c;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, NF_CONDITION_A_VALUE))
		return -EINVAL;

	mutex_lock(&cn->names.lock);
	c = condition_of_request(cn, info);
	if (IS_ERR(c))
		err = PTR_ERR(c);
	else
		err = condition_set(c,
				    nla_get_u8(info->attrs[NF_CONDITION_A_VALUE]));
	mutex_unlock(&cn->names.lock);
	return err;
}

/*
 * A dump continues after the last name that it sent. If conditions are added or
 * removed meanwhile, it neither skips nor repeats others.
 */
static int condition_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	struct condition_net *cn = condition_pernet(sock_net(skb->sk));
	char *last = (char *)cb->ctx;
	struct condition *c;

	BUILD_BUG_ON(sizeof(cb->ctx) < XT_CONDITION_NAME_LEN);

	mutex_lock(&cn->names.lock);
	while ((c = condition_find_after(cn, last))) {
		if (condition_msg_fill(skb, c, NETLINK_CB(cb->skb).portid,
				       cb->nlh->nlmsg_seq, NLM_F_MULTI,
				       NF_CONDITION_CMD_GET))
			break;
		strscpy(last, c->name, XT_CONDITION_NAME_LEN);
	}
	mutex_unlock(&cn->names.lock);
	return skb->len;
}

static const struct genl_ops condition_ops[] = {
	{
		.cmd	= NF_CONDITION_CMD_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= condition_get_doit,
		.dumpit	= condition_get_dumpit,
	},
	{
		.cmd	= NF_CONDITION_CMD_SET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= condition_set_doit,
	},
};

static struct genl_family condition_family __ro_after_init = {
	.name		= NF_CONDITION_GENL_NAME,
	.version	= NF_CONDITION_GENL_VERSION,
	.module		= THIS_MODULE,
	.netnsok	= true,
	.parallel_ops	= true, /* condition_net.names.lock is enough */
	.maxattr	= NF_CONDITION_A_MAX,
	.policy		= condition_policy,
	.ops		= condition_ops,
	.n_ops		= ARRAY_SIZE(condition_ops),
	.mcgrps		= condition_groups,
	.n_mcgrps	= ARRAY_SIZE(condition_groups),
};

int __init condition_netlink_init(void)
{
	return genl_register_family(&condition_family);
}

void condition_netlink_exit(void)
{
	genl_unregister_family(&condition_family);
}
