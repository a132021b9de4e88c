// SPDX-License-Identifier: GPL-2.0-only
/* The table of connections of a rule with --stream. */
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include "compat/compat.h"
#include "lib/memcg.h"
#include "lib/reserve.h"
#include "string/xt_string/set.h"
#include "string/xt_string/stream.h"

static unsigned int streams_max __read_mostly = 65536;
module_param(streams_max, uint, 0644);
MODULE_PARM_DESC(streams_max,
		 "connections that --stream follows in a network namespace, 256 bytes each; --stream-ambiguous follows a 32nd of it, 8 KiB each (default: 65536)");

static unsigned int streams_timeout __read_mostly = 600;
module_param(streams_timeout, uint, 0644);
MODULE_PARM_DESC(streams_timeout,
		 "seconds after which --stream forgets a connection without packets (default: 600)");

/*
 * The time after which a connection that both sides have ended is removed, as a
 * part of streams_timeout: by default 2 minutes, as TIME-WAIT.
 */
#define ENDED_PART	5

/*
 * The same for a connection without a reply, or one that a RST has closed: 30
 * seconds by default. Conntrack forgets a closed one 10 seconds after its last
 * packet.
 */
#define EARLY_PART	20
#define CLOSED_MIN	(10UL * HZ)

/* Most entries of tables that are being freed that one eviction skips. */
#define EVICT_TRIES	16

/* Entries to sweep without a pause. */
#define SWEEP_BATCH	1024

/*
 * The id is a keyed hash, so that a sender cannot choose collisions. This only
 * spreads its bits.
 */
static u32 string_flow_hash(const void *data, u32 len, u32 seed)
{
	const struct string_flow_key *key = data;

	return hash_64(key->id ^ key->ct ^ seed, 32);
}

static int string_flow_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct string_flow_key *key = arg->key;
	const struct string_flow *flow = obj;

	return flow->key.ct != key->ct || flow->key.id != key->id;
}

static const struct rhashtable_params string_flow_params = {
	.key_len		= sizeof(struct string_flow_key),
	.key_offset		= offsetof(struct string_flow, key),
	.head_offset		= offsetof(struct string_flow, node),
	.hashfn			= string_flow_hash,
	.obj_cmpfn		= string_flow_cmp,
	.automatic_shrinking	= true,
};

u32 string_streams_max(void)
{
	return READ_ONCE(streams_max);
}

/* The limit of the kind of connections that are in a table. */
static u32 string_share_max(const struct string_streams *s)
{
	return string_streams_max() / s->weight;
}

/* Removes a connection from the list of those without a reply. */
static void string_flow_settle(struct string_net *sn, struct string_flow *flow)
{
	/* Once it is false, early_node is unused; it shares memory with rcu. */
	if (!smp_load_acquire(&flow->early))
		return;
	spin_lock_bh(&sn->early_lock);
	if (flow->early) {
		list_del(&flow->early_node);
		smp_store_release(&flow->early, false); /* after list_del() */
	}
	spin_unlock_bh(&sn->early_lock);
}

static void string_flow_free(void *p, void *streams)
{
	struct string_streams *s = streams;
	struct string_net *sn = string_pernet(s->net);
	struct string_flow *flow = p;

	string_flow_settle(sn, flow);
	atomic_dec(&s->share->count);
	kfree(flow);
}

/**
 * string_flow_remove - remove a connection
 * @flow: the connection; may be read until the end of the RCU section
 *
 * Any context, in an RCU read-side section. Harmless when repeated.
 */
void string_flow_remove(struct string_flow *flow)
{
	struct string_streams *s = flow->streams;
	struct string_net *sn = string_pernet(s->net);

	if (rhashtable_remove_fast(&s->flows, &flow->node, string_flow_params))
		return;
	string_flow_settle(sn, flow);
	atomic_dec(&s->share->count);
	kfree_rcu(flow, rcu);
}

/**
 * string_flow_close - a RST that conntrack has accepted closes a connection
 * @flow: the connection
 *
 * Any context, in an RCU read-side section.
 *
 * Its state stays: conntrack still passes segments of it, and the receiver may
 * not have seen the RST.
 */
void string_flow_close(struct string_flow *flow)
{
	spin_lock_bh(&flow->lock);
	WRITE_ONCE(flow->ends, flow->ends | STRING_FLOW_CLOSED);
	spin_unlock_bh(&flow->lock);
}

/*
 * Removes the oldest connection without a reply of a share. Under early_lock no
 * table with such a connection is freed.
 */
static bool string_share_evict(struct string_net *sn,
			       struct string_share *share)
{
	struct string_streams *s;
	struct string_flow *flow;
	bool evicted = false;
	int i;

