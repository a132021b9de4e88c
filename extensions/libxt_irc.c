// SPDX-License-Identifier: GPL-2.0-only
/* -m irc: what a line of IRC says. */
#include <stdbool.h>
#include <stdio.h>
#include <xtables.h>

#include <linux/netfilter/xt_irc.h>

#include "words.h"

enum {
	O_DCC,
	O_FILENAME,
	O_COMMAND,
};

static const struct word dccs[] = {
	{ "chat", XT_IRC_DCC_CHAT },
	{ "send", XT_IRC_DCC_SEND },
	{ "schat", XT_IRC_DCC_SCHAT },
	{ "tsend", XT_IRC_DCC_TSEND },
	{ "move", XT_IRC_DCC_MOVE },
	{ "resume", XT_IRC_DCC_RESUME },
	{ "accept", XT_IRC_DCC_ACCEPT },
	{ NULL },
};

/* In the order of enum irc_command in kernel/irc/parser.h. */
static const struct word commands[] = {
	{ "privmsg", XT_IRC_COMMAND(1) },
	{ "notice", XT_IRC_COMMAND(2) },
	{ "join", XT_IRC_COMMAND(3) },
	{ "part", XT_IRC_COMMAND(4) },
	{ "quit", XT_IRC_COMMAND(5) },
	{ "nick", XT_IRC_COMMAND(6) },
	{ "user", XT_IRC_COMMAND(7) },
	{ "pass", XT_IRC_COMMAND(8) },
	{ "mode", XT_IRC_COMMAND(9) },
	{ "topic", XT_IRC_COMMAND(10) },
	{ "kick", XT_IRC_COMMAND(11) },
	{ "invite", XT_IRC_COMMAND(12) },
	{ "names", XT_IRC_COMMAND(13) },
	{ "list", XT_IRC_COMMAND(14) },
	{ "who", XT_IRC_COMMAND(15) },
	{ "whois", XT_IRC_COMMAND(16) },
	{ "whowas", XT_IRC_COMMAND(17) },
	{ "away", XT_IRC_COMMAND(18) },
	{ "ping", XT_IRC_COMMAND(19) },
	{ "pong", XT_IRC_COMMAND(20) },
	{ "error", XT_IRC_COMMAND(21) },
	{ "oper", XT_IRC_COMMAND(22) },
	{ "kill", XT_IRC_COMMAND(23) },
	{ "server", XT_IRC_COMMAND(24) },
	{ "squit", XT_IRC_COMMAND(25) },
	{ "cap", XT_IRC_COMMAND(26) },
	{ "authenticate", XT_IRC_COMMAND(27) },
	{ NULL },
};

static void irc_mt_help(void)
{
	puts("irc match options:\n"
	     "[!] --dcc NAME[,NAME...]      chat, send, schat, tsend, move, resume, accept\n"
	     "[!] --filename PATTERN        the file of a request of DCC: * ? [a-z]\n"
	     "[!] --command NAME[,NAME...]  privmsg, notice, join, part, quit, nick, user,\n"
	     "                              pass, mode, topic, kick, invite, names, list,\n"
	     "                              who, whois, whowas, away, ping, pong, error,\n"
	     "                              oper, kill, server, squit, cap, authenticate");
}

