// SPDX-License-Identifier: GPL-2.0-only
/*
 * The addresses of a list: how they come, and how they go.
 *
 * Who adds or removes an address holds the list's lock, who is only seen
 * again does not. The order in which addresses have to go is therefore kept
 * lazily: each is queued under a time at which it was seen, which may be long
 * ago by now. The first in the queue is the one unseen for longest if that
 * time still is its newest; if not, it is queued again and the next one is
 * tried.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "compat/compat.h"
#include "recent/parser.h"
#include "recent/xt_recent/recent.h"
#include "recent/xt_recent/seen.h"

/*
 * How many entries are queued again to find the one unseen for longest. In a
 * list that is not larger, it always is the right one.
 */
#define RECENT_TRIES	128

/* How many go before the list's lock is given up. */
#define RECENT_BATCH	128

/* How many a packet may reap. */
#define RECENT_REAP_MAX	8

static struct kmem_cache *recent_cache __read_mostly;

/**
 * recent_memory_charge - ask for memory that entries are to use
 * @list: for which list
 * @bytes: how much
 * @part: ACCOUNT_RESERVE if an entry of the list is evicted for it
 *
 * Any context. Return: whether the limits allow it; then it is counted.
 */
bool recent_memory_charge(struct recent_list *list, long bytes,
			  enum account_part part)
{
	if (!account_charge(list->account, bytes, part))
		return false;
	atomic_long_add(bytes, &list->memory);
	return true;
}

void recent_memory_uncharge(struct recent_list *list, long bytes)
{
	atomic_long_sub(bytes, &list->memory);
	account_uncharge(list->account, bytes);
}

/* For module parameter debug. Under the list's lock. */
static noinline void recent_log(const struct recent_list *list,
				const struct recent_entry *e, const char *what)
{
	if (e->family == NFPROTO_IPV4)
		pr_info_ratelimited("list \"%s\": %pI4 %s\n", list->name,
				    &e->addr.ip, what);
	else
		pr_info_ratelimited("list \"%s\": %pI6c %s\n", list->name,
				    &e->addr.in6, what);
}

/*
 * *@recycle is set where the limits allow the entry only if one entry of the
 * list is evicted for it.
 */
static struct recent_entry *recent_entry_create(struct recent_list *list,
						const struct recent_key *key,
						u8 ttl, u64 now, bool *recycle)
{
	struct recent_entry *e;

	*recycle = !recent_memory_charge(list, sizeof(*e), ACCOUNT_COMMON);
	if (unlikely(*recycle) &&
	    !recent_memory_charge(list, sizeof(*e), ACCOUNT_RESERVE))
		return NULL;
	e = kmem_cache_alloc(recent_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!e) {
		recent_memory_uncharge(list, sizeof(*e));
		return NULL;
	}
	spin_lock_init(&e->lock);
	memcpy(e->word, key->word, sizeof(e->word));
	e->hash = key->hash;
	e->family = key->family;
	e->ttl = ttl;
	e->ring = NULL;
	e->size = min_t(u32, READ_ONCE(list->stamps), RECENT_STAMPS_INLINE);
	e->queued = now;
	recent_stamps_init(e, now);
	return e;
}

static void recent_entry_free_rcu(struct rcu_head *head)
{
	struct recent_entry *e = container_of(head, struct recent_entry, rcu);
	struct account_net *account = e->account;

	kmem_cache_free(recent_cache, e);
	/* A flood of addresses is bounded with those that still wait here. */
	account_uncharge(account, sizeof(*e));
}

/*
 * Entries that are out of their list, linked by their @rcu. Who removes many
 * collects them, waits once and frees them: freed by call_rcu(), they would
 * keep packets waiting, for milliseconds.
 */
struct recent_gone {
	struct rcu_head *first;
};

/* Process context. */
static void recent_gone_free(struct recent_gone *gone)
{
	struct rcu_head *head;
	unsigned int n = 0;

	if (!gone->first)
		return;
	synchronize_rcu();
	while ((head = gone->first)) {
		gone->first = head->next;
		recent_entry_free_rcu(head);
		if (++n % RECENT_BATCH == 0)
			cond_resched();
	}
}

/* Puts an entry where it belongs in the order. */
static void recent_queue(struct recent_list *list, struct recent_entry *e)
{
	struct rb_node **link = &list->order.rb_root.rb_node, *parent = NULL;
	bool first = true;

	while (*link) {
		parent = *link;
		if (e->queued <
		    rb_entry(parent, struct recent_entry, order)->queued) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			first = false;
		}
	}
	rb_link_node(&e->order, parent, link);
	rb_insert_color_cached(&e->order, &list->order, first);
	if (first)
		WRITE_ONCE(list->oldest, e->queued);
}

