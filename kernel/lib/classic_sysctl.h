/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sysctls of connection tracking under their names of 2002 to 2006.
 *
 * There were two families of names, ip_ct_NAME and ip_conntrack_NAME, and two
 * directories, net.ipv4 and net.ipv4.netfilter. A value has all four names.
 * They have no memory of their own: functions of the module read and write the
 * kernel's value.
 */
#ifndef POM_LIB_CLASSIC_SYSCTL_H
#define POM_LIB_CLASSIC_SYSCTL_H

#include <linux/types.h>

struct ctl_table;
struct ctl_table_header;
struct net;

/* The most numbers of one sysctl: the states of TCP in 2003. */
#define POM_CLASSIC_NUMBERS	10

/* The names of a value in both families. */
#define POM_CLASSIC_NAMES(name)	{ "ip_ct_" name, "ip_conntrack_" name }

/**
 * struct pom_classic_value - one value
 * @names: file names, see POM_CLASSIC_NAMES(); the second may be NULL
 * @count: how many numbers it has, up to POM_CLASSIC_NUMBERS
 * @max: the largest number; 0 is the smallest
 * @number: which of the namespace's numbers these are, for @get and @set
 * @proto: for @get and @set, too
 * @get: the number @i; process context
 * @set: changes the number @i to @number, which is 0 to @max; process context,
 *	no lock held; NULL for a file that is read only
 */
struct pom_classic_value {
	const char *names[2];
	unsigned int count;
	int max;
	const u8 *number;
	u8 proto;
	int (*get)(struct net *net, const struct pom_classic_value *v,
		   unsigned int i);
	void (*set)(struct net *net, const struct pom_classic_value *v,
		    unsigned int i, int number);
};

/**
 * struct pom_classic - the sysctls of a module in one network namespace
 * @table: both directories share it
 * @headers: one for each directory
 */
struct pom_classic {
	struct ctl_table *table;
	struct ctl_table_header *headers[2];
};

int pom_classic_create(struct pom_classic *c, struct net *net,
		       const struct pom_classic_value *values, unsigned int n);
void pom_classic_remove(struct pom_classic *c);

#endif /* POM_LIB_CLASSIC_SYSCTL_H */
