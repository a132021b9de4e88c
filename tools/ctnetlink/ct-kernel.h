/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): what the kernel's own ctnetlink counts in this network namespace. */
#ifndef POM_CT_KERNEL_H
#define POM_CT_KERNEL_H

#include <stdint.h>

enum {
	KERNEL_CPUS_MAX = 4096,
	KERNEL_VALUES_MAX = 24, /* more than any message has */
};

/* Numbers by the type of their attribute; 0 where the kernel sends none. */
struct kernel_values {
	uint32_t value[KERNEL_VALUES_MAX];
	uint32_t sent;	/* a bit for each that was sent */
};

struct kernel_stats {
	struct kernel_values table;	/* CTA_STATS_GLOBAL_* */
	unsigned int cpus;
	struct kernel_values *connections;	/* CTA_STATS_*, by CPU */
	struct kernel_values *expectations;	/* CTA_STATS_EXP_*, by CPU */
};

/* Reads them all. Exits if that fails. */
void kernel_stats_read(struct kernel_stats *stats);
void kernel_stats_free(struct kernel_stats *stats);

#endif
