// SPDX-License-Identifier: GPL-2.0-only
/*
 * The next hops of a network namespace: lifetime, and the routes that they
 * remember.
 *
 * A next hop holds no reference on a device, and forgets its routes when one is
 * shut down or unregistered: an IPv6 route may hold it.
 *
 * When a namespace ends, its rules may be destroyed after the exit function
 * below. The per-namespace data exists until all exit functions have returned.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/jhash.h>
#include <linux/netdevice.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/netns/generic.h>

#include "lib/log.h"
#include "lib/memcg.h"
#include "ROUTE/xt_ROUTE/internal.h"

/* For each family. Bounds the time that an event of a device takes. */
#define ROUTE_HOPS_MAX	4096

static unsigned int route_net_id __read_mostly;

/**
 * route_pernet() - what the module knows of a namespace
 * @net: the network namespace
 */
struct route_net *route_pernet(const struct net *net)
{
	return net_generic(net, route_net_id);
}

/**
 * route_hop_find() - the next hop with that id
 * @net: the network namespace
 * @id: of struct route_hop
 *
 * Under rcu_read_lock.
 *
 * Return: NULL where its last rule was deleted
 */
struct route_hop *route_hop_find(const struct net *net, u32 id)
{
	return xa_load(&route_pernet(net)->hops, id);
}

/**
 * route_hop_path() - the route that a next hop remembers
 * @net: its network namespace
 * @hop: the next hop
 * @kind: what the route is for
 *
 * Under rcu_read_lock, until which the route is valid.
 *
 * Return: the route, without a reference, or NULL
 */
struct dst_entry *route_hop_path(struct net *net, const struct route_hop *hop,
				 enum route_kind kind)
{
	const struct route_path *path = rcu_dereference(hop->path[kind]);
	struct dst_entry *dst;

	if (!path)
		return NULL;
	dst = path->dst;
	if (!dst->ops->check(dst, path->cookie))
		return NULL;
	/* The interface was renamed, unless that is a further name of it. */
	if (hop->key.name[0] && strcmp(dst->dev->name, hop->key.name) &&
	    dev_get_by_name_rcu(net, hop->key.name) != dst->dev)
		return NULL;
	return dst;
}

/* A full barrier. */
static struct route_path *route_path_replace(struct route_path __rcu **slot,
					     struct route_path *path)
{
	return xchg((__force struct route_path **)slot, path);
}

static void route_path_drop(struct route_path *path)
{
	if (!path)
		return;
	/* Readers of the route are safe: it is freed after a grace period. */
	dst_release(path->dst);
	kfree_rcu(path, rcu);
}

/**
 * route_hop_remember() - keep a route for the next packets
 * @hop: the next hop
 * @kind: what the route is for
 * @dst: the route; takes a reference of its own
 * @cookie: for its check function
 *
 * Softirq or process context, under rcu_read_lock. Without memory it is not
 * kept.
 */
void route_hop_remember(struct route_hop *hop, enum route_kind kind,
			struct dst_entry *dst, u32 cookie)
{
	struct route_path *path = pom_memcg_zalloc(hop->memcg, sizeof(*path),
						   GFP_NOWAIT | __GFP_NOWARN);

	if (!path)
		return;
	path->dst = dst_clone(dst);
	path->cookie = cookie;
	route_path_drop(route_path_replace(&hop->path[kind], path));
	/* Either this CPU sees @dead, or route_hop_put() sees the path. */
	if (READ_ONCE(hop->dead))
		route_path_drop(route_path_replace(&hop->path[kind], NULL));
}

static void route_hop_forget(struct route_hop *hop)
{
	unsigned int kind;

	for (kind = 0; kind < ROUTE_KINDS; kind++)
		route_path_drop(route_path_replace(&hop->path[kind], NULL));
}

static void route_hop_free(struct route_hop *hop)
{
	free_percpu(hop->counts);
	mem_cgroup_put(hop->memcg);
	kfree(hop);
}

static void route_hop_free_rcu(struct rcu_head *rcu)
{
	route_hop_free(container_of(rcu, struct route_hop, rcu));
}

static struct route_hop *route_hop_alloc(const struct route_key *key)
{
	struct route_hop *hop = kzalloc(sizeof(*hop), GFP_KERNEL_ACCOUNT);

	if (!hop)
		return NULL;
	hop->counts = alloc_percpu_gfp(struct route_counts,
				       GFP_KERNEL_ACCOUNT);
	if (!hop->counts) {
		kfree(hop);
		return NULL;
	}
	hop->memcg = pom_memcg_get();
	hop->key = *key;
	return hop;
}

static unsigned int *route_users(struct route_net *rn, u8 family)
{
	return &rn->users[family == NFPROTO_IPV6];
}

static u32 route_key_hash(const struct route_key *key)
{
	return jhash(key, sizeof(*key), 0);
}

/* Under rn->lock. */
static struct route_hop *route_hop_lookup(struct route_net *rn,
					  const struct route_key *key)
{
	struct route_hop *hop;

	hash_for_each_possible(rn->table, hop, node, route_key_hash(key))
		if (!memcmp(&hop->key, key, sizeof(*key)))
			return hop;
	return NULL;
}