static const struct xt_option_entry irc_mt_opts[] = {
	{ .name = "dcc", .id = O_DCC, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	{ .name = "filename", .id = O_FILENAME, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT | XTOPT_PUT, .min = 1,
	  .max = XT_IRC_FILENAME_SIZE - 1,
	  XTOPT_POINTER(struct xt_irc_mtinfo, filename) },
	{ .name = "command", .id = O_COMMAND, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	XTOPT_TABLEEND,
};

static void irc_mt_parse(struct xt_option_call *cb)
{
	struct xt_irc_mtinfo *info = cb->data;
	unsigned int test = 0;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_DCC:
		test = XT_IRC_DCC;
		info->dccs = parse_words(dccs, cb->arg, "irc: --dcc");
		break;
	case O_FILENAME:
		test = XT_IRC_FILENAME;
		break;
	case O_COMMAND:
		test = XT_IRC_COMMANDS;
		info->commands = parse_words(commands, cb->arg,
					     "irc: --command");
		break;
	}
	info->tests |= test;
	if (cb->invert)
		info->invert |= test;
}

/* Only privmsg has requests of DCC: --command says the same again, or no. */
static void check_command(struct xt_irc_mtinfo *info)
{
	bool invert = info->invert & XT_IRC_COMMANDS;

	if (!(info->tests & XT_IRC_COMMANDS) ||
	    !(info->tests & (XT_IRC_DCC | XT_IRC_FILENAME)))
		return;
	if (!(info->commands & XT_IRC_PRIVMSG) != invert)
		xtables_error(PARAMETER_PROBLEM,
			      "irc: only privmsg has requests of DCC");
	info->commands = 0;
	info->tests &= ~XT_IRC_COMMANDS;
	info->invert &= ~XT_IRC_COMMANDS;
}

static void check_dcc(struct xt_irc_mtinfo *info)
{
	unsigned int left = info->invert & XT_IRC_DCC ?
			    XT_IRC_DCC_ALL & ~info->dccs : info->dccs;

	if (!(info->tests & XT_IRC_DCC))
		return;
	if (!left)
		xtables_error(PARAMETER_PROBLEM,
			      "irc: ! --dcc leaves no request");
	if (!(info->tests & XT_IRC_FILENAME))
		return;
	if (!(left & XT_IRC_DCC_FILES))
		xtables_error(PARAMETER_PROBLEM,
			      "irc: chat and schat have no file name");
	/* A test that every file passes makes the same rule as no test. */
	if ((left & XT_IRC_DCC_FILES) != XT_IRC_DCC_FILES)
		return;
	info->dccs = 0;
	info->tests &= ~XT_IRC_DCC;
	info->invert &= ~XT_IRC_DCC;
}

static void irc_mt_check(struct xt_fcheck_call *cb)
{
	struct xt_irc_mtinfo *info = cb->data;

	if (!info->tests)
		xtables_error(PARAMETER_PROBLEM,
			      "irc: needs --dcc, --filename or --command");
	check_command(info);
	check_dcc(info);
}

static void print_test(const struct xt_irc_mtinfo *info, unsigned int test,
		       const char *dashes, const char *name)
{
	printf("%s %s%s", info->invert & test ? " !" : "", dashes, name);
}

static void print_tests(const struct xt_irc_mtinfo *info, const char *dashes)
{
	if (info->tests & XT_IRC_DCC) {
		print_test(info, XT_IRC_DCC, dashes, "dcc ");
		print_words(dccs, info->dccs);
	}
	if (info->tests & XT_IRC_FILENAME) {
		print_test(info, XT_IRC_FILENAME, dashes, "filename");
		xtables_save_string(info->filename);
	}
	if (info->tests & XT_IRC_COMMANDS) {
		print_test(info, XT_IRC_COMMANDS, dashes, "command ");
		print_words(commands, info->commands);
	}
}

static void irc_mt_print(const void *ip, const struct xt_entry_match *match,
			 int numeric)
{
	printf(" irc");
	print_tests((const void *)match->data, "");
}

static void irc_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_tests((const void *)match->data, "--");
}

static struct xtables_match irc_mt_reg = {
	.name		= "irc",
	.version	= XTABLES_VERSION,
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_irc_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_irc_mtinfo)),
	.help		= irc_mt_help,
	.print		= irc_mt_print,
	.save		= irc_mt_save,
	.x6_parse	= irc_mt_parse,
	.x6_fcheck	= irc_mt_check,
	.x6_options	= irc_mt_opts,
};

static void __attribute__((constructor)) libxt_irc_init(void)
{
	xtables_register_match(&irc_mt_reg);
}
