/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of xt_recent know of each other.
 *
 * match.c     the match, which rules call
 * registry.c  the lists of a namespace: names, lifetime, limits
 * entry.c     the addresses of a list: find, add, remove, evict, expire
 * table.c     the hash table of a list, which grows while it is used; find.h
 *             is what packets need of it
 * stamps.c    the times of one address; and stamps.h
 * seen.h      a packet whose address is listed
 * clock.c     the time
 * param.c     the module's parameters
 * account.c   the limits of memory
 * proc.c      /proc/net/xt_recent and its classic form, reading
 * netlink.c   the generic netlink family
 * write.c     the commands that are written there; file.h is between the two
 *
 * Locks, outermost first: recent_net.lock (names and rule counts; a mutex),
 * recent_list.resizing (a mutex), recent_list.lock (which addresses there
 * are, and their order), recent_entry.lock (the times of one address). A
 * packet whose address is in the list takes the last one only.
 */
#ifndef POM_XT_RECENT_RECENT_H
#define POM_XT_RECENT_RECENT_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/netfilter/xt_recent.h>
#include "recent/parser.h"
#include "recent/xt_recent/account.h"
#include "recent/xt_recent/clock.h"

struct net;
struct proc_dir_entry;
struct recent_command;
struct sk_buff;

/* So many times fit in an entry of two cache lines. */
#define RECENT_STAMPS_INLINE	5
/* The others lie in pieces of this many, so that no large page is needed. */
#define RECENT_CHUNK_SHIFT	9
#define RECENT_CHUNK		BIT(RECENT_CHUNK_SHIFT)

/**
 * struct recent_key - an address, as it is looked up
 * @word: the bytes of the address, under the mask of the list; those behind
 *	an IPv4 address are zero
 * @hash: from recent_list_key()
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 */
struct recent_key {
	u64 word[2];
	u32 hash;
	u8 family;
};

/**
 * struct recent_ring - the times of an address that has more than a few
 * @chunk: each holds RECENT_CHUNK of them, the last one perhaps fewer
 */
struct recent_ring {
	unsigned int chunks;
	u64 *chunk[];
};

/**
 * struct recent_entry - an address of a list
 * @node: in a bucket, under recent_list.lock; readers use RCU
 * @addr: never changes, nor do @hash and @family
 * @word: the same bytes, as in struct recent_key
 * @lock: guards what follows, up to @first
 * @ttl: of the packet that was last noted; 0 if it was no packet
 * @count: how many times it has; 0 once it is no longer in the list
 * @next: index in the ring of the next one
 * @size: of the ring
 * @ring: NULL while the times fit into @first
 * @first: the times, in milliseconds of recent_now()
 * @account: what its memory is counted in, once it is out of the list
 * @order: in recent_list.order, under recent_list.lock
 * @rcu: used once it is out of the list
 * @queued: the key of @order: the entry was last seen then, or later
 */
struct recent_entry {
	struct hlist_node node;
	union {
		union nf_inet_addr addr;
		u64 word[2];
	};
	u32 hash;
	spinlock_t lock; /* see above */
	u8 family;
	u8 ttl;
	u16 count;
	u16 next;
	u16 size;
	struct recent_ring *ring;
	union {
		u64 first[RECENT_STAMPS_INLINE];
		struct account_net *account;
	};
	union {
		struct rb_node order;
		struct rcu_head rcu;
	};
	u64 queued;
} ____cacheline_aligned;

/**
 * struct recent_buckets - a hash table
 * @shift: a hash shifted right by it is the number of a bucket, so a bucket
 *	holds a range of hashes, and buckets in order hold hashes in order.
 *	Within a bucket, entries are in the order of recent_key_cmp().
 */
struct recent_buckets {
	struct rcu_head rcu;
	unsigned int shift;
	struct hlist_head bucket[];
};

/**
 * struct recent_stats - what happened to a list; under its lock
 * @added: addresses that were new
 * @evicted: evicted for others
 * @refused: did not get in because the list was full
 * @no_memory: did not get in for want of memory, or against its limit
 * @expired: were reaped, or died by the list's timeout
 */
struct recent_stats {
	u64 added;
	u64 evicted;
	u64 refused;
	u64 no_memory;
	u64 expired;
};

/**
 * struct recent_list - a list
 * @table: where entries are found; while it grows, those that have not moved
 *	yet are still in @old
 * @old: NULL, or what @table is growing out of
 * @resizes: odd while @old is set; changes with it, under @lock
 * @mask: for IPv4 and for IPv6; which of them are set is in @masked
 * @secret: of its hash; a user who sorts addresses in another list does not know it
 * @timeout_ms: 0 if addresses stay
 * @stamps: how many times an entry may have: what was asked for, or the
 *	largest hit_count of a rule, if that is more
 * @size: how many entries there may be; 0: module parameter ip_list_tot
 * @full: of enum xt_recent_full
 * @unheard: when it was last seen that nobody listens to events; 0 if
 *	somebody did
 * @silent: no more events are sent for it
 * @lock: see above
 * @count: how many entries there are
 * @grow_at: with more of them, the table has to grow
 * @order: the entries by @queued, which is brought up to date when one is
 *	looked for that can go; a hit does not touch it
 * @oldest: no entry was last seen before it
 * @memory: bytes in use by its entries
 * @account: where @memory, the table and the list itself are counted
 * @net: its namespace
 * @id: its place in recent_net.lists
 * @rules: how many rules use it, under recent_net.lock
 * @stamps_asked, @hit_count: what @stamps is made of, under recent_net.lock
 * @member: in recent_net.lists
 * @resizing: held by a task that moves entries to another table, or relies on
 *	nobody doing so
 */
