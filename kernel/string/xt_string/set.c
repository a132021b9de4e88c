// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pattern sets of a network namespace: names, lifetime, memory.
 *
 * A set exists as long as a rule uses it, it has patterns, or a process has
 * created it. So it can be loaded before its rules, and survives the
 * replacement of a rule set.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/module.h>
#include <linux/netfilter/x_tables.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "lib/log.h"
#include "lib/name.h"
#include "string/xt_string/set.h"

static unsigned int string_net_id __read_mostly;
static struct workqueue_struct *string_wq;

/* Sets that one namespace may have; each is a file. */
#define STRING_SETS_MAX	1024

static unsigned int set_memory __read_mostly = 64;
module_param(set_memory, uint, 0644);
MODULE_PARM_DESC(set_memory,
		 "memory for all pattern sets of a network namespace, in MiB (default: 64)");

struct string_net *string_pernet(const struct net *net)
{
	return net_generic(net, string_net_id);
}

/**
 * string_name_check - whether a string can be the name of a set
 * @net: the network namespace that a line in the log is about
 * @name: the string, from user space
 * @size: bytes at @name; one of them must be NUL
 *
 * Return: 0; or -EINVAL or -ENAMETOOLONG, and a line in the kernel's log
 */
int string_name_check(const struct net *net, const char *name, size_t size)
{
	const char *error;
	size_t len;

	size = min_t(size_t, size, XT_STRING_SET_NAME_LEN);
	len = strnlen(name, size);
	error = pom_name_error(name, size, " ");
	if (!error)
		return 0;
	pom_info(net, "set name \"%*pE\" %s\n", (int)len, name, error);
	return len == size ? -ENAMETOOLONG : -EINVAL;
}

/* Bytes for all pattern sets of a namespace. */
u32 string_memory_max(void)
{
	return min(READ_ONCE(set_memory), 4095U) << 20;
}

/*
 * Accounts memory of patterns that are being loaded. Their limit in a namespace
 * is as high as that of loaded patterns. Process context. 0 or -ENOSPC.
 */
int string_loading_add(struct string_net *sn, size_t size)
{
	size_t max = string_memory_max();
	int err = 0;

	mutex_lock(&sn->load_lock);
	if (size > max || sn->loading > max - size)
		err = -ENOSPC;
	else
		sn->loading += size;
	mutex_unlock(&sn->load_lock);
	return err;
}

void string_loading_sub(struct string_net *sn, size_t size)
{
	mutex_lock(&sn->load_lock);
	sn->loading -= size;
	mutex_unlock(&sn->load_lock);
}

static struct string_named *string_named_of(struct pom_named *n)
{
	return n ? container_of(n, struct string_named, named) : NULL;
}

/* Under sets.lock. */
static struct string_named *string_named_find(struct string_net *sn,
					      const char *name)
{
	return string_named_of(pom_names_find(&sn->sets, name));
}

/* Under sets.lock. */
static struct string_named *string_named_create(struct net *net,
						struct string_net *sn,
						const char *name)
{
	struct string_named *s;
	int err;

	if (sn->sets.count >= STRING_SETS_MAX) {
		pom_info(net, "set \"%s\": a network namespace has at most %u sets; stringset destroy takes one away\n",
			 name, STRING_SETS_MAX);
		return ERR_PTR(-ENFILE);
	}
	s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);
	if (!s)
		return ERR_PTR(-ENOMEM);
	kref_init(&s->ref);
	s->net = net;
	strscpy(s->name, name, sizeof(s->name));
	s->named.name = s->name;
	err = string_proc_add(sn, s);
	if (err) {
		kfree(s);
		return ERR_PTR(err);
	}
	pom_names_add(&sn->sets, &s->named);
	return s;
}

/*
 * Detaches the patterns of a set, under sets.lock. Without a rule, the set
 * takes no others: the caller removes it. Returns the patterns, or NULL.
 */
static struct string_patterns *string_named_detach(struct string_named *s)
{
	struct string_net *sn = string_pernet(s->net);
	struct string_patterns *old;

