// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family xt_recent: lists, their addresses, and what
 * becomes of them. Messages are described in
 * include/linux/netfilter/xt_recent.h.
 *
 * Events of one address come in the order in which things happened to it; see
 * recent_event_send().
 */
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/netlink.h>
#include <net/sock.h>
#include "compat/genetlink.h"
#include "recent/parser.h"
#include "recent/xt_recent/internal.h"

MODULE_ALIAS_GENL_FAMILY(XT_RECENT_GENL_NAME);

enum { RECENT_GROUP_EVENTS };

static const struct genl_multicast_group recent_groups[] = {
	[RECENT_GROUP_EVENTS] = {
		.name = XT_RECENT_GENL_EVENTS,
		GENL_MCGRP_FLAGS(GENL_MCAST_CAP_NET_ADMIN)
	},
};

static const struct nla_policy recent_policy[XT_RECENT_A_MAX + 1] = {
	[XT_RECENT_A_NAME] = {
		.type	= NLA_NUL_STRING,
		.len	= XT_RECENT_NAME_LEN - 1,
	},
	[XT_RECENT_A_ADDR] = { .type = NLA_BINARY, .len = 16 },
	[XT_RECENT_A_PREFIX] = NLA_POLICY_MAX(NLA_U8, 128),
	[XT_RECENT_A_TTL] = { .type = NLA_U8 },
	[XT_RECENT_A_AGES] = {
		.type	= NLA_BINARY,
		.len	= XT_RECENT_GENL_AGES * sizeof(u64),
	},
	[XT_RECENT_A_SIZE] = NLA_POLICY_MIN(NLA_U32, 1),
	[XT_RECENT_A_STAMPS] = NLA_POLICY_MIN(NLA_U32, 1),
	[XT_RECENT_A_TIMEOUT] = { .type = NLA_U32 },
	[XT_RECENT_A_FULL] = NLA_POLICY_RANGE(NLA_U8, XT_RECENT_FULL_EVICT,
					      XT_RECENT_FULL_MAX),
};

static struct genl_family recent_family;

static size_t recent_addr_len(u8 family)
{
	return family == NFPROTO_IPV4 ? 4 : 16;
}

/* The @n newest times of an entry. */
static int recent_put_ages(struct sk_buff *skb, const struct recent_entry *e,
			   u32 n)
{
	u64 now = recent_now(), age;
	struct nlattr *attr;
	u32 i;

	n = min3(n, (u32)e->count, (u32)XT_RECENT_GENL_AGES);
	attr = nla_reserve(skb, XT_RECENT_A_AGES, n * sizeof(u64));
	if (!attr)
		return -EMSGSIZE;
	for (i = 0; i < n; i++) {
		age = jiffies64_to_msecs(recent_age(now,
						    recent_stamp(e, i + 1)));
		memcpy(nla_data(attr) + i * sizeof(age), &age, sizeof(age));
	}
	return 0;
}

