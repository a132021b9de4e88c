// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules with several next hops: how one is chosen, and where it is stored.
 *
 * The mark of a connection stores the number of its next hop. A table of this
 * module would need an entry for each connection. Packets of strangers could
 * fill it, and the kernel does not tell a module when a connection ends. A mark
 * ends with its connection, costs no look-up, and survives when iptables
 * replaces the rules: a number belongs to a next hop of the namespace, not to
 * a place in a rule.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jhash.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_ecache.h>

#include "lib/conntrack.h"
#include "lib/log.h"
#include "ROUTE/xt_ROUTE/internal.h"

/* Of hashes, so that nobody can choose a source address for its next hop. */
static siphash_key_t route_hash_key __read_mostly;

/*
 * A bit for each next hop of the rule that is usable. The caller has read that
 * of @down already.
 */
static unsigned int route_usable(const struct route_rule *rule,
				 unsigned int down)
{
	unsigned int usable = 0, i;

	for (i = 0; i < rule->hops; i++)
		if (i != down && READ_ONCE(rule->hop[i].hop->usable))
			usable |= BIT(i);
	return usable;
}

/* @usable is not 0. A next hop has as many of the values as its weight is. */
static unsigned int route_pick(const struct route_rule *rule,
			       unsigned int usable, u32 value)
{
	u32 total = 0;
	unsigned int i;

	for (i = 0; i < rule->hops; i++)
		if (usable & BIT(i))
			total += rule->hop[i].weight;
	value %= total;
	for (i = 0; i < rule->hops; i++) {
		if (!(usable & BIT(i)))
			continue;
		if (value < rule->hop[i].weight)
			break;
		value -= rule->hop[i].weight;
	}
	return i;
}

static u32 route_hash_source(const struct sk_buff *skb, u8 family)
{
	const struct in6_addr *from;

	if (family == NFPROTO_IPV4)
		return siphash_1u32((__force u32)ip_hdr(skb)->saddr,
				    &route_hash_key);
	from = &ipv6_hdr(skb)->saddr;
	return siphash_4u32((__force u32)from->s6_addr32[0],
			    (__force u32)from->s6_addr32[1],
			    (__force u32)from->s6_addr32[2],
			    (__force u32)from->s6_addr32[3], &route_hash_key);
}

/* How often a source is given to a next hop that is down. */
#define ROUTE_TRIES_MAX	16

/* Sources of a next hop stay there while others fail and return. */
static unsigned int route_pick_source(const struct route_rule *rule,
				      unsigned int usable, u32 hash)
{
	unsigned int all = BIT(rule->hops) - 1;
	unsigned int try, i;

	for (try = 0; try < ROUTE_TRIES_MAX; try++) {
		i = route_pick(rule, all, hash);
		if (usable & BIT(i))
			return i;
		hash = jhash_1word(hash, try);
	}
	return route_pick(rule, usable, hash);
}

static unsigned int route_balance(const struct route_rule *rule,
				  unsigned int usable,
				  const struct sk_buff *skb, u8 family)
{
	if (rule->balance == XT_ROUTE_SOURCE)
		return route_pick_source(rule, usable,
					 route_hash_source(skb, family));
	return route_pick(rule, usable, this_cpu_inc_return(*rule->turn));
}

/**
 * route_stored() - the next hop that a mark stores
 * @rule: the rule, with a mark field
 * @mark: of a connection
 *
 * Return: its place in @rule, or @rule->hops
 */
unsigned int route_stored(const struct route_rule *rule, u32 mark)
{
	u32 number = (mark & rule->field) >> rule->shift;
	unsigned int i;

	for (i = 0; i < rule->hops; i++)
		if (rule->hop[i].number == number)
			break;
	return i;
}

/*
 * Stores next hop @i in the mark of a connection, where @mark was read. A
 * different CPU may have stored one meanwhile, which then is the result.
 */
static unsigned int route_store(const struct route_rule *rule,
				struct nf_conn *ct, u32 mark, unsigned int i)
{
	u32 field = (u32)rule->hop[i].number << rule->shift, seen;
	unsigned int other;

