/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of xt_recent: match.c (rules), list.c (the lists of a namespace,
 * parameters), entry.c (the addresses of a list), order.c (which of them is the
 * oldest), table.c (the hash table of a list), proc.c (files), netlink.c.
 * lib/account.c has the limits of memory.
 *
 * Locks, outermost first: recent_net.lock (mutex: names, rules, settings),
 * recent_list.resizing (mutex: the table stays the same), recent_list.lock
 * (spinlock, BH off: which addresses there are, and their order),
 * recent_entry.lock (spinlock: one address). A packet whose address is in the
 * list takes the last one only, unless its rule removes or reaps.
 *
 * Entries are freed and used again at once (SLAB_TYPESAFE_BY_RCU): a reader
 * that has found one compares it again under its lock.
 */
#ifndef POM_XT_RECENT_INTERNAL_H
#define POM_XT_RECENT_INTERNAL_H

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rbtree.h>
#include <linux/rculist_nulls.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/netfilter/xt_recent.h>
#include "recent/parser.h"
#include "lib/account.h"

struct mem_cgroup;
struct net;
struct proc_dir_entry;
struct recent_late;
struct sk_buff;

/* So many times fit into an entry of two cache lines. */
#define RECENT_INLINE	5

/* The longest age of a time that is restored, in ms: over 2^32 seconds. */
#define RECENT_AGE_MAX	BIT_ULL(42)

/* How many entries are handled before a lock is given up. */
#define RECENT_BATCH	128

/* An address under the mask of its list; IPv4 in the first 4 bytes. */
struct recent_key {
	u64 word[2];
	u32 hash;
	u32 owner;	/* RECENT_OWNER() */
	u8 family;
};

/* The list and the family of an entry; 0: it is in no list. */
#define RECENT_OWNER(list, family)	\
	((list)->owner | ((family) == NFPROTO_IPV6))

/**
 * struct recent_entry - an address of a list, 120 bytes: SLUB adds a pointer
 * @node: in a bucket; written under recent_list.lock, followed under RCU
 * @addr: the address. As @owner and @family, it is written under both locks,
 *	read under one of them, or compared without any and again under @lock
 * @lock: guards what follows up to @ring
 * @owner: as in struct recent_key
 * @count: how many times it has
 * @next: index of the next one in the ring of times
 * @size: of the ring; over RECENT_INLINE, it is @ring, else @first
 * @ttl: of the packet that was noted last; 0: it was no packet
 * @hits: how often the address was seen since it came
 * @queued: recent_now() of a time when it was seen, or later; recent_list.lock
 * @order: in recent_list.order, by @queued; recent_list.lock
 * @late: where @listed is NULL, the node of recent_list.late that has it;
 *	recent_list.lock
 * @listed: not NULL: @order is used, of which this is a part; recent_list.lock
 */
struct recent_entry {
	struct hlist_nulls_node node;
	union {
		union nf_inet_addr addr;
		u64 word[2];
	};
	spinlock_t lock; /* see above */
	u32 owner;
	u16 count;
	u16 next;
	u16 size;
	u8 family;
	u8 ttl;
	u64 hits;
	union {
		u64 first[RECENT_INLINE];
		u64 *ring;
	};
	u64 queued;
	union {
		struct list_head order;
		struct {
			struct recent_late *late;
			struct list_head *listed;
		};
	};
};

/**
 * struct recent_table - a hash table
 * @shift: the upper bits of a hash, shifted right by it, are a bucket
 * @next: where its entries are moving to
 */
struct recent_table {
	unsigned int shift;
	struct recent_table __rcu *next;
	struct hlist_nulls_head bucket[];
};

/* What happened to a list, in addresses; under its lock. */
struct recent_stats {
	u64 added;
	u64 evicted;	/* for others */
	u64 refused;	/* the list was full */
	u64 no_memory;	/* there was none, or a limit was reached */
	u64 expired;	/* reaped, or by the list's timeout */
};

/* What a rule says about its list; see struct xt_recent_mtinfo_v2. */
struct recent_list_config {
	const char *name;
	u8 family;
	u8 full;
	u32 hit_count;
	u32 size;
	u32 stamps;
	u32 timeout;
	union nf_inet_addr mask;
};

