// SPDX-License-Identifier: GPL-2.0-only
/* -m eggdrop: how two bots share their file of users. */
#include <stdio.h>
#include <xtables.h>

#include <linux/netfilter/xt_eggdrop.h>

#include "words.h"

enum {
	O_SHARE,
};

static const struct word shares[] = {
	{ "offer", XT_EGGDROP_OFFER },
	{ "accept", XT_EGGDROP_ACCEPT },
	{ "refuse", XT_EGGDROP_REFUSE },
	{ "send", XT_EGGDROP_SEND },
	{ NULL },
};

static void egg_mt_help(void)
{
	puts("eggdrop match options:\n"
	     "[!] --share NAME[,NAME...]  of the file of users: offer, accept, refuse, send");
}

static const struct xt_option_entry egg_mt_opts[] = {
	{ .name = "share", .id = O_SHARE, .type = XTTYPE_STRING,
	  .flags = XTOPT_MAND | XTOPT_INVERT },
	XTOPT_TABLEEND,
};

static void egg_mt_parse(struct xt_option_call *cb)
{
	struct xt_eggdrop_mtinfo *info = cb->data;

	xtables_option_parse(cb);
	info->shares = parse_words(shares, cb->arg, "eggdrop: --share");
	info->invert = cb->invert;
	/* The module refuses it too, but cannot say why at the prompt. */
	if (info->invert && info->shares == XT_EGGDROP_SHARES)
		xtables_error(PARAMETER_PROBLEM,
			      "eggdrop: ! --share leaves no line");
}

static void print_share(const struct xt_eggdrop_mtinfo *info,
			const char *dashes)
{
	printf("%s %sshare ", info->invert ? " !" : "", dashes);
	print_words(shares, info->shares);
}

static void egg_mt_print(const void *ip, const struct xt_entry_match *match,
			 int numeric)
{
	printf(" eggdrop");
	print_share((const void *)match->data, "");
}

static void egg_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_share((const void *)match->data, "--");
}

static struct xtables_match egg_mt_reg = {
	.name		= "eggdrop",
	.version	= XTABLES_VERSION,
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_eggdrop_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_eggdrop_mtinfo)),
	.help		= egg_mt_help,
	.print		= egg_mt_print,
	.save		= egg_mt_save,
	.x6_parse	= egg_mt_parse,
	.x6_options	= egg_mt_opts,
};

static void __attribute__((constructor)) libxt_eggdrop_init(void)
{
	xtables_register_match(&egg_mt_reg);
}
