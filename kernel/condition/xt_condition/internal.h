/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private header of xt_condition.
 *
 * match.c     the match, which rules call
 * registry.c  the conditions of a namespace: names, lifetime, changes
 * proc.c      /proc/net/nf_condition
 * netlink.c   the generic netlink family
 *
 * Locks, outermost first: condition_net.names.lock (lib/named.h),
 * condition.lock (changes of one condition, so that events are sent in
 * order). The packet path takes neither.
 */
#ifndef POM_XT_CONDITION_INTERNAL_H
#define POM_XT_CONDITION_INTERNAL_H

#include <linux/compiler.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/netfilter/xt_condition.h>
#include "lib/named.h"

struct net;
struct proc_dir_entry;

/**
 * struct condition - a named boolean of one network namespace
 * @named: its name and the rules that use it
 * @changes: how often the value changed. Its lowest bit is the value, so that
 *	one load returns the value and whether it has changed. Written under
 *	@lock.
 * @gone: no rule uses it any more. Written once, under @lock.
 * @lock: see above
 * @net: its namespace, which may only be used under @lock and before @gone
 * @pollers: wait queue for @changes and @gone
 * @ref: the rules together hold one, each open file another
 * @proc: its file
 * @name: the memory of @named.name
 */
struct condition {
	struct pom_named named;
	unsigned int changes;
	bool gone;
	struct mutex lock; /* one change, with its notification, at a time */
	struct net *net;
	wait_queue_head_t pollers;
	struct kref ref;
	struct proc_dir_entry *proc;
	char name[XT_CONDITION_NAME_LEN];
};

/**
 * struct condition_net - the conditions of one network namespace
 * @names: of struct condition, at most condition_max
 * @proc_dir: /proc/net/nf_condition
 */
struct condition_net {
	struct pom_names names;
	struct proc_dir_entry *proc_dir;
};

static inline bool condition_value_of(unsigned int changes)
{
	return changes & 1;
}

/* Any context, the packet path above all. */
static inline bool condition_value(const struct condition *c)
{
	return condition_value_of(READ_ONCE(c->changes));
}

/* registry.c */
struct condition_net *condition_pernet(const struct net *net);
struct condition *condition_get(struct net *net, const char *name);
void condition_put(struct net *net, struct condition *c);
struct condition *condition_find(struct condition_net *cn, const char *name);
struct condition *condition_find_after(struct condition_net *cn,
				       const char *name);
int condition_set(struct condition *c, bool value);
void condition_hold(struct condition *c);
void condition_release(struct condition *c);
int condition_registry_init(void);
void condition_registry_exit(void);

/* proc.c */
int condition_proc_check_params(void);
int condition_proc_net_init(struct net *net, struct condition_net *cn);
void condition_proc_net_exit(struct net *net, struct condition_net *cn);
int condition_proc_add(struct condition_net *cn, struct condition *c);
void condition_proc_remove(struct condition *c);

/* netlink.c */
void condition_netlink_notify(const struct condition *c,
			      enum nf_condition_cmd event);
int condition_netlink_init(void);
void condition_netlink_exit(void);

#endif /* POM_XT_CONDITION_INTERNAL_H */
