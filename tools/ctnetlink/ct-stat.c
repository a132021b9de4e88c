// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands stat and export of ct(8): how full the table is, and what each
 * CPU has counted, as lines, JSON, or text for Prometheus.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/netfilter/nfnetlink_conntrack.h>

#include "../lib/cli.h"
#include "../lib/table.h"
#include "ct-groups.h"
#include "ct-kernel.h"
#include "ct-stat.h"

/* CTA_STATS_CHAIN_TOOLONG, which headers of Linux 5.10 do not have. */
#define STATS_CHAIN_TOOLONG	15

#define BUCKETS	"/proc/sys/net/netfilter/nf_conntrack_buckets"

/* A counter that only grows. Kernels differ in those that they have. */
struct counter {
	const char *name;	/* as /proc/net/stat/nf_conntrack has it */
	bool expectation;
	uint16_t attr;
	const char *help;
};

static const struct counter counters[] = {
	{ "found", false, CTA_STATS_FOUND,
	  "Packets whose new connection was there already." },
	{ "invalid", false, CTA_STATS_INVALID,
	  "Packets that connection tracking could not assign." },
	{ "insert", false, CTA_STATS_INSERT, "Connections that began." },
	{ "insert_failed", false, CTA_STATS_INSERT_FAILED,
	  "Connections that a different packet had begun meanwhile." },
	{ "drop", false, CTA_STATS_DROP,
	  "Packets dropped for a full table or a lack of memory." },
	{ "early_drop", false, CTA_STATS_EARLY_DROP,
	  "Connections ended to make space in a full table." },
	{ "error", false, CTA_STATS_ERROR, "ICMP errors that are wrong." },
	{ "search_restart", false, CTA_STATS_SEARCH_RESTART,
	  "Searches begun again, since the table changed meanwhile." },
	{ "clash_resolve", false, CTA_STATS_CLASH_RESOLVE,
	  "Packets added to a connection that a different packet began." },
	{ "chaintoolong", false, STATS_CHAIN_TOOLONG,
	  "Connections refused, since their bucket was too long." },
	{ "expect_new", true, CTA_STATS_EXP_NEW,
	  "Connections that an expectation announced." },
	{ "expect_create", true, CTA_STATS_EXP_CREATE,
	  "Expectations that began." },
	{ "expect_delete", true, CTA_STATS_EXP_DELETE,
	  "Expectations that ended." },
};

#define COUNTERS	(sizeof(counters) / sizeof(counters[0]))

static const struct kernel_values *values_of(const struct kernel_stats *stats,
					     const struct counter *counter,
					     unsigned int cpu)
{
	return counter->expectation ? &stats->expectations[cpu] :
				      &stats->connections[cpu];
}

static bool was_sent(const struct kernel_stats *stats,
		     const struct counter *counter)
{
	return stats->cpus &&
	       values_of(stats, counter, 0)->sent & 1u << counter->attr;
}

static uint64_t sum(const struct kernel_stats *stats,
		    const struct counter *counter)
{
	uint64_t total = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < stats->cpus; cpu++)
		total += values_of(stats, counter, cpu)->value[counter->attr];
	return total;
}

/* 0 if the namespace has no such file. */
static unsigned long buckets_read(void)
{
	FILE *file = fopen(BUCKETS, "r");
	unsigned long buckets = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%lu", &buckets) != 1)
		buckets = 0;
	fclose(file);
	return buckets;
}

/* The numbers of the table itself: name, value, text. */
struct gauge {
	const char *name;
	unsigned long value;
	const char *help;
};

enum { GAUGES = 3 };

static void gauges_read(const struct kernel_stats *stats,
			struct gauge gauge[GAUGES])
{
	const uint32_t *value = stats->table.value;

	gauge[0] = (struct gauge) {
		"connections", value[CTA_STATS_GLOBAL_ENTRIES],
		"Connections of this network namespace."
	};
	gauge[1] = (struct gauge) {
		"connections_max", value[CTA_STATS_GLOBAL_MAX_ENTRIES],
		"Connections that a network namespace can have."
	};
	gauge[2] = (struct gauge) {
		"buckets", buckets_read(),
		"Buckets of the table, which all namespaces share."
	};
}