static void recent_unqueue(struct recent_list *list, struct recent_entry *e)
{
	struct rb_node *first;

	rb_erase_cached(&e->order, &list->order);
	first = rb_first_cached(&list->order);
	WRITE_ONCE(list->oldest, first ?
		   rb_entry(first, struct recent_entry, order)->queued :
		   U64_MAX);
}

/* Under the list's lock. The entry was last seen at @seen. */
static void recent_requeue(struct recent_list *list, struct recent_entry *e,
			   u64 seen)
{
	recent_unqueue(list, e);
	e->queued = seen;
	recent_queue(list, e);
}

/*
 * Under the list's lock, and not the entry's; the entry is in the list. It
 * is moved to @gone, or freed after a grace period if that is NULL.
 */
static void recent_unlink(struct recent_list *list, struct recent_entry *e,
			  struct recent_gone *gone)
{
	if (unlikely(READ_ONCE(recent_debug)))
		recent_log(list, e, "goes");
	hlist_del_rcu(&e->node);
	recent_unqueue(list, e);
	list->count--;
	spin_lock(&e->lock);
	recent_stamps_free(list, e);
	e->count = 0;
	e->account = list->account;
	spin_unlock(&e->lock);

	recent_notify(list, e, XT_RECENT_CMD_DEL);
	atomic_long_sub(sizeof(*e), &list->memory);
	if (!gone) {
		call_rcu(&e->rcu, recent_entry_free_rcu);
		return;
	}
	e->rcu.next = gone->first;
	gone->first = &e->rcu;
}

/* Under the list's lock. Stores in *@seen when an entry was last seen. */
static struct recent_entry *recent_oldest(struct recent_list *list, u64 *seen)
{
	struct recent_entry *e = NULL;
	struct rb_node *first;
	unsigned int tries;

	for (tries = 0; tries < RECENT_TRIES; tries++) {
		first = rb_first_cached(&list->order);
		if (!first)
			return NULL;
		e = rb_entry(first, struct recent_entry, order);
		spin_lock(&e->lock);
		*seen = recent_stamps_newest(e);
		spin_unlock(&e->lock);
		if (*seen == e->queued)
			break;
		recent_requeue(list, e, *seen);
	}
	return e;
}

/* Under the list's lock. Returns how many are gone, @max of them at most. */
static unsigned int recent_remove_older(struct recent_list *list, u64 before,
					unsigned int max,
					struct recent_gone *gone_to)
{
	struct recent_entry *e;
	unsigned int gone;
	u64 seen;

	for (gone = 0; gone < max && READ_ONCE(list->oldest) < before; gone++) {
		e = recent_oldest(list, &seen);
		if (!e || seen >= before)
			break;
		recent_unlink(list, e, gone_to);
		list->stats.expired++;
	}
	return gone;
}

/*
 * Under the list's lock. Makes space for one more; with @recycle, at least one
 * entry has to go for it, since the limits of memory are reached.
 *
 * Return: 0; -ENOSPC if the list is full and refuses; -ENOMEM if no entry is left
 */
static int recent_make_room(struct recent_list *list, u64 now, bool recycle)
{
	u64 timeout_ms = READ_ONCE(list->timeout_ms), seen;
	u32 size = recent_list_size(list);
	struct recent_entry *e;
	unsigned int i;

	if (likely(list->count < size && !recycle))
		return 0;
	if (recycle && list->count < size)
		size = list->count;
	if (timeout_ms)
		recent_remove_older(list, now - timeout_ms, 2, NULL);
	if (list->count < size)
		return 0;
	if (READ_ONCE(list->full) == XT_RECENT_FULL_REFUSE && !recycle) {
		list->stats.refused++;
		return -ENOSPC;
	}
	if (READ_ONCE(list->full) == XT_RECENT_FULL_REFUSE || !list->count) {
		list->stats.no_memory++;
		return -ENOMEM;
	}
	/* More than one is evicted if the list was made smaller. */
	for (i = 0; i < RECENT_REAP_MAX && list->count >= size; i++) {
		e = recent_oldest(list, &seen);
		if (!e)
			break;
		recent_unlink(list, e, NULL);
		list->stats.evicted++;
	}
	return 0;
}

static void recent_count_no_memory(struct recent_list *list)
{
	spin_lock_bh(&list->lock);
	list->stats.no_memory++;
	spin_unlock_bh(&list->lock);
}

/* Under the list's lock. Other CPUs find the entry from here on. */
static void recent_publish(struct recent_list *list, struct recent_entry *e)
{
	list->count++;
	list->stats.added++;
	recent_queue(list, e);
	recent_table_add(list, e);
}

/*
 * The same where somebody listens. @event was built before, since packets on
 * other CPUs note new times at once; what they send waits for the lock.
 */