	for (;;) {
		seen = cmpxchg(&ct->mark, mark, (mark & ~rule->field) | field);
		if (seen == mark) {
			nf_conntrack_event_cache(IPCT_MARK, ct);
			return i;
		}
		other = route_stored(rule, seen);
		if ((seen ^ mark) & rule->field && other < rule->hops)
			return other;
		mark = seen;
	}
}

static unsigned int route_choose(const struct route_rule *rule,
				 struct sk_buff *skb, u8 family)
{
	enum ip_conntrack_info ctinfo;
	unsigned int usable, i = rule->hops;
	struct nf_conn *ct = NULL;
	u32 mark = 0;

	if (rule->field && !rule->untracks)
		ct = nf_ct_get(skb, &ctinfo);
	if (ct && nf_ct_is_template(ct))
		ct = NULL;
	if (ct) {
		mark = READ_ONCE(ct->mark);
		i = route_stored(rule, mark);
		if (i < rule->hops && READ_ONCE(rule->hop[i].hop->usable))
			return i;
	}
	usable = route_usable(rule, i);
	if (!usable)
		return rule->hops;
	/* Without a connection, the packets of an address stay together. */
	if (rule->field && !ct)
		return route_pick_source(rule, usable,
					 route_hash_source(skb, family));
	i = route_balance(rule, usable, skb, family);
	return ct ? route_store(rule, ct, mark, i) : i;
}

static u32 route_choose_reply(const struct route_rule *rule,
			      struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	unsigned int i = route_reply(rule, skb, state);

	if (i == rule->hops)
		return ROUTE_ID_NONE;
	if (likely(READ_ONCE(rule->hop[i].hop->usable)))
		return rule->hop[i].id;
	route_count(rule->hop[i].hop, ROUTE_ALL_DOWN);
	return 0;
}

/**
 * route_rule_choose() - the next hop of a packet
 * @rule: the rule
 * @skb: the packet
 * @state: of the hook that it is in
 *
 * Return: the id of the next hop; 0, and counted, if all that the packet may
 * take are down; ROUTE_ID_NONE if the rule is not for this packet
 */
u32 route_rule_choose(const struct route_rule *rule, struct sk_buff *skb,
		      const struct nf_hook_state *state)
{
	unsigned int i;

	if (rule->replies)
		return route_choose_reply(rule, skb, state);
	i = route_choose(rule, skb, state->pf);
	if (likely(i < rule->hops))
		return rule->hop[i].id;
	route_count(rule->hop[0].hop, ROUTE_ALL_DOWN);
	return 0;
}

static void route_key_fill(struct route_key *key,
			   const struct xt_route_tginfo *info, unsigned int i,
			   u8 family)
{
	const struct xt_route_nexthop *hop = &info->hop[i];

	memset(key, 0, sizeof(*key));
	key->family = family;
	key->receive = info->flags & XT_ROUTE_IIF;
	key->reply = info->flags & XT_ROUTE_REPLY;
	key->has_gw = memchr_inv(&hop->gw, 0, sizeof(hop->gw));
	key->gw = hop->gw;
	memcpy(key->name, key->receive ? info->iif : hop->oif,
	       sizeof(key->name));
}

static struct route_rule *route_rule_alloc(const struct xt_route_tginfo *info)
{
	unsigned int hops = max_t(unsigned int, info->hops, 1);
	struct route_rule *rule;
	int cpu;

	rule = kzalloc(struct_size(rule, hop, hops), GFP_KERNEL_ACCOUNT);
	if (!rule)
		return NULL;
	rule->replies = info->flags & XT_ROUTE_REPLY;
	rule->is_plain = hops == 1 && info->down == XT_ROUTE_DOWN_DROP &&
			 !rule->replies;
	rule->drops = info->down == XT_ROUTE_DOWN_DROP;
	rule->untracks = info->flags & XT_ROUTE_UNTRACK;
	rule->balance = info->balance;
	rule->field = info->mark_field;
	rule->shift = rule->field ? __ffs(rule->field) : 0;
	if (rule->is_plain || rule->replies)
		return rule;
	rule->turn = alloc_percpu_gfp(u32, GFP_KERNEL_ACCOUNT);
	if (!rule->turn) {
		kfree(rule);
		return NULL;
	}
	/* CPUs, and rules that are loaded again, do not begin with the same. */
	for_each_possible_cpu(cpu)
		per_cpu_ptr(rule->turn, cpu)[0] = get_random_u32();
	return rule;
}