static int recent_fill_entry(struct sk_buff *skb,
			     const struct recent_list *list,
			     const struct recent_entry *e, u32 ages,
			     u32 portid, u32 seq, int flags, u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, portid, seq, &recent_family, flags, cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_string(skb, XT_RECENT_A_NAME, list->name) ||
	    nla_put(skb, XT_RECENT_A_ADDR, recent_addr_len(e->family),
		    &e->addr) ||
	    (ages && (nla_put_u8(skb, XT_RECENT_A_TTL, e->ttl) ||
		      nla_put_u64_64bit(skb, XT_RECENT_A_HITS, e->hits,
					XT_RECENT_A_PAD) ||
		      recent_put_ages(skb, e, ages)))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* Whether somebody listens, in any namespace: the kernel knows no more. */
static bool recent_heard(const struct recent_list *list)
{
	return !READ_ONCE(list->gone) &&
	       genl_has_listeners(&recent_family, list->net,
				  RECENT_GROUP_EVENTS);
}

/**
 * recent_event - build an event, if somebody listens
 * @list: its list
 * @e: the entry; its lock is held for ADD and SEE, its list's for DEL
 * @event: ADD, SEE or DEL
 *
 * Any context. A listener whose event is lost to want of memory reads
 * ENOBUFS, as netlink has it, and dumps again. A new listener, and one that
 * has read ENOBUFS, may miss the events of one tick.
 *
 * Return: what recent_event_send() takes, or NULL if there is nothing to send
 */
struct sk_buff *recent_event(struct recent_list *list,
			     const struct recent_entry *e,
			     enum xt_recent_cmd event)
{
	u32 ages = event == XT_RECENT_CMD_ADD ? XT_RECENT_GENL_AGES :
		   event == XT_RECENT_CMD_SEE ? 1 : 0;
	struct sk_buff *skb;
	size_t len;

	if (!recent_heard(list) ||
	    atomic64_read(&list->silent_at) == recent_now())
		return NULL;
	len = nla_total_size(XT_RECENT_NAME_LEN) + nla_total_size(16) +
	      nla_total_size(1) + nla_total_size_64bit(sizeof(u64)) +
	      nla_total_size(min_t(u32, ages, e->count) * sizeof(u64));
	skb = genlmsg_new(len, GFP_ATOMIC);
	if (!skb || recent_fill_entry(skb, list, e, ages, 0, 0, 0, event)) {
		nlmsg_free(skb);
		genl_set_err(&recent_family, list->net, 0, RECENT_GROUP_EVENTS,
			     -ENOBUFS);
		return NULL;
	}
	return skb;
}

/**
 * recent_event_send - send an event
 * @list: its list
 * @event: from recent_event(), not NULL; it is used up
 *
 * Any context. ADD and SEE are sent under the entry's lock, DEL under the
 * list's, so that the events of an address come in the order in which things
 * happened to it.
 *
 * Where nobody of the list's namespace gets it, nothing is built for the rest
 * of the tick: a listener of one namespace costs others one event in a tick.
 * The kernel does not tell a listener whose buffer is full from none.
 */
void recent_event_send(struct recent_list *list, struct sk_buff *event)
{
	if (genlmsg_multicast_netns(&recent_family, list->net, event, 0,
				    RECENT_GROUP_EVENTS, GFP_ATOMIC) == -ESRCH)
		atomic64_set(&list->silent_at, recent_now());
}

/* For a SEE event, at most once in a tick where nobody listens. */
void recent_event_see(struct recent_list *list, const struct recent_entry *e,
		      u64 now)
{
	struct sk_buff *skb = recent_event(list, e, XT_RECENT_CMD_SEE);

	if (skb)
		recent_event_send(list, skb);
	else if (!recent_heard(list))
		atomic64_set(&list->silent_at, now);
}

/* The list that a request names, for recent_list_put(), or an ERR_PTR. */
static struct recent_list *recent_list_of(struct net *net, struct nlattr *name,
					  struct netlink_ext_ack *extack)
{
	struct recent_list *list;

	if (!name) {
		NL_SET_ERR_MSG(extack, "the name of a list is missing");
		return ERR_PTR(-EINVAL);
	}
	list = recent_list_find(net, nla_data(name));
	if (!list) {
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "no rule uses a list of that name");
		return ERR_PTR(-ENOENT);
	}
	return list;
}

/* The address of a request, under the mask of the list. */
static int recent_key_of(const struct recent_list *list,
			 const struct nlattr *attr,
			 struct netlink_ext_ack *extack,
			 struct recent_key *key)
{
	union nf_inet_addr addr = {};

	if (!attr || (nla_len(attr) != 4 && nla_len(attr) != 16)) {
		NL_SET_ERR_MSG(extack,
			       "an address of 4 or 16 bytes is missing");
		return -EINVAL;
	}
	memcpy(&addr, nla_data(attr), nla_len(attr));
	*key = recent_list_key(list, nla_len(attr) == 4 ? NFPROTO_IPV4 :
			       NFPROTO_IPV6, &addr);
	return 0;
}

