// SPDX-License-Identifier: GPL-2.0-only
/* Loads and lists the pattern sets of the string match. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "string/automaton.h"
#include "string/setfile.h"

#include "../lib/cli.h"
#include "../lib/json.h"
#include "../lib/table.h"
#include "stringset-files.h"
#include "stringset-top.h"

struct memory {
	char *text;
	size_t len;
	size_t room;
};

static void add_line(struct memory *m, const char *text)
{
	size_t len = strlen(text);
	char *larger;

	if (!m->text || m->len + len + 1 > m->room) {
		m->room = 2 * (m->room + len + 1);
		larger = realloc(m->text, m->room);
		if (!larger)
			die("not enough memory");
		m->text = larger;
	}
	memcpy(m->text + m->len, text, len);
	m->len += len;
	m->text[m->len++] = '\n';
}

/* Reads all patterns of a file, for the kernel; exits if one is invalid. */
static struct memory read_set(const char *path)
{
	uint8_t bytes[STRINGSET_LEN_MAX];
	struct stringset_line line;
	struct memory all = { 0 };
	unsigned int number, count = 0, wrong = 0;
	size_t len = 0;
	FILE *f = open_text(path);
	char *text;
	int kind;

	for (number = 1; ; number++) {
		kind = read_line(f, path, number, &line, bytes, &text);
		if (kind == -1)
			break;
		wrong += kind == -2;
		if (kind != 1)
			continue;
		len += line.len;
		if (++count > STRING_SET_MAX || len > STRING_SET_BYTES_MAX)
			die("%s:%u: a set has at most %d patterns, of %u bytes together",
			    path, number, STRING_SET_MAX, STRING_SET_BYTES_MAX);
		add_line(&all, text);
	}
	if (ferror(f))
		die("%s: %s", path, strerror(errno));
	if (f != stdin)
		fclose(f);
	if (wrong)
		die("%s: %u line%s cannot be used; nothing was changed", path,
		    wrong, wrong > 1 ? "s" : "");
	return all;
}

static void control(char sign, const char *name)
{
	char path[PATH_LEN], text[PATH_LEN];
	int fd, len;

	set_path(path, name);
	fd = open(CONTROL, O_WRONLY);
	if (fd < 0)
		die_of_errno(CONTROL);
	len = snprintf(text, sizeof(text), "%c%s", sign, name);
	if (write(fd, text, (size_t)len) != len) {
		if (errno == ENOENT)
			die("set \"%s\" does not exist", name);
		if (errno == ENFILE)
			die("\"%s\": the limit of sets is reached; fix: stringset destroy NAME",
			    name);
		die("\"%s\": %s", name, strerror(errno));
	}
	close(fd);
}

