// SPDX-License-Identifier: GPL-2.0-only
/*
 * nf_ip_conntrack_proc - connection tracking under its names of 2002 to 2006
 *
 * In each network namespace: the files ip_conntrack, ip_conntrack_expect and
 * stat/ip_conntrack of /proc/net, and the sysctls net.ipv4.ip_conntrack_max,
 * _count and _buckets, which are also below net.ipv4.netfilter.
 */
#include <linux/limits.h>
#include <linux/module.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netns/generic.h>

#include "compat/conntrack.h"
#include "ctnetlink/nf_ip_conntrack_proc/internal.h"
#include "lib/classic_sysctl.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Netfilter connection tracking: /proc/net/ip_conntrack and other classic names");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);

static int max_get(struct net *net, const struct pom_classic_value *v,
		   unsigned int i)
{
	return READ_ONCE(nf_conntrack_max);
}

static void max_set(struct net *net, const struct pom_classic_value *v,
		    unsigned int i, int number)
{
	WRITE_ONCE(nf_conntrack_max, number);
}

static int count_get(struct net *net, const struct pom_classic_value *v,
		     unsigned int i)
{
	return pom_ct_count(net);
}

static int buckets_get(struct net *net, const struct pom_classic_value *v,
		       unsigned int i)
{
	return READ_ONCE(nf_conntrack_htable_size);
}

#define VALUE(name, get_fn, set_fn) {					\
	.names	= { "ip_conntrack_" name },				\
	.count	= 1,							\
	.max	= INT_MAX,						\
	.get	= get_fn,						\
	.set	= set_fn,						\
}

/* The kernel has one maximum for all network namespaces. */
static const struct pom_classic_value initial_values[] = {
	VALUE("max", max_get, max_set),
	VALUE("count", count_get, NULL),
	VALUE("buckets", buckets_get, NULL),
};

static const struct pom_classic_value other_values[] = {
	VALUE("max", max_get, NULL),
	VALUE("count", count_get, NULL),
	VALUE("buckets", buckets_get, NULL),
};

static unsigned int conntrack_net_id __read_mostly;

static void conntrack_files_remove(struct net *net)
{
	remove_proc_entry("ip_conntrack", net->proc_net_stat);
	remove_proc_entry("ip_conntrack_expect", net->proc_net);
	remove_proc_entry("ip_conntrack", net->proc_net);
}

static int conntrack_files_create(struct net *net)
{
	if (!proc_create_data("ip_conntrack", 0444, net->proc_net,
			      &ip_conntrack_table_ops, net))
		return -ENOMEM;
	if (!proc_create_data("ip_conntrack_expect", 0444, net->proc_net,
			      &ip_conntrack_expect_ops, net))
		goto err_table;
	if (!proc_create_data("ip_conntrack", 0444, net->proc_net_stat,
			      &ip_conntrack_stat_ops, net))
		goto err_expect;
	return 0;

err_expect:
	remove_proc_entry("ip_conntrack_expect", net->proc_net);
err_table:
	remove_proc_entry("ip_conntrack", net->proc_net);
	return -ENOMEM;
}

static int __net_init conntrack_net_init(struct net *net)
{
	struct pom_classic *classic = net_generic(net, conntrack_net_id);
	int err;

	err = pom_classic_create(classic, net,
				 net_eq(net, &init_net) ? initial_values :
							  other_values,
				 ARRAY_SIZE(initial_values));
	if (err)
		return err;
	err = conntrack_files_create(net);
	if (err)
		pom_classic_remove(classic);
	return err;
}

static void __net_exit conntrack_net_exit(struct net *net)
{
	conntrack_files_remove(net);
	pom_classic_remove(net_generic(net, conntrack_net_id));
}

static struct pernet_operations conntrack_net_ops = {
	.init	= conntrack_net_init,
	.exit	= conntrack_net_exit,
	.id	= &conntrack_net_id,
	.size	= sizeof(struct pom_classic),
};

static int __init conntrack_init(void)
{
	return register_pernet_subsys(&conntrack_net_ops);
}

static void __exit conntrack_exit(void)
{
	unregister_pernet_subsys(&conntrack_net_ops);
}

module_init(conntrack_init);
module_exit(conntrack_exit);