	spin_lock_bh(&sn->early_lock);
	for (i = 0; !evicted && i < EVICT_TRIES; i++) {
		flow = list_first_entry_or_null(&share->early,
						struct string_flow, early_node);
		if (!flow)
			break;
		s = flow->streams;
		list_del(&flow->early_node);
		evicted = !s->closing &&
			  !rhashtable_remove_fast(&s->flows, &flow->node,
						  string_flow_params);
		/* Last: afterwards other CPUs may free @flow and @s. */
		smp_store_release(&flow->early, false);
	}
	spin_unlock_bh(&sn->early_lock);
	if (!evicted)
		return false;
	atomic_dec(&share->count);
	atomic_inc(&sn->streams_evicted);
	kfree_rcu(flow, rcu);
	return true;
}

/* Counts a connection, and makes space for it at the limit of its kind. */
static bool string_streams_count(struct string_net *sn,
				 const struct string_streams *s)
{
	u32 count = atomic_inc_return(&s->share->count);

	return count <= string_share_max(s) || string_share_evict(sn, s->share);
}

static unsigned long string_streams_idle(void)
{
	return min(READ_ONCE(streams_timeout), 86400U) * HZ;
}

/* Schedules the next sweep: every 15 seconds by default. */
static void string_streams_sweep_later(struct string_streams *s)
{
	queue_delayed_work(system_power_efficient_wq, &s->sweep,
			   clamp(string_streams_idle() / 40, HZ / 10 + 1UL,
				 15UL * HZ));
}

static bool string_flow_over(const struct string_flow *flow, unsigned long idle)
{
	u8 ends = READ_ONCE(flow->ends);

	if (READ_ONCE(flow->early))
		idle /= EARLY_PART;
	else if (ends & STRING_FLOW_CLOSED)
		idle = min(idle, max(idle / EARLY_PART, CLOSED_MIN));
	else if (ends == 3)
		idle /= ENDED_PART;
	return (u32)jiffies - READ_ONCE(flow->seen) > idle;
}

static void string_streams_sweep(struct work_struct *work)
{
	struct string_streams *s = container_of(to_delayed_work(work),
						struct string_streams, sweep);
	unsigned long idle = string_streams_idle();
	struct rhashtable_iter iter;
	struct string_flow *flow;
	unsigned int count = 0;

	rhashtable_walk_enter(&s->flows, &iter);
	rhashtable_walk_start(&iter);
	while ((flow = rhashtable_walk_next(&iter))) {
		/* Error: the table is being resized, the walk restarts. */
		if (!IS_ERR(flow) && string_flow_over(flow, idle))
			string_flow_remove(flow);
		if (++count % SWEEP_BATCH)
			continue;
		rhashtable_walk_stop(&iter);
		cond_resched();
		rhashtable_walk_start(&iter);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	string_streams_sweep_later(s);
}

/* A reserve has at least and at most so many entries of the least weight. */
#define RESERVE_MIN	64
#define RESERVE_MAX	4096

/**
 * string_streams_create - create the table of a rule with --stream
 * @net: the rule's namespace
 * @watched: of struct string_watched
 *
 * Process context.
 *
 * Return: an empty table, or an ERR_PTR
 */
struct string_streams *string_streams_create(struct net *net, bool watched)
{
	size_t size = watched ? sizeof(struct string_watched) :
				sizeof(struct string_flow);
	struct string_streams *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);
	int err;

	if (!s)
		return ERR_PTR(-ENOMEM);
	err = rhashtable_init(&s->flows, &string_flow_params);
	if (err) {
		kfree(s);
		return ERR_PTR(err);
	}
	s->net = net;
	s->share = watched ? &string_pernet(net)->watched :
			     &string_pernet(net)->searched;
	s->weight = watched ? STRING_WATCHED_WEIGHT : 1;
	s->memcg = pom_memcg_get();
	pom_reserve_init(&s->reserve, size, RESERVE_MIN / s->weight,
			 RESERVE_MAX / s->weight, s->memcg);
	pom_reserve_prefill(&s->reserve);
	get_random_bytes(s->secret, sizeof(s->secret));
	INIT_DEFERRABLE_WORK(&s->sweep, string_streams_sweep);
	string_streams_sweep_later(s);
	return s;
}

/* No packet may be in the rule any more. Process context. */
void string_streams_free(struct string_streams *s)
{
	struct string_net *sn = string_pernet(s->net);

	cancel_delayed_work_sync(&s->sweep);
	spin_lock_bh(&sn->early_lock);
	s->closing = true;
	spin_unlock_bh(&sn->early_lock);
	rhashtable_free_and_destroy(&s->flows, string_flow_free, s);
	pom_reserve_free(&s->reserve);
	mem_cgroup_put(s->memcg);
	kfree(s);
}

