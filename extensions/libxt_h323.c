// SPDX-License-Identifier: GPL-2.0-only
/* -m h323: messages of H.323. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>

#include <linux/netfilter/xt_h323.h>

#include "words.h"

enum {
	O_MESSAGE,
	O_RAS,
};

static const struct word messages[] = {
	{ "setup", XT_H323_SETUP },
	{ "setup-acknowledge", XT_H323_SETUP_ACKNOWLEDGE },
	{ "call-proceeding", XT_H323_CALL_PROCEEDING },
	{ "alerting", XT_H323_ALERTING },
	{ "progress", XT_H323_PROGRESS },
	{ "connect", XT_H323_CONNECT },
	{ "facility", XT_H323_FACILITY },
	{ "notify", XT_H323_NOTIFY },
	{ "information", XT_H323_INFORMATION },
	{ "status-inquiry", XT_H323_STATUS_INQUIRY },
	{ "status", XT_H323_STATUS },
	{ "release-complete", XT_H323_RELEASE_COMPLETE },
	{ NULL },
};

/* In the order of RasMessage. */
static const struct word ras[] = {
	{ "grq", 1U << 0 }, { "gcf", 1U << 1 }, { "grj", 1U << 2 },
	{ "rrq", 1U << 3 }, { "rcf", 1U << 4 }, { "rrj", 1U << 5 },
	{ "urq", 1U << 6 }, { "ucf", 1U << 7 }, { "urj", 1U << 8 },
	{ "arq", 1U << 9 }, { "acf", 1U << 10 }, { "arj", 1U << 11 },
	{ "brq", 1U << 12 }, { "bcf", 1U << 13 }, { "brj", 1U << 14 },
	{ "drq", 1U << 15 }, { "dcf", 1U << 16 }, { "drj", 1U << 17 },
	{ "lrq", 1U << 18 }, { "lcf", 1U << 19 }, { "lrj", 1U << 20 },
	{ "irq", 1U << 21 }, { "irr", 1U << 22 }, { "nsm", 1U << 23 },
	{ "xrs", 1U << 24 }, { "rip", 1U << 25 }, { "rai", 1U << 26 },
	{ "rac", 1U << 27 }, { "iack", 1U << 28 }, { "inak", 1U << 29 },
	{ "sci", 1U << 30 }, { "scr", 1U << 31 },
	{ NULL },
};

static void h323_mt_help(void)
{
	puts("h323 match options:\n"
	     "[!] --message NAME[,NAME...]  with -p tcp: setup, setup-acknowledge,\n"
	     "                              call-proceeding, alerting, progress, connect,\n"
	     "                              facility, notify, information, status-inquiry,\n"
	     "                              status, release-complete\n"
	     "[!] --ras NAME[,NAME...]      with -p udp: grq, gcf, grj, rrq, rcf, rrj, urq, ucf,\n"
	     "                              urj, arq, acf, arj, brq, bcf, brj, drq, dcf, drj,\n"
	     "                              lrq, lcf, lrj, irq, irr, nsm, xrs, rip, rai, rac,\n"
	     "                              iack, inak, sci, scr");
}

static const struct xt_option_entry h323_mt_opts[] = {
	{ .name = "message", .id = O_MESSAGE, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT, .excl = 1 << O_RAS },
	{ .name = "ras", .id = O_RAS, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT, .excl = 1 << O_MESSAGE },
	XTOPT_TABLEEND,
};

static void h323_mt_parse(struct xt_option_call *cb)
{
	struct xt_h323_mtinfo *info = cb->data;

	xtables_option_parse(cb);
	info->tests = 1 << cb->entry->id;
	if (cb->entry->id == O_MESSAGE)
		info->messages = parse_words(messages, cb->arg,
					     "h323: --message");
	else
		info->ras = parse_words(ras, cb->arg, "h323: --ras");
	if (cb->invert)
		info->invert = info->tests;
}

/* The module refuses these too, but cannot say why at the prompt. */
static void h323_mt_check(struct xt_fcheck_call *cb)
{
	const struct xt_h323_mtinfo *info = cb->data;

	if (!info->tests)
		xtables_error(PARAMETER_PROBLEM,
			      "h323: --message or --ras is needed");
	if (info->invert && (info->messages == XT_H323_MESSAGES ||
			     info->ras == XT_H323_RAS_MESSAGES))
		xtables_error(PARAMETER_PROBLEM,
			      "h323: ! with all names leaves no message");
}

static void print_test(const struct xt_h323_mtinfo *info, const char *dashes)
{
	printf("%s %s", info->invert ? " !" : "", dashes);
	if (info->tests == XT_H323_RAS) {
		printf("ras ");
		print_words(ras, info->ras);
	} else {
		printf("message ");
		print_words(messages, info->messages);
	}
}

static void h323_mt_print(const void *ip, const struct xt_entry_match *match,
			  int numeric)
{
	printf(" h323");
	print_test((const void *)match->data, "");
}

static void h323_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_test((const void *)match->data, "--");
}

static struct xtables_match h323_mt_reg = {
	.name		= "h323",
	.version	= XTABLES_VERSION,
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_h323_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_h323_mtinfo)),
	.help		= h323_mt_help,
	.print		= h323_mt_print,
	.save		= h323_mt_save,
	.x6_parse	= h323_mt_parse,
	.x6_fcheck	= h323_mt_check,
	.x6_options	= h323_mt_opts,
};

static void __attribute__((constructor)) libxt_h323_init(void)
{
	xtables_register_match(&h323_mt_reg);
}
