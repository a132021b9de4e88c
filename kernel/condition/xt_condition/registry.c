// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conditions of a network namespace: who they are, how long they live,
 * and how they change.
 *
 * A condition exists as long as a rule names it or a process holds its file
 * open. Rules keep a pointer to it, so the packet path looks nothing up.
 *
 * When a namespace is torn down, condition_net_exit() may run before the
 * rules of that namespace are destroyed: it takes the conditions out of sight
 * and leaves their memory to the rules. The per-namespace data itself stays
 * until all exit functions of the namespace are through.
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

/**
 * condition_find_after - the first condition whose name sorts after @name
 * @cn: where; its lock is held
 * @name: NUL-terminated; "" finds the first of all
 *
 * Return: the condition, or NULL
 */
struct condition *condition_find_after(struct condition_net *cn,
				       const char *name)
{
	struct rb_node *node = cn->names.rb_node;
	struct condition *found = NULL;

	lockdep_assert_held(&cn->lock);
	while (node) {
		struct condition *c = rb_entry(node, struct condition, node);

		if (strcmp(name, c->name) < 0) {
			found = c;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/* The link of the tree where @name is, or is to be hung under *@parent. */
static struct rb_node **condition_link(struct condition_net *cn,
				       const char *name,
				       struct rb_node **parent)
{
	struct rb_node **link = &cn->names.rb_node;

	lockdep_assert_held(&cn->lock);
	*parent = NULL;
	while (*link) {
		struct condition *c = rb_entry(*link, struct condition, node);
		int cmp = strcmp(name, c->name);

		if (!cmp)
			break;
		*parent = *link;
		link = cmp < 0 ? &(*link)->rb_left : &(*link)->rb_right;
	}
	return link;
}

/**
 * condition_find - the condition of that name
 * @cn: where; its lock is held
 * @name: NUL-terminated
 *
 * Return: the condition, no reference taken, or NULL
 */
struct condition *condition_find(struct condition_net *cn, const char *name)
{
	struct rb_node *parent;

	return rb_entry_safe(*condition_link(cn, name, &parent),
			     struct condition, node);
}

/* Under cn->lock. */
static struct condition *condition_create(struct net *net,
					  struct condition_net *cn,
					  const char *name)
{
	struct rb_node *parent, **link;
	struct condition *c;
	int err;

	if (cn->count >= READ_ONCE(condition_max)) {
		pom_info(net, "condition \"%s\": the network namespace has %u conditions, the module parameter condition_max allows no more\n",
			 name, cn->count);
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

	/* An open() waits until NEW is sent. */
	mutex_lock(&c->lock);
	err = condition_proc_add(cn, c);
	if (!err)
		condition_netlink_notify(c, NF_CONDITION_CMD_NEW);
	mutex_unlock(&c->lock);
	if (err) {
		kfree(c);
		return ERR_PTR(err);
	}
	link = condition_link(cn, name, &parent);
	rb_link_node(&c->node, parent, link);
	rb_insert_color(&c->node, &cn->names);
	cn->count++;
	return c;
}

/*
 * Takes a condition out of user space's sight: its file vanishes, changes
 * are refused, and poll() returns. Under cn->lock; harmless when
 * repeated.
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
 * Return: the condition, to be given back with condition_put(), or an ERR_PTR:
 * -ENOSPC where the namespace has condition_max already, or -ENOMEM
 */
struct condition *condition_get(struct net *net, const char *name)
{
	struct condition_net *cn = condition_pernet(net);
	struct condition *c;

	mutex_lock(&cn->lock);
	c = condition_find(cn, name);
	if (!c)
		c = condition_create(net, cn, name);
	if (!IS_ERR(c))
		c->rules++;
	mutex_unlock(&cn->lock);
	return c;
}

/**
 * condition_put - a rule no longer uses a condition
 * @net: the rule's namespace
 * @c: what condition_get() returned
 *
 * No packet may be under way in that rule. Process context.
 */
void condition_put(struct net *net, struct condition *c)
{
	struct condition_net *cn = condition_pernet(net);
	bool last;

	mutex_lock(&cn->lock);
	last = --c->rules == 0;
	if (last) {
		condition_retire(c);
		rb_erase(&c->node, &cn->names);
		cn->count--;
	}
	mutex_unlock(&cn->lock);
	if (last)
		condition_release(c);
}

/**
 * condition_set - give a condition its value and tell who listens
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

	mutex_init(&cn->lock);
	cn->names = RB_ROOT;
	return condition_proc_net_init(net, cn);
}

static void __net_exit condition_net_exit(struct net *net)
{
	struct condition_net *cn = condition_pernet(net);
	struct rb_node *node;

	mutex_lock(&cn->lock);
	for (node = rb_first(&cn->names); node; node = rb_next(node)) {
		condition_retire(rb_entry(node, struct condition, node));
		cond_resched();
	}
	mutex_unlock(&cn->lock);
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
