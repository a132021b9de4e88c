// SPDX-License-Identifier: GPL-2.0-only
/*
 * nf_ctnetlink - the generic netlink family of large connection tables
 *
 * Messages are described in include/linux/netfilter/nf_ctnetlink.h.
 *
 * All commands are dumps. What a command does in its request is done under the
 * lock of all generic netlink, what a dump does when it is read is not. Only
 * the first part of a dump is in the request.
 */
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "compat/genetlink.h"
#include "ctnetlink/filter.h"
#include "ctnetlink/nf_ctnetlink/internal.h"
#include "ctnetlink/position.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Netfilter: lists, counts and changes connections in large tables");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS_GENL_FAMILY(NF_CTNETLINK_GENL_NAME);

static struct genl_family ctn_family;

static const struct nla_policy ctn_policy[NF_CTNETLINK_A_MAX + 1] = {
	[NF_CTNETLINK_A_TERMS] = {
		.type	= NLA_BINARY,
		.len	= NF_CTNETLINK_TERMS_MAX *
			  sizeof(struct nf_ctnetlink_term),
	},
	[NF_CTNETLINK_A_BLOCKS] =
		NLA_POLICY_MAX(NLA_U32, NF_CTNETLINK_BLOCKS_ALL),
	[NF_CTNETLINK_A_GROUP] = NLA_POLICY_MAX(NLA_U8,
						NF_CTNETLINK_GROUP_MAX),
	[NF_CTNETLINK_A_GROUPS_MAX] = { .type = NLA_U32 },
	[NF_CTNETLINK_A_DELETE] = { .type = NLA_FLAG },
	[NF_CTNETLINK_A_MARK] = { .type = NLA_U32 },
	[NF_CTNETLINK_A_MARK_MASK] = { .type = NLA_U32 },
	[NF_CTNETLINK_A_TIMEOUT] = { .type = NLA_U32 },
	[NF_CTNETLINK_A_LABELS] = NLA_POLICY_EXACT_LEN(4 * sizeof(u32)),
	[NF_CTNETLINK_A_LABELS_MASK] = NLA_POLICY_EXACT_LEN(4 * sizeof(u32)),
};

int ctn_put_counts(struct sk_buff *skb, const struct ctn_counts *counts)
{
	if (nla_put_u64_64bit(skb, NF_CTNETLINK_A_SEEN, counts->seen,
			      NF_CTNETLINK_A_PAD) ||
	    nla_put_u64_64bit(skb, NF_CTNETLINK_A_MATCHED, counts->matched,
			      NF_CTNETLINK_A_PAD) ||
	    nla_put_u64_64bit(skb, NF_CTNETLINK_A_NO_ACCT, counts->no_acct,
			      NF_CTNETLINK_A_PAD) ||
	    nla_put_u64_64bit(skb, NF_CTNETLINK_A_NO_TSTAMP,
			      counts->no_tstamp, NF_CTNETLINK_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static struct ctn_filter *ctn_filter_read(struct nlattr *attr,
					  struct netlink_ext_ack *extack)
{
	struct ctn_filter *filter;
	const char *wrong = NULL;

	filter = pom_ctn_filter_create(attr ? nla_data(attr) : NULL,
				       attr ? nla_len(attr) : 0, &wrong);
	if (IS_ERR(filter) && wrong) {
		NL_SET_BAD_ATTR(extack, attr);
		if (extack)
			extack->_msg = wrong;
	}
	return filter;
}

static void ctn_request_free(struct ctn_request *req)
{
	if (req->command->end)
		req->command->end(req);
	pom_ctn_scan_free(&req->scan);
	kvfree(req);
}

/* The socket holds the namespace. */
static int ctn_start(struct netlink_callback *cb,
		     const struct ctn_command *command)
{
	struct nlattr **attrs = pom_genl_dump_attrs(cb);
	struct ctn_request *req;
	int err;

	req = kvzalloc(sizeof(*req), GFP_KERNEL_ACCOUNT);
	if (!req)
		return -ENOMEM;
	req->command = command;
	req->scan.net = sock_net(cb->skb->sk);
	pom_ctn_scan_begin(&req->scan);
	req->scan.filter = ctn_filter_read(attrs[NF_CTNETLINK_A_TERMS],
					   cb->extack);
	if (IS_ERR(req->scan.filter)) {
		err = PTR_ERR(req->scan.filter);
		kvfree(req);
		return err;
	}
	err = command->begin(req, attrs, cb->extack);
	if (err) {
		ctn_request_free(req);
		return err;
	}
	cb->args[0] = (long)req;
	return 0;
}

static int ctn_list_start(struct netlink_callback *cb)
{
	return ctn_start(cb, &ctn_list);
}

static int ctn_count_start(struct netlink_callback *cb)
{
	return ctn_start(cb, &ctn_count);
}

static int ctn_change_start(struct netlink_callback *cb)
{
	return ctn_start(cb, &ctn_change);
}

static int ctn_done(struct netlink_callback *cb)
{
	ctn_request_free((struct ctn_request *)cb->args[0]);
	return 0;
}

/* One message. */
static int ctn_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct ctn_request *req = (struct ctn_request *)cb->args[0];
	void *hdr;
	int err;

	if (req->finished)
		return 0;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &ctn_family, NLM_F_MULTI, req->command->cmd);
	if (!hdr)
		return -EMSGSIZE;
	err = req->command->part(req, skb);
	if (err) {
		genlmsg_cancel(skb, hdr);
		return err;
	}
	genlmsg_end(skb, hdr);
	return skb->len;
}

static const struct genl_ops ctn_ops[] = {
	{
		.cmd	= NF_CTNETLINK_CMD_LIST,
		.flags	= GENL_UNS_ADMIN_PERM,
		.start	= ctn_list_start,
		.dumpit	= ctn_dumpit,
		.done	= ctn_done,
	},
	{
		.cmd	= NF_CTNETLINK_CMD_COUNT,
		.flags	= GENL_UNS_ADMIN_PERM,
		.start	= ctn_count_start,
		.dumpit	= ctn_dumpit,
		.done	= ctn_done,
	},
	{
		.cmd	= NF_CTNETLINK_CMD_CHANGE,
		.flags	= GENL_UNS_ADMIN_PERM,
		.start	= ctn_change_start,
		.dumpit	= ctn_dumpit,
		.done	= ctn_done,
	},
};

static struct genl_family ctn_family __ro_after_init = {
	.name		= NF_CTNETLINK_GENL_NAME,
	.version	= NF_CTNETLINK_GENL_VERSION,
	.module		= THIS_MODULE,
	.netnsok	= true,
	.parallel_ops	= true,
	.maxattr	= NF_CTNETLINK_A_MAX,
	.policy		= ctn_policy,
	.ops		= ctn_ops,
	.n_ops		= ARRAY_SIZE(ctn_ops),
};

static int __init ctn_init(void)
{
	return genl_register_family(&ctn_family);
}

static void __exit ctn_exit(void)
{
	genl_unregister_family(&ctn_family);
}

module_init(ctn_init);
module_exit(ctn_exit);
