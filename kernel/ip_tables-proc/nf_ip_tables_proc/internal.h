/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef POM_NF_IP_TABLES_PROC_INTERNAL_H
#define POM_NF_IP_TABLES_PROC_INTERNAL_H

#include <linux/netfilter/x_tables.h>
#include <linux/proc_fs.h>
#include <linux/types.h>
#include <net/net_namespace.h>

/* What a file lists. */
enum tables_what {
	TABLES_NAMES,
	TABLES_MATCHES,
	TABLES_TARGETS,
	TABLES_EXTENSIONS,	/* both, of all families, with details */
};

/**
 * struct tables_file - a file of a network namespace
 * @net: the network namespace
 * @what: of the TABLES_*
 * @af: NFPROTO_*; not for TABLES_EXTENSIONS
 */
struct tables_file {
	struct net *net;
	enum tables_what what;
	u8 af;
};

extern const struct proc_ops tables_proc_ops;

/**
 * struct tables_names - names that an extension may have
 * @count: how many
 * @name: in the order of strcmp(), each once
 */
struct tables_names {
	unsigned int count;
	char name[][XT_EXTENSION_MAXNAMELEN];
};

struct tables_names *tables_names_get(void);
void tables_names_put(struct tables_names *names);

#endif /* POM_NF_IP_TABLES_PROC_INTERNAL_H */