static int recent_fill_list(struct sk_buff *skb, struct recent_list *list,
			    u32 portid, u32 seq)
{
	struct recent_stats stats;
	void *hdr;
	u32 count;

	hdr = genlmsg_put(skb, portid, seq, &recent_family, NLM_F_MULTI,
			  XT_RECENT_CMD_LISTS);
	if (!hdr)
		return -EMSGSIZE;
	spin_lock_bh(&list->lock);
	stats = list->stats;
	count = list->count;
	spin_unlock_bh(&list->lock);
	if (nla_put_string(skb, XT_RECENT_A_NAME, list->name) ||
	    nla_put_u32(skb, XT_RECENT_A_COUNT, count) ||
	    nla_put_u32(skb, XT_RECENT_A_SIZE, recent_list_size(list)) ||
	    nla_put_u32(skb, XT_RECENT_A_STAMPS, READ_ONCE(list->stamps)) ||
	    nla_put_u32(skb, XT_RECENT_A_TIMEOUT, READ_ONCE(list->timeout)) ||
	    nla_put_u8(skb, XT_RECENT_A_FULL, READ_ONCE(list->full)) ||
	    nla_put_u64_64bit(skb, XT_RECENT_A_MEMORY,
			      atomic_long_read(&list->memory),
			      XT_RECENT_A_PAD) ||
	    nla_put_u64_64bit(skb, XT_RECENT_A_ADDED, stats.added,
			      XT_RECENT_A_PAD) ||
	    nla_put_u64_64bit(skb, XT_RECENT_A_EVICTED, stats.evicted,
			      XT_RECENT_A_PAD) ||
	    nla_put_u64_64bit(skb, XT_RECENT_A_REFUSED, stats.refused,
			      XT_RECENT_A_PAD) ||
	    nla_put_u64_64bit(skb, XT_RECENT_A_NO_MEMORY, stats.no_memory,
			      XT_RECENT_A_PAD) ||
	    nla_put_u64_64bit(skb, XT_RECENT_A_EXPIRED, stats.expired,
			      XT_RECENT_A_PAD)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/* Lists are dumped in the order of their creation. cb->ctx is the last one. */
static int recent_lists_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct recent_net *rn = recent_pernet(sock_net(skb->sk));
	u64 *last = (void *)cb->ctx;
	struct recent_list *list;

	mutex_lock(&rn->lock);
	list_for_each_entry(list, &rn->lists, member) {
		if (list->serial <= *last)
			continue;
		if (recent_fill_list(skb, list, NETLINK_CB(cb->skb).portid,
				     cb->nlh->nlmsg_seq))
			break;
		*last = list->serial;
	}
	mutex_unlock(&rn->lock);
	return skb->len;
}

/**
 * struct recent_dump - the position of a dump of addresses
 * @begun: whether @last is set
 * @last: the last one that was sent
 */
struct recent_dump {
	bool begun;
	struct recent_key last;
};

/* What fits into one message buffer. Under the list's @resizing and @lock. */
static int recent_dump_some(struct sk_buff *skb, struct netlink_callback *cb,
			    struct recent_list *list)
{
	struct recent_dump *dump = (void *)cb->ctx;
	struct recent_entry *e;
	unsigned int n = 0;
	int err = 0;

	while ((e = recent_table_next(list,
				      dump->begun ? &dump->last : NULL))) {
		spin_lock(&e->lock);
		if (!recent_expired(list, e, recent_now()))
			err = recent_fill_entry(skb, list, e,
						XT_RECENT_GENL_AGES,
						NETLINK_CB(cb->skb).portid,
						cb->nlh->nlmsg_seq,
						NLM_F_MULTI, XT_RECENT_CMD_GET);
		spin_unlock(&e->lock);
		if (err)
			break;
		dump->last = recent_entry_key(list, e);
		dump->begun = true;
		if (++n % RECENT_BATCH == 0)
			recent_relax(list);
	}
	return skb->len ? : err;
}

/*
 * Each part looks the list up by name. Where a new list has taken the name, the
 * dump ends, and its last message has NLM_F_DUMP_INTR.
 */
static bool recent_dump_interrupted(struct netlink_callback *cb,
				    const struct recent_list *list)
{
	cb->seq = (u32)list->serial;
	if (cb->prev_seq && cb->prev_seq != cb->seq)
		return true;
	cb->prev_seq = cb->seq;
	return false;
}

static int recent_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct recent_dump *dump = (void *)cb->ctx;
	struct nlattr **attrs = pom_genl_dump_attrs(cb);
	struct recent_list *list;
	int err = 0;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));

	list = recent_list_of(sock_net(skb->sk), attrs[XT_RECENT_A_NAME],
			      cb->extack);
	if (IS_ERR(list))
		return PTR_ERR(list);
	if (recent_dump_interrupted(cb, list))
		goto out;
	if (!dump->begun && attrs[XT_RECENT_A_ADDR]) {
		err = recent_key_of(list, attrs[XT_RECENT_A_ADDR], cb->extack,
				    &dump->last);
		dump->begun = !err;
	}
	if (!err) {
		mutex_lock(&list->resizing);
		spin_lock_bh(&list->lock);
		err = recent_dump_some(skb, cb, list);
		spin_unlock_bh(&list->lock);
		mutex_unlock(&list->resizing);
	}