/**
 * struct recent_list - a list
 *
 * Packets read @timeout, @stamps, @size and @full while recent_list_set()
 * writes them, under recent_net.lock.
 *
 * @table: where addresses are found
 * @silent_at: recent_now() when nobody was listening to events: none is built
 *	in that tick
 * @timeout: seconds after which an address is forgotten; 0: never
 * @stamps: the most times of an address, 1 to XT_RECENT_MAX_STAMPS
 * @owner: @id, shifted left by 1: see RECENT_OWNER()
 * @secret: of its hash
 * @mask: for IPv4 and IPv6, written under @lock before the family's first rule
 *	is complete; see recent_hidden()
 * @masked: which of them a rule has set; recent_net.lock
 * @full: of enum xt_recent_full
 * @gone: no rule uses it any more: open files fail, and no event is sent.
 *	Written under @lock
 * @size: the most addresses; 0: module parameter ip_list_tot
 * @lock: see above; guards what follows up to @stats
 * @grow_at, @shrink_at: with more or fewer addresses the table is resized
 * @most: how many addresses its table is for; U32_MAX while it can grow
 * @resize_retry: when a list with @most tries again to have a larger table
 * @order: the entries by @queued, the oldest first; a hit does not touch it
 * @late: restored entries that belong far from the end of @order, by @queued
 * @oldest: @queued of its first entry, or an older time. Written under @lock,
 *	read without it
 * @retry: no ring grows before that time, since there was no memory. Written
 *	under the lock of any entry
 * @memory: bytes of its entries
 * @memcg: of the task that created it; charged for all of its memory
 * @id: its place in recent_lists; a number that is used again
 * @serial: which list of its namespace it is, in the order of creation
 * @base_bits: the smallest table
 * @references: rules, open files and netlink requests
 * @rules: how many; under recent_net.lock, as are @stamps_asked and @hit_count
 * @resizing: see above
 */
struct recent_list {
	struct recent_table __rcu *table;
	atomic64_t silent_at;
	u32 timeout;
	u32 stamps;
	u32 owner;
	struct recent_secret secret;
	union nf_inet_addr mask[2];
	u32 size;
	u8 full;
	u8 masked;
	bool gone;

	spinlock_t lock ____cacheline_aligned_in_smp; /* see above */
	u32 count;
	u32 grow_at;
	u32 shrink_at;
	u32 most;
	u64 resize_retry;
	struct list_head order;
	struct rb_root_cached late;
	struct recent_stats stats;
	atomic64_t oldest;
	atomic64_t retry;
	atomic_long_t memory;

	struct account_net *account;
	struct mem_cgroup *memcg;
	struct net *net;
	u64 serial;
	u32 id;
	u32 base_bits;
	refcount_t references;
	u32 rules;
	u32 stamps_asked;
	u32 hit_count;
	struct list_head member;
	struct mutex resizing; /* see above */
	struct work_struct resize_work;
	struct work_struct free_work;
	struct delayed_work expire_work;
	struct proc_dir_entry *proc[2];
	char name[XT_RECENT_NAME_LEN];
};

/* The lists of one network namespace. */
struct recent_net {
	struct account_net *account;
	struct mutex lock; /* see above */
	struct list_head lists; /* by recent_list.serial */
	u32 count; /* of them */
	u64 serial; /* of the newest list */
	struct proc_dir_entry *dir[2];
};

/* list.c */
extern struct xarray recent_lists;
extern struct workqueue_struct *recent_wq;
extern atomic64_t recent_slept;
extern unsigned int recent_perms, recent_uid, recent_gid;
extern bool recent_debug;
struct recent_net *recent_pernet(const struct net *net);
struct recent_list *recent_list_get(struct net *net,
				    const struct recent_list_config *config);
struct recent_list *recent_list_find(struct net *net, const char *name);
void recent_list_put(struct recent_list *list, bool rule);
u32 recent_list_size(const struct recent_list *list);
void recent_list_set(struct recent_list *list, u32 size, u32 stamps,
		     const u32 *timeout, u8 full);
int recent_list_init(void);
void recent_list_exit(void);

/* table.c */
struct recent_table *recent_table_create(struct account_net *account,
					 unsigned int bits);
void recent_table_free(struct account_net *account, struct recent_table *table);
void recent_table_limits(struct recent_list *list, unsigned int bits,
			 unsigned int wanted);
void recent_table_add(struct recent_list *list, struct recent_entry *e,
		      u32 hash);
void recent_table_resize(struct work_struct *work);
struct recent_entry *recent_table_next(struct recent_list *list,
				       const struct recent_key *after);