static void load(const char *name, const char *file)
{
	struct memory all = read_set(file);
	char path[PATH_LEN];
	size_t done = 0;
	ssize_t part;
	int fd;

	set_path(path, name);
	add_line(&all, "--end");
	control('+', name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		die_of_errno(path);
	for (; done < all.len; done += (size_t)part) {
		part = write(fd, all.text + done, all.len - done);
		if (part < 0 && errno == ENOSPC)
			die("%s: over the memory limit; fix: raise set_memory of xt_string",
			    name);
		if (part < 0)
			die("%s: %s", path, strerror(errno));
	}
	close(fd);
	free(all.text);
}

static void save(const char *name)
{
	char path[PATH_LEN], buffer[65536];
	FILE *f = open_set(name, path);
	size_t len;

	while ((len = fread(buffer, 1, sizeof(buffer), f)))
		fwrite(buffer, 1, len, stdout);
	if (ferror(f))
		die("%s: %s", path, strerror(errno));
	fclose(f);
}

static void show_json(const struct stringset_line *line, const char *pattern)
{
	printf("{\"pattern\":");
	json_string(pattern);
	printf(",\"icase\":%s,\"prefix\":%s",
	       line->options & STRINGSET_ICASE ? "true" : "false",
	       line->options & STRINGSET_PREFIX ? "true" : "false");
	if (line->options & STRINGSET_MARK)
		printf(",\"mark\":%u", line->mark);
	printf(",\"hits\":%llu}", (unsigned long long)line->hits);
}

/* A line, or a row of @table unless it is NULL. */
static void show_text(const struct stringset_line *line, const uint8_t *bytes,
		      struct table *table)
{
	char *text = pattern_text(line, bytes);

	if (table) {
		table_number(table, line->hits);
		table_text(table, text);
	} else {
		printf("%12llu  %s\n", (unsigned long long)line->hits, text);
	}
	free(text);
}

/* The patterns of an open set, from its first line on. */
static void show_patterns(FILE *f, const char *path, bool json,
			  struct table *table)
{
	char pattern[4 * STRINGSET_LEN_MAX + 1];
	uint8_t bytes[STRINGSET_LEN_MAX];
	struct stringset_line line;
	bool first = true;
	char *text;
	int kind;

	while ((kind = read_line(f, path, 0, &line, bytes, &text)) >= 0) {
		if (!kind)
			continue;
		if (json) {
			stringset_format(bytes, line.len, pattern);
			printf("%s\n    ", first ? "" : ",");
			show_json(&line, pattern);
		} else {
			show_text(&line, bytes, table);
		}
		first = false;
	}
	if (kind == -2)
		die("%s: unknown format", path);
}

/* On a terminal: patterns with most hits first, and memory with a unit. */
static void show_table(FILE *f, const char *path, const char *name,
		       unsigned long patterns, unsigned long memory,
		       const char *last)
{
	static const struct table_column columns[] = {
		{ "HITS", TABLE_NUMBER },
		{ "PATTERN", TABLE_TEXT },
	};
	struct table *table = TABLE_BEGIN(columns);
	char bytes[TABLE_NUMBER_LEN];

	printf("%s: %lu patterns, %s\n", name, patterns,
	       table_unit(TABLE_BYTES, memory, bytes));
	if (last)
		printf("last: %s\n", last);
	show_patterns(f, path, false, table);
	table_end(table, 0, true, UINT_MAX);
}

/* @shown sets were printed before. */
static void show_set(const char *name, bool json, int shown)
{
	char path[PATH_LEN], *head = NULL, *last = NULL;
	unsigned long patterns = 0, memory = 0;
	FILE *f = open_set(name, path);
	size_t size = 0;
	int i;

	for (i = 0; i < 3 && getline(&head, &size, f) > 0; i++) {
		head[strcspn(head, "\n")] = '\0';
		if (sscanf(head, "# patterns %lu", &patterns) == 1 ||
		    sscanf(head, "# memory %lu", &memory) == 1)
			continue;
		if (!strncmp(head, "# last ", 7))
			last = strdup(head + 7);
	}
	/* The third line may be a pattern: read it again. */
	rewind(f);
	if (table_fits()) {
		if (shown)
			putchar('\n');
		show_table(f, path, name, patterns, memory, last);
	} else if (json) {
		printf("%s\n  {\"name\":", shown ? "," : "[");
		json_string(name);
		printf(",\"memory\":%lu", memory);
		if (last) {
			printf(",\"last\":");
			json_string(last);
		}
		printf(",\"patterns\":[");
		show_patterns(f, path, true, NULL);
		printf("]}");
	} else {
		printf("%s: %lu patterns, %lu bytes\n", name, patterns, memory);
		if (last)
			printf("%12s  %s\n", "last:", last);
		show_patterns(f, path, false, NULL);
	}
	fclose(f);
	free(head);
	free(last);
}

static void list(char **names, int count, bool json)
{
	struct dirent **entries;
	int i, n, shown = 0;

	n = read_sets(&entries);
	for (i = 0; count ? i < count : i < n; i++)
		show_set(count ? names[i] : entries[i]->d_name, json, shown++);
	if (json)
		printf("%s\n]\n", shown ? "" : "[");
	for (i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
}

static int cmd_load(int argc, char **argv)
{
	(void)argc;
	load(argv[0], argv[1]);
	return 0;
}

static int cmd_check(int argc, char **argv)
{
	(void)argc;
	free(read_set(argv[0]).text);
	return 0;
}

static int cmd_list(int argc, char **argv)
{
	list(argv, argc, cli.json);
	return 0;
}

static int cmd_save(int argc, char **argv)
{
	/* The same objects as those of list. */
	if (cli.json)
		list(argv, argc, true);
	else
		save(argv[0]);
	return 0;
}

static int cmd_create(int argc, char **argv)
{
	(void)argc;
	control('+', argv[0]);
	return 0;
}

static int cmd_destroy(int argc, char **argv)
{
	(void)argc;
	control('-', argv[0]);
	return 0;
}

static const char usage[] =
"usage: stringset load NAME FILE    replace the patterns of a set at once\n"
"       stringset check FILE        only report errors in the file\n"
"       stringset list [NAME]...    patterns, hits, memory; of all sets\n"
"       stringset top [NAME]        the patterns that are found most often, live\n"
"                                   on a terminal, where q quits\n"
"       stringset save NAME         the same as a file that can be loaded\n"
"       stringset create NAME       a set without patterns\n"
"       stringset destroy NAME      no patterns, and no set if no rule uses it\n"
"FILE is - for standard input. A line is a pattern:\n"
"       # a comment\n"
"       |7F|ELF\n"
"       --icase --prefix --mark 0x10 GET /admin\n"
CLI_OPTIONS
CLI_REPEAT_OPTIONS
"Examples:\n"
"    stringset load bad /etc/bad.patterns\n"
"    stringset list --json bad\n"
"    stringset top bad --count 10 --delay 0.5\n";

static const struct cli_command commands[] = {
	{ "load", "NAME FILE", 2, 2, 0, cmd_load },
	{ "check", "FILE", 1, 1, 0, cmd_check },
	{ "list", "[NAME]...", 0, -1, CLI_JSON, cmd_list },
	{ "save", "NAME", 1, 1, CLI_JSON, cmd_save },
	{ "top", "[NAME]", 0, 1, CLI_REPEATS, cmd_top },
	{ "create", "NAME", 1, 1, 0, cmd_create },
	{ "destroy", "NAME", 1, 1, 0, cmd_destroy },
	{ NULL },
};

struct cli cli = {
	.program = "stringset",
	.usage = usage,
	.commands = commands,
};

int main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
