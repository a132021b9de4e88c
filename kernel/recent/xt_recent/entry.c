// SPDX-License-Identifier: GPL-2.0-only
/* The addresses of a list: adding, restoring, evicting and removing them. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "compat/memcg.h"
#include "lib/log.h"
#include "recent/xt_recent/internal.h"

/* How many a packet may reap. */
#define RECENT_REAP_MAX	8

/* What an entry takes: SLUB puts a pointer behind it. */
#define RECENT_BYTES	ALIGN(sizeof(struct recent_entry) + sizeof(void *), \
			      SMP_CACHE_BYTES)

/* Not GFP_ATOMIC, which a memory cgroup lets go over its limit. */
#define RECENT_GFP	(GFP_NOWAIT | __GFP_NOWARN | \
			 (POM_MEMCG_PACKET ? __GFP_ACCOUNT : 0))

static struct kmem_cache *recent_cache __read_mostly;

/* For module parameter debug. */
static noinline void recent_log(const struct recent_list *list,
				const struct recent_entry *e, const char *what)
{
	if (e->family == NFPROTO_IPV4)
		pom_info(list->net, "list \"%s\": %pI4 %s\n", list->name,
			 &e->addr.ip, what);
	else
		pom_info(list->net, "list \"%s\": %pI6c %s\n", list->name,
			 &e->addr.in6, what);
}

/* The entry's lock is held. */
static void recent_ring_free(struct recent_list *list, struct recent_entry *e)
{
	if (e->size <= RECENT_INLINE)
		return;
	kfree(e->ring);
	recent_uncharge(list, e->size * sizeof(u64));
	e->size = RECENT_INLINE;
}

static u64 *recent_ring_alloc(struct recent_list *list, u32 size)
{
	u64 now = recent_now(), *ring = NULL;
	struct mem_cgroup *old;

	/* Packets do not try again at once what has just failed. */
	if (recent_age(atomic64_read(&list->retry), now))
		return NULL;
	if (recent_charge(list, size * sizeof(u64))) {
		old = pom_memcg_enter(list->memcg);
		ring = kmalloc_array(size, sizeof(u64), RECENT_GFP);
		pom_memcg_leave(old);
		if (!ring)
			recent_uncharge(list, size * sizeof(u64));
	}
	if (!ring)
		atomic64_set(&list->retry, now + HZ / 10 + 1);
	return ring;
}

/*
 * Doubles the ring of times, up to @limit, which is more than e->size. Without
 * memory it keeps its size.
 */
static void recent_grow(struct recent_list *list, struct recent_entry *e,
			u32 limit)
{
	u32 i, count = e->count, size = limit;
	u64 first[RECENT_INLINE], *ring = first;

	if (limit > RECENT_INLINE) {
		size = min(limit, max(16U, 2U * e->size));
		ring = recent_ring_alloc(list, size);
		if (!ring)
			return;
	}
	for (i = 0; i < count; i++)
		ring[i] = recent_stamp(e, count - i);
	recent_ring_free(list, e);
	if (limit > RECENT_INLINE)
		e->ring = ring;
	else
		memcpy(e->first, first, count * sizeof(u64));
	e->size = size;
	e->next = count;
}

/**
 * recent_grow_push - note a time where the ring is full, and try to grow it
 * @list: its list
 * @e: its lock is held, and it has as many times as its ring holds
 * @now: recent_now()
 * @limit: how many times the list allowed when the caller looked, more than
 *	e->size. It is not read again: it may be less by now.
 */
void recent_grow_push(struct recent_list *list, struct recent_entry *e, u64 now,
		      u32 limit)
{
	recent_grow(list, e, limit);
	recent_stamps(e)[e->next] = now;
	e->next = recent_ring_next(e->next, e->size);
	if (e->count < e->size)
		e->count++;
}

static void recent_resize_check(struct recent_list *list)
{
	if (unlikely(list->count > list->grow_at ||
		     list->count < list->shrink_at))
		queue_work(recent_wq, &list->resize_work);
}

/*
 * Takes an entry out of the list. Under the list's lock and the entry's, which
 * it gives up. The caller uses the entry again or frees it.
 */
