// SPDX-License-Identifier: GPL-2.0-only
/* The state of a network namespace, parameters, and sysctls. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "lib/memcg.h"
#include "lib/param.h"
#include "pptp/nf_conntrack_pptp_core/internal.h"

/* Longest timeout, in seconds: it is kept in jiffies, as int. */
#define TIMEOUT_MAX	(INT_MAX / HZ)

/* Each call has an entry in a list that the kernel walks for a GRE packet. */
#define CALLS_MAX	255
#define CALLS_NET_MAX	8192

/* Control connections for each call that a namespace may have. */
#define SESSIONS	4

static unsigned int gre_timeout = 600;
module_param(gre_timeout, uint, 0400);
MODULE_PARM_DESC(gre_timeout,
		 "of GRE in one direction: seconds (default: 600)");

static unsigned int gre_stream_timeout = 18000;
module_param(gre_stream_timeout, uint, 0400);
MODULE_PARM_DESC(gre_stream_timeout,
		 "of GRE in both directions: seconds (default: 18000)");

static unsigned int max_calls = 127;
module_param(max_calls, uint, 0400);
MODULE_PARM_DESC(max_calls,
		 "of a control connection, 1 to 255 (default: 127)");

static unsigned int max_calls_net = 1024;
module_param(max_calls_net, uint, 0400);
MODULE_PARM_DESC(max_calls_net,
		 "of a network namespace, 1 to 8192 (default: 1024)");

static unsigned int pptp_net_id __read_mostly;

/* While the module is loaded, the current task has created no namespace. */
static bool loading __read_mostly = true;

unsigned int pptp_max_calls(void)
{
	return max_calls;
}

unsigned int pptp_max_calls_net(void)
{
	return max_calls_net;
}

unsigned int pptp_max_sessions(void)
{
	return SESSIONS * max_calls_net;
}

/**
 * pptp_net() - the state of a network namespace
 * @net: the namespace
 *
 * Any context, as long as the namespace exists.
 */
struct pptp_net *pptp_net(const struct net *net)
{
	return net_generic(net, pptp_net_id);
}

static const int timeout_max = TIMEOUT_MAX;

static void set_entry(struct pptp_net *pn, unsigned int i, const char *name,
		      int *value)
{
	pn->sysctl_table[i].procname = name;
	pn->sysctl_table[i].data = value;
	pn->sysctl_table[i].maxlen = sizeof(*value);
	pn->sysctl_table[i].mode = 0644;
	pn->sysctl_table[i].proc_handler = proc_dointvec_minmax;
	pn->sysctl_table[i].extra1 = SYSCTL_ONE;
	pn->sysctl_table[i].extra2 = (void *)&timeout_max;
}

static int sysctl_create(struct pptp_net *pn)
{
	pn->timeout = gre_timeout;
	pn->stream_timeout = gre_stream_timeout;
	set_entry(pn, 0, "nf_conntrack_pptp_gre_timeout", &pn->timeout);
	set_entry(pn, 1, "nf_conntrack_pptp_gre_stream_timeout",
		  &pn->stream_timeout);
	pn->sysctl = pom_register_net_sysctl(pn->net, "net/netfilter",
					     pn->sysctl_table, 2);
	return pn->sysctl ? 0 : -ENOMEM;
}

static int __net_init pptp_net_init(struct net *net)
{
	struct pptp_net *pn = pptp_net(net);
	int ret;

	pn->net = net;
	spin_lock_init(&pn->lock);
	INIT_LIST_HEAD(&pn->sessions);
	INIT_LIST_HEAD(&pn->asked);
	INIT_LIST_HEAD(&pn->late);
	INIT_LIST_HEAD(&pn->watched);
	INIT_DELAYED_WORK(&pn->late_work, pptp_gre_late);
	INIT_DELAYED_WORK(&pn->watch_work, pptp_calls_watch);
	ret = pptp_ids_init(pn);
	if (ret < 0)
		return ret;
	ret = sysctl_create(pn);
	if (ret < 0) {
		rhashtable_destroy(&pn->ids);
		return ret;
	}
	pn->memcg = READ_ONCE(loading) ? NULL : pom_memcg_get();
	return 0;
}

static void end_sessions(struct pptp_net *pn)
{
	struct pptp_session *s;

	do {
		rcu_read_lock();
		spin_lock_bh(&pn->lock);
		pn->dead = true;
		s = list_first_entry_or_null(&pn->sessions,
					     struct pptp_session, list);
		spin_unlock_bh(&pn->lock);
		if (s)
			pptp_session_end(pn, s);
		rcu_read_unlock();
		cond_resched();
	} while (s);
}

/*
 * Before conntrack ends in this namespace: it does not expect keys of GRE then,
 * and frees control connections without a call of the helper's destroy.
 */
static void __net_exit pptp_net_pre_exit(struct net *net)
{
	struct pptp_net *pn = pptp_net(net);

	unregister_net_sysctl_table(pn->sysctl);
	end_sessions(pn);
	cancel_delayed_work_sync(&pn->late_work);
	cancel_delayed_work_sync(&pn->watch_work);
}

/* A grace period later: no packet looks at the table any more. */
static void __net_exit pptp_net_exit(struct net *net)
{
	struct pptp_net *pn = pptp_net(net);

	rhashtable_destroy(&pn->ids);
	mem_cgroup_put(pn->memcg);
}

static struct pernet_operations pptp_net_ops = {
	.init		= pptp_net_init,
	.pre_exit	= pptp_net_pre_exit,
	.exit		= pptp_net_exit,
	.id		= &pptp_net_id,
	.size		= sizeof(struct pptp_net),
};

/**
 * pptp_net_register() - create the state of each namespace
 *
 * Module init. Return: 0; -EINVAL for a bad parameter, with a line in the log;
 * -ENOMEM.
 */
int __init pptp_net_register(void)
{
	int ret;

	if (!pom_param_is_valid("gre_timeout", gre_timeout, TIMEOUT_MAX) ||
	    !pom_param_is_valid("gre_stream_timeout", gre_stream_timeout,
				TIMEOUT_MAX) ||
	    !pom_param_is_valid("max_calls", max_calls, CALLS_MAX) ||
	    !pom_param_is_valid("max_calls_net", max_calls_net,
				CALLS_NET_MAX))
		return -EINVAL;
	ret = register_pernet_subsys(&pptp_net_ops);
	WRITE_ONCE(loading, false);
	return ret;
}

/**
 * pptp_net_unregister() - undo pptp_net_register()
 *
 * The helper is unregistered: no packet is in it.
 */
void pptp_net_unregister(void)
{
	unregister_pernet_subsys(&pptp_net_ops);
}