/* order.c */
struct recent_entry *recent_first(struct recent_list *list);
struct recent_entry *recent_oldest(struct recent_list *list);
void recent_queue(struct recent_list *list, struct recent_entry *e, u64 seen);
void recent_queue_restored(struct recent_list *list, struct recent_entry *e,
			   u64 seen, struct recent_late **late);
void recent_unqueue(struct recent_list *list, struct recent_entry *e);
struct recent_late *recent_late_alloc(struct recent_list *list);
void recent_late_free(struct recent_list *list, struct recent_late *late);

/* entry.c */
int recent_add(struct recent_list *list, const struct recent_key *key, u8 ttl,
	       u64 now);
int recent_see(struct recent_list *list, const struct recent_key *key, u8 ttl);
int recent_restore(struct recent_list *list, const struct recent_key *key,
		   u8 ttl, const u64 *ages, u32 n);
bool recent_remove(struct recent_list *list, const struct recent_key *key,
		   bool *expired);
void recent_remove_net(struct recent_list *list, const struct recent_key *key,
		       unsigned int prefix);
void recent_remove_unmasked(struct recent_list *list, u8 family);
void recent_reap(struct recent_list *list, u64 now, u64 age);
void recent_flush(struct recent_list *list);
void recent_trim(struct recent_list *list);
void recent_relax(struct recent_list *list);
void recent_expire(struct work_struct *work);
void recent_grow_push(struct recent_list *list, struct recent_entry *e, u64 now,
		      u32 limit);
int recent_entry_init(void);
void recent_entry_exit(void);

/* proc.c */
int recent_proc_net_init(struct net *net, struct recent_net *rn);
void recent_proc_net_exit(struct net *net, struct recent_net *rn);
int recent_proc_add(struct recent_net *rn, struct recent_list *list);
void recent_proc_remove(struct recent_list *list);

/* netlink.c */
struct sk_buff *recent_event(struct recent_list *list,
			     const struct recent_entry *e,
			     enum xt_recent_cmd event);
void recent_event_send(struct recent_list *list, struct sk_buff *event);
void recent_event_see(struct recent_list *list, const struct recent_entry *e,
		      u64 now);
int recent_netlink_init(void);
void recent_netlink_exit(void);

/*
 * Ticks, those asleep included. Only differences mean something: restored
 * times may be from before boot. Any context.
 */
static __always_inline u64 recent_now(void)
{
	return get_jiffies_64() + atomic64_read(&recent_slept);
}

/* Counts memory of a list. False where a limit does not allow it. */
static inline bool recent_charge(struct recent_list *list, long bytes)
{
	if (!account_charge(list->account, bytes))
		return false;
	atomic_long_add(bytes, &list->memory);
	return true;
}

static inline void recent_uncharge(struct recent_list *list, long bytes)
{
	atomic_long_sub(bytes, &list->memory);
	account_uncharge(list->account, bytes);
}

/* Ticks since a time; not negative, though CPUs may differ by a tick. */
static __always_inline u64 recent_age(u64 now, u64 stamp)
{
	return (s64)(now - stamp) < 0 ? 0 : now - stamp;
}

static __always_inline u64 recent_word(const __u32 half[2])
{
	u64 word;

	memcpy(&word, half, sizeof(word));
	return word;
}

static __always_inline u32 recent_hash_of(const struct recent_list *list,
					  const u64 word[2])
{
	return recent_hash(&list->secret, word[0], word[1]);
}

/* The key of an address; of IPv4, only the first 4 bytes are looked at. */
static __always_inline struct recent_key
recent_list_key(const struct recent_list *list, u8 family,
		const union nf_inet_addr *addr)
{
	struct recent_key key = {
		.family	= family,
		.owner	= RECENT_OWNER(list, family),
	};

	if (family == NFPROTO_IPV4) {
		key.word[0] = (__force u32)(addr->ip & list->mask[0].ip);
		if (IS_ENABLED(CONFIG_CPU_BIG_ENDIAN))
			key.word[0] <<= 32;
	} else {
		key.word[0] = recent_word(&addr->all[0]) &
			      recent_word(&list->mask[1].all[0]);
		key.word[1] = recent_word(&addr->all[2]) &
			      recent_word(&list->mask[1].all[2]);
	}
	key.hash = recent_hash_of(list, key.word);
	return key;
}

/* Under the list's lock. */
static inline struct recent_key recent_entry_key(const struct recent_list *list,
						 const struct recent_entry *e)
{
	return (struct recent_key){
		.word	= { e->word[0], e->word[1] },
		.hash	= recent_hash_of(list, e->word),
		.owner	= e->owner,
		.family	= e->family,
	};
}