static void recent_unlink(struct recent_list *list, struct recent_entry *e)
{
	struct sk_buff *event;

	WRITE_ONCE(e->owner, 0);
	recent_ring_free(list, e);
	recent_unlock(e);
	if (unlikely(READ_ONCE(recent_debug)))
		recent_log(list, e, "goes");
	hlist_nulls_del_rcu(&e->node);
	recent_unqueue(list, e);
	list->count--;
	event = recent_event(list, e, XT_RECENT_CMD_DEL);
	if (unlikely(event))
		recent_event_send(list, event);
}

static void recent_free(struct recent_list *list, struct recent_entry *e)
{
	kmem_cache_free(recent_cache, e);
	recent_uncharge(list, RECENT_BYTES);
}

/* Removes an entry, however new its times are. Under the list's lock. */
static void recent_drop(struct recent_list *list, struct recent_entry *e)
{
	spin_lock(&e->lock);
	__release(&e->lock);
	recent_unlink(list, e);
	recent_free(list, e);
}

/* Removes entries that were not seen for longer than @age, at most @max. */
static unsigned int recent_remove_older(struct recent_list *list, u64 now,
					u64 age, unsigned int max)
{
	struct recent_entry *e;
	unsigned int gone;

	lockdep_assert_held(&list->lock);
	for (gone = 0; gone < max; gone++) {
		e = recent_oldest(list);
		if (!e)
			break;
		if (recent_age(now, recent_stamp(e, 1)) <= age) {
			recent_unlock(e);
			break;
		}
		recent_unlink(list, e);
		recent_free(list, e);
		list->stats.expired++;
	}
	recent_resize_check(list);
	return gone;
}

/* An entry that a new address can take over, or NULL: *@err says why. */
static struct recent_entry *recent_recycle(struct recent_list *list, u64 now,
					   int *err)
{
	struct recent_entry *e = recent_oldest(list), *other;
	u32 size = recent_list_size(list);
	unsigned int i;

	if (e && recent_expired(list, e, now)) {
		list->stats.expired++;
	} else if (e && READ_ONCE(list->full) != XT_RECENT_FULL_REFUSE) {
		list->stats.evicted++;
	} else {
		if (e)
			recent_unlock(e);
		if (*err == -ENOSPC)
			list->stats.refused++;
		else
			list->stats.no_memory++;
		return NULL;
	}
	recent_unlink(list, e);
	/* More than one is evicted where ip_list_tot was lowered. */
	for (i = 1; i < RECENT_REAP_MAX && list->count >= size; i++) {
		other = recent_oldest(list);
		if (!other)
			break;
		recent_unlink(list, other);
		recent_free(list, other);
		list->stats.evicted++;
	}
	return e;
}

/*
 * Whether the table is large enough for another address, so that chains stay
 * short. Under the list's lock. If not, it tries to grow, but not at once.
 */
static bool recent_has_buckets(struct recent_list *list, u64 now)
{
	if (likely(list->count < list->most))
		return true;
	if ((s64)(now - list->resize_retry) >= 0) {
		list->resize_retry = now + HZ / 10 + 1;
		list->grow_at = 0;
		queue_work(recent_wq, &list->resize_work);
	}
	return false;
}

/* An entry for a new address, or NULL: *@err says why. */
static struct recent_entry *recent_room(struct recent_list *list, u64 now,
					int *err)
{
	struct recent_entry *e = NULL;
	struct mem_cgroup *old;

	*err = -ENOSPC;
	if (list->count < recent_list_size(list)) {
		*err = -ENOMEM;
		if (recent_has_buckets(list, now) &&
		    recent_charge(list, RECENT_BYTES)) {
			old = pom_memcg_enter(list->memcg);
			e = kmem_cache_alloc(recent_cache, RECENT_GFP);
			pom_memcg_leave(old);
			if (!e)
				recent_uncharge(list, RECENT_BYTES);
		}
	}
	return e ? : recent_recycle(list, now, err);
}

/* Rounded up, so that a time which is read back is not newer. */
static u64 recent_ticks(u64 ms)
{
	return div_u64(ms * HZ + MSEC_PER_SEC - 1, MSEC_PER_SEC);
}

/*
 * The times of an address as user space knows them; see recent_restore(), and
 * recent_queue_restored() for @late.
 */
