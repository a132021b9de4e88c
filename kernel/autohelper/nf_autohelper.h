/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Automatic helpers, for helper modules. New connections to the ports of an
 * attached helper get it without a rule, in the initial network namespace and
 * in those whose net.netfilter.nf_autohelper is 2.
 *
 * A protocol has two modules. The kernel loads nf_conntrack_NAME_core when a
 * rule in any namespace names the helper. So this module only registers the
 * helper, and changes nothing in any namespace:
 *
 *	struct pom_helper pom_NAME_helper = {
 *		.name = "tftp", .l4proto = IPPROTO_UDP, .default_port = 69,
 *		.policy = &policy, .help = tftp_help, .me = THIS_MODULE,
 *	};
 *
 * with MODULE_ALIAS_NFCT_HELPER("tftp"); lib/helper_core.h has its init and
 * exit. An administrator loads nf_conntrack_NAME, which attaches the helper to
 * ports=; lib/helper_attach.h has its code. The kernel never requests it: it
 * has no such alias, and no other module needs it.
 *
 * Both have MODULE_SOFTDEP("post: nf_nat_tftp"), so that modprobe loads and
 * unloads the NAT half with them.
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
 * Process context: module init. A helper that a namespace itself has attached
 * to one of the ports takes precedence. On failure, logs the reason and
 * attaches nothing.
 *
 * Return: 0; -EINVAL for port 0, a duplicate port or too many ports;
 * -EBUSY if a different module attaches a helper to one of the ports;
 * -ENOSPC at the limit of all modules together; -ENOMEM.
 */
int nf_autohelper_attach(const struct pom_helper *h,
			 const u16 *ports, unsigned int n_ports);

/**
 * nf_autohelper_detach() - undo nf_autohelper_attach()
 * @h: the helper
 *
 * Process context: module exit. Sleeps for a grace period. Afterwards no new
 * connection gets @h by its port; connections that have it keep it until it
 * is unregistered.
 */
void nf_autohelper_detach(const struct pom_helper *h);

/* What is counted for each namespace and helper; see the manual. */
enum pom_count {
	POM_CONNECTIONS,	/* connections with this helper */
	POM_ANNOUNCEMENTS,	/* well-formed, from the right side */
	POM_EXPECTATIONS,	/* raised */
	POM_EVICTED,		/* removed for a newer one at the limit */
	POM_MALFORMED,		/* refused: violates the protocol */
	POM_NOT_EXPECTED,	/* refused: conntrack rejected it */
	POM_WRONG_SIDE,		/* refused: from a side that cannot announce */
	POM_FOREIGN,		/* refused: not the sender's own address */
	POM_BAD_PORT,		/* refused: port 0, or a privileged one */
	POM_SPLIT,		/* refused: in two segments, and NAT applies */
	POM_COUNTS
};

/**
 * nf_autohelper_count() - count what a helper did
 * @h: the helper
 * @ct: the connection
 * @what: which counter of its namespace
 *
 * In a help function.
 */
void nf_autohelper_count(const struct pom_helper *h, const struct nf_conn *ct,
			 enum pom_count what);

/**
 * nf_autohelper_expect() - add an expectation to conntrack
 * @h: the helper that raises it
 * @exp: complete; the caller keeps its reference
 *
 * In a help function. In one namespace, a helper has at most half of the
 * kernel's limit of expectations, and never more than 512. At its limit, the
 * oldest one of the host that has the most is removed.
 *
 * Return: 0; -ENOMEM; or what nf_ct_expect_related() returns.
 */
int nf_autohelper_expect(const struct pom_helper *h,
			 struct nf_conntrack_expect *exp);

/**
 * nf_autohelper_keep() - keep the beginning of an announcement
 * @h: the helper
 * @ct: the connection
 * @dir: its direction
 * @next: sequence number of the segment that has the rest
 * @bytes: the beginning
 * @len: bytes at @bytes
 *
 * In a help function. What was kept of the same direction before is replaced.
 * One helper keeps a fixed number of beginnings in a namespace, and a later one
 * may take the place of an earlier one.
 *
 * Return: 0, -ENOMEM, or -ESHUTDOWN where the namespace ends.
 */
int nf_autohelper_keep(const struct pom_helper *h, const struct nf_conn *ct,
		       u8 dir, u32 next, const u8 *bytes, u16 len);

/**
 * nf_autohelper_take() - take out what nf_autohelper_keep() kept
 * @h: the helper
 * @ct: the connection
 * @dir: its direction
 * @next: sequence number of the segment that has the rest
 * @bytes: space for it
 * @size: of @bytes
 *
 * In a help function.
 *
 * Return: bytes at @bytes, or 0 where nothing is kept.
 */
u16 nf_autohelper_take(const struct pom_helper *h, const struct nf_conn *ct,
		       u8 dir, u32 next, u8 *bytes, u16 size);

/**
 * nf_autohelper_forget() - free the records of a helper
 * @h: unregistered, so that no packet is in its help function
 *
 * Process context: module exit.
 */
void nf_autohelper_forget(const struct pom_helper *h);

#endif