out:
	recent_list_put(list, false);
	return err;
}

static int recent_set(struct recent_list *list, struct genl_info *info)
{
	struct nlattr *size = info->attrs[XT_RECENT_A_SIZE];
	struct nlattr *stamps = info->attrs[XT_RECENT_A_STAMPS];
	struct nlattr *timeout = info->attrs[XT_RECENT_A_TIMEOUT];
	struct nlattr *full = info->attrs[XT_RECENT_A_FULL];
	struct recent_net *rn = recent_pernet(genl_info_net(info));
	u32 seconds = timeout ? nla_get_u32(timeout) : 0;

	if ((size && nla_get_u32(size) > XT_RECENT_MAX_SIZE) ||
	    (stamps && nla_get_u32(stamps) > XT_RECENT_MAX_STAMPS)) {
		GENL_SET_ERR_MSG(info,
				 "at most 10000000 addresses, and 65535 times");
		return -ERANGE;
	}
	mutex_lock(&rn->lock);
	recent_list_set(list, size ? nla_get_u32(size) : 0,
			stamps ? nla_get_u32(stamps) : 0,
			timeout ? &seconds : NULL,
			full ? nla_get_u8(full) : 0);
	mutex_unlock(&rn->lock);
	recent_trim(list);
	return 0;
}

/* In order, none of them in part, and not older than times can be. */
static bool recent_ages_good(const u64 *ages, u32 len)
{
	u32 i;

	for (i = 0; i < len / sizeof(*ages); i++)
		if (ages[i] >= RECENT_AGE_MAX || (i && ages[i] < ages[i - 1]))
			return false;
	return i && len % sizeof(*ages) == 0;
}