static void route_rule_free(struct route_rule *rule)
{
	free_percpu(rule->turn);
	kfree(rule);
}

/* The next hop of a rule that is not plain has a state and a number. */
static int route_choice_watch(struct net *net, const struct route_rule *rule,
			      struct route_choice *choice)
{
	struct route_net *rn = route_pernet(net);
	struct route_hop *hop = choice->hop;
	int err = 0;

	mutex_lock(&rn->lock);
	if (rule->field)
		err = route_number_get(rn, hop, rule->field >> rule->shift);
	if (!err)
		err = route_watch_get(rn, hop);
	choice->number = hop->number;
	mutex_unlock(&rn->lock);
	return err;
}

static void route_choice_unwatch(struct net *net, struct route_choice *choice)
{
	struct route_net *rn = route_pernet(net);

	mutex_lock(&rn->lock);
	route_watch_put(rn, choice->hop);
	mutex_unlock(&rn->lock);
}

static int route_choice_get(struct net *net, const struct route_rule *rule,
			    struct route_choice *choice,
			    const struct route_key *key)
{
	struct route_hop *hop = route_hop_get(net, key);
	int err;

	if (IS_ERR(hop))
		return PTR_ERR(hop);
	choice->hop = hop;
	choice->id = hop->id;
	if (rule->is_plain)
		return 0;
	err = route_choice_watch(net, rule, choice);
	if (err)
		route_hop_put(net, hop);
	return err;
}

static void route_choices_put(struct net *net, struct route_rule *rule)
{
	while (rule->hops) {
		struct route_choice *choice = &rule->hop[--rule->hops];

		if (!rule->is_plain)
			route_choice_unwatch(net, choice);
		route_hop_put(net, choice->hop);
	}
}

static int route_choices_get(struct net *net, struct route_rule *rule,
			     const struct xt_route_tginfo *info, u8 family)
{
	unsigned int hops = max_t(unsigned int, info->hops, 1);
	struct route_choice *choice;
	struct route_key key;
	int err;

	while (rule->hops < hops) {
		choice = &rule->hop[rule->hops];
		choice->weight = info->hop[rule->hops].weight ?: 1;
		route_key_fill(&key, info, rule->hops, family);
		err = route_choice_get(net, rule, choice, &key);
		if (err) {
			route_choices_put(net, rule);
			return err;
		}
		rule->hops++;
	}
	return 0;
}

static int route_rule_track(struct net *net, const struct route_rule *rule,
			    u8 family)
{
	if (!rule->field)
		return 0;
	return pom_conntrack_get(net, family);
}

/**
 * route_rule_create() - the state of a rule
 * @net: its namespace
 * @info: the rule, after route_error()
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Process context.
 *
 * Return: for route_rule_remove(), or an ERR_PTR
 */
struct route_rule *route_rule_create(struct net *net,
				     const struct xt_route_tginfo *info,
				     u8 family)
{
	struct route_rule *rule = route_rule_alloc(info);
	int err;

	if (!rule)
		return ERR_PTR(-ENOMEM);
	get_random_once(&route_hash_key, sizeof(route_hash_key));
	err = route_rule_track(net, rule, family);
	if (err)
		goto err_track;
	err = route_choices_get(net, rule, info, family);
	if (err)
		goto err_choices;
	return rule;
err_choices:
	if (rule->field)
		nf_ct_netns_put(net, family);
err_track:
	route_rule_free(rule);
	return ERR_PTR(err);
}

/**
 * route_rule_remove() - undo route_rule_create()
 * @net: the namespace
 * @rule: what it returned; no packet uses it any more
 * @family: the same
 */
void route_rule_remove(struct net *net, struct route_rule *rule, u8 family)
{
	route_choices_put(net, rule);
	if (rule->field)
		nf_ct_netns_put(net, family);
	route_rule_free(rule);
}