static void recent_publish_heard(struct recent_list *list,
				 struct recent_entry *e, struct sk_buff *event)
{
	spin_lock(&e->lock);
	recent_publish(list, e);
	recent_event_send(list, event);
	spin_unlock(&e->lock);
}

/**
 * recent_add - put an address into a list
 * @list: where
 * @key: an address that was not there when it was looked up
 * @ttl: of the packet, or 0
 * @now: recent_now()
 *
 * Any context.
 *
 * Return: 0; -EEXIST if it was added meanwhile; -ENOSPC if the list is full
 * and refuses; -ENOMEM if there is no memory, or the limits allow no more and
 * the list has nothing that could go for it
 */
int recent_add(struct recent_list *list, const struct recent_key *key, u8 ttl,
	       u64 now)
{
	struct sk_buff *event;
	struct recent_entry *e;
	bool recycle;
	int err;

	e = recent_entry_create(list, key, ttl, now, &recycle);
	if (!e) {
		recent_count_no_memory(list);
		return -ENOMEM;
	}
	spin_lock_bh(&list->lock);
	if (recent_table_find_locked(list, key))
		err = -EEXIST;
	else
		err = recent_make_room(list, now, recycle);
	if (likely(!err)) {
		event = recent_event(list, e, XT_RECENT_CMD_ADD);
		if (unlikely(event))
			recent_publish_heard(list, e, event);
		else
			recent_publish(list, e);
		if (unlikely(READ_ONCE(recent_debug)))
			recent_log(list, e, "comes");
	}
	spin_unlock_bh(&list->lock);
	if (err) {
		recent_memory_uncharge(list, sizeof(*e));
		kmem_cache_free(recent_cache, e);
	}
	return err;
}

/**
 * recent_see - note that an address was seen, whether it is new or not
 * @list: where
 * @key: the address
 * @ttl: of the packet, or 0 to leave it as it is
 *
 * Any context, under rcu_read_lock().
 *
 * Return: 0, -ENOSPC or -ENOMEM as recent_add()
 */
int recent_see(struct recent_list *list, const struct recent_key *key, u8 ttl)
{
	int err = 0;

	local_bh_disable();
	while (!recent_see_there(list, key, ttl ? : -1)) {
		err = recent_add(list, key, ttl, recent_now());
		if (err != -EEXIST)
			break;
		err = 0;
	}
	local_bh_enable();
	return err;
}

/* Under the entry's lock, which is in the list. */
static void recent_replace_stamps(struct recent_list *list,
				  struct recent_entry *e, u8 ttl,
				  const u64 *ages, u32 n, u64 now)
{
	recent_stamps_init(e, now - ages[n - 1]);
	while (--n)
		recent_stamps_push(list, e, now - ages[n - 1]);
	e->ttl = ttl;
	recent_notify(list, e, XT_RECENT_CMD_ADD);
}

/**
 * recent_restore - put an address with its times into a list
 * @list: where
 * @key: the address; it may be there
 * @ttl: of the newest time
 * @ages: milliseconds ago, in order, the newest first, none over RECENT_EPOCH
 * @n: how many, at least 1
 *
 * Process context, under rcu_read_lock().
 *
 * Return: 0, -ENOSPC or -ENOMEM as recent_add()
 */
int recent_restore(struct recent_list *list, const struct recent_key *key,
		   u8 ttl, const u64 *ages, u32 n)
{
	u64 now = recent_now();
	struct recent_entry *e;
	bool done = false;
	int err;

	do {
		e = recent_table_find(list, key);
		if (!e) {
			err = recent_add(list, key, ttl, now - ages[0]);
			if (err && err != -EEXIST)
				return err;
			continue;
		}
		spin_lock_bh(&list->lock);
		spin_lock(&e->lock);
		if (e->count) {
			recent_replace_stamps(list, e, ttl, ages, n, now);
			done = true;
		}
		spin_unlock(&e->lock);
		if (done)
			recent_requeue(list, e, now - ages[0]);
		spin_unlock_bh(&list->lock);
	} while (!done);
	return 0;
}

static bool recent_remove_to(struct recent_list *list, struct recent_entry *e,
			     struct recent_gone *gone)
{
	bool there;

	spin_lock_bh(&list->lock);
	/* That it is 0 only changes under the lock that is held. */
	there = READ_ONCE(e->count);
	if (there)
		recent_unlink(list, e, gone);
	spin_unlock_bh(&list->lock);
	return there;
}

/**
 * recent_remove - take an address out of its list
 * @list: the list
 * @e: the entry, found under the rcu_read_lock() that is still held
 *
 * Any context. Return: whether it was there still
 */
bool recent_remove(struct recent_list *list, struct recent_entry *e)
{
	return recent_remove_to(list, e, NULL);
}

/**
 * recent_reap - remove some of the addresses that were not seen for long
 * @list: of which list
 * @before: those last seen before that time
 *
 * Any context. Costs a load while there is none.
 */
