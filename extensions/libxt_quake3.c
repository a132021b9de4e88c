// SPDX-License-Identifier: GPL-2.0-only
/* The quake3 match for iptables and ip6tables. */
#include <stdint.h>
#include <stdio.h>
#include <netinet/in.h>
#include <xtables.h>

#include <linux/netfilter/xt_quake3.h>

#include "words.h"

enum {
	O_MESSAGE,
};

static const struct word messages[] = {
	{ "getservers", XT_QUAKE3_GETSERVERS },
	{ "getserversExt", XT_QUAKE3_GETSERVERS_EXT },
	{ "getserversResponse", XT_QUAKE3_SERVERS },
	{ "getserversExtResponse", XT_QUAKE3_SERVERS_EXT },
	{ "getinfo", XT_QUAKE3_GETINFO },
	{ "infoResponse", XT_QUAKE3_INFO },
	{ "getstatus", XT_QUAKE3_GETSTATUS },
	{ "statusResponse", XT_QUAKE3_STATUS },
	{ "getchallenge", XT_QUAKE3_GETCHALLENGE },
	{ "challengeResponse", XT_QUAKE3_CHALLENGE },
	{ "connect", XT_QUAKE3_CONNECT },
	{ "connectResponse", XT_QUAKE3_CONNECTED },
	{ "disconnect", XT_QUAKE3_DISCONNECT },
	{ "rcon", XT_QUAKE3_RCON },
	{ "print", XT_QUAKE3_PRINT },
	{ "heartbeat", XT_QUAKE3_HEARTBEAT },
	{ "other", XT_QUAKE3_OTHER },
	{ NULL },
};

static void quake3_mt_help(void)
{
	const struct word *word;

	puts("quake3 match options:\n"
	     "[!] --message NAME[,NAME...]  the word of a connectionless message:");
	for (word = messages; word->name; word++)
		printf("%s%s", word == messages ? "        " :
		       (word - messages) % 4 ? ", " : ",\n        ",
		       word->name);
	putchar('\n');
}

static const struct xt_option_entry quake3_mt_opts[] = {
	{ .name = "message", .id = O_MESSAGE, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	XTOPT_TABLEEND,
};

static void quake3_mt_init(struct xt_entry_match *match)
{
	struct xt_quake3_mtinfo *info = (void *)match->data;

	info->messages = XT_QUAKE3_ALL;
}

static void quake3_mt_parse(struct xt_option_call *cb)
{
	struct xt_quake3_mtinfo *info = cb->data;

	xtables_option_parse(cb);
	info->messages = parse_words(messages, cb->arg, "quake3: --message");
	info->invert = cb->invert;
	if (info->invert && info->messages == XT_QUAKE3_ALL)
		xtables_error(PARAMETER_PROBLEM,
			      "quake3: ! --message leaves no message");
}

static void print_messages(const struct xt_quake3_mtinfo *info,
			   const char *dashes)
{
	if (info->messages == XT_QUAKE3_ALL)
		return;
	printf("%s %smessage ", info->invert ? " !" : "", dashes);
	print_words(messages, info->messages);
}

static void quake3_mt_print(const void *ip, const struct xt_entry_match *match,
			    int numeric)
{
	printf(" quake3");
	print_messages((const void *)match->data, "");
}

static void quake3_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_messages((const void *)match->data, "--");
}

static struct xtables_match quake3_mt_reg = {
	.name		= "quake3",
	.version	= XTABLES_VERSION,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_quake3_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_quake3_mtinfo)),
	.help		= quake3_mt_help,
	.init		= quake3_mt_init,
	.print		= quake3_mt_print,
	.save		= quake3_mt_save,
	.x6_parse	= quake3_mt_parse,
	.x6_options	= quake3_mt_opts,
};

/* A constructor: since 1.8.9, iptables does not provide _init(). */
static void __attribute__((constructor)) libxt_quake3_init(void)
{
	xtables_register_match(&quake3_mt_reg);
}
