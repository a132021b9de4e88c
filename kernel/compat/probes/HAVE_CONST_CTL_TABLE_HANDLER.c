// SPDX-License-Identifier: GPL-2.0-only
/* 6.11: a sysctl handler gets its table as const. */
/* no: incompatible (function )?(pointer|return) type */
#include <linux/sysctl.h>

int handler(const struct ctl_table *table, int write, void *buffer,
	    size_t *len, loff_t *pos);
proc_handler *probe(void);

proc_handler *probe(void)
{
	return handler;
}
