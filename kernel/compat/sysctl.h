/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sysctls of a network namespace.
 *
 * A handler is declared with pom_ctl_table, which is const from 6.11 on. A
 * table ends with an empty entry that is not counted: kernels before 6.6 need
 * it, later ones use the length.
 */
#ifndef POM_COMPAT_SYSCTL_H
#define POM_COMPAT_SYSCTL_H

#include <linux/sysctl.h>
#include <net/net_namespace.h>

#ifdef HAVE_CONST_CTL_TABLE_HANDLER
typedef const struct ctl_table pom_ctl_table;
#else
typedef struct ctl_table pom_ctl_table;
#endif

/**
 * pom_register_net_sysctl() - a table below /proc/sys, in one namespace
 * @net: the namespace
 * @path: e.g. "net/netfilter"
 * @table: writable, stays until unregister_net_sysctl_table(); an empty
 *	entry follows the last one
 * @n: entries without the empty one
 *
 * Process context.
 *
 * Return: NULL where memory is short or a name is taken.
 */
static inline struct ctl_table_header *
pom_register_net_sysctl(struct net *net, const char *path,
			struct ctl_table *table, size_t n)
{
#ifdef HAVE_REGISTER_NET_SYSCTL_SZ
	return register_net_sysctl_sz(net, path, table, n);
#else
	return register_net_sysctl(net, path, table);
#endif
}

#endif
