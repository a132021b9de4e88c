// SPDX-License-Identifier: GPL-2.0-only
/* The numbers that CONNMARK chooses for a connection. */
#include <linux/random.h>
#include <linux/siphash.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netns/generic.h>
#include "CONNMARK/xt_connmark/internal.h"

/**
 * struct connmark_net - of one network namespace
 * @key: of the hash. A user who knows the numbers of his own connections
 *	cannot compute those of other namespaces.
 */
struct connmark_net {
	siphash_key_t key;
};

static unsigned int connmark_net_id __read_mostly;

/* A 32-bit number, evenly spread over the rule's range. */
static u32 connmark_scale(u32 number, const struct xt_connmark_tginfo3 *info)
{
	u64 count = (u64)info->nfmask - info->ctmark + 1;

	return info->ctmark + (u32)((number * count) >> 32);
}

/**
 * connmark_random() - a random number for a connection
 * @info: the rule
 *
 * Any context.
 *
 * Return: a number between the rule's bounds
 */
u32 connmark_random(const struct xt_connmark_tginfo3 *info)
{
	return connmark_scale(get_random_u32(), info);
}

/**
 * connmark_hash() - the number of a connection, the same for all its packets
 * @net: the network namespace
 * @ct: the connection
 * @iif: the index of the input device of the packet, or 0
 * @info: the rule, which says what the hash is made from
 *
 * Made from the tuple of the original direction, before NAT. Any context.
 *
 * Return: a number between the rule's bounds
 */
u32 connmark_hash(const struct net *net, const struct nf_conn *ct, int iif,
		  const struct xt_connmark_tginfo3 *info)
{
	const struct nf_conntrack_tuple *t =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	const struct connmark_net *cn = net_generic(net, connmark_net_id);
	struct {
		union nf_inet_addr src, dst;
		u32 iif;
		__be16 sport, dport;
	} data __aligned(SIPHASH_ALIGNMENT) = {};

	if (info->flags & XT_CONNMARK_HASH_SRC)
		data.src = t->src.u3;
	if (info->flags & XT_CONNMARK_HASH_DST)
		data.dst = t->dst.u3;
	if (info->flags & XT_CONNMARK_HASH_SPORT)
		data.sport = t->src.u.all;
	if (info->flags & XT_CONNMARK_HASH_DPORT)
		data.dport = t->dst.u.all;
	if (info->flags & XT_CONNMARK_HASH_IIF)
		data.iif = iif;
	return connmark_scale(siphash(&data, sizeof(data), &cn->key), info);
}

static int __net_init connmark_net_init(struct net *net)
{
	struct connmark_net *cn = net_generic(net, connmark_net_id);

	get_random_bytes(&cn->key, sizeof(cn->key));
	return 0;
}

static struct pernet_operations connmark_net_ops = {
	.init	= connmark_net_init,
	.id	= &connmark_net_id,
	.size	= sizeof(struct connmark_net),
};

int __init connmark_number_init(void)
{
	return register_pernet_subsys(&connmark_net_ops);
}

void connmark_number_exit(void)
{
	unregister_pernet_subsys(&connmark_net_ops);
}
