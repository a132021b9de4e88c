// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) without nf_ctnetlink: connections by what they have in common. */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>

#include "../lib/cli.h"
#include "ct-fallback.h"

struct fallback_group {
	struct nf_ctnetlink_group sum;	/* first: the tree compares its key */
	struct fallback_group *next;
};

static int compare(const void *left, const void *right)
{
	const struct nf_ctnetlink_group *a = left, *b = right;

	return memcmp(&a->key, &b->key, sizeof(a->key));
}

static void key_addr(struct nf_ctnetlink_key *key, uint8_t family,
		     const uint8_t *addr)
{
	key->family = family;
	memcpy(key->addr, addr, family == NFPROTO_IPV4 ? 4 : 16);
}

static void key_fill(struct nf_ctnetlink_key *key, uint8_t by,
		     const struct ctn_facts *facts)
{
	switch (by) {
	case NF_CTNETLINK_GROUP_SRC:
		return key_addr(key, facts->family, facts->addr[0][0]);
	case NF_CTNETLINK_GROUP_DST:
		return key_addr(key, facts->family, facts->addr[0][1]);
	case NF_CTNETLINK_GROUP_DPORT:
		key->proto = facts->proto;
		key->number = facts->has_ports ? facts->port[0][1] : 0;
		return;
	case NF_CTNETLINK_GROUP_PROTO:
		key->proto = facts->proto;
		return;
	case NF_CTNETLINK_GROUP_STATE:
		key->proto = facts->flags ? facts->proto : 0;
		key->number = facts->state;
		return;
	case NF_CTNETLINK_GROUP_ZONE:
		key->number = facts->zone;
		return;
	case NF_CTNETLINK_GROUP_MARK:
		key->number = facts->mark;
		return;
	case NF_CTNETLINK_GROUP_HELPER:
		snprintf(key->name, sizeof(key->name), "%s",
			 facts->helper ? facts->helper : "");
	}
}

/* NULL where there are as many groups as the kernel's module has. */
static struct fallback_group *group_get(struct fallback_groups *groups,
					const struct nf_ctnetlink_group *sum)
{
	struct fallback_group *group, **node;

	node = tfind(sum, &groups->tree, compare);
	if (node)
		return *node;
	if (groups->count == NF_CTNETLINK_GROUPS_DEFAULT)
		return NULL;
	group = calloc(1, sizeof(*group));
	if (!group)
		die("no memory");
	group->sum.key = sum->key;
	if (!tsearch(group, &groups->tree, compare))
		die("no memory");
	group->next = groups->first;
	groups->first = group;
	groups->count++;
	return group;
}

void fallback_group_add(struct fallback_groups *groups,
			const struct connection *c,
			const struct ctn_facts *facts)
{
	struct nf_ctnetlink_group sum;
	struct fallback_group *group;
	unsigned int dir;

	memset(&sum, 0, sizeof(sum));
	key_fill(&sum.key, groups->by, facts);
	group = group_get(groups, &sum);
	if (!group) {
		groups->others++;
		return;
	}
	group->sum.connections++;
	for (dir = 0; dir < 2; dir++) {
		group->sum.packets += c->record.packets[dir];
		group->sum.bytes += c->record.bytes[dir];
	}
}

void fallback_groups_end(struct fallback_groups *groups,
			 struct answer *answer)
{
	struct fallback_group *group;

	answer->number[NF_CTNETLINK_A_OTHERS] = groups->others;
	while ((group = groups->first)) {
		groups->first = group->next;
		if (answer->group)
			answer->group(&group->sum, answer->data);
		tdelete(group, &groups->tree, compare);
		free(group);
	}
}
