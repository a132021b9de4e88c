// SPDX-License-Identifier: GPL-2.0-only
/* -m rsh: what a client of rsh says first. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>

#include <linux/netfilter/xt_rsh.h>

#include "range.h"

enum {
	O_STDERR_PORT,
	O_USER,
	O_REMOTE_USER,
	O_COMMAND,
};

static void rsh_mt_help(void)
{
	puts("rsh match options:\n"
	     "[!] --stderr-port PORT[:PORT]  the client waits there for a second connection\n"
	     "[!] --user NAME                of the user on the client's host\n"
	     "[!] --remote-user NAME         of the user on the server\n"
	     "[!] --command PATTERN          the command: * ? [a-z]");
}

#define s struct xt_rsh_mtinfo
static const struct xt_option_entry rsh_mt_opts[] = {
	{ .name = "stderr-port", .id = O_STDERR_PORT, .type = XTTYPE_UINT16RC,
	  .flags = XTOPT_INVERT },
	{ .name = "user", .id = O_USER, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT | XTOPT_PUT, .min = 1,
	  .max = XT_RSH_USER_SIZE - 1, XTOPT_POINTER(s, user) },
	{ .name = "remote-user", .id = O_REMOTE_USER, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT | XTOPT_PUT, .min = 1,
	  .max = XT_RSH_USER_SIZE - 1, XTOPT_POINTER(s, remote_user) },
	{ .name = "command", .id = O_COMMAND, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT | XTOPT_PUT, .min = 1,
	  .max = XT_RSH_COMMAND_SIZE - 1, XTOPT_POINTER(s, command) },
	XTOPT_TABLEEND,
};

#undef s

/* A line break would end the line of iptables-save. */
static void check_text(const struct xt_option_call *cb)
{
	const char *at;

	for (at = cb->arg; *at; at++)
		if (iscntrl((unsigned char)*at))
			xtables_error(PARAMETER_PROBLEM,
				      "rsh: --%s: control character",
				      cb->entry->name);
}

static void rsh_mt_parse(struct xt_option_call *cb)
{
	struct xt_rsh_mtinfo *info = cb->data;
	/* The options are in the order of the tests. */
	unsigned int test = 1U << cb->entry->id;

	xtables_option_parse(cb);
	if (cb->entry->id == O_STDERR_PORT)
		parse_range(cb->arg, "rsh: --stderr-port", &info->low,
			    &info->high);
	else
		check_text(cb);
	info->tests |= test;
	if (cb->invert)
		info->invert |= test;
}

static void rsh_mt_check(struct xt_fcheck_call *cb)
{
	const struct xt_rsh_mtinfo *info = cb->data;

	if (!info->tests)
		xtables_error(PARAMETER_PROBLEM,
			      "rsh: needs --stderr-port, --user, --remote-user or --command");
}

static bool print_test(const struct xt_rsh_mtinfo *info, unsigned int test,
		       const char *dashes, const char *name)
{
	if (!(info->tests & test))
		return false;
	printf("%s %s%s", info->invert & test ? " !" : "", dashes, name);
	return true;
}

static void print_tests(const struct xt_rsh_mtinfo *info, const char *dashes)
{
	if (print_test(info, XT_RSH_STDERR_PORT, dashes, "stderr-port"))
		print_range(info->low, info->high);
	if (print_test(info, XT_RSH_USER, dashes, "user"))
		xtables_save_string(info->user);
	if (print_test(info, XT_RSH_REMOTE_USER, dashes, "remote-user"))
		xtables_save_string(info->remote_user);
	if (print_test(info, XT_RSH_COMMAND, dashes, "command"))
		xtables_save_string(info->command);
}

static void rsh_mt_print(const void *ip, const struct xt_entry_match *match,
			 int numeric)
{
	printf(" rsh");
	print_tests((const void *)match->data, "");
}

static void rsh_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_tests((const void *)match->data, "--");
}

static struct xtables_match rsh_mt_reg = {
	.name		= "rsh",
	.version	= XTABLES_VERSION,
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_rsh_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_rsh_mtinfo)),
	.help		= rsh_mt_help,
	.print		= rsh_mt_print,
	.save		= rsh_mt_save,
	.x6_parse	= rsh_mt_parse,
	.x6_fcheck	= rsh_mt_check,
	.x6_options	= rsh_mt_opts,
};

static void __attribute__((constructor)) libxt_rsh_init(void)
{
	xtables_register_match(&rsh_mt_reg);
}