/* The end of a chain names its bucket: readers notice that an entry moved. */
static __always_inline void *recent_nulls(const struct hlist_nulls_head *head)
{
	return (void *)((unsigned long)head | 1);
}

static __always_inline bool recent_is(const struct recent_entry *e,
				      const struct recent_key *key)
{
	return READ_ONCE(e->word[0]) == key->word[0] &&
	       READ_ONCE(e->word[1]) == key->word[1] &&
	       READ_ONCE(e->owner) == key->owner;
}

/*
 * Looks an address up, under rcu_read_lock() or the list's lock. Without the
 * list's lock, the entry may have a new address by now: see recent_find_lock().
 */
static __always_inline struct recent_entry *
recent_find(const struct recent_list *list, const struct recent_key *key)
{
	const struct hlist_nulls_head *head;
	const struct recent_table *table;
	struct hlist_nulls_node *at;
	struct recent_entry *e;

again:
	table = rcu_dereference_check(list->table,
				      lockdep_is_held(&list->lock));
	do {
		head = &table->bucket[key->hash >> table->shift];
		hlist_nulls_for_each_entry_rcu(e, at, head, node)
			if (recent_is(e, key))
				return e;
		if (unlikely((void *)at != recent_nulls(head)))
			goto again;
		smp_rmb(); /* the chain before @next: pairs with resizing */
		table = rcu_dereference_check(table->next,
					      lockdep_is_held(&list->lock));
	} while (unlikely(table));
	return NULL;
}

/*
 * The same, and takes the entry's lock, so that it keeps its address: for
 * recent_unlock(). Under rcu_read_lock(), with bottom halves off. Sparse cannot
 * follow a lock that is taken only if there is an entry.
 */
static __always_inline struct recent_entry *
recent_find_lock(const struct recent_list *list, const struct recent_key *key)
{
	struct recent_entry *e;

	while ((e = recent_find(list, key))) {
		spin_lock(&e->lock);
		if (likely(recent_is(e, key))) {
			__release(&e->lock);
			return e;
		}
		spin_unlock(&e->lock);
	}
	return NULL;
}

static __always_inline void recent_unlock(struct recent_entry *e)
{
	__acquire(&e->lock);
	spin_unlock(&e->lock);
}

/* The times of an entry, whose lock is held. */
static __always_inline u64 *recent_stamps(struct recent_entry *e)
{
	return likely(e->size <= RECENT_INLINE) ? e->first : e->ring;
}

/* The @n-th newest time, 1 to e->count. */
static __always_inline u64 recent_stamp(const struct recent_entry *e, u32 n)
{
	return recent_stamps((struct recent_entry *)e)
		[recent_ring_back(e->next, n, e->size)];
}

static __always_inline bool recent_expired(const struct recent_list *list,
					   const struct recent_entry *e,
					   u64 now)
{
	u32 timeout = READ_ONCE(list->timeout);

	return unlikely(timeout) &&
	       recent_age(now, recent_stamp(e, 1)) > timeout * (u64)HZ;
}

/* Notes a time. The entry's lock is held; it may have none yet. */
static __always_inline void recent_push(struct recent_list *list,
					struct recent_entry *e, u64 now)
{
	u32 count = e->count, next = e->next, size = e->size, limit;

	if (unlikely(count == size)) {
		/* Rules and netlink change it at any time: read it once. */
		limit = READ_ONCE(list->stamps);
		if (unlikely(size < limit)) {
			recent_grow_push(list, e, now, limit);
			return;
		}
	}
	(likely(size <= RECENT_INLINE) ? e->first : e->ring)[next] = now;
	e->next = recent_ring_next(next, size);
	if (count < size)
		e->count = count + 1;
}

/*
 * Notes that an address was seen. The entry's lock is held. Listeners are
 * looked up once in a tick.
 */
static __always_inline void recent_note(struct recent_list *list,
					struct recent_entry *e, u64 now)
{
	e->hits++;
	recent_push(list, e, now);
	if (unlikely(atomic64_read(&list->silent_at) != now))
		recent_event_see(list, e, now);
}

/* An address that has expired begins again. */
static inline void recent_note_anew(struct recent_list *list,
				    struct recent_entry *e, u64 now)
{
	if (recent_expired(list, e, now)) {
		e->count = 0;
		e->next = 0;
		e->hits = 0;
	}
	recent_note(list, e, now);
}

#endif /* POM_XT_RECENT_INTERNAL_H */
