// SPDX-License-Identifier: GPL-2.0-only
/*
 * ct(8) with the command line of conntrack(8) 1.4.7: which command is meant,
 * its messages, and the commands that only print numbers.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter/nfnetlink_conntrack.h>

#include "../lib/cli.h"
#include "ct-conntrack.h"
#include "ct-kernel.h"

/* ---- messages ---- */

static const char *load_path;	/* of -R */
static unsigned int load_line;	/* its current line, or 0 */

/* For what cannot go on: which line of -R it is. */
static void name_line(void)
{
	if (load_line && !cli.quiet)
		fprintf(stderr, "%s: %s: line %u:\n", cli.program, load_path,
			load_line);
}

noreturn void conntrack_usage(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	name_line();
	fprintf(stderr, "%s: ", cli.program);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; see the section CONNTRACK of ct(8)\n");
	exit(EXIT_USAGE);
}

noreturn void conntrack_failed(const struct conntrack_command *c, int err)
{
	const char *text = cli_strerror(err);

	if (err == EEXIST)
		text = "it exists; -U changes it";
	else if (err == ENOENT && c->name == 'i')
		text = "its master connection does not exist";
	else if (err == ENOENT)
		text = "it does not exist";
	else if (err == ETIME)
		text = "it has expired";
	else if (err == EINVAL)
		text = "the kernel refuses these values";
	name_line();
	die("-%c: %s", c->name, text);
}

static bool quiet_summary;	/* as for the lines of -R */

void conntrack_summary(const char *format, unsigned int count)
{
	fflush(stdout);
	if (quiet_summary)
		return;
	fprintf(stderr, "%s v%s (Patch-o-matic): ", cli.program, POM_VERSION);
	fprintf(stderr, format, count);
	fputc('\n', stderr);
}

/* ---- numbers ---- */

static void values_print(const struct kernel_values *values, unsigned int cpu,
			 const char *const *names, unsigned int max)
{
	unsigned int i;

	printf("cpu=%-4u\t", cpu);
	for (i = 1; i < max; i++)
		if (values->sent & 1u << i)
			printf("%s=%u ", names[i], values->value[i]);
	putchar('\n');
}

/* Names by CTA_STATS_*; kernels before 5.9 sent more of them. */
static int conntrack_stats(bool expectations)
{
	static const char *const names[] = {
		NULL, "searched", "found", "new", "invalid", "ignore", "delete",
		"delete_list", "insert", "insert_failed", "drop", "early_drop",
		"error", "search_restart", "clash_resolve", "chaintoolong",
		"unknown1", "unknown2", "unknown3", "unknown4",
	};
	static const char *const expect_names[] = {
		NULL, "expect_new", "expect_create", "expect_delete",
	};
	struct kernel_stats stats;
	unsigned int i;

	kernel_stats_read(&stats);
	for (i = 0; i < stats.cpus; i++) {
		if (expectations)
			values_print(&stats.expectations[i], i, expect_names,
				     sizeof(expect_names) / sizeof(*names));
		else
			values_print(&stats.connections[i], i, names,
				     sizeof(names) / sizeof(*names));
	}
	kernel_stats_free(&stats);
	return EXIT_SUCCESS;
}

static int conntrack_count(void)
{
	struct kernel_stats stats;

	kernel_stats_read(&stats);
	printf("%u\n", stats.table.value[CTA_STATS_GLOBAL_ENTRIES]);
	kernel_stats_free(&stats);
	return EXIT_SUCCESS;
}

/* ---- which command ---- */

/* The commands that conntrack(8) writes with letters of their own. */
static bool is_command(const char *word)
{
	static const char *const names[] = {
		"dump", "create", "add", "delete", "update", "get", "flush",
		"event", "counter", "stats", "load-file",
	};
	unsigned int i;
	size_t len;

	if (word[0] != '-')
		return false;
	if (word[1] != '-')
		word += strspn(word + 1, "z"); /* -zL */
	if (word[1] != '-')
		return word[1] && strchr("LIADUGFECSR", word[1]);
	len = strcspn(word + 2, "=");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (len > 1 && !strncmp(word + 2, names[i], len))
			return true;
	return false;
}

