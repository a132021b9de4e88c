// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which next hops are up.
 *
 * Only rules with several next hops, --reply or --down continue need this. Once
 * a second, a worker looks at the interfaces and neighbours of their next hops.
 * It has the kernel ask each gateway for its address again after 5 seconds, so
 * a gateway is found dead that no packet uses, and found again afterwards. The
 * packet path reads the result alone.
 *
 * The time until a dead gateway is noticed: 5 seconds, the kernel's own
 * requests (ucast_solicit, 3, one each retrans_time, 1 second), and up to 4
 * seconds of this worker. A link that is down is noticed within a second.
 *
 * Neighbours belong to the whole host, and the kernel does not evict one while
 * it asks for its address. So a dead gateway is sought ever more rarely, and a
 * user who is root in a namespace of his own has few that are watched.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/user_namespace.h>
#include <net/neighbour.h>

#include "compat/compat.h"
#include "lib/log.h"
#include "ROUTE/xt_ROUTE/internal.h"

#define ROUTE_WATCH_PERIOD	HZ
#define ROUTE_CONFIRM_PERIOD	(5 * HZ)

/* A gateway that is sought for longer is down. */
#define ROUTE_SEEK_PERIOD	(2 * HZ)

/* Between requests for a gateway that is down: first, doubled, and at most. */
#define ROUTE_PAUSE_MIN		HZ
#define ROUTE_PAUSE_MAX		(8 * HZ)

/* Next hops that a namespace of a user other than root of the host watches. */
#define ROUTE_WATCHED_USER_MAX	32

static bool route_is_link_up(const struct net_device *dev)
{
	return dev->flags & IFF_UP && netif_carrier_ok(dev);
}

/* Asks the gateway now; the kernel notes how that ends. */
static void route_ask(struct neighbour *neigh)
{
	neigh_update(neigh, NULL, NUD_PROBE, 0, 0);
}

/* Has the kernel ask for the address of a gateway, unless it just did. */
static void route_seek(struct route_hop *hop, struct neighbour *neigh)
{
	if (hop->pause && time_before(jiffies, hop->pause_end))
		return;
	hop->pause = hop->pause ? min(2 * hop->pause, ROUTE_PAUSE_MAX) :
				  ROUTE_PAUSE_MIN;
	hop->pause_end = jiffies + hop->pause;
	neigh_event_send(neigh, NULL);
}

/*
 * Whether the gateway answers, as far as is known. A neighbour that answers no
 * longer becomes FAILED, and INCOMPLETE with the next packet, so this may never
 * see it FAILED.
 */
static bool route_judge(struct route_hop *hop, struct neighbour *neigh)
{
	u8 state = READ_ONCE(neigh->nud_state);

	if (state & (NUD_NOARP | NUD_PERMANENT))
		return true;
	if (state & NUD_INCOMPLETE) {
		if (!hop->is_sought)
			hop->sought_since = jiffies;
		hop->is_sought = true;
		return hop->answers && time_before(jiffies, hop->sought_since +
							    ROUTE_SEEK_PERIOD);
	}
	hop->is_sought = false;
	if (state & NUD_VALID)
		hop->pause = 0;
	if (state & NUD_REACHABLE) {
		if (time_after(jiffies, READ_ONCE(neigh->confirmed) +
					ROUTE_CONFIRM_PERIOD))
			route_ask(neigh);
		return true;
	}
	if (state & NUD_STALE)
		route_ask(neigh);
	else if (!(state & NUD_VALID))
		route_seek(hop, neigh);
	return hop->answers && !(state & NUD_FAILED);
}

/* Whether a route leads to the gateway, and its link is up. */
static bool route_ask_gateway(struct net *net, struct route_hop *hop, int oif)
{
	struct neighbour *neigh = NULL;
	bool is_up;

	local_bh_disable();
	is_up = hop->key.family == NFPROTO_IPV4 ?
		route_neighbour4(net, hop, oif, &neigh) :
		route_neighbour6(net, hop, oif, &neigh);
	local_bh_enable();
	/* Without memory, nothing new is known. */
	if (!neigh)
		return is_up;
	is_up = route_is_link_up(neigh->dev);
	if (is_up)
		hop->answers = route_judge(hop, neigh);
	neigh_release(neigh);
	return is_up;
}

/* Under rcu_read_lock, so that the device stays. */
static bool route_is_reached(struct net *net, struct route_hop *hop)
{
	const struct net_device *dev;
	int oif = 0;

	if (hop->key.name[0]) {
		dev = dev_get_by_name_rcu(net, hop->key.name);
		if (!dev || !route_is_link_up(dev))
			return false;
		oif = dev->ifindex;
	}
	return !hop->key.has_gw || route_ask_gateway(net, hop, oif);
}

/* Under rn->lock. */
static void route_update(struct route_net *rn, struct route_hop *hop)
{
	bool usable;

	rcu_read_lock();
	usable = route_is_reached(rn->net, hop);
	rcu_read_unlock();
	/* A link that returns waits for its gateway, which is asked at once. */
	if (!usable) {
		hop->answers = !hop->key.has_gw;
		hop->pause = 0;
	}
	if (hop->forced == ROUTE_DOWN ||
	    (hop->forced == ROUTE_AUTO && !hop->answers))
		usable = false;
	if (usable == hop->usable)
		return;
	WRITE_ONCE(hop->usable, usable);
	route_netlink_notify(rn->net, hop, XT_ROUTE_CMD_CHANGE);
}

static void route_watch(struct work_struct *work)
{
	struct route_net *rn = container_of(to_delayed_work(work),
					    struct route_net, watch);
	struct route_hop *hop;

	mutex_lock(&rn->lock);
	list_for_each_entry(hop, &rn->watched, watch) {
		route_update(rn, hop);
		cond_resched();
	}
	if (!list_empty(&rn->watched) && !rn->closing)
		queue_delayed_work(system_dfl_wq, &rn->watch,
				   ROUTE_WATCH_PERIOD);
	mutex_unlock(&rn->lock);
}

