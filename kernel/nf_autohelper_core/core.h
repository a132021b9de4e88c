/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nf_autohelper_core, the parts among themselves.
 *
 * Every namespace has a table of its own, ports to helpers. What helper
 * modules and the attach= parameter ask for is noted once (everywhere.c) and
 * copied into each table; /proc/net/nf_autohelper (proc.c) changes one table.
 * Packets read the table under rcu_read_lock (hook.c); all changes are made
 * in process context under ah_lock, and modules are loaded outside it.
 *
 * A verb tells what it may do: _hold and _put count references, _add and
 * _unlink want ah_lock, _dispose sleeps for a grace period and must not be
 * called with it.
 */
#ifndef NF_AUTOHELPER_CORE_H
#define NF_AUTOHELPER_CORE_H

#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>
#include <net/net_namespace.h>

#include "compat/helper.h"
#include "compat/sysctl.h"

/* Ports in one namespace, and ports attached everywhere. */
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

/**
 * struct ah_binding - a helper, by its kernel objects
 * @users: entries and notes that point here
 * @helper: for each family, NULL where it has none
 * @nat: a reference on the NAT half is held for that family
 * @held: references on @helper and its module are held; not so for modules
 *	that attach themselves, which could not be unloaded then
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
 * struct ah_note - a port that is attached in every namespace
 * @list: in the list of notes, under ah_lock
 * @binding: its helper
 * @owner: whose detaching removes it
 * @port: host byte order
 * @origin: AH_MODULE or AH_PARAM
 */
struct ah_note {
	struct list_head list;
	struct ah_binding *binding;
	const void *owner;
	u16 port;
	enum ah_origin origin;
};

/**
 * struct ah_entry - a port in one namespace
 * @hash: in ah_net.ports, read by packets under rcu_read_lock
 * @list: in ah_net.entries, ascending @key, under ah_lock
 * @binding: its helper
 * @note: what it is a copy of, NULL with AH_RUNTIME; compared, never followed
 * @hits: connections that got the helper here
 * @key: AH_KEY()
 * @origin: who asked for it
 */
struct ah_entry {
	struct hlist_node hash;
	struct list_head list;
	struct ah_binding *binding;
	const struct ah_note *note;
	atomic_long_t hits;
	u32 key;
	enum ah_origin origin;
};

/**
 * struct ah_net - what a namespace has
 * @net: the namespace
 * @list: in ah_nets, under ah_lock
 * @ports: the entries by key
 * @entries: the same, in order
 * @count: how many
 * @enabled: the sysctl, 0 or 1
 * @hooked: conntrack and our hooks are registered here
 * @leaving: the namespace or the module goes away, nothing is added any more
 * @sysctl_table: with the empty entry that older kernels want
 * @sysctl: its registration
 */
struct ah_net {
	struct net *net;
	struct list_head list;
	DECLARE_HASHTABLE(ports, AH_HASH_BITS);
	struct list_head entries;
	unsigned int count;
	int enabled;
	bool hooked;
	bool leaving;
	struct ctl_table sysctl_table[2];
	struct ctl_table_header *sysctl;
};

extern struct mutex ah_lock;
extern struct list_head ah_nets;

/* A line in the kernel log for what a person did, 32 in five seconds. */
extern struct ratelimit_state ah_ratelimit;
#define ah_say(...)					\
do {							\
	if (__ratelimit(&ah_ratelimit))			\
		pr_info(__VA_ARGS__);			\
} while (0)

/* main.c */
struct ah_net *ah_net(const struct net *net);
const char *ah_proto_name(u8 l4proto);

/* binding.c */
struct ah_binding *ah_binding_get(const char *name, u8 l4proto);
struct ah_binding *
ah_binding_own(struct nf_conntrack_helper *const *helpers, unsigned int n);
void ah_binding_put(struct ah_binding *b);

/* table.c */
struct ah_entry *ah_table_find(struct ah_net *an, u32 key);
int ah_table_add(struct ah_net *an, struct ah_binding *b, u16 port,
		 enum ah_origin origin, const struct ah_note *note);
int ah_table_replace(struct ah_entry *old, struct ah_binding *b,
		     struct list_head *gone);
void ah_table_unlink(struct ah_net *an, struct ah_entry *e,
		     struct list_head *gone);
void ah_table_unlink_note(struct ah_net *an, const struct ah_note *note,
			  struct list_head *gone);
void ah_table_free(struct list_head *gone);
void ah_table_dispose(struct list_head *gone);

/* hook.c */
int ah_hooks_update(struct ah_net *an);

/* everywhere.c */
int ah_notes_copy(struct ah_net *an);

/* proc.c, sysctl.c */
int ah_proc_create(struct net *net);
void ah_proc_remove(struct net *net);
int ah_sysctl_create(struct ah_net *an);
void ah_sysctl_remove(struct ah_net *an);

#endif
