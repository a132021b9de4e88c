// SPDX-License-Identifier: GPL-2.0-only
/*
 * nf_autohelper_core: helpers for new connections, by port, without a rule.
 *
 * Since Linux 6.0, a connection gets a helper only by a rule. This module
 * assigns helpers by destination port, as older kernels did, but only to new
 * connections, from a list that every user can read, and with a switch for
 * each namespace.
 */

#include <linux/module.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "autohelper/nf_autohelper_core/internal.h"
#include "lib/memcg.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Conntrack helpers for new connections by port, without a rule: tables and hooks");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);

struct ratelimit_state ah_ratelimit[2] = {
	RATELIMIT_STATE_INIT(ah_ratelimit[0], 5 * HZ, 32),
	RATELIMIT_STATE_INIT(ah_ratelimit[1], 5 * HZ, 32),
};

static unsigned int ah_net_id __read_mostly;

/**
 * ah_net() - the state of a network namespace
 * @net: the namespace
 *
 * Any context, as long as the namespace exists.
 *
 * Return: the state, never NULL.
 */
struct ah_net *ah_net(const struct net *net)
{
	return net_generic(net, ah_net_id);
}

/**
 * ah_proto_name() - the name of a protocol in commands and in the list
 * @l4proto: IPPROTO_TCP or IPPROTO_UDP
 */
const char *ah_proto_name(u8 l4proto)
{
	return l4proto == IPPROTO_TCP ? "tcp" : "udp";
}

/*
 * While the module is loaded, the current task is modprobe, which has created
 * none of the namespaces.
 */
static bool ah_loading __read_mostly = true;

static void ah_net_memory_init(struct ah_net *an)
{
	bool older = READ_ONCE(ah_loading);

	an->memcg = older ? NULL : pom_memcg_get();
	an->unpaid = older && an->net->user_ns != &init_user_ns;
	ah_stats_net_init(an);
	ah_tails_net_init(an);
}

static void ah_net_memory_exit(struct ah_net *an)
{
	ah_tails_net_exit(an);
	ah_stats_net_exit(an);
	mem_cgroup_put(an->memcg);
}

/* The initial namespace always follows the requests. */
static int ah_net_follow(struct ah_net *an)
{
	int ret;

	if (!net_eq(an->net, &init_net))
		return 0;
	mutex_lock(&an->table.lock);
	ret = ah_follow_start(an);
	mutex_unlock(&an->table.lock);
	return ret;
}

static void ah_net_leave(struct ah_net *an)
{
	mutex_lock(&an->table.lock);
	an->mode = AH_OFF;
	ah_hooks_update(an, 0);
	ah_follow_stop(an);
	mutex_unlock(&an->table.lock);
}

static void __net_exit ah_net_pre_exit(struct net *net)
{
	struct ah_net *an = ah_net(net);

	ah_stats_remove(an);
	ah_proc_remove(net);
	ah_sysctl_remove(an);
	ah_net_leave(an);
	ah_stats_leave(an);
}

/* Runs a grace period after pre_exit: no packet reads the table any more. */
static void __net_exit ah_net_exit(struct net *net)
{
	struct ah_net *an = ah_net(net);
	struct ah_entry *e, *next;

	list_for_each_entry_safe(e, next, &an->table.entries, list)
		ah_entry_free(e);
	ah_net_memory_exit(an);
}

static int __net_init ah_net_init(struct net *net)
{
	struct ah_net *an = ah_net(net);
	int ret;

	an->net = net;
	an->mode = AH_OWN;
	ah_table_init(&an->table);
	ah_net_memory_init(an);
	ret = ah_net_follow(an);
	if (ret < 0)
		goto err_memory;
	ret = ah_sysctl_create(an);
	if (ret < 0)
		goto err_leave;
	ret = ah_proc_create(net);
	if (ret < 0)
		goto err_sysctl;
	ret = ah_stats_create(an);
	if (ret < 0)
		goto err_proc;
	return 0;

err_proc:
	ah_proc_remove(net);
err_sysctl:
	ah_sysctl_remove(an);
err_leave:
	ah_net_leave(an);
err_memory:
	ah_net_memory_exit(an);
	return ret;
}

static struct pernet_operations ah_net_ops = {
	.init		= ah_net_init,
	.pre_exit	= ah_net_pre_exit,
	.exit		= ah_net_exit,
	.id		= &ah_net_id,
	.size		= sizeof(struct ah_net),
};

static int __init ah_init(void)
{
	int ret = register_pernet_subsys(&ah_net_ops);

	WRITE_ONCE(ah_loading, false);
	return ret;
}

static void __exit ah_exit(void)
{
	unregister_pernet_subsys(&ah_net_ops);
}

module_init(ah_init);
module_exit(ah_exit);
