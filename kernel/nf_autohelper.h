/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Automatic helpers, for helper modules: a helper that is registered here is
 * given to new connections to its ports, in every network namespace that has
 * net.netfilter.nf_autohelper on, without any rule.
 *
 * A helper module does this and no more:
 *
 *	static unsigned short ports[NF_AUTOHELPER_PORTS];
 *	static unsigned int n_ports;
 *	module_param_array(ports, ushort, &n_ports, 0400);
 *
 *	static struct pom_helper tftp = {
 *		.name = "tftp", .l4proto = IPPROTO_UDP, .default_port = 69,
 *		.policy = &policy, .help = tftp_help, .me = THIS_MODULE,
 *	};
 *
 *	init:	return nf_autohelper_register(&tftp, ports, n_ports);
 *	exit:	nf_autohelper_unregister(&tftp);
 *
 * and says MODULE_ALIAS_NFCT_HELPER("tftp") and, so that modprobe brings the
 * NAT half along and takes it away, MODULE_SOFTDEP("post: nf_nat_tftp").
 */
#ifndef NF_AUTOHELPER_H
#define NF_AUTOHELPER_H

#include "compat/helper.h"

/* Most ports that one helper module may name. */
#define NF_AUTOHELPER_PORTS	8

/**
 * nf_autohelper_attach() - help connections to some ports in every namespace
 * @helpers: registered helpers of one name and transport protocol, at most
 *	one for a family; they stay registered until nf_autohelper_detach()
 * @n_helpers: how many, 1 or 2
 * @ports: destination ports of the first packet, host byte order
 * @n_ports: how many, 1 to NF_AUTOHELPER_PORTS
 *
 * Process context, may sleep. For modules that own @helpers: no reference is
 * taken on them. Where a namespace has chosen another helper for one of the
 * ports, that one stays. Says in the kernel log what went wrong; nothing is
 * attached then.
 *
 * Return: 0; -EINVAL for port 0, a port named twice or too many of them;
 * -EEXIST where another module attaches a helper to one of the ports;
 * -ENOSPC beyond the limit of all modules together; -ENOMEM.
 */
int nf_autohelper_attach(struct nf_conntrack_helper *const *helpers,
			 unsigned int n_helpers,
			 const u16 *ports, unsigned int n_ports);

/**
 * nf_autohelper_detach() - undo nf_autohelper_attach()
 * @helpers: as they were given then
 *
 * Process context, sleeps for a grace period. When it returns no further
 * connection gets one of @helpers from here; those that have it keep it until
 * it is unregistered.
 */
void nf_autohelper_detach(struct nf_conntrack_helper *const *helpers);

/**
 * nf_autohelper_register() - register a helper and attach it to its ports
 * @h: the helper
 * @ports: host byte order, not NULL unless @n_ports is 0
 * @n_ports: how many; 0 stands for @h->default_port
 *
 * Process context: module init.
 *
 * Return: 0, or what pom_helper_register() or nf_autohelper_attach() say.
 */
static inline int nf_autohelper_register(struct pom_helper *h,
					 const u16 *ports, unsigned int n_ports)
{
	int ret = pom_helper_register(h);

	if (ret < 0)
		return ret;
	if (!n_ports) {
		ports = &h->default_port;
		n_ports = 1;
	}
	ret = nf_autohelper_attach(h->registered, h->families, ports, n_ports);
	if (ret < 0)
		pom_helper_unregister(h);
	return ret;
}

/**
 * nf_autohelper_unregister() - undo nf_autohelper_register()
 * @h: the helper
 *
 * Process context: module exit.
 */
static inline void nf_autohelper_unregister(struct pom_helper *h)
{
	nf_autohelper_detach(h->registered);
	pom_helper_unregister(h);
}

#endif
