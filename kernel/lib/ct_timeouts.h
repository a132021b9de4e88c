/* SPDX-License-Identifier: GPL-2.0-only */
/* The timeouts of a network namespace: those that net.netfilter shows. */
#ifndef POM_LIB_CT_TIMEOUTS_H
#define POM_LIB_CT_TIMEOUTS_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack_l4proto.h>

/* The kernel's number for protocols without a tracker of their own. */
#define POM_CT_GENERIC	255

/**
 * struct pom_ct_timeouts - the timeouts of a protocol tracker
 * @value: jiffies, by state. The kernel and its sysctls read and write them
 *	without a lock. NULL where the kernel has no such tracker
 * @count: how many
 */
struct pom_ct_timeouts {
	unsigned int *value;
	unsigned int count;
};

/**
 * pom_ct_timeouts() - the timeouts of a protocol in a network namespace
 * @net: the network namespace
 * @l4proto: IPPROTO_TCP, ..., or POM_CT_GENERIC
 */
static inline struct pom_ct_timeouts pom_ct_timeouts(struct net *net,
						     u8 l4proto)
{
	switch (l4proto) {
	case IPPROTO_TCP:
		return (struct pom_ct_timeouts) { nf_tcp_pernet(net)->timeouts,
						  TCP_CONNTRACK_TIMEOUT_MAX };
	case IPPROTO_UDP:
		return (struct pom_ct_timeouts) { nf_udp_pernet(net)->timeouts,
						  UDP_CT_MAX };
	case IPPROTO_ICMP:
		return (struct pom_ct_timeouts) { &nf_icmp_pernet(net)->timeout,
						  1 };
	case IPPROTO_ICMPV6:
		return (struct pom_ct_timeouts) {
			&nf_icmpv6_pernet(net)->timeout, 1 };
#ifdef CONFIG_NF_CT_PROTO_SCTP
	case IPPROTO_SCTP:
		return (struct pom_ct_timeouts) { nf_sctp_pernet(net)->timeouts,
						  SCTP_CONNTRACK_MAX };
#endif
#ifdef CONFIG_NF_CT_PROTO_GRE
	case IPPROTO_GRE:
		return (struct pom_ct_timeouts) { nf_gre_pernet(net)->timeouts,
						  GRE_CT_MAX };
#endif
	case POM_CT_GENERIC:
		return (struct pom_ct_timeouts) {
			&nf_generic_pernet(net)->timeout, 1 };
	}
	return (struct pom_ct_timeouts) {};
}

#endif /* POM_LIB_CT_TIMEOUTS_H */
