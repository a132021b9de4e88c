// SPDX-License-Identifier: GPL-2.0-only
/*
 * nf_ct_tcpwindow - TCP window tracking under the names of 2002 to 2006
 *
 * The sysctls read and write the kernel's own values where it has one. This
 * module owns all classic names of TCP but those of timeouts, which are in
 * nf_ct_timeouts, and log_invalid and checksum.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/netfilter/nf_conntrack_l4proto.h>

#include "lib/classic_sysctl.h"
#include "lib/log.h"
#include "tcp-window-tracking/nf_ct_tcpwindow/internal.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Netfilter connection tracking: classic sysctls and logs of TCP windows");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);

static unsigned int tcpwindow_net_id __read_mostly;

/**
 * tcpwindow_net() - the state of a network namespace
 * @net: the network namespace
 */
struct tcpwindow_net *tcpwindow_net(const struct net *net)
{
	return net_generic(net, tcpwindow_net_id);
}

/* The kernel's values have different types in different versions. */
#define TCPWINDOW_GET(name, value)					\
static int name##_get(struct net *net, const struct pom_classic_value *v, \
		      unsigned int i)					\
{									\
	return READ_ONCE(value);					\
}

#define TCPWINDOW_SET(name, value)					\
static void name##_set(struct net *net, const struct pom_classic_value *v, \
		       unsigned int i, int number)			\
{									\
	WRITE_ONCE(value, number);					\
}

TCPWINDOW_GET(be_liberal, nf_tcp_pernet(net)->tcp_be_liberal)
TCPWINDOW_SET(be_liberal, nf_tcp_pernet(net)->tcp_be_liberal)
TCPWINDOW_GET(max_retrans, nf_tcp_pernet(net)->tcp_max_retrans)
TCPWINDOW_SET(max_retrans, nf_tcp_pernet(net)->tcp_max_retrans)
TCPWINDOW_GET(checksum, net->ct.sysctl_checksum)
TCPWINDOW_SET(checksum, net->ct.sysctl_checksum)

static int log_invalid_get(struct net *net, const struct pom_classic_value *v,
			   unsigned int i)
{
	return READ_ONCE(net->ct.sysctl_log_invalid);
}

static void log_invalid_set(struct net *net, const struct pom_classic_value *v,
			    unsigned int i, int number)
{
	if (number)
		tcpwindow_load_logger(net);
	WRITE_ONCE(net->ct.sysctl_log_invalid, number);
}

static int watch_get(struct net *net, const struct pom_classic_value *v,
		     unsigned int i)
{
	return !!(READ_ONCE(tcpwindow_net(net)->watch) & BIT(v->number[i]));
}

static void watch_report(struct net *net, const struct pom_classic_value *v,
			 int err)
{
	if (err)
		pom_info(net, "%s: cannot watch packets: error %d\n",
			 v->names[0], err);
}

static void watch_set(struct net *net, const struct pom_classic_value *v,
		      unsigned int i, int number)
{
	watch_report(net, v, tcpwindow_watch_set(net, v->number[i], number));
}

/* The kernel knows only whether it picks up connections at all. */
static int loose_get(struct net *net, const struct pom_classic_value *v,
		     unsigned int i)
{
	unsigned int packets = READ_ONCE(tcpwindow_net(net)->loose);

	if (!READ_ONCE(nf_tcp_pernet(net)->tcp_loose))
		return 0;
	return packets ? packets : 1;
}

static void loose_set(struct net *net, const struct pom_classic_value *v,
		      unsigned int i, int number)
{
	watch_report(net, v, tcpwindow_loose_set(net, number));
}

#define TCPWINDOW_NAME(name)	{ "ip_conntrack_" name }

#define TCPWINDOW_VALUE(file_names, most, name) {			\
	.names	= file_names,						\
	.count	= 1,							\
	.max	= (most),						\
	.get	= name##_get,						\
	.set	= name##_set,						\
}

#define TCPWINDOW_LOG(name, what) {					\
	.names	= POM_CLASSIC_NAMES(name),				\
	.count	= 1,							\
	.max	= 1,							\
	.number	= ((const u8[]) { what }),				\
	.get	= watch_get,						\
	.set	= watch_set,						\
}

static const struct pom_classic_value tcpwindow_values[] = {
	TCPWINDOW_VALUE(POM_CLASSIC_NAMES("tcp_be_liberal"), 1, be_liberal),
	TCPWINDOW_VALUE(POM_CLASSIC_NAMES("tcp_loose"), U8_MAX, loose),
	TCPWINDOW_VALUE(POM_CLASSIC_NAMES("tcp_max_retrans"), U8_MAX,
			max_retrans),
	TCPWINDOW_VALUE(TCPWINDOW_NAME("log_invalid"), U8_MAX, log_invalid),
	TCPWINDOW_VALUE(TCPWINDOW_NAME("checksum"), 1, checksum),
	TCPWINDOW_LOG("tcp_log_out_of_window", WATCH_WINDOW),
	TCPWINDOW_LOG("tcp_log_invalid_scale", WATCH_SCALE),
	{
		.names	= { "ip_ct_tcp_record_invalid" },
		.count	= 1,
		.max	= 1,
		.number	= ((const u8[]) { WATCH_RECORD }),
		.get	= watch_get,
		.set	= watch_set,
	},
};

static int __net_init tcpwindow_net_init(struct net *net)
{
	struct tcpwindow_net *tn = tcpwindow_net(net);
	unsigned int i;
	int err;

	mutex_init(&tn->lock);
	for (i = 0; i < ARRAY_SIZE(tn->limit); i++) {
		ratelimit_state_init(&tn->limit[i], DEFAULT_RATELIMIT_INTERVAL,
				     DEFAULT_RATELIMIT_BURST);
		/* no line of its own about lines that it left out */
		ratelimit_set_flags(&tn->limit[i], RATELIMIT_MSG_ON_RELEASE);
	}
	err = tcpwindow_record_create(net);
	if (err)
		return err;
	err = pom_classic_create(&tn->classic, net, tcpwindow_values,
				 ARRAY_SIZE(tcpwindow_values));
	if (err)
		tcpwindow_record_remove(net);
	return err;
}

/* A grace period follows, after which no packet is in the hooks. */
static void __net_exit tcpwindow_net_pre_exit(struct net *net)
{
	pom_classic_remove(&tcpwindow_net(net)->classic);
	tcpwindow_watch_net_exit(net);
}

static void __net_exit tcpwindow_net_exit(struct net *net)
{
	tcpwindow_record_remove(net);
	tcpwindow_record_free(tcpwindow_net(net));
}

static struct pernet_operations tcpwindow_net_ops = {
	.init		= tcpwindow_net_init,
	.pre_exit	= tcpwindow_net_pre_exit,
	.exit		= tcpwindow_net_exit,
	.id		= &tcpwindow_net_id,
	.size		= sizeof(struct tcpwindow_net),
};

static int __init tcpwindow_init(void)
{
	return register_pernet_subsys(&tcpwindow_net_ops);
}

static void __exit tcpwindow_exit(void)
{
	unregister_pernet_subsys(&tcpwindow_net_ops);
}

module_init(tcpwindow_init);
module_exit(tcpwindow_exit);