	mutex_lock(&sn->load_lock);
	old = rcu_dereference_protected(s->now,
					lockdep_is_held(&sn->load_lock));
	RCU_INIT_POINTER(s->now, NULL);
	s->kept = false;
	WRITE_ONCE(s->gone, !s->named.rules);
	mutex_unlock(&sn->load_lock);
	return old;
}

static void string_named_last(struct kref *ref)
{
	kfree(container_of(ref, struct string_named, ref));
}

/* Gives back a reference to a set. Any context. */
void string_named_release(struct string_named *s)
{
	kref_put(&s->ref, string_named_last);
}

/*
 * Removes a set that has neither rules nor patterns. Under sets.lock. Waits
 * for an open() of its file, not for reads and writes.
 */
static void string_named_remove_unused(struct string_net *sn,
				       struct string_named *s)
{
	mutex_lock(&sn->load_lock);
	WRITE_ONCE(s->gone, !s->named.rules && !s->kept);
	mutex_unlock(&sn->load_lock);
	if (!s->gone)
		return;
	pom_names_remove(&sn->sets, &s->named);
	proc_remove(s->proc);
	string_named_release(s);
}

/**
 * string_named_get - a rule begins to use a set
 * @net: the rule's namespace
 * @name: a valid name
 *
 * Creates the set, without patterns, if it does not exist. Process context.
 *
 * Return: the set, for string_named_put(), or an ERR_PTR
 */
struct string_named *string_named_get(struct net *net, const char *name)
{
	struct string_net *sn = string_pernet(net);
	struct string_named *s;

	mutex_lock(&sn->sets.lock);
	s = string_named_find(sn, name);
	if (!s)
		s = string_named_create(net, sn, name);
	if (!IS_ERR(s))
		s->named.rules++;
	mutex_unlock(&sn->sets.lock);
	return s;
}

/**
 * string_named_put - a rule no longer uses a set
 * @net: the rule's namespace
 * @s: what string_named_get() returned
 *
 * No packet may be in that rule any more. Process context.
 */
void string_named_put(struct net *net, struct string_named *s)
{
	struct string_net *sn = string_pernet(net);

	mutex_lock(&sn->sets.lock);
	s->named.rules--;
	string_named_remove_unused(sn, s);
	mutex_unlock(&sn->sets.lock);
}

/**
 * string_named_keep - create a set that exists without rules
 * @net: the namespace
 * @name: a valid name
 *
 * Return: 0, also if it exists; an error of its creation
 */
int string_named_keep(struct net *net, const char *name)
{
	struct string_net *sn = string_pernet(net);
	struct string_named *s;
	int err = 0;

	mutex_lock(&sn->sets.lock);
	s = string_named_find(sn, name);
	if (!s)
		s = string_named_create(net, sn, name);
	if (IS_ERR(s)) {
		err = PTR_ERR(s);
	} else {
		mutex_lock(&sn->load_lock);
		s->kept = true;
		mutex_unlock(&sn->load_lock);
	}
	mutex_unlock(&sn->sets.lock);
	return err;
}

/**
 * string_named_drop - empty a set, and remove it if no rule uses it
 * @net: the namespace
 * @name: of the set
 *
 * Return: 0, or -ENOENT
 */
int string_named_drop(struct net *net, const char *name)
{
	struct string_net *sn = string_pernet(net);
	struct string_patterns *old = NULL;
	struct string_named *s;

	mutex_lock(&sn->sets.lock);
	s = string_named_find(sn, name);
	if (s) {
		old = string_named_detach(s);
		string_named_remove_unused(sn, s);
	}
	mutex_unlock(&sn->sets.lock);
	if (old) {
		synchronize_rcu();
		string_patterns_release(old);
	}
	return s ? 0 : -ENOENT;
}

/**
 * string_named_replace - give a set its patterns
 * @s: the set
 * @p: the patterns; the set takes their reference; NULL for none
 *
 * A packet sees the old patterns or the new ones. A set with patterns is kept.
 * Process context.
 *
 * Return: 0; -ENODEV if the set was removed, -ENOSPC at the memory limit of the
 * namespace: @p is released
 */