struct recent_list {
	/* The packet path reads these: the first line, all but the rest of a mask. */
	struct recent_buckets __rcu *table;
	u64 unheard;
	u64 timeout_ms;
	u32 stamps;
	unsigned int resizes;
	bool silent;
	u8 full;
	u8 masked;
	union nf_inet_addr mask[2];
	struct recent_secret secret;

	u32 size;
	struct recent_buckets __rcu *old;
	struct account_net *account;

	spinlock_t lock ____cacheline_aligned_in_smp; /* see above */
	u32 count;
	u32 grow_at;
	u64 oldest;
	struct rb_root_cached order;
	struct recent_stats stats;
	atomic_long_t memory;

	struct net *net;
	u32 id;
	u32 rules;
	u32 stamps_asked;
	u32 hit_count;
	struct list_head member;
	struct mutex resizing; /* see above */
	struct work_struct resize_work;
	struct delayed_work expire_work;
	struct proc_dir_entry *proc;
	struct proc_dir_entry *proc_classic;
	char name[XT_RECENT_NAME_LEN];
};

/**
 * struct recent_slots - what the number in a rule of revision 0 or 1 leads to
 */
struct recent_slots {
	struct rcu_head rcu;
	u32 size;
	struct recent_list *list[];
};

/**
 * struct recent_net - the lists of one network namespace
 * @slots: by recent_list.id
 * @account: whose limits of memory count
 * @lock: guards @slots and @lists and the rule counts of them
 * @lists: of struct recent_list
 * @proc_dir: /proc/net/xt_recent
 * @proc_dir_classic: /proc/net/ipt_recent
 */
struct recent_net {
	struct recent_slots __rcu *slots;
	struct account_net *account;
	struct mutex lock; /* see above */
	struct list_head lists;
	struct proc_dir_entry *proc_dir;
	struct proc_dir_entry *proc_dir_classic;
};

/* What a rule says about its list; see struct xt_recent_mtinfo_v2. */
struct recent_wish {
	const char *name;
	u8 family;
	u8 full;
	u32 hit_count;
	u32 size;
	u32 stamps;
	u32 timeout;
	union nf_inet_addr mask;
};

/* param.c */
struct recent_param {
	unsigned int value, min, max;
};

extern struct recent_param recent_list_tot;
extern struct recent_param recent_pkt_list_tot;
extern struct recent_param recent_hash_size;
extern struct recent_param recent_perms;
extern struct recent_param recent_uid;
extern struct recent_param recent_gid;
extern bool recent_debug;
extern struct account recent_account;

void recent_param_init(void);

static inline unsigned int recent_param_get(const struct recent_param *p)
{
	return READ_ONCE(p->value);
}

/* registry.c */
extern unsigned int recent_net_id;
struct recent_net *recent_pernet(const struct net *net);
struct recent_list *recent_list_get(struct net *net,
				    const struct recent_wish *wish);
void recent_list_put(struct net *net, struct recent_list *list);
struct recent_list *recent_list_find(struct recent_net *rn, const char *name);
u32 recent_list_size(const struct recent_list *list);
void recent_list_set_size(struct recent_list *list, u32 size);
void recent_list_set_timeout(struct recent_list *list, u32 seconds);
void recent_list_set_stamps(struct recent_list *list, u32 stamps);
int recent_registry_init(void);
void recent_registry_exit(void);

/* table.c */
int recent_key_cmp(const struct recent_key *a, const struct recent_entry *b);
struct recent_buckets *recent_table_create(struct account_net *account,
					   u32 count);
void recent_table_free(struct account_net *account,
		       struct recent_buckets *table);
struct recent_entry *recent_table_find_again(struct recent_list *list, u32 hash,
					     u8 family, u64 word0, u64 word1);
struct recent_entry *recent_table_find_locked(struct recent_list *list,
					      const struct recent_key *key);
struct recent_entry *recent_table_find_after(struct recent_list *list,
					     const struct recent_key *key);
void recent_table_add(struct recent_list *list, struct recent_entry *e);
void recent_table_resize(struct work_struct *work);

/* entry.c */
bool recent_memory_charge(struct recent_list *list, long bytes,
			  enum account_part part);
void recent_memory_uncharge(struct recent_list *list, long bytes);
int recent_add(struct recent_list *list, const struct recent_key *key, u8 ttl,
	       u64 now);
int recent_see(struct recent_list *list, const struct recent_key *key, u8 ttl);
int recent_restore(struct recent_list *list, const struct recent_key *key,
		   u8 ttl, const u64 *ages, u32 n);
bool recent_remove(struct recent_list *list, struct recent_entry *e);
void recent_reap(struct recent_list *list, u64 before);
void recent_flush(struct recent_list *list);
void recent_trim(struct recent_list *list);
u32 recent_remove_prefix(struct recent_list *list,
			 const struct recent_command *cmd);
void recent_expire(struct work_struct *work);
int recent_entry_init(void);
void recent_entry_exit(void);

/* proc.c */
void recent_proc_init(void);
int recent_proc_net_init(struct net *net, struct recent_net *rn);
void recent_proc_net_exit(struct net *net, struct recent_net *rn);
int recent_proc_add(struct recent_net *rn, struct recent_list *list);
void recent_proc_remove(struct recent_list *list);

/* netlink.c */
struct sk_buff *recent_event(struct recent_list *list,
			     const struct recent_entry *e,
			     enum xt_recent_cmd event);
void recent_event_send(const struct recent_list *list, struct sk_buff *event);
void recent_notify(struct recent_list *list, const struct recent_entry *e,
		   enum xt_recent_cmd event);
void recent_notify_see(struct recent_list *list, const struct recent_entry *e,
		       u64 now);
int recent_netlink_init(void);
void recent_netlink_exit(void);

#endif /* POM_XT_RECENT_RECENT_H */
