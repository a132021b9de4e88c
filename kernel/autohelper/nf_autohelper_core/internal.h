/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private header of nf_autohelper_core.
 *
 * Each namespace has a table from ports to helpers, which a write to
 * /proc/net/nf_autohelper (proc.c) changes. A further table, ah_requests
 * (request.c), has the requests of helper modules and of the attach=
 * parameter. It applies to the initial namespace and to those that follow it:
 * their sysctl (sysctl.c) is 2. A namespace's own table takes precedence.
 *
 * Packets read the tables under rcu_read_lock (hook.c). Process context
 * changes a table under its lock, and loads modules without it. The lock of
 * ah_requests nests inside the lock of a namespace's table. No memory is
 * allocated under it: a namespace that is short of memory must not delay
 * others.
 */
#ifndef POM_NF_AUTOHELPER_CORE_INTERNAL_H
#define POM_NF_AUTOHELPER_CORE_INTERNAL_H

#include <linux/bitmap.h>
#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <net/net_namespace.h>

#include "compat/helper.h"
#include "compat/sysctl.h"
#include "lib/lines.h"
#include "lib/reserve.h"

/* Entries of one table. */
#define AH_MAX		64
#define AH_HASH_BITS	6

#define AH_KEY(l4proto, port)	((u32)(l4proto) << 16 | (port))

enum ah_family {
	AH_IPV4,
	AH_IPV6,
	AH_FAMILIES,
};

enum ah_origin {
	AH_MODULE,	/* nf_autohelper_attach() */
	AH_PARAM,	/* modprobe nf_autohelper attach= */
	AH_RUNTIME,	/* /proc/net/nf_autohelper */
};

/* Values of net.netfilter.nf_autohelper. */
enum ah_mode {
	AH_OFF,
	AH_OWN,		/* the namespace's own table */
	AH_FOLLOW,	/* and ah_requests */
};

/**
 * struct ah_binding - a helper, by its kernel objects
 * @users: entries that point here
 * @helper: for each family, NULL where it has none
 * @nat: a reference on the NAT half is held for that family
 * @held: references on @helper and its module are held; false for a module
 *	that attaches its own helper, and must remain unloadable
 * @l4proto: IPPROTO_TCP or IPPROTO_UDP
 * @name: what `-j CT --helper` takes
 */
struct ah_binding {
	refcount_t users;
	struct nf_conntrack_helper *helper[AH_FAMILIES];
	bool nat[AH_FAMILIES];
	bool held;
	u8 l4proto;
	char name[NF_CT_HELPER_NAME_LEN];
};

/**
 * struct ah_entry - a port and its helper
 * @hash: in ah_table.ports, read under rcu_read_lock
 * @list: in ah_table.entries, read under rcu_read_lock
 * @gone: links entries that were unlinked together, until they are freed
 * @binding: its helper
 * @hits: connections that got the helper here; requests count in ah_follow
 * @owner: of a request: which module's detach removes it
 * @key: AH_KEY()
 * @slot: of a request, its place in ah_follow
 * @origin: a module, a parameter, or a write to the file
 */
struct ah_entry {
	struct hlist_node hash;
	struct list_head list;
	struct list_head gone;
	struct ah_binding *binding;
	atomic_long_t hits;
	const void *owner;
	u32 key;
	u8 slot;
	enum ah_origin origin;
};

/**
 * struct ah_table - ports and their helpers
 * @lock: of the other members, and of ah_net
 * @ports: the entries by key
 * @entries: the same, ascending keys
 * @count: how many; written under @lock
 */
struct ah_table {
	struct mutex lock; /* serializes changes */
	DECLARE_HASHTABLE(ports, AH_HASH_BITS);
	struct list_head entries;
	unsigned int count;
};

/**
 * struct ah_follow - how a namespace follows ah_requests
 * @list: in the list of those that follow, under ah_requests.lock
 * @rcu: for kfree_rcu()
 * @declined: slots of requests that this namespace has detached
 * @hits: by slot, connections of this namespace that got the helper
 */
struct ah_follow {
	struct list_head list;
	struct rcu_head rcu;
	DECLARE_BITMAP(declined, AH_MAX);
	atomic_long_t hits[AH_MAX];
};