int string_named_replace(struct string_named *s, struct string_patterns *p)
{
	struct string_net *sn = string_pernet(s->net);
	struct string_patterns *old;
	int err = 0;

	mutex_lock(&sn->load_lock);
	old = rcu_dereference_protected(s->now,
					lockdep_is_held(&sn->load_lock));
	if (p) {
		sn->loading -= p->memory;
		sn->memory += p->memory;
	}
	if (s->gone)
		err = -ENODEV;
	else if (p && sn->memory - (old ? old->memory : 0) >
		      string_memory_max())
		err = -ENOSPC;
	if (err) {
		mutex_unlock(&sn->load_lock);
		if (p)
			string_patterns_release(p);
		return err;
	}
	s->kept = p;
	if (p)
		p->id = ++sn->ids;
	rcu_assign_pointer(s->now, p);
	mutex_unlock(&sn->load_lock);

	if (old) {
		synchronize_rcu();
		string_patterns_release(old);
	}
	return 0;
}

/* The patterns of a set, with a reference, or NULL. Process context. */
struct string_patterns *string_named_hold(struct string_named *s)
{
	struct string_net *sn = string_pernet(s->net);
	struct string_patterns *p;

	mutex_lock(&sn->load_lock);
	p = rcu_dereference_protected(s->now, lockdep_is_held(&sn->load_lock));
	if (p)
		kref_get(&p->ref);
	mutex_unlock(&sn->load_lock);
	return p;
}

/* Their memory counts as long as a process reads them. */
static void string_patterns_last(struct kref *ref)
{
	struct string_patterns *p = container_of(ref, struct string_patterns,
						 ref);

	if (p->sn) {
		mutex_lock(&p->sn->load_lock);
		p->sn->memory -= p->memory;
		mutex_unlock(&p->sn->load_lock);
	}
	string_patterns_free(p);
}

void string_patterns_release(struct string_patterns *p)
{
	kref_put(&p->ref, string_patterns_last);
}

static int __net_init string_net_init(struct net *net)
{
	struct string_net *sn = string_pernet(net);

	pom_names_init(&sn->sets);
	mutex_init(&sn->load_lock);
	spin_lock_init(&sn->early_lock);
	INIT_LIST_HEAD(&sn->searched.early);
	INIT_LIST_HEAD(&sn->watched.early);
	return string_proc_net_init(net, sn);
}

/* Frees a chain of patterns after a grace period. */
static void string_patterns_bury(struct work_struct *work)
{
	struct string_patterns *p, *next;

	for (p = container_of(to_rcu_work(work), struct string_patterns, work);
	     p; p = next) {
		next = p->next;
		string_patterns_release(p);
		cond_resched();
	}
}

/*
 * Rules may outlive this; their sets are then empty. A worker frees the
 * patterns of all sets, so that the worker of network namespaces does not wait.
 */
static void __net_exit string_net_exit(struct net *net)
{
	struct string_net *sn = string_pernet(net);
	struct string_patterns *old, *all = NULL;
	struct rb_node *node, *next;
	struct string_named *s;

	/* Closes all files, which have no users afterwards. */
	proc_remove(sn->dir);
	mutex_lock(&sn->sets.lock);
	for (node = rb_first(&sn->sets.tree); node; node = next) {
		next = rb_next(node);
		s = string_named_of(rb_entry(node, struct pom_named, node));
		s->proc = NULL;
		old = string_named_detach(s);
		if (old) {
			old->sn = NULL;
			old->next = all;
			all = old;
		}
		string_named_remove_unused(sn, s);
	}
	mutex_unlock(&sn->sets.lock);
	if (all) {
		INIT_RCU_WORK(&all->work, string_patterns_bury);
		queue_rcu_work(string_wq, &all->work);
	}
}

static struct pernet_operations string_net_ops = {
	.init	= string_net_init,
	.exit	= string_net_exit,
	.id	= &string_net_id,
	.size	= sizeof(struct string_net),
};

int __init string_set_init(void)
{
	int err;

	string_wq = alloc_workqueue("xt_string", WQ_UNBOUND, 0);
	if (!string_wq)
		return -ENOMEM;
	err = register_pernet_subsys(&string_net_ops);
	if (err)
		destroy_workqueue(string_wq);
	return err;
}

void string_set_exit(void)
{
	unregister_pernet_subsys(&string_net_ops);
	/* What queue_rcu_work() has not queued yet. */
	rcu_barrier();
	destroy_workqueue(string_wq);
}