static int recent_add_one(struct recent_list *list, struct genl_info *info)
{
	struct nlattr *ages = info->attrs[XT_RECENT_A_AGES];
	struct nlattr *ttl = info->attrs[XT_RECENT_A_TTL];
	struct recent_key key;
	u64 *copy = NULL;
	int err;

	err = recent_key_of(list, info->attrs[XT_RECENT_A_ADDR], info->extack,
			    &key);
	if (err)
		return err;
	if (ages) {
		copy = kmemdup(nla_data(ages), nla_len(ages), GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
		if (!recent_ages_good(copy, nla_len(ages))) {
			GENL_SET_ERR_MSG(info,
					 "ages must come from the newest to the oldest");
			kfree(copy);
			return -EINVAL;
		}
	}
	if (copy)
		err = recent_restore(list, &key, ttl ? nla_get_u8(ttl) : 0,
				     copy, nla_len(ages) / sizeof(u64));
	else
		err = recent_see(list, &key, ttl ? nla_get_u8(ttl) : 0);
	kfree(copy);
	if (err == -ENOSPC)
		GENL_SET_ERR_MSG(info,
				 "the list is full and refuses; set its size, or full evict");
	else if (err)
		GENL_SET_ERR_MSG(info,
				 "no memory, or no more than (net_)memory_limit_mb allows");
	return err;
}

static int recent_del_some(struct recent_list *list, struct genl_info *info)
{
	struct nlattr *prefix = info->attrs[XT_RECENT_A_PREFIX];
	struct nlattr *attr = info->attrs[XT_RECENT_A_ADDR];
	struct recent_key key;
	bool expired;
	int err;

	err = recent_key_of(list, attr, info->extack, &key);
	if (err)
		return err;
	if (!prefix || nla_get_u8(prefix) == nla_len(attr) * 8) {
		if (recent_remove(list, &key, &expired))
			return 0;
		GENL_SET_ERR_MSG(info, "the address is not in the list");
		return -ENOENT;
	}
	if (nla_get_u8(prefix) > nla_len(attr) * 8) {
		GENL_SET_ERR_MSG(info, "the prefix is longer than the address");
		return -ERANGE;
	}
	recent_remove_net(list, &key, nla_get_u8(prefix));
	return 0;
}

static int recent_flush_one(struct recent_list *list, struct genl_info *info)
{
	recent_flush(list);
	return 0;
}

/* Without a lock of others: the reference keeps the list. */
static int recent_doit(struct genl_info *info,
		       int (*doit)(struct recent_list *list,
				   struct genl_info *info))
{
	struct recent_list *list;
	int err;

	list = recent_list_of(genl_info_net(info),
			      info->attrs[XT_RECENT_A_NAME], info->extack);
	if (IS_ERR(list))
		return PTR_ERR(list);
	err = doit(list, info);
	recent_list_put(list, false);
	return err;
}

static int recent_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return recent_doit(info, recent_set);
}

static int recent_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return recent_doit(info, recent_add_one);
}

static int recent_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return recent_doit(info, recent_del_some);
}

static int recent_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return recent_doit(info, recent_flush_one);
}

static const struct genl_ops recent_ops[] = {
	{
		.cmd	= XT_RECENT_CMD_LISTS,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= recent_lists_dumpit,
	},
	{
		.cmd	= XT_RECENT_CMD_SET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= recent_set_doit,
	},
	{
		.cmd	= XT_RECENT_CMD_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= recent_get_dumpit,
	},
	{
		.cmd	= XT_RECENT_CMD_ADD,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= recent_add_doit,
	},
	{
		.cmd	= XT_RECENT_CMD_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= recent_del_doit,
	},
	{
		.cmd	= XT_RECENT_CMD_FLUSH,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= recent_flush_doit,
	},
};

static struct genl_family recent_family __ro_after_init = {
	.name		= XT_RECENT_GENL_NAME,
	.version	= XT_RECENT_GENL_VERSION,
	.module		= THIS_MODULE,
	.netnsok	= true,
	.parallel_ops	= true,
	.maxattr	= XT_RECENT_A_MAX,
	.policy		= recent_policy,
	.ops		= recent_ops,
	.n_ops		= ARRAY_SIZE(recent_ops),
	.mcgrps		= recent_groups,
	.n_mcgrps	= ARRAY_SIZE(recent_groups),
};

int __init recent_netlink_init(void)
{
	return genl_register_family(&recent_family);
}

void recent_netlink_exit(void)
{
	genl_unregister_family(&recent_family);
}
