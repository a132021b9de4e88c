// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conditions of a network namespace: names, lifetime, changes.
 *
 * A condition exists as long as a rule names it or a process holds its file
 * open. Rules have a pointer to it, so the packet path needs no look-up.
 *
 * When a namespace ends, condition_net_exit() may run before its rules are
 * destroyed: it hides the conditions from user space, and the rules free them
 * later. The per-namespace data exists until all exit functions of the
 * namespace have returned.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include "lib/log.h"
#include "condition/xt_condition/internal.h"

/*
 * Bounds the time that the end of a namespace takes, and the files, which the
 * kernel charges to no memory cgroup.
 */
#define CONDITION_MAX_LIMIT	65536

static unsigned int condition_max __read_mostly = 1024;

static int condition_max_set(const char *val, const struct kernel_param *kp)
{
	unsigned int max;
	int err;

	err = kstrtouint(val, 0, &max);
	if (err)
		return err;
	if (max < 1 || max > CONDITION_MAX_LIMIT)
		return -ERANGE;
	WRITE_ONCE(condition_max, max);
	return 0;
}

static const struct kernel_param_ops condition_max_ops = {
	.set	= condition_max_set,
	.get	= param_get_uint,
};
module_param_cb(condition_max, &condition_max_ops, &condition_max, 0644);
MODULE_PARM_DESC(condition_max,
		 "conditions that one network namespace can have, 1 to 65536 (default: 1024)");

static unsigned int condition_net_id __read_mostly;

struct condition_net *condition_pernet(const struct net *net)
{
	return net_generic(net, condition_net_id);
}

static struct condition *condition_of(struct pom_named *n)
{
	return n ? container_of(n, struct condition, named) : NULL;
}

/**
 * condition_find_after - the first condition whose name sorts after @name
 * @cn: where; the lock of its names is held
 * @name: NUL-terminated; "" finds the first of all
 *
 * Return: the condition, or NULL
 */
struct condition *condition_find_after(struct condition_net *cn,
				       const char *name)
{
	return condition_of(pom_names_find_after(&cn->names, name));
}

/**
 * condition_find - the condition of that name
 * @cn: where; the lock of its names is held
 * @name: NUL-terminated
 *
 * Return: the condition, no reference taken, or NULL
 */
struct condition *condition_find(struct condition_net *cn, const char *name)
{
	return condition_of(pom_names_find(&cn->names, name));
}

/* Under cn->names.lock. */
static struct condition *condition_create(struct net *net,
					  struct condition_net *cn,
					  const char *name)
{
	struct condition *c;
	int err;

	if (cn->names.count >= READ_ONCE(condition_max)) {
		pom_info(net, "condition \"%s\": the network namespace has %u conditions, the module parameter condition_max allows no more\n",
			 name, cn->names.count);
		return ERR_PTR(-ENOSPC);
	}
	c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);
	if (!c)
		return ERR_PTR(-ENOMEM);
	mutex_init(&c->lock);
	init_waitqueue_head(&c->pollers);
	kref_init(&c->ref);
	c->net = net;
	strscpy(c->name, name, sizeof(c->name));
	c->named.name = c->name;

	/* A process that writes to the new file waits until NEW is sent. */
	mutex_lock(&c->lock);
	err = condition_proc_add(cn, c);
	if (!err)
		condition_netlink_notify(c, NF_CONDITION_CMD_NEW);
	mutex_unlock(&c->lock);
	if (err) {
		kfree(c);
		return ERR_PTR(err);
	}
	pom_names_add(&cn->names, &c->named);
	return c;
}

/*
 * Hides a condition from user space: removes its file, refuses changes, and
 * wakes poll(). Under cn->names.lock; harmless when repeated.
 */
static void condition_retire(struct condition *c)
{
	condition_proc_remove(c);

	mutex_lock(&c->lock);
	if (!c->gone) {
		condition_netlink_notify(c, NF_CONDITION_CMD_DEL);
		WRITE_ONCE(c->gone, true);
		c->net = NULL;
	}
	mutex_unlock(&c->lock);
	wake_up_poll(&c->pollers, EPOLLERR | EPOLLHUP | EPOLLPRI);
}

/**
 * condition_get - a rule begins to use a condition
 * @net: the rule's namespace
 * @name: a valid name
 *
 * Creates the condition for the first rule. Process context.
 *
 * Return: the condition, for condition_put(), or an ERR_PTR: -ENOSPC if the
 * namespace has condition_max already, or -ENOMEM
 */
struct condition *condition_get(struct net *net, const char *name)
{
	struct condition_net *cn = condition_pernet(net);
	struct condition *c;

	mutex_lock(&cn->names.lock);
	c = condition_find(cn, name);
	if (!c)
		c = condition_create(net, cn, name);
	if (!IS_ERR(c))
		c->named.rules++;
	mutex_unlock(&cn->names.lock);
	return c;
}

/**
 * condition_put - a rule no longer uses a condition
 * @net: the rule's namespace
 * @c: what condition_get() returned
 *
 * No packet may be in that rule any more. Process context.
 */
void condition_put(struct net *net, struct condition *c)
{
	struct condition_net *cn = condition_pernet(net);
	bool last;

	mutex_lock(&cn->names.lock);
	last = --c->named.rules == 0;
	if (last) {
		condition_retire(c);
		pom_names_remove(&cn->names, &c->named);
	}
	mutex_unlock(&cn->names.lock);
	if (last)
		condition_release(c);
}

/**
 * condition_set - set the value of a condition and notify listeners
 * @c: the condition; the caller holds a reference or its registry's lock
 * @value: the new value
 *
 * Process context.
 *
 * Return: 0, also if that was its value already; -ENODEV after the last rule
 */
int condition_set(struct condition *c, bool value)
{
	int err = 0;

	mutex_lock(&c->lock);
	if (c->gone) {
		err = -ENODEV;
	} else if (condition_value(c) != value) {
		WRITE_ONCE(c->changes, c->changes + 1);
		condition_netlink_notify(c, NF_CONDITION_CMD_CHANGE);
		wake_up_poll(&c->pollers, EPOLLPRI);
	}
	mutex_unlock(&c->lock);
	return err;
}

void condition_hold(struct condition *c)
{
	kref_get(&c->ref);
}

static void condition_free(struct kref *ref)
{
	kfree(container_of(ref, struct condition, ref));
}

void condition_release(struct condition *c)
{
	kref_put(&c->ref, condition_free);
}

static int __net_init condition_net_init(struct net *net)
{
	struct condition_net *cn = condition_pernet(net);

	pom_names_init(&cn->names);
	return condition_proc_net_init(net, cn);
}

static void __net_exit condition_net_exit(struct net *net)
{
	struct condition_net *cn = condition_pernet(net);
	struct rb_node *node;

	mutex_lock(&cn->names.lock);
	for (node = rb_first(&cn->names.tree); node; node = rb_next(node)) {
		condition_retire(condition_of(rb_entry(node, struct pom_named,
						       node)));
		cond_resched();
	}
	mutex_unlock(&cn->names.lock);
	condition_proc_net_exit(net, cn);
}

static struct pernet_operations condition_net_ops = {
	.init	= condition_net_init,
	.exit	= condition_net_exit,
	.id	= &condition_net_id,
	.size	= sizeof(struct condition_net),
};

int __init condition_registry_init(void)
{
	return register_pernet_subsys(&condition_net_ops);
}

void condition_registry_exit(void)
{
	unregister_pernet_subsys(&condition_net_ops);
}