struct recent_times {
	const u64 *ages;
	u32 n;
	u64 now;
	struct recent_late **late;
};

/* Gives an entry these times, and no others. Its lock is held. */
static void recent_set_times(struct recent_list *list, struct recent_entry *e,
			     const struct recent_times *times)
{
	u32 n = times->n;

	e->hits = n;
	e->count = 0;
	e->next = 0;
	while (n--)
		recent_push(list, e, times->now - recent_ticks(times->ages[n]));
}

/*
 * Publishes an entry, complete and with its event built. Under the list's
 * lock. Packets that find it on other CPUs wait for the entry's lock. It was
 * seen once, at @seen, or at @times, if they are not NULL.
 */
static void recent_publish(struct recent_list *list, struct recent_entry *e,
			   const struct recent_key *key, u8 ttl, u64 seen,
			   const struct recent_times *times)
{
	struct sk_buff *event;

	spin_lock(&e->lock);
	WRITE_ONCE(e->word[0], key->word[0]);
	WRITE_ONCE(e->word[1], key->word[1]);
	WRITE_ONCE(e->owner, key->owner);
	e->family = key->family;
	e->ttl = ttl;
	e->hits = 1;
	e->size = min_t(u32, READ_ONCE(list->stamps), RECENT_INLINE);
	e->count = 1;
	e->next = recent_ring_next(0, e->size);
	e->first[0] = seen;
	if (unlikely(times))
		recent_set_times(list, e, times);
	event = recent_event(list, e, XT_RECENT_CMD_ADD);
	recent_table_add(list, e, key->hash);
	if (unlikely(times))
		recent_queue_restored(list, e, seen, times->late);
	else
		recent_queue(list, e, seen);
	list->count++;
	list->stats.added++;
	if (unlikely(event))
		recent_event_send(list, event);
	spin_unlock(&e->lock);
	recent_resize_check(list);
	if (unlikely(READ_ONCE(recent_debug)))
		recent_log(list, e, "comes");
}

/*
 * Gives an address of the list other times. Under the list's lock. Listeners
 * hear of them as of a new address: SEE would tell only the newest.
 */
static void recent_replace(struct recent_list *list, struct recent_entry *e,
			   u8 ttl, u64 seen, const struct recent_times *times)
{
	struct sk_buff *event;

	spin_lock(&e->lock);
	e->ttl = ttl;
	recent_set_times(list, e, times);
	event = recent_event(list, e, XT_RECENT_CMD_ADD);
	if (event)
		recent_event_send(list, event);
	spin_unlock(&e->lock);
	recent_unqueue(list, e);
	recent_queue_restored(list, e, seen, times->late);
}

/*
 * Under the list's lock. A file or a request may have read the mask before the
 * first rule of the family set it: no packet would find the address. Those that
 * were added before, recent_remove_unmasked() removes.
 */
static bool recent_hidden(const struct recent_list *list,
			  const struct recent_key *key)
{
	const union nf_inet_addr *mask =
		&list->mask[key->family == NFPROTO_IPV6];

	return key->word[0] & ~recent_word(&mask->all[0]) ||
	       key->word[1] & ~recent_word(&mask->all[2]);
}

/**
 * recent_add - put an address into a list
 * @list: where
 * @key: an address that was not there when it was looked up
 * @ttl: of the packet, or 0
 * @now: recent_now()
 *
 * Any context. Where the list is full, or memory at its limit, the oldest
 * address is evicted: its entry is used again, and nothing is allocated.
 *
 * Return: 0; -EEXIST if it was added meanwhile; -ENOSPC if the list is full and
 * refuses; -ENOMEM if there is no memory and no address to evict
 */
int recent_add(struct recent_list *list, const struct recent_key *key, u8 ttl,
	       u64 now)
{
	struct recent_entry *e;
	int err = -EEXIST;

	spin_lock_bh(&list->lock);
	if (unlikely(recent_hidden(list, key))) {
		err = 0;
	} else if (!recent_find(list, key)) {
		e = recent_room(list, now, &err);
		if (likely(e)) {
			recent_publish(list, e, key, ttl, now, NULL);
			err = 0;
		}
	}
	spin_unlock_bh(&list->lock);
	return err;
}