void recent_reap(struct recent_list *list, u64 before)
{
	if (READ_ONCE(list->oldest) >= before ||
	    !spin_trylock_bh(&list->lock))
		return;
	recent_remove_older(list, before, RECENT_REAP_MAX, NULL);
	spin_unlock_bh(&list->lock);
}

/**
 * recent_flush - empty a list
 * @list: the list
 *
 * Process context. Packets are held up by a part of it only, so who looks
 * meanwhile may see the other parts.
 */
void recent_flush(struct recent_list *list)
{
	struct recent_gone gone = {};
	struct rb_node *first;
	bool many;
	u32 left;
	int i;

	spin_lock_bh(&list->lock);
	many = list->count > RECENT_BATCH;
	/* Those that come meanwhile are not meant. */
	for (left = list->count; left;) {
		for (i = 0; i < RECENT_BATCH && left; i++, left--) {
			first = rb_first_cached(&list->order);
			if (!first) {
				left = 0;
				break;
			}
			recent_unlink(list, rb_entry(first, struct recent_entry,
						     order),
				      many ? &gone : NULL);
		}
		spin_unlock_bh(&list->lock);
		cond_resched();
		spin_lock_bh(&list->lock);
	}
	spin_unlock_bh(&list->lock);
	recent_gone_free(&gone);
	queue_work(system_dfl_wq, &list->resize_work);
}

/**
 * recent_trim - bring a list that was made smaller to its size
 * @list: the list
 *
 * Process context.
 */
void recent_trim(struct recent_list *list)
{
	struct recent_gone gone = {};
	struct recent_entry *e;
	bool many;
	u64 seen;

	spin_lock_bh(&list->lock);
	many = list->count > recent_list_size(list) + RECENT_BATCH;
	while (list->count > recent_list_size(list)) {
		e = recent_oldest(list, &seen);
		if (!e)
			break;
		recent_unlink(list, e, many ? &gone : NULL);
		list->stats.evicted++;
		if (list->stats.evicted % RECENT_BATCH)
			continue;
		spin_unlock_bh(&list->lock);
		cond_resched();
		spin_lock_bh(&list->lock);
	}
	spin_unlock_bh(&list->lock);
	recent_gone_free(&gone);
}

/**
 * recent_remove_prefix - remove all addresses of a network
 * @list: of which list
 * @cmd: what recent/parser.h made of the command
 *
 * Process context. Return: how many there were
 */
u32 recent_remove_prefix(struct recent_list *list,
			 const struct recent_command *cmd)
{
	u8 family = cmd->family == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	struct recent_key last, *after = NULL;
	struct recent_gone many = {};
	struct recent_entry *e;
	union nf_inet_addr addr;
	unsigned int n = 0;
	u32 gone = 0;

	mutex_lock(&list->resizing);
	rcu_read_lock();
	while ((e = recent_table_find_after(list, after))) {
		last = recent_entry_key(e);
		after = &last;
		addr = e->addr;
		recent_addr_mask((u8 *)&addr, cmd->prefix);
		if (e->family == family &&
		    !memcmp(&addr, cmd->addr, sizeof(addr)))
			gone += recent_remove_to(list, e, gone < RECENT_BATCH ?
						 NULL : &many);
		if (++n % RECENT_BATCH == 0) {
			rcu_read_unlock();
			cond_resched();
			rcu_read_lock();
		}
	}
	rcu_read_unlock();
	mutex_unlock(&list->resizing);
	recent_gone_free(&many);
	return gone;
}

/**
 * recent_expire - forget the addresses whose time is over
 * @work: expire_work of a list
 */
void recent_expire(struct work_struct *work)
{
	struct recent_list *list = container_of(to_delayed_work(work),
						struct recent_list,
						expire_work);
	u64 timeout_ms = READ_ONCE(list->timeout_ms), now = recent_now();
	struct recent_gone many = {};
	unsigned int gone, rounds = 0;

	if (!timeout_ms)
		return;
	do {
		spin_lock_bh(&list->lock);
		gone = recent_remove_older(list, now - timeout_ms, RECENT_BATCH,
					   rounds++ ? &many : NULL);
		spin_unlock_bh(&list->lock);
		cond_resched();
	} while (gone == RECENT_BATCH);
	recent_gone_free(&many);
	queue_delayed_work(system_power_efficient_wq, &list->expire_work,
			   msecs_to_jiffies(clamp_t(u64, timeout_ms / 4, 500,
						    60000)));
}

int __init recent_entry_init(void)
{
	recent_cache = KMEM_CACHE(recent_entry, 0);
	return recent_cache ? 0 : -ENOMEM;
}

void recent_entry_exit(void)
{
	rcu_barrier(); /* entries, and with the last of them account_net */
	kmem_cache_destroy(recent_cache);
}