/* Under rn->lock. */
static int route_hop_publish(struct net *net, struct route_net *rn,
			     struct route_hop *hop)
{
	unsigned int *users = route_users(rn, hop->key.family);
	int err;

	if (*users >= ROUTE_HOPS_MAX) {
		pom_info(net, "the namespace has %u next hops already\n",
			 *users);
		return -ENOSPC;
	}
	if (!*users) {
		err = route_hooks_register(net, hop->key.family);
		if (err)
			return err;
	}
	err = xa_alloc_cyclic(&rn->hops, &hop->id, hop, xa_limit_31b,
			      &rn->next_id, GFP_KERNEL_ACCOUNT);
	if (err < 0) {
		if (!*users)
			route_hooks_unregister(net, hop->key.family);
		return err;
	}
	++*users;
	hash_add(rn->table, &hop->node, route_key_hash(&hop->key));
	return 0;
}

/* Under rn->lock. */
static void route_hop_withdraw(struct net *net, struct route_net *rn,
			       struct route_hop *hop)
{
	hash_del(&hop->node);
	if (!--*route_users(rn, hop->key.family))
		route_hooks_unregister(net, hop->key.family);
	xa_erase(&rn->hops, hop->id);
	if (hop->number)
		__clear_bit(hop->number, rn->numbers);
}

/* Under rn->lock. */
static struct route_hop *route_hop_create(struct net *net,
					  struct route_net *rn,
					  const struct route_key *key)
{
	struct route_hop *hop = route_hop_alloc(key);
	int err;

	if (!hop)
		return ERR_PTR(-ENOMEM);
	err = route_hop_publish(net, rn, hop);
	if (err) {
		route_hop_free(hop);
		return ERR_PTR(err);
	}
	return hop;
}

/**
 * route_hop_get() - a rule begins to use a next hop
 * @net: the rule's namespace
 * @key: the next hop; bytes between its members are 0
 *
 * Process context.
 *
 * Return: the next hop, for route_hop_put(), or an ERR_PTR
 */
struct route_hop *route_hop_get(struct net *net, const struct route_key *key)
{
	struct route_net *rn = route_pernet(net);
	struct route_hop *hop;

	mutex_lock(&rn->lock);
	hop = route_hop_lookup(rn, key);
	if (!hop)
		hop = route_hop_create(net, rn, key);
	if (!IS_ERR(hop))
		hop->rules++;
	mutex_unlock(&rn->lock);
	return hop;
}

/**
 * route_hop_put() - a rule no longer uses a next hop
 * @net: the rule's namespace
 * @hop: what route_hop_get() returned
 *
 * Process context.
 */
void route_hop_put(struct net *net, struct route_hop *hop)
{
	struct route_net *rn = route_pernet(net);
	bool last;

	mutex_lock(&rn->lock);
	last = !--hop->rules;
	if (last)
		route_hop_withdraw(net, rn, hop);
	mutex_unlock(&rn->lock);
	if (!last)
		return;
	WRITE_ONCE(hop->dead, true);
	route_hop_forget(hop);
	call_rcu(&hop->rcu, route_hop_free_rcu);
}

static int __net_init route_net_init(struct net *net)
{
	struct route_net *rn = route_pernet(net);

	mutex_init(&rn->lock);
	hash_init(rn->table);
	xa_init_flags(&rn->hops, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	route_watch_net_init(net, rn);
	return route_proc_net_init(net);
}

static void __net_exit route_net_exit(struct net *net)
{
	route_proc_net_exit(net);
	route_watch_net_exit(route_pernet(net));
}

static struct pernet_operations route_net_ops = {
	.init	= route_net_init,
	.exit	= route_net_exit,
	.id	= &route_net_id,
	.size	= sizeof(struct route_net),
};

/*
 * A packet that has looked up its route before may remember it afterwards. The
 * kernel repeats NETDEV_UNREGISTER each second while a device has references.
 */
static int route_device_event(struct notifier_block *nb, unsigned long event,
			      void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct route_net *rn = route_pernet(dev_net(dev));
	struct route_hop *hop;
	unsigned long id;

	switch (event) {
	case NETDEV_UP:
	case NETDEV_CHANGE:
	case NETDEV_CHANGENAME:
	case NETDEV_DOWN:
	case NETDEV_UNREGISTER:
		route_watch_now(rn);
		break;
	}
	if (event != NETDEV_DOWN && event != NETDEV_UNREGISTER)
		return NOTIFY_DONE;
	rcu_read_lock();
	xa_for_each(&rn->hops, id, hop)
		route_hop_forget(hop);
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static struct notifier_block route_device_notifier = {
	.notifier_call	= route_device_event,
	.priority	= -1, /* after the routes of the device are removed */
};

int __init route_hop_init(void)
{
	int err;

	err = register_pernet_subsys(&route_net_ops);
	if (err)
		return err;
	err = register_netdevice_notifier(&route_device_notifier);
	if (err)
		unregister_pernet_subsys(&route_net_ops);
	return err;
}

void route_hop_exit(void)
{
	unregister_netdevice_notifier(&route_device_notifier);
	unregister_pernet_subsys(&route_net_ops);
	rcu_barrier(); /* route_hop_free_rcu() */
}