/**
 * recent_see - note that an address was seen, whether it is new or not
 * @list: where
 * @key: the address
 * @ttl: of the packet, or 0 to leave it as it is
 *
 * Any context. Return: 0, -ENOSPC or -ENOMEM as recent_add()
 */
int recent_see(struct recent_list *list, const struct recent_key *key, u8 ttl)
{
	struct recent_entry *e;
	int err;

	rcu_read_lock();
	local_bh_disable();
	do {
		e = recent_find_lock(list, key);
		if (!e) {
			err = recent_add(list, key, ttl, recent_now());
			continue;
		}
		if (ttl)
			e->ttl = ttl;
		recent_note_anew(list, e, recent_now());
		recent_unlock(e);
		err = 0;
	} while (err == -EEXIST);
	local_bh_enable();
	rcu_read_unlock();
	return err;
}

/**
 * recent_restore - put an address with its times into a list
 * @list: where
 * @key: the address, new or not
 * @ttl: of the newest time
 * @ages: ms ago, the newest first, none over RECENT_AGE_MAX
 * @n: how many, at least 1
 *
 * Process context. Return: 0, -ENOSPC or -ENOMEM as recent_add()
 */
int recent_restore(struct recent_list *list, const struct recent_key *key,
		   u8 ttl, const u64 *ages, u32 n)
{
	struct recent_late *late = recent_late_alloc(list);
	const struct recent_times times = {
		.ages = ages, .n = n, .now = recent_now(), .late = &late,
	};
	u64 seen = times.now - recent_ticks(ages[0]);
	struct recent_entry *e;
	int err = 0;

	spin_lock_bh(&list->lock);
	if (recent_hidden(list, key))
		goto out;
	e = recent_find(list, key);
	if (e) {
		recent_replace(list, e, ttl, seen, &times);
		goto out;
	}
	e = recent_room(list, times.now, &err);
	if (e) {
		recent_publish(list, e, key, ttl, seen, &times);
		err = 0;
	}
out:
	spin_unlock_bh(&list->lock);
	recent_late_free(list, late);
	return err;
}

/**
 * recent_remove - remove an address
 * @list: from where
 * @key: the address
 * @expired: receives whether its time was over when it was removed
 *
 * Any context. Return: whether it was there, expired or not
 */
bool recent_remove(struct recent_list *list, const struct recent_key *key,
		   bool *expired)
{
	struct recent_entry *e;

	spin_lock_bh(&list->lock);
	e = recent_find(list, key);
	if (e) {
		spin_lock(&e->lock);
		__release(&e->lock);
		*expired = recent_expired(list, e, recent_now());
		recent_unlink(list, e);
		recent_free(list, e);
		recent_resize_check(list);
	}
	spin_unlock_bh(&list->lock);
	return e;
}

/* Removes a few that were not seen for longer than @age ticks. Any context. */
void recent_reap(struct recent_list *list, u64 now, u64 age)
{
	if (recent_age(now, atomic64_read(&list->oldest)) <= age ||
	    !spin_trylock_bh(&list->lock))
		return;
	recent_remove_older(list, now, age, RECENT_REAP_MAX);
	spin_unlock_bh(&list->lock);
}

/* Gives the list's lock up for a moment. Process context. */
void recent_relax(struct recent_list *list)
{
	spin_unlock_bh(&list->lock);
	cond_resched();
	spin_lock_bh(&list->lock);
}

/* Removes the oldest @n entries. Under the list's lock, which it gives up. */
static void recent_remove_some(struct recent_list *list, u32 n)
{
	struct recent_entry *e;

	while (n-- && (e = recent_first(list))) {
		recent_drop(list, e);
		if (n % RECENT_BATCH == 0)
			recent_relax(list);
	}
	recent_resize_check(list);
}

/* Empties a list, but for what is added meanwhile. Process context. */
void recent_flush(struct recent_list *list)
{
	spin_lock_bh(&list->lock);
	recent_remove_some(list, list->count);
	spin_unlock_bh(&list->lock);
}

/* Removes what a list that was made smaller cannot hold. Process context. */
void recent_trim(struct recent_list *list)
{
	struct recent_entry *e;

	spin_lock_bh(&list->lock);
	while (list->count > recent_list_size(list)) {
		e = recent_oldest(list);
		recent_unlink(list, e);
		recent_free(list, e);
		if (++list->stats.evicted % (RECENT_BATCH / 32) == 0)
			recent_relax(list);
	}
	recent_resize_check(list);
	spin_unlock_bh(&list->lock);
}

