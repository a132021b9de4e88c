// SPDX-License-Identifier: GPL-2.0-only
/*
 * nf_ct_timeouts - the timeouts of connections under their old names
 *
 * The vectors of 2003 are net.ipv4.ip_conntrack_tcp_timeouts and
 * net.ipv4.ip_conntrack_udp_timeouts, also below net.ipv4.netfilter. The other
 * files have one number each. All numbers are seconds.
 *
 * This module owns all classic names of timeouts. tcp-window-tracking owns the
 * other names of TCP.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "lib/classic_sysctl.h"
#include "lib/ct_timeouts.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Netfilter connection tracking: classic sysctls of timeouts");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ip_conntrack_timeouts");

static unsigned int timeouts_net_id __read_mostly;

static unsigned int *timeouts_value(struct net *net,
				    const struct pom_classic_value *v,
				    unsigned int i)
{
	return &pom_ct_timeouts(net, v->proto).value[v->number[i]];
}

static int timeouts_get(struct net *net, const struct pom_classic_value *v,
			unsigned int i)
{
	return READ_ONCE(*timeouts_value(net, v, i)) / HZ;
}

static void timeouts_set(struct net *net, const struct pom_classic_value *v,
			 unsigned int i, int seconds)
{
	WRITE_ONCE(*timeouts_value(net, v, i), seconds * HZ);
}

/*
 * The order of 2003. The kernel has a number for NONE, which no connection
 * uses, and SYN_SENT2 in the place of LISTEN.
 */
static const u8 tcp_order[] = {
	TCP_CONNTRACK_NONE, TCP_CONNTRACK_ESTABLISHED, TCP_CONNTRACK_SYN_SENT,
	TCP_CONNTRACK_SYN_RECV, TCP_CONNTRACK_FIN_WAIT, TCP_CONNTRACK_TIME_WAIT,
	TCP_CONNTRACK_CLOSE, TCP_CONNTRACK_CLOSE_WAIT, TCP_CONNTRACK_LAST_ACK,
	TCP_CONNTRACK_SYN_SENT2,
};

static const u8 udp_order[] = { UDP_CT_UNREPLIED, UDP_CT_REPLIED };

#define TIMEOUTS(file_names, l4proto, order) {				\
	.names	= file_names,						\
	.count	= sizeof(order),					\
	.max	= INT_MAX / HZ,						\
	.number	= (order),						\
	.proto	= (l4proto),						\
	.get	= timeouts_get,						\
	.set	= timeouts_set,						\
}

#define TIMEOUT(name, l4proto, state)					\
	TIMEOUTS(POM_CLASSIC_NAMES(name), l4proto, ((const u8[]) { state }))

#define VECTOR(name)	{ "ip_conntrack_" name }

static const struct pom_classic_value timeouts_values[] = {
	TIMEOUTS(VECTOR("tcp_timeouts"), IPPROTO_TCP, tcp_order),
	TIMEOUTS(VECTOR("udp_timeouts"), IPPROTO_UDP, udp_order),
	TIMEOUT("tcp_timeout_syn_sent", IPPROTO_TCP, TCP_CONNTRACK_SYN_SENT),
	TIMEOUT("tcp_timeout_syn_recv", IPPROTO_TCP, TCP_CONNTRACK_SYN_RECV),
	TIMEOUT("tcp_timeout_established", IPPROTO_TCP,
		TCP_CONNTRACK_ESTABLISHED),
	TIMEOUT("tcp_timeout_fin_wait", IPPROTO_TCP, TCP_CONNTRACK_FIN_WAIT),
	TIMEOUT("tcp_timeout_close_wait", IPPROTO_TCP,
		TCP_CONNTRACK_CLOSE_WAIT),
	TIMEOUT("tcp_timeout_last_ack", IPPROTO_TCP, TCP_CONNTRACK_LAST_ACK),
	TIMEOUT("tcp_timeout_time_wait", IPPROTO_TCP, TCP_CONNTRACK_TIME_WAIT),
	TIMEOUT("tcp_timeout_close", IPPROTO_TCP, TCP_CONNTRACK_CLOSE),
	TIMEOUT("tcp_timeout_max_retrans", IPPROTO_TCP, TCP_CONNTRACK_RETRANS),
	TIMEOUT("udp_timeout", IPPROTO_UDP, UDP_CT_UNREPLIED),
	TIMEOUT("udp_timeout_stream", IPPROTO_UDP, UDP_CT_REPLIED),
	TIMEOUT("icmp_timeout", IPPROTO_ICMP, 0),
	TIMEOUT("generic_timeout", POM_CT_GENERIC, 0),
#ifdef CONFIG_NF_CT_PROTO_SCTP
	TIMEOUT("sctp_timeout_closed", IPPROTO_SCTP, SCTP_CONNTRACK_CLOSED),
	TIMEOUT("sctp_timeout_cookie_wait", IPPROTO_SCTP,
		SCTP_CONNTRACK_COOKIE_WAIT),
	TIMEOUT("sctp_timeout_cookie_echoed", IPPROTO_SCTP,
		SCTP_CONNTRACK_COOKIE_ECHOED),
	TIMEOUT("sctp_timeout_established", IPPROTO_SCTP,
		SCTP_CONNTRACK_ESTABLISHED),
	TIMEOUT("sctp_timeout_shutdown_sent", IPPROTO_SCTP,
		SCTP_CONNTRACK_SHUTDOWN_SENT),
	TIMEOUT("sctp_timeout_shutdown_recd", IPPROTO_SCTP,
		SCTP_CONNTRACK_SHUTDOWN_RECD),
	TIMEOUT("sctp_timeout_shutdown_ack_sent", IPPROTO_SCTP,
		SCTP_CONNTRACK_SHUTDOWN_ACK_SENT),
#endif
#ifdef CONFIG_NF_CT_PROTO_GRE
	TIMEOUT("gre_timeout", IPPROTO_GRE, GRE_CT_UNREPLIED),
	TIMEOUT("gre_timeout_stream", IPPROTO_GRE, GRE_CT_REPLIED),
#endif
};

static int __net_init timeouts_net_init(struct net *net)
{
	return pom_classic_create(net_generic(net, timeouts_net_id), net,
				  timeouts_values,
				  ARRAY_SIZE(timeouts_values));
}

static void __net_exit timeouts_net_exit(struct net *net)
{
	pom_classic_remove(net_generic(net, timeouts_net_id));
}

static struct pernet_operations timeouts_net_ops = {
	.init	= timeouts_net_init,
	.exit	= timeouts_net_exit,
	.id	= &timeouts_net_id,
	.size	= sizeof(struct pom_classic),
};

static int __init timeouts_init(void)
{
	/*
	 * Besides the check: the symbol makes nf_conntrack load first, which
	 * writes its default values into each namespace.
	 */
	if (nf_ct_l4proto_find(IPPROTO_TCP)->l4proto != IPPROTO_TCP)
		return -EOPNOTSUPP;
	return register_pernet_subsys(&timeouts_net_ops);
}

static void __exit timeouts_exit(void)
{
	unregister_pernet_subsys(&timeouts_net_ops);
}

module_init(timeouts_init);
module_exit(timeouts_exit);
