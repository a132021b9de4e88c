// SPDX-License-Identifier: GPL-2.0-only
/* The command line of all programs: options, messages, exit status. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

void complain(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	if (cli.quiet)
		return;
	fprintf(stderr, "%s: ", cli.program);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

const char *cli_strerror(int err)
{
	if (err == EPERM || err == EACCES)
		return geteuid() ? "needs root" :
		       "needs root of the user namespace that owns this network namespace";
	return strerror(err);
}

#define DELAY_MAX	86400	/* seconds: a day */

static void bad_option(const char *option, const char *value, const char *range)
{
	complain("%s %s: wanted %s", option, value, range);
	exit(EXIT_USAGE);
}

static void read_count(const char *value)
{
	unsigned long count;
	char *end;

	errno = 0;
	count = strtoul(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || errno || !count ||
	    count > UINT_MAX)
		bad_option("--count", value, "a number from 1 on");
	cli.count = (unsigned int)count;
}

static void read_delay(const char *value)
{
	double delay;
	char *end;

	delay = strtod(value, &end);
	if (end == value || *end || !(delay >= 0.1 && delay <= DELAY_MAX))
		bad_option("--delay", value, "seconds, from 0.1 to 86400");
	cli.delay_ms = (unsigned int)(delay * 1000);
}

/* Options that were read, in front of the command or behind it. */
static void read_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "count", required_argument, NULL, 'n' },
		{ "delay", required_argument, NULL, 'd' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "jn:d:qVh", options, NULL)) != -1) {
		switch (c) {
		case 'j':
			cli.json = true;
			break;
		case 'n':
			read_count(optarg);
			break;
		case 'd':
			read_delay(optarg);
			break;
		case 'q':
			cli.quiet = true;
			break;
		case 'V':
			printf("%s of Patch-o-matic %s\n", cli.program,
			       POM_VERSION);
			exit(EXIT_SUCCESS);
		case 'h':
			fputs(cli.usage, stdout);
			exit(EXIT_SUCCESS);
		default:
			fprintf(stderr, "%s --help lists options\n",
				cli.program);
			exit(EXIT_USAGE);
		}
	}
}

static const struct cli_command *find_command(const char *name)
{
	const struct cli_command *command;

	for (command = cli.commands; command->name; command++)
		if (!strcmp(name, command->name))
			return command;
	complain("there is no command \"%s\"; %s --help lists all", name,
		 cli.program);
	exit(EXIT_USAGE);
}

/* Messages have the name that was typed. */
static void find_name(const char *path)
{
	const char *name = path ? strrchr(path, '/') : NULL;

	name = name ? name + 1 : path;
	if (name && cli.alias && !strcmp(name, cli.alias))
		cli.program = cli.alias;
}

int cli_main(int argc, char **argv)
{
	const struct cli_command *command;
	int status;

	find_name(argv[0]);
	read_options(argc, argv);
	argc -= optind;
	argv += optind;
	if (!argc) {
		complain("which command? %s --help lists all", cli.program);
		return EXIT_USAGE;
	}
	command = find_command(*argv++);
	argc--;
	if (argc < command->min || (command->max >= 0 && argc > command->max)) {
		complain("wrong number of arguments; usage: %s %s%s%s",
			 cli.program, command->name, *command->args ? " " : "",
			 command->args);
		return EXIT_USAGE;
	}
	if (cli.json && !(command->takes & CLI_JSON)) {
		complain("%s has no JSON; %s --help lists what has",
			 command->name, cli.program);
		return EXIT_USAGE;
	}
	if ((cli.count || cli.delay_ms) && !(command->takes & CLI_REPEATS)) {
		complain("%s does not repeat: --count and --delay do not apply",
			 command->name);
		return EXIT_USAGE;
	}
	if (cli.begin)
		cli.begin();
	status = command->run(argc, argv);
	if (fflush(stdout) || ferror(stdout))
		die("standard output: %s", strerror(errno));
	return status;
}