/**
 * struct ah_net - the state of a network namespace
 * @net: the namespace
 * @table: its own entries; its lock is also that of the members below
 * @follow: set in the initial namespace always, elsewhere with AH_FOLLOW; read
 *	by packets under rcu_read_lock
 * @mode: enum ah_mode, the sysctl
 * @stats: of helpers that saw packets here, read under rcu_read_lock
 * @stats_lock: of @stats; packets take it to add a record
 * @stats_nets: in a list of stats.c
 * @memcg: of the task that created the namespace; pays for what packets
 *	allocate. NULL, and nobody pays, where the namespace is older than this
 *	module: its creator is unknown then.
 * @unpaid: nobody pays, and a user namespace other than the initial one owns
 *	the namespace: anyone can have many of these, so packets allocate little
 * @records: a reserve for @stats
 * @slots: expectations of a record in @records
 * @tails: a reserve for the announcements that @stats keep
 * @hooked: the hooks of this module are registered
 * @sysctl_table: with the empty entry that older kernels need
 * @sysctl: its registration
 */
struct ah_net {
	struct net *net;
	struct ah_table table;
	struct ah_follow __rcu *follow;
	struct list_head stats;
	spinlock_t stats_lock; /* of stats */
	struct list_head stats_nets;
	struct mem_cgroup *memcg;
	bool unpaid;
	struct pom_reserve records;
	unsigned int slots;
	struct pom_reserve tails;
	int mode;
	bool hooked;
	struct ctl_table sysctl_table[2];
	struct ctl_table_header *sysctl;
};

#define AH_TAIL_BITS	6

struct ah_tail;

/**
 * struct ah_tails - beginnings of announcements that a helper waits for
 * @lock: of all that is below
 * @dead: nothing is kept any more
 * @place: by connection and direction
 */
struct ah_tails {
	spinlock_t lock; /* of dead and place */
	bool dead;
	struct ah_tail *place[1 << AH_TAIL_BITS];
};

extern struct ah_table ah_requests;

/*
 * Logs a line about a command in a namespace. The initial namespace has a rate
 * limit of its own. All others share one, so that many namespaces log no more
 * than one.
 */
extern struct ratelimit_state ah_ratelimit[2];
#define ah_say(an, ...)							\
do {									\
	if (__ratelimit(&ah_ratelimit[net_eq((an)->net, &init_net)]))	\
		pr_info(__VA_ARGS__);					\
} while (0)

/* main.c */
struct ah_net *ah_net(const struct net *net);
const char *ah_proto_name(u8 l4proto);

/* binding.c */
struct ah_binding *ah_binding_get(const char *name, u8 l4proto);
struct ah_binding *ah_binding_own(const struct pom_helper *h);
void ah_binding_put(struct ah_binding *b);

/* table.c */
struct ah_entry *ah_entry_alloc(struct ah_binding *b, u16 port,
				enum ah_origin origin);
void ah_entry_free(struct ah_entry *e);
void ah_table_init(struct ah_table *t);
struct ah_entry *ah_table_find(struct ah_table *t, u32 key);
void ah_table_link(struct ah_table *t, struct ah_entry *e);
void ah_table_replace(struct ah_entry *old, struct ah_entry *e);
void ah_table_unlink(struct ah_table *t, struct ah_entry *e);

/* stats.c */
void ah_stats_net_init(struct ah_net *an);
void ah_stats_net_exit(struct ah_net *an);
void ah_stats_leave(struct ah_net *an);
int ah_stats_create(struct ah_net *an);
void ah_stats_remove(struct ah_net *an);

/* tails.c */
void ah_tails_net_init(struct ah_net *an);
void ah_tails_net_exit(struct ah_net *an);
int ah_tails_keep(struct ah_tails *t, const struct nf_conn *ct, u8 dir,
		  u32 next, const u8 *bytes, u16 len);
u16 ah_tails_take(struct ah_tails *t, const struct nf_conn *ct, u8 dir,
		  u32 next, u8 *bytes, u16 size);
void ah_tails_free(struct ah_tails *t);

/* hook.c */
int ah_hooks_update(struct ah_net *an, unsigned int own);

/* request.c */
struct ah_entry *ah_request_find(struct ah_follow *f, u32 key);
bool ah_request_decline(struct ah_follow *f, u32 key);
int ah_follow_start(struct ah_net *an);
void ah_follow_stop(struct ah_net *an);

/* proc.c, sysctl.c */
int ah_proc_create(struct net *net);
void ah_proc_remove(struct net *net);
int ah_sysctl_create(struct ah_net *an);
void ah_sysctl_remove(struct ah_net *an);

#endif
