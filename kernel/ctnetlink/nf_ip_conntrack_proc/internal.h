/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef POM_NF_IP_CONNTRACK_PROC_INTERNAL_H
#define POM_NF_IP_CONNTRACK_PROC_INTERNAL_H

#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/types.h>
#include <net/net_namespace.h>

extern const struct proc_ops ip_conntrack_table_ops;
extern const struct proc_ops ip_conntrack_expect_ops;
extern const struct proc_ops ip_conntrack_stat_ops;

void ip_conntrack_show_tuple(struct seq_file *m, u8 proto, const __be32 *addr,
			     const __be16 *port);

/*
 * Root of a user namespace may have no mapping yet when the files are made. So
 * their mode lets all users read them, and this decides.
 */
static inline bool ip_conntrack_may_read(const struct file *file,
					 const struct net *net)
{
	return file_ns_capable(file, net->user_ns, CAP_NET_ADMIN);
}

#endif /* POM_NF_IP_CONNTRACK_PROC_INTERNAL_H */
