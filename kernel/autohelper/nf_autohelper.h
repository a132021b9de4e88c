/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Automatic helpers, for helper modules: a helper that is attached here is
 * given to new connections to its ports without any rule, in the initial
 * network namespace and in those whose net.netfilter.nf_autohelper is 2.
 *
 * A protocol has two modules for that. The kernel loads nf_conntrack_NAME_core
 * whenever anybody, in whatever namespace, names the helper in a rule; so this
 * one only registers it, and changes nothing in any namespace:
 *
 *	struct pom_helper pom_tftp_helper = {
 *		.name = "tftp", .l4proto = IPPROTO_UDP, .default_port = 69,
 *		.policy = &policy, .help = tftp_help, .me = THIS_MODULE,
 *	};
 *
 *	init:	return pom_helper_register(&pom_tftp_helper);
 *	exit:	pom_helper_unregister(&pom_tftp_helper);
 *
 * with MODULE_ALIAS_NFCT_HELPER("tftp"). nf_conntrack_NAME, which an
 * administrator loads, attaches it:
 *
 *	static unsigned short ports[NF_AUTOHELPER_PORTS];
 *	static unsigned int n_ports;
 *	module_param_array(ports, ushort, &n_ports, 0400);
 *
 *	init:	return nf_autohelper_attach(&pom_tftp_helper, ports, n_ports);
 *	exit:	nf_autohelper_detach(&pom_tftp_helper);
 *
 * It has no alias that the kernel asks for, and no other module needs it. Both
 * say MODULE_SOFTDEP("post: nf_nat_tftp"), so that modprobe brings the NAT half
 * along and takes it away.
 */
#ifndef POM_AUTOHELPER_NF_AUTOHELPER_H
#define POM_AUTOHELPER_NF_AUTOHELPER_H

#include "compat/helper.h"

/* Most ports that one helper module may name. */
#define NF_AUTOHELPER_PORTS	8

/**
 * nf_autohelper_attach() - help connections to some ports
 * @h: registered, and stays so until nf_autohelper_detach(): no reference is
 *	taken on it
 * @ports: destination ports of the first packet, host byte order; not NULL
 *	unless @n_ports is 0
 * @n_ports: how many, up to NF_AUTOHELPER_PORTS; 0 means @h->default_port
 *
 * Process context: module init. Where a namespace has chosen another helper
 * for one of the ports, that one stays. Says in the kernel log what went
 * wrong; nothing is attached then.
 *
 * Return: 0; -EINVAL for port 0, a port named twice or too many of them;
 * -EEXIST where another module attaches a helper to one of the ports;
 * -ENOSPC beyond the limit of all modules together; -ENOMEM.
 */
int nf_autohelper_attach(const struct pom_helper *h,
			 const u16 *ports, unsigned int n_ports);

/**
 * nf_autohelper_detach() - undo nf_autohelper_attach()
 * @h: the helper
 *
 * Process context: module exit. Sleeps for a grace period. When it returns no
 * further connection gets @h from here; those that have it keep it until it is
 * unregistered.
 */
void nf_autohelper_detach(const struct pom_helper *h);

#endif
