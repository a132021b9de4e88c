// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command invalid of ct(8): which TCP segments connection tracking has
 * refused in this network namespace, and why. The module nf_ct_tcpwindow of the
 * patchlet tcp-window-tracking keeps them.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/cli.h"
#include "../lib/json.h"
#include "../lib/table.h"
#include "ct-invalid.h"

#define COUNTERS	"/proc/net/stat/nf_ct_tcpwindow"
#define LIST		"/proc/net/nf_ct_tcpwindow"
#define SWITCH		"net.ipv4.netfilter.ip_ct_tcp_record_invalid"
#define SWITCH_FILE	"/proc/sys/net/ipv4/netfilter/ip_ct_tcp_record_invalid"

/* More than the module has of either. */
enum { REASONS_MAX = 32, LINE_SIZE = 1024 };

struct counters {
	unsigned int count;
	char name[REASONS_MAX][32];
	uint64_t sum[REASONS_MAX];
};

/* A line with the names, and then one with hexadecimal numbers for each CPU. */
static int counters_read(struct counters *c, FILE *file)
{
	char line[LINE_SIZE], *rest = line, *word, *end;
	unsigned int i;

	memset(c, 0, sizeof(*c));
	if (!fgets(line, sizeof(line), file))
		return -1;
	while ((word = strsep(&rest, "\n "))) {
		if (!*word)
			continue;
		if (c->count == REASONS_MAX ||
		    strlen(word) >= sizeof(c->name[0]))
			return -1;
		memcpy(c->name[c->count++], word, strlen(word) + 1);
	}
	while (fgets(line, sizeof(line), file)) {
		word = line;
		for (i = 0; i < c->count; i++, word = end) {
			c->sum[i] += strtoull(word, &end, 16);
			if (end == word)
				return -1;
		}
	}
	return 0;
}

static void counters_text(const struct counters *c)
{
	unsigned int i;

	for (i = 0; i < c->count; i++)
		if (c->sum[i])
			printf("%" PRIu64 " %s\n", c->sum[i], c->name[i]);
}

/* On a terminal, the most frequent reason first. */
static void counters_table(const struct counters *c)
{
	static const struct table_column columns[] = {
		{ "SEGMENTS", TABLE_NUMBER },
		{ "REASON", TABLE_TEXT },
	};
	struct table *table = TABLE_BEGIN(columns);
	unsigned int i;

	for (i = 0; i < c->count; i++) {
		if (!c->sum[i])
			continue;
		table_number(table, c->sum[i]);
		table_text(table, c->name[i]);
	}
	table_end(table, 0, true, UINT_MAX);
}

static void counters_json(const struct counters *c)
{
	unsigned int i;

	printf("{\"counters\":{");
	for (i = 0; i < c->count; i++) {
		fputs(i ? "," : "", stdout);
		json_string(c->name[i]);
		printf(":%" PRIu64, c->sum[i]);
	}
	printf("},\n \"segments\":[");
}

/* A local time, "2026-11-30 12:00:00"; NULL if the line has none. */
static const char *time_of(const char *line, char text[64])
{
	time_t when = (time_t)strtoll(line, NULL, 10);
	struct tm tm;

	if (!localtime_r(&when, &tm) || !strftime(text, 64, "%F %T", &tm))
		return NULL;
	return text;
}

/* TIME REASON KEY=VALUE...: a local time, and the rest as it is. */
static int segment_text(const char *line)
{
	const char *rest = strchr(line, ' '), *when;
	char text[64];

	when = rest ? time_of(line, text) : NULL;
	if (!when)
		return -1;
	printf("%s%s\n", when, rest);
	return 0;
}

/* The same as a row. */
static int segment_row(struct table *table, char *line)
{
	const char *when, *reason;
	char text[64];

	when = time_of(strsep(&line, " "), text);
	reason = line ? strsep(&line, " ") : NULL;
	if (!when || !reason)
		return -1;
	table_text(table, when);
	table_text(table, reason);
	table_text(table, line ? line : "");
	return 0;
}

/* A value is an address, letters or a number. */
static void value_json(const char *key, const char *value)
{
	json_string(key);
	putchar(':');
	if (!strcmp(key, "src") || !strcmp(key, "dst") || !strcmp(key, "flags"))
		json_string(value);
	else
		printf("%" PRIu64, (uint64_t)strtoull(value, NULL, 10));
}

static int segment_json(char *line, bool first)
{
	char *when = strsep(&line, " "), *reason, *key, *value;

	reason = line ? strsep(&line, " ") : NULL;
	if (!reason)
		return -1;
	printf("%s\n  {\"time\":%" PRIu64 ",\"reason\":", first ? "" : ",",
	       (uint64_t)strtoull(when, NULL, 10));
	json_string(reason);
	while ((key = strsep(&line, " "))) {
		value = strchr(key, '=');
		if (!value)
			return -1;
		*value++ = '\0';
		putchar(',');
		value_json(key, value);
	}
	putchar('}');
	return 0;
}

/* Whether the file can be read. Its first byte is not used up. */
static bool is_readable(FILE *file)
{
	int c = getc(file);

	if (c != EOF)
		ungetc(c, file);
	return !ferror(file);
}

/* On a terminal: the counters, and then the segments, the newest last. */
static int print_tables(const struct counters *c, FILE *list)
{
	static const struct table_column columns[] = {
		{ "TIME", TABLE_TEXT },
		{ "REASON", TABLE_TEXT },
		{ "SEGMENT", TABLE_TEXT },
	};
	struct table *table = TABLE_BEGIN(columns);
	char line[LINE_SIZE];
	int err = 0;

	counters_table(c);
	putchar('\n');
	while (!err && fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = '\0';
		err = segment_row(table, line);
	}
	table_end(table, TABLE_UNSORTED, false, UINT_MAX);
	return err;
}

static int print_lines(const struct counters *c, FILE *list)
{
	char line[LINE_SIZE];
	bool first = true;

	if (cli.json)
		counters_json(c);
	else
		counters_text(c);
	for (; fgets(line, sizeof(line), list); first = false) {
		line[strcspn(line, "\n")] = '\0';
		if (cli.json ? segment_json(line, first) : segment_text(line))
			return -1;
	}
	if (cli.json)
		printf("\n]}\n");
	return 0;
}

int invalid_print(FILE *counters, FILE *list)
{
	struct counters c;

	if (counters_read(&c, counters) || !is_readable(list))
		return -1;
	if (table_fits() ? print_tables(&c, list) : print_lines(&c, list))
		return -1;
	return ferror(list) ? -1 : 0;
}

static FILE *open_file(const char *name)
{
	FILE *file = fopen(name, "r");

	if (!file && errno == ENOENT)
		die("no module keeps refused segments; fix: modprobe nf_ct_tcpwindow; sysctl %s=1",
		    SWITCH);
	if (!file)
		die("%s: %s", name, cli_strerror(errno));
	return file;
}

static bool is_off(void)
{
	FILE *file = fopen(SWITCH_FILE, "r");
	bool off = file && getc(file) == '0';

	if (file)
		fclose(file);
	return off;
}

int cmd_invalid(int argc, char **argv)
{
	FILE *counters = open_file(COUNTERS), *list = open_file(LIST);
	int err;

	(void)argc;
	(void)argv;
	errno = 0;
	err = invalid_print(counters, list);
	if (err && errno)
		complain("%s: %s", LIST, cli_strerror(errno));
	else if (err)
		complain("%s: the module has a different version", LIST);
	else if (is_off())
		complain("newer segments are not kept; fix: sysctl %s=1",
			 SWITCH);
	fclose(counters);
	fclose(list);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