bool conntrack_meant(int argc, char **argv)
{
	int i;

	if (argc < 2 || argv[1][0] != '-')
		return false;
	/* --count N and --delay N of ct top and ct watch */
	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--count") && i + 1 < argc &&
		    isdigit((unsigned char)argv[i + 1][0]))
			continue;
		if (is_command(argv[i]) && strcmp(argv[i], "--de") &&
		    strcmp(argv[i], "--del"))
			return true;
	}
	return false;
}

static int run(struct conntrack_command *c)
{
	switch (c->name) {
	case 'L':
		return conntrack_list(c);
	case 'G':
		return conntrack_get(c);
	case 'D':
		return conntrack_delete(c);
	case 'I':
	case 'A':
		return conntrack_create(c);
	case 'U':
		return conntrack_update(c);
	case 'F':
		return conntrack_flush(c);
	case 'E':
		return conntrack_events(c);
	case 'C':
		return conntrack_count();
	case 'l':
	case 'c':
		return expect_list(c);
	case 'g':
		return expect_get(c);
	case 'i':
		return expect_create(c);
	case 'd':
		return expect_delete(c);
	case 'f':
		return expect_flush(c);
	case 'e':
		return expect_events(c);
	case 'S':
	case 's':
		return conntrack_stats(c->name == 's');
	default:
		fputs(cli.usage, stdout);
		return EXIT_SUCCESS;
	}
}

/* ---- -R ---- */

#define LINE_WORDS_MAX	255

/*
 * Splits a line at blanks; double quotes keep them, and a backslash within
 * quotes keeps the next byte. Returns how many words there are.
 */
static int line_split(char *line, char **words)
{
	int count = 1;
	bool quoted;
	char *to;

	words[0] = (char *)cli.program;
	while (*(line += strspn(line, " \t\n"))) {
		if (count == LINE_WORDS_MAX)
			conntrack_usage("too many words in a line");
		words[count++] = line;
		for (to = line, quoted = false;
		     *line && (quoted || !strchr(" \t\n", *line)); line++) {
			if (*line == '"')
				quoted = !quoted;
			else if (quoted && *line == '\\' && line[1])
				*to++ = *++line;
			else
				*to++ = *line;
		}
		if (*line)
			line++;
		*to = '\0';
	}
	words[count] = NULL;
	return count;
}

/* A command has copies of what it needs of the words. */
static void line_parse(struct conntrack_command *c, const char *text)
{
	char **words = calloc(LINE_WORDS_MAX + 1, sizeof(*words));
	char *copy = strdup(text);

	if (!words || !copy)
		die("no memory");
	conntrack_parse(c, line_split(copy, words), words);
	if (!c->name || !strchr("IAUDF", c->name))
		conntrack_usage("-R takes -I, -A, -U, -D and -F only");
	free(words);
	free(copy);
}

static bool is_comment(const char *line)
{
	line += strspn(line, " \t");
	return !*line || *line == '\n' || *line == '#';
}

/* Nothing is done before all lines are parsed. */
static int conntrack_load(const char *path)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "r") : stdin;
	struct conntrack_command *commands = NULL, *more;
	unsigned int count = 0, number = 0, i;
	size_t size = 0;
	char *line = NULL;

	if (!file)
		conntrack_usage("%s: %s", path, strerror(errno));
	load_path = path;
	while (getline(&line, &size, file) >= 0) {
		number++;
		if (is_comment(line))
			continue;
		if (!(count & (count - 1))) { /* it doubles */
			more = realloc(commands, (count ? 2 * count : 1) *
				       sizeof(*commands));
			if (!more)
				die("no memory");
			commands = more;
		}
		memset(&commands[count], 0, sizeof(*commands));
		commands[count].line = number;
		load_line = number;
		line_parse(&commands[count++], line);
	}
	quiet_summary = true;
	for (i = 0; i < count; i++) {
		load_line = commands[i].line;
		run(&commands[i]);
	}
	load_line = 0;
	free(commands);
	free(line);
	return EXIT_SUCCESS;
}

int conntrack_main(int argc, char **argv)
{
	struct conntrack_command c = { 0 };
	int status;

	if (argc > 2 && (!strcmp(argv[1], "-R") ||
			 !strcmp(argv[1], "--load-file"))) {
		status = conntrack_load(argv[2]);
	} else {
		conntrack_parse(&c, argc, argv);
		status = run(&c);
	}
	if (fflush(stdout) || ferror(stdout))
		die("standard output: %s", strerror(errno));
	return status;
}
