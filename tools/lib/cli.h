/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of all programs: options, messages, exit status. */
#ifndef POM_TOOLS_CLI_H
#define POM_TOOLS_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

#define EXIT_USAGE	2	/* the command line is wrong */

#define CLI_JSON	1u	/* a command has --json */
#define CLI_REPEATS	2u	/* a command has --count and --delay */

struct cli_command {
	const char *name;
	const char *args;	/* as in the usage */
	int min, max;		/* number of arguments; max < 0: any */
	unsigned int takes;	/* CLI_JSON, CLI_REPEATS */
	int (*run)(int argc, char **argv);
};

struct cli {
	const char *program;
	const char *alias;	/* a second name of the program, or NULL */
	const char *usage;	/* the text of --help */
	const struct cli_command *commands;	/* the last has no name */
	void (*begin)(void);	/* called before a command, or NULL */
	bool json, quiet;
	unsigned int count;	/* of --count; 0: not given */
	unsigned int delay_ms;	/* of --delay; 0: not given */
};

/* Defined by the program. */
extern struct cli cli;

#define CLI_OPTIONS \
"Options, before or after the command:\n" \
"  -j, --json     list and others write JSON\n" \
"  -q, --quiet    no messages; the exit status tells\n" \
"  -V, --version  the version\n" \
"  -h, --help     this text\n"

/* For the usage of a program with a command that repeats. */
#define CLI_REPEAT_OPTIONS \
"  -n, --count N  top: stop after N rounds\n" \
"  -d, --delay SECONDS  top: the time between two rounds (2)\n"

/* Prints a message unless --quiet is given. */
void __attribute__((format(printf, 1, 2))) complain(const char *format, ...);
#define die(...) (complain(__VA_ARGS__), exit(EXIT_FAILURE))

/* The text of an error; for missing rights, that root is needed. */
const char *cli_strerror(int err);

/* Reads the options, runs the command, and returns the exit status. */
int cli_main(int argc, char **argv);

#endif
