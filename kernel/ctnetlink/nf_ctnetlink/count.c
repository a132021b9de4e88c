// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command COUNT: how many connections there are, and how many of each
 * group.
 *
 * The groups of a request are in a hash table of its own. rhashtable does not
 * charge its buckets to the memory cgroup of the reader.
 */
#include <linux/list.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack_acct.h>

#include "ctnetlink/nf_ctnetlink/internal.h"

enum {
	BUCKETS_FIRST = 256,
	/* Groups that are sent, or freed, without a pause. */
	GROUPS_BATCH = 512,
};

/**
 * struct ctn_group - a group
 * @node: in its bucket
 * @sum: as it is sent
 */
struct ctn_group {
	struct hlist_node node;
	struct nf_ctnetlink_group sum;
};

/**
 * struct ctn_groups - the groups of a request
 * @by: NF_CTNETLINK_GROUP_*
 * @max: the most
 * @count: how many there are
 * @others: connections in none, because of @max
 * @seed: of the hash
 * @buckets: the table
 * @size: its buckets, a power of two
 * @sent: buckets whose groups are in messages
 */
struct ctn_groups {
	u8 by;
	u32 max;
	u32 count;
	u64 others;
	siphash_key_t seed;
	struct hlist_head *buckets;
	u32 size;
	u32 sent;
};

static struct hlist_head *group_bucket(const struct ctn_groups *groups,
				       const struct nf_ctnetlink_key *key)
{
	u64 hash = siphash(key, sizeof(*key), &groups->seed);

	return &groups->buckets[hash & (groups->size - 1)];
}

static struct ctn_group *group_find(const struct ctn_groups *groups,
				    const struct nf_ctnetlink_key *key)
{
	struct ctn_group *group;

	hlist_for_each_entry(group, group_bucket(groups, key), node)
		if (!memcmp(&group->sum.key, key, sizeof(*key)))
			return group;
	return NULL;
}

/* Without memory, the table stays as it is. */
static void groups_grow(struct ctn_groups *groups)
{
	struct hlist_head *old = groups->buckets;
	u32 i, size = groups->size;
	struct ctn_group *group;
	struct hlist_node *next;

	groups->buckets = kvcalloc(2 * size, sizeof(*old), GFP_KERNEL_ACCOUNT);
	if (!groups->buckets) {
		groups->buckets = old;
		return;
	}
	groups->size = 2 * size;
	for (i = 0; i < size; i++)
		hlist_for_each_entry_safe(group, next, &old[i], node)
			hlist_add_head(&group->node,
				       group_bucket(groups, &group->sum.key));
	kvfree(old);
}

/* NULL with @max groups, or an ERR_PTR. */
static struct ctn_group *group_get(struct ctn_groups *groups,
				   const struct nf_ctnetlink_key *key)
{
	struct ctn_group *group = group_find(groups, key);

	if (group || groups->count == groups->max)
		return group;
	group = kzalloc(sizeof(*group), GFP_KERNEL_ACCOUNT);
	if (!group)
		return ERR_PTR(-ENOMEM);
	group->sum.key = *key;
	if (groups->count >= groups->size)
		groups_grow(groups);
	hlist_add_head(&group->node, group_bucket(groups, key));
	groups->count++;
	return group;
}

static void key_addr(struct nf_ctnetlink_key *key,
		     const struct ctn_facts *facts, const u8 *addr)
{
	key->family = facts->family;
	memcpy(key->addr, addr, key->family == NFPROTO_IPV4 ? 4 : 16);
}

static void key_helper(struct nf_ctnetlink_key *key, struct ctn_facts *facts,
		       const struct nf_conn *ct)
{
	rcu_read_lock();
	ctn_facts_more(facts, ct, CTN_HAS_MORE);
	if (facts->helper)
		strscpy_pad(key->name, facts->helper, sizeof(key->name));
	rcu_read_unlock();
}

static void group_key(struct nf_ctnetlink_key *key, u8 by,
		      const struct nf_conn *ct)
{
	struct ctn_facts facts = {};

	memset(key, 0, sizeof(*key));
	ctn_facts_basic(&facts, ct);
	switch (by) {
	case NF_CTNETLINK_GROUP_SRC:
		key_addr(key, &facts, facts.addr[0][0]);
		break;
	case NF_CTNETLINK_GROUP_DST:
		key_addr(key, &facts, facts.addr[0][1]);
		break;
	case NF_CTNETLINK_GROUP_DPORT:
		key->proto = facts.proto;
		key->number = facts.has_ports ? facts.port[0][1] : 0;
		break;
	case NF_CTNETLINK_GROUP_PROTO:
		key->proto = facts.proto;
		break;
	case NF_CTNETLINK_GROUP_STATE:
		key->proto = facts.flags ? facts.proto : 0;
		key->number = facts.state;
		break;
	case NF_CTNETLINK_GROUP_ZONE:
		key->number = facts.zone;
		break;
	case NF_CTNETLINK_GROUP_MARK:
		key->number = facts.mark;
		break;
	case NF_CTNETLINK_GROUP_HELPER:
		key_helper(key, &facts, ct);
		break;
	}
}