/* Removes addresses whose @bits are those of @word, or are not. */
static void recent_remove_if(struct recent_list *list, u8 family, bool are,
			     const u64 bits[2], const u64 word[2])
{
	struct hlist_nulls_node *at, *next;
	struct recent_table *table;
	struct recent_entry *e;
	u32 i, done = 0;

	mutex_lock(&list->resizing);
	spin_lock_bh(&list->lock);
	table = rcu_dereference_protected(list->table,
					  lockdep_is_held(&list->lock));
	for (i = 0; i < 1U << (32 - table->shift); i++) {
		for (at = table->bucket[i].first; !is_a_nulls(at); at = next) {
			next = at->next;
			done++;
			e = hlist_nulls_entry(at, struct recent_entry, node);
			if (e->family != family ||
			    ((e->word[0] & bits[0]) == word[0] &&
			     (e->word[1] & bits[1]) == word[1]) != are)
				continue;
			recent_drop(list, e);
		}
		if (++done >= RECENT_BATCH) {
			recent_relax(list);
			done = 0;
		}
	}
	recent_resize_check(list);
	spin_unlock_bh(&list->lock);
	mutex_unlock(&list->resizing);
}

/**
 * recent_remove_net - remove all addresses of a network
 * @list: of which list
 * @key: an address of the network, under the mask of the list
 * @prefix: how many of its first bits count
 *
 * Process context.
 */
void recent_remove_net(struct recent_list *list, const struct recent_key *key,
		       unsigned int prefix)
{
	u64 bits[2] = { U64_MAX, U64_MAX }, word[2];

	recent_addr_mask((u8 *)bits, prefix);
	word[0] = key->word[0] & bits[0];
	word[1] = key->word[1] & bits[1];
	recent_remove_if(list, key->family, true, bits, word);
}

/* Removes addresses with bits that the list's mask clears. Process context. */
void recent_remove_unmasked(struct recent_list *list, u8 family)
{
	const union nf_inet_addr *mask =
		&list->mask[family == NFPROTO_IPV6];
	const u64 bits[2] = {
		~recent_word(&mask->all[0]), ~recent_word(&mask->all[2]),
	};
	const u64 none[2] = {};

	recent_remove_if(list, family, false, bits, none);
}

/*
 * After recent_remove_older() found none: whether it gave up at entries that
 * are queued with an old time and were seen since. For one @now, each call of
 * it queues some of them again, so this ends.
 */
static bool recent_hides_older(struct recent_list *list, u64 now, u64 age)
{
	const struct recent_entry *e = recent_first(list);

	return e && recent_age(now, e->queued) > age;
}

/* Removes the addresses that have expired: expire_work of a list. */
void recent_expire(struct work_struct *work)
{
	struct recent_list *list = container_of(to_delayed_work(work),
						struct recent_list,
						expire_work);
	u64 timeout = READ_ONCE(list->timeout) * (u64)HZ, now = recent_now();

	if (!timeout)
		return;
	spin_lock_bh(&list->lock);
	while (recent_remove_older(list, now, timeout, RECENT_REAP_MAX) ==
	       RECENT_REAP_MAX || recent_hides_older(list, now, timeout))
		recent_relax(list);
	spin_unlock_bh(&list->lock);
	queue_delayed_work(recent_wq, &list->expire_work,
			   clamp_t(u64, timeout / 4, HZ / 2, 60 * HZ));
}

/* Once for each object of the slab: the lock outlasts the entry. */
static void recent_entry_once(void *object)
{
	struct recent_entry *e = object;

	memset(e, 0, sizeof(*e));
	spin_lock_init(&e->lock);
}

int __init recent_entry_init(void)
{
	recent_cache = kmem_cache_create("recent_entry",
					 sizeof(struct recent_entry),
					 SMP_CACHE_BYTES, SLAB_TYPESAFE_BY_RCU,
					 recent_entry_once);
	return recent_cache ? 0 : -ENOMEM;
}

void recent_entry_exit(void)
{
	kmem_cache_destroy(recent_cache);
}