static void stat_text(const struct kernel_stats *stats,
		      const struct gauge *gauge)
{
	unsigned int i;

	for (i = 0; i < GAUGES; i++)
		printf("%lu %s\n", gauge[i].value, gauge[i].name);
	for (i = 0; i < COUNTERS; i++)
		if (was_sent(stats, &counters[i]))
			printf("%" PRIu64 " %s\n", sum(stats, &counters[i]),
			       counters[i].name);
}

/* On a terminal, with what each number is. */
static void stat_table(const struct kernel_stats *stats,
		       const struct gauge *gauge)
{
	static const struct table_column columns[] = {
		{ "VALUE", TABLE_NUMBER },
		{ "NAME", TABLE_TEXT },
		{ "MEANING", TABLE_TEXT },
	};
	struct table *table = TABLE_BEGIN(columns);
	unsigned int i;

	for (i = 0; i < GAUGES; i++) {
		table_number(table, gauge[i].value);
		table_text(table, gauge[i].name);
		table_text(table, gauge[i].help);
	}
	for (i = 0; i < COUNTERS; i++) {
		if (!was_sent(stats, &counters[i]))
			continue;
		table_number(table, sum(stats, &counters[i]));
		table_text(table, counters[i].name);
		table_text(table, counters[i].help);
	}
	table_end(table, TABLE_UNSORTED, false, UINT_MAX);
}

static void counters_json(const struct kernel_stats *stats, int cpu)
{
	const char *comma = "";
	unsigned int i;

	putchar('{');
	for (i = 0; i < COUNTERS; i++) {
		if (!was_sent(stats, &counters[i]))
			continue;
		printf("%s\"%s\":%" PRIu64, comma, counters[i].name, cpu < 0 ?
		       sum(stats, &counters[i]) :
		       values_of(stats, &counters[i],
				 (unsigned int)cpu)->value[counters[i].attr]);
		comma = ",";
	}
	putchar('}');
}

static void stat_json(const struct kernel_stats *stats,
		      const struct gauge *gauge)
{
	unsigned int i;

	putchar('{');
	for (i = 0; i < GAUGES; i++)
		printf("\"%s\":%lu,", gauge[i].name, gauge[i].value);
	printf("\n \"counters\":");
	counters_json(stats, -1);
	printf(",\n \"cpus\":[");
	for (i = 0; i < stats->cpus; i++) {
		printf("%s\n  ", i ? "," : "");
		counters_json(stats, (int)i);
	}
	printf("\n]}\n");
}

int cmd_stat(int argc, char **argv)
{
	struct gauge gauge[GAUGES];
	struct kernel_stats stats;

	(void)argc;
	(void)argv;
	kernel_stats_read(&stats);
	gauges_read(&stats, gauge);
	if (cli.json)
		stat_json(&stats, gauge);
	else if (table_fits())
		stat_table(&stats, gauge);
	else
		stat_text(&stats, gauge);
	kernel_stats_free(&stats);
	return EXIT_SUCCESS;
}

/* The text format of Prometheus, 0.0.4. */
static void family(const char *name, const char *suffix, const char *type,
		   const char *help)
{
	printf("# HELP conntrack_%s%s %s\n# TYPE conntrack_%s%s %s\n", name,
	       suffix, help, name, suffix, type);
}

static void export_counter(const struct kernel_stats *stats,
			   const struct counter *counter)
{
	const struct kernel_values *values;
	unsigned int cpu;

	family(counter->name, "_total", "counter", counter->help);
	for (cpu = 0; cpu < stats->cpus; cpu++) {
		values = values_of(stats, counter, cpu);
		printf("conntrack_%s_total{cpu=\"%u\"} %u\n", counter->name,
		       cpu, values->value[counter->attr]);
	}
}

int cmd_export(int argc, char **argv)
{
	struct gauge gauge[GAUGES];
	struct kernel_stats stats;
	unsigned int i;

	(void)argc;
	(void)argv;
	kernel_stats_read(&stats);
	gauges_read(&stats, gauge);
	for (i = 0; i < GAUGES; i++) {
		family(gauge[i].name, "", "gauge", gauge[i].help);
		printf("conntrack_%s %lu\n", gauge[i].name, gauge[i].value);
	}
	for (i = 0; i < COUNTERS; i++)
		if (was_sent(&stats, &counters[i]))
			export_counter(&stats, &counters[i]);
	kernel_stats_free(&stats);
	return groups_export();
}