static int group_add(struct ctn_groups *groups, const struct nf_conn *ct)
{
	struct nf_conn_acct *acct = nf_conn_acct_find(ct);
	struct nf_ctnetlink_key key;
	struct ctn_group *group;
	unsigned int dir;

	group_key(&key, groups->by, ct);
	group = group_get(groups, &key);
	if (IS_ERR(group))
		return PTR_ERR(group);
	if (!group) {
		groups->others++;
		return 0;
	}
	group->sum.connections++;
	for (dir = 0; acct && dir < IP_CT_DIR_MAX; dir++) {
		group->sum.packets +=
			atomic64_read(&acct->counter[dir].packets);
		group->sum.bytes += atomic64_read(&acct->counter[dir].bytes);
	}
	return 0;
}

static int count_walk(struct ctn_request *req)
{
	struct ctn_scan *scan = &req->scan;
	unsigned int i;
	int err;

	scan->nodes = 0;
	while (!scan->done && scan->nodes < CTN_PART_NODES) {
		err = pom_ctn_scan_next(scan, CTN_BATCH);
		for (i = 0; !err && req->groups && i < scan->found; i++)
			err = group_add(req->groups, scan->batch[i]);
		pom_ctn_scan_put(scan);
		if (err)
			return err;
	}
	return 0;
}

/* Whole buckets, as many as fit. */
static int groups_put(struct ctn_groups *groups, struct sk_buff *skb)
{
	struct nlattr *attr = nla_reserve(skb, NF_CTNETLINK_A_GROUPS, 0);
	int room = skb_tailroom(skb) - (int)CTN_COUNTERS_LEN;
	struct ctn_group *group;
	unsigned int n = 0;

	if (!attr || room < (int)sizeof(group->sum))
		return -EMSGSIZE;
	room = min_t(int, room, 65535 - NLA_HDRLEN) / sizeof(group->sum);
	room = min_t(int, room, GROUPS_BATCH);
	while (groups->sent < groups->size) {
		struct hlist_head *bucket = &groups->buckets[groups->sent];

		while (!hlist_empty(bucket) && room) {
			group = hlist_entry(bucket->first, struct ctn_group,
					    node);
			skb_put_data(skb, &group->sum, sizeof(group->sum));
			hlist_del(&group->node);
			kfree(group);
			room--;
		}
		if (!hlist_empty(bucket) || ++n == 8 * GROUPS_BATCH)
			break;
		groups->sent++;
	}
	attr->nla_len = skb_tail_pointer(skb) - (unsigned char *)attr;
	return 0;
}

static int count_part(struct ctn_request *req, struct sk_buff *skb)
{
	struct ctn_groups *groups = req->groups;
	int err;

	if (!req->scan.done)
		return count_walk(req);
	if (groups) {
		err = groups_put(groups, skb);
		if (err || groups->sent < groups->size)
			return err;
		if (nla_put_u64_64bit(skb, NF_CTNETLINK_A_OTHERS,
				      groups->others, NF_CTNETLINK_A_PAD))
			return -EMSGSIZE;
	}
	req->finished = true;
	return ctn_put_counts(skb, &req->scan.counts);
}

static int groups_create(struct ctn_request *req, u8 by, u32 max)
{
	struct ctn_groups *groups = kzalloc(sizeof(*groups),
					    GFP_KERNEL_ACCOUNT);

	if (!groups)
		return -ENOMEM;
	groups->size = BUCKETS_FIRST;
	groups->buckets = kvcalloc(groups->size, sizeof(*groups->buckets),
				   GFP_KERNEL_ACCOUNT);
	if (!groups->buckets) {
		kfree(groups);
		return -ENOMEM;
	}
	groups->by = by;
	groups->max = max;
	get_random_bytes(&groups->seed, sizeof(groups->seed));
	req->groups = groups;
	req->scan.hold = true;
	return 0;
}

static int count_begin(struct ctn_request *req, struct nlattr **attrs,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *max = attrs[NF_CTNETLINK_A_GROUPS_MAX];
	struct nlattr *by = attrs[NF_CTNETLINK_A_GROUP];

	if (max && nla_get_u32(max) > NF_CTNETLINK_GROUPS_MOST) {
		NL_SET_ERR_MSG_ATTR(extack, max, "at most 1048576 groups");
		return -ERANGE;
	}
	if (!by || nla_get_u8(by) == NF_CTNETLINK_GROUP_NONE)
		return 0;
	return groups_create(req, nla_get_u8(by), max ? nla_get_u32(max) :
			     NF_CTNETLINK_GROUPS_DEFAULT);
}

static void count_end(struct ctn_request *req)
{
	struct ctn_groups *groups = req->groups;
	struct ctn_group *group;
	struct hlist_node *next;
	u32 i;

	if (!groups)
		return;
	for (i = 0; i < groups->size; i++) {
		hlist_for_each_entry_safe(group, next, &groups->buckets[i],
					  node)
			kfree(group);
		if (i % GROUPS_BATCH == 0)
			cond_resched();
	}
	kvfree(groups->buckets);
	kfree(groups);
}

const struct ctn_command ctn_count = {
	.cmd	= NF_CTNETLINK_CMD_COUNT,
	.begin	= count_begin,
	.part	= count_part,
	.end	= count_end,
};
