/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a packet does to an address that is in its list: takes the lock of it
 * alone, calls no other function, and writes to no other memory.
 */
#ifndef POM_XT_RECENT_SEEN_H
#define POM_XT_RECENT_SEEN_H

#include <linux/compiler.h>
#include <linux/spinlock.h>
#include "recent/xt_recent/find.h"
#include "recent/xt_recent/recent.h"
#include "recent/xt_recent/stamps.h"

/**
 * recent_expired - whether an entry only seems to be there
 * @list: its list
 * @e: its lock is held; it is in the list
 * @now: recent_now()
 *
 * Return: whether the list's timeout is over for it
 */
static __always_inline bool recent_expired(const struct recent_list *list,
					   const struct recent_entry *e,
					   u64 now)
{
	u64 timeout_ms = READ_ONCE(list->timeout_ms);

	return unlikely(timeout_ms) &&
	       recent_stamps_newest(e) + timeout_ms < now;
}

/*
 * Under the entry's lock, which is in the list and has not expired. Whether
 * somebody listens is asked once in a tick: the answer may be as old as that.
 */
static __always_inline void recent_entry_see(struct recent_list *list,
					     struct recent_entry *e, u64 now)
{
	recent_stamps_push(list, e, now);
	if (unlikely(READ_ONCE(list->unheard) != now))
		recent_notify_see(list, e, now);
}

/**
 * recent_see_there - note that an address was seen again
 * @list: where
 * @key: the address
 * @ttl: of the packet, or -1 to leave it as it is
 *
 * Bottom halves are off, and under rcu_read_lock().
 *
 * Return: whether it is listed; if not, nothing is recorded
 */
static __always_inline bool recent_see_there(struct recent_list *list,
					     const struct recent_key *key,
					     int ttl)
{
	struct recent_entry *e = recent_table_find(list, key);
	bool there;
	u64 now;

	if (unlikely(!e))
		return false;
	spin_lock(&e->lock);
	there = likely(e->count);
	if (there) {
		now = recent_now();
		if (ttl >= 0)
			e->ttl = ttl;
		/* @count stays above 0: removal reads it without our lock. */
		if (recent_expired(list, e, now))
			recent_stamps_init(e, now);
		else
			recent_stamps_push(list, e, now);
		if (unlikely(READ_ONCE(list->unheard) != now))
			recent_notify_see(list, e, now);
	}
	spin_unlock(&e->lock);
	return there;
}

#endif /* POM_XT_RECENT_SEEN_H */