/*
 * Distinguishes connections whose conntrack entries have had the same address:
 * a sum of products (NH of RFC 4418, 5.2.2) of addresses and ports with a
 * secret, so that a sender cannot choose collisions. nf_ct_get_id() costs more
 * than the search.
 */
static u64 string_flow_id(const struct string_streams *s,
			  const struct nf_conn *ct)
{
	const u32 *words =
		(const u32 *)&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	unsigned int i;
	u64 id = 0;

	BUILD_BUG_ON(sizeof(struct nf_conntrack_tuple) != sizeof(s->secret));
	for (i = 0; i < ARRAY_SIZE(s->secret); i += 2)
		id += (u64)(words[i] + s->secret[i]) *
		      (words[i + 1] + s->secret[i + 1]);
	return id;
}

static struct string_flow_key string_flow_key(const struct string_streams *s,
					      const struct nf_conn *ct)
{
	return (struct string_flow_key){
		.ct = (unsigned long)ct,
		.id = string_flow_id(s, ct),
	};
}

/**
 * string_flow_find - the state of a connection
 * @s: of the rule
 * @ct: the connection of a packet
 *
 * Any context, in an RCU read-side section.
 *
 * Removes an entry of an earlier connection that had the same conntrack
 * address: @ct is not confirmed yet, or has no reply while the entry had one.
 *
 * Return: its state, or NULL
 */
struct string_flow *string_flow_find(struct string_streams *s,
				     const struct nf_conn *ct)
{
	const struct string_flow_key key = string_flow_key(s, ct);
	bool early, replied;
	struct string_flow *flow;

	flow = rhashtable_lookup(&s->flows, &key, string_flow_params);
	if (!flow)
		return NULL;
	/* Before the bit: the CPU that clears it has seen the bit set. */
	early = smp_load_acquire(&flow->early);
	replied = test_bit(IPS_SEEN_REPLY_BIT, &ct->status);
	if (unlikely(!nf_ct_is_confirmed(ct) || (!replied && !early))) {
		string_flow_remove(flow);
		return NULL;
	}
	if (replied)
		string_flow_settle(string_pernet(s->net), flow);
	WRITE_ONCE(flow->seen, (u32)jiffies);
	return flow;
}

/* Inserts an entry. Returns an existing one, NULL if none, or an ERR_PTR. */
static struct string_flow *string_flow_insert(struct string_streams *s,
					      struct string_flow *flow)
{
	return rhashtable_lookup_get_insert_fast(&s->flows, &flow->node,
						 string_flow_params);
}

/* The same, and adds it to the list of connections without a reply. */
static struct string_flow *string_flow_insert_early(struct string_streams *s,
						    struct string_flow *flow)
{
	struct string_net *sn = string_pernet(s->net);
	struct string_flow *old;

	/* Set before the insertion: other CPUs may find it and remove it. */
	flow->early = true;
	spin_lock_bh(&sn->early_lock);
	old = string_flow_insert(s, flow);
	if (!old)
		list_add_tail(&flow->early_node, &s->share->early);
	spin_unlock_bh(&sn->early_lock);
	return old;
}

static struct string_flow *string_flow_create(struct string_streams *s,
					      const struct nf_conn *ct)
{
	struct string_flow *flow = pom_reserve_alloc(&s->reserve);

	if (!flow)
		return NULL;
	flow->key = string_flow_key(s, ct);
	flow->streams = s;
	flow->seen = (u32)jiffies;
	spin_lock_init(&flow->lock);
	return flow;
}

/**
 * string_flow_add - begin to follow a connection
 * @s: of the rule
 * @ct: the connection of a packet
 *
 * Any context, in an RCU read-side section.
 *
 * A connection gets an entry once conntrack has confirmed it, so a SYN alone
 * costs nothing.
 *
 * Return: its state; NULL if it is not confirmed, or at the limit
 */
struct string_flow *string_flow_add(struct string_streams *s,
				    const struct nf_conn *ct)
{
	struct string_net *sn = string_pernet(s->net);
	struct string_flow *flow, *old;

	if (!nf_ct_is_confirmed(ct))
		return NULL;
	if (!string_streams_count(sn, s))
		goto refuse;
	flow = string_flow_create(s, ct);
	if (!flow)
		goto refuse;
	if (test_bit(IPS_SEEN_REPLY_BIT, &ct->status))
		old = string_flow_insert(s, flow);
	else
		old = string_flow_insert_early(s, flow);
	if (!old)
		return flow;
	/* A concurrent packet of the connection has inserted it. */
	kfree(flow);
	if (IS_ERR(old))
		goto refuse;
	atomic_dec(&s->share->count);
	return old;

refuse:
	atomic_dec(&s->share->count);
	atomic_inc(&sn->streams_refused);
	return NULL;
}