static bool route_is_meant(const struct route_hop *hop,
			   const struct route_key *key)
{
	if (key->name[0] && strcmp(key->name, hop->key.name))
		return false;
	if (!key->has_gw)
		return !hop->key.has_gw;
	return hop->key.has_gw && hop->key.family == key->family &&
	       !memcmp(&hop->key.gw, &key->gw, sizeof(key->gw));
}

/**
 * route_watch_force() - say that next hops are up or down
 * @rn: the namespace
 * @key: those with this gateway, and this interface if it has one; without a
 *	gateway, those with this interface alone; NULL for all
 * @forced: what they are
 *
 * Process context. Holds until the last rule that watches them ends.
 *
 * Return: 0, or -ENOENT if no such next hop is watched
 */
int route_watch_force(struct route_net *rn, const struct route_key *key,
		      enum route_forced forced)
{
	int err = key ? -ENOENT : 0;
	struct route_hop *hop;
	bool changed, usable;

	mutex_lock(&rn->lock);
	list_for_each_entry(hop, &rn->watched, watch) {
		if (key && !route_is_meant(hop, key))
			continue;
		changed = hop->forced != forced;
		usable = hop->usable;
		WRITE_ONCE(hop->forced, forced);
		route_update(rn, hop);
		if (changed && usable == hop->usable)
			route_netlink_notify(rn->net, hop, XT_ROUTE_CMD_CHANGE);
		err = 0;
	}
	mutex_unlock(&rn->lock);
	return err;
}

/**
 * route_watch_now() - a device has changed
 * @rn: its namespace
 *
 * Process context, under the kernel's rtnl_lock.
 */
void route_watch_now(struct route_net *rn)
{
	/* A hint: the worker may find nothing, or runs within a second. */
	if (READ_ONCE(rn->n_watched) && !READ_ONCE(rn->closing))
		mod_delayed_work(system_dfl_wq, &rn->watch, 0);
}

/**
 * route_number_get() - give a next hop a number, until its last rule ends
 * @rn: the namespace; the caller holds its lock
 * @hop: the next hop
 * @max: the largest number that the rule can store
 *
 * Return: 0, or -ENOSPC
 */
int route_number_get(struct route_net *rn, struct route_hop *hop, u32 max)
{
	unsigned long n;

	max = min_t(u32, max, ROUTE_NUMBER_MAX);
	if (!hop->number) {
		n = find_next_zero_bit(rn->numbers, max + 1, 1);
		if (n <= max) {
			__set_bit(n, rn->numbers);
			WRITE_ONCE(hop->number, n);
			if (hop->watchers && !rn->closing)
				route_netlink_notify(rn->net, hop,
						     XT_ROUTE_CMD_CHANGE);
		}
	}
	if (hop->number && hop->number <= max)
		return 0;
	pom_info(rn->net, "--mark-field: the numbers of the namespace's next hops, up to %u, are used up\n",
		 max);
	return -ENOSPC;
}

static unsigned int route_watched_max(const struct net *net)
{
	return net->user_ns == &init_user_ns ? ROUTE_NUMBER_MAX :
					       ROUTE_WATCHED_USER_MAX;
}

/**
 * route_watch_get() - a rule begins to depend on the state of a next hop
 * @rn: the namespace; the caller holds its lock
 * @hop: the next hop
 *
 * Return: 0, or -ENOSPC
 */
int route_watch_get(struct route_net *rn, struct route_hop *hop)
{
	if (hop->watchers) {
		WRITE_ONCE(hop->watchers, hop->watchers + 1);
		return 0;
	}
	if (rn->n_watched >= route_watched_max(rn->net)) {
		pom_info(rn->net,
			 "the namespace watches %u next hops already\n",
			 rn->n_watched);
		return -ENOSPC;
	}
	WRITE_ONCE(rn->n_watched, rn->n_watched + 1);
	WRITE_ONCE(hop->watchers, 1);
	hop->is_sought = false;
	hop->pause = 0;
	/* Until more is known. */
	hop->answers = true;
	WRITE_ONCE(hop->usable, true);
	list_add_tail(&hop->watch, &rn->watched);
	if (rn->closing)
		return 0;
	route_netlink_notify(rn->net, hop, XT_ROUTE_CMD_CHANGE);
	mod_delayed_work(system_dfl_wq, &rn->watch, 0);
	return 0;
}

/**
 * route_watch_put() - undo route_watch_get()
 * @rn: the namespace; the caller holds its lock
 * @hop: the next hop
 */
void route_watch_put(struct route_net *rn, struct route_hop *hop)
{
	WRITE_ONCE(hop->watchers, hop->watchers - 1);
	if (hop->watchers)
		return;
	list_del(&hop->watch);
	/* The kernel may have closed the sockets of a namespace that ends. */
	if (!rn->closing)
		route_netlink_notify(rn->net, hop, XT_ROUTE_CMD_END);
	WRITE_ONCE(hop->forced, ROUTE_AUTO);
	WRITE_ONCE(rn->n_watched, rn->n_watched - 1);
}

void route_watch_net_init(struct net *net, struct route_net *rn)
{
	rn->net = net;
	INIT_LIST_HEAD(&rn->watched);
	INIT_DELAYED_WORK(&rn->watch, route_watch);
}

void route_watch_net_exit(struct route_net *rn)
{
	mutex_lock(&rn->lock);
	WRITE_ONCE(rn->closing, true);
	mutex_unlock(&rn->lock);
	cancel_delayed_work_sync(&rn->watch);
}
