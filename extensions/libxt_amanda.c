// SPDX-License-Identifier: GPL-2.0-only
/* -m amanda: what an Amanda packet says. */
#include <stdbool.h>
#include <stdio.h>
#include <xtables.h>

#include <linux/netfilter/xt_amanda.h>

#include "words.h"

enum {
	O_PACKET,
	O_SERVICE,
};

static const struct word packets[] = {
	{ "req", XT_AMANDA_REQ },
	{ "rep", XT_AMANDA_REP },
	{ "prep", XT_AMANDA_PREP },
	{ "ack", XT_AMANDA_ACK },
	{ "nak", XT_AMANDA_NAK },
	{ NULL },
};

static const struct word services[] = {
	{ "noop", XT_AMANDA_NOOP },
	{ "sendsize", XT_AMANDA_SENDSIZE },
	{ "sendbackup", XT_AMANDA_SENDBACKUP },
	{ "selfcheck", XT_AMANDA_SELFCHECK },
	{ "amindexd", XT_AMANDA_AMINDEXD },
	{ "amidxtaped", XT_AMANDA_AMIDXTAPED },
	{ "amdumpd", XT_AMANDA_AMDUMPD },
	{ "senddiscover", XT_AMANDA_SENDDISCOVER },
	{ "restore", XT_AMANDA_RESTORE },
	{ "ambackupd", XT_AMANDA_AMBACKUPD },
	{ NULL },
};

static void amanda_mt_help(void)
{
	puts("amanda match options:\n"
	     "[!] --packet NAME[,NAME...]   req, rep, prep, ack, nak\n"
	     "[!] --service NAME[,NAME...]  of a request: noop, sendsize, sendbackup, selfcheck,\n"
	     "                              amindexd, amidxtaped, amdumpd, senddiscover, restore,\n"
	     "                              ambackupd");
}

static const struct xt_option_entry amanda_mt_opts[] = {
	{ .name = "packet", .id = O_PACKET, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	{ .name = "service", .id = O_SERVICE, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	XTOPT_TABLEEND,
};

static void amanda_mt_parse(struct xt_option_call *cb)
{
	struct xt_amanda_mtinfo *info = cb->data;
	unsigned int test;

	xtables_option_parse(cb);
	if (cb->entry->id == O_PACKET) {
		test = XT_AMANDA_PACKET;
		info->packets = parse_words(packets, cb->arg,
					    "amanda: --packet");
	} else {
		test = XT_AMANDA_SERVICE;
		info->services = parse_words(services, cb->arg,
					     "amanda: --service");
	}
	info->tests |= test;
	if (cb->invert)
		info->invert |= test;
}

/* The module refuses these too, but cannot say why at the prompt. */
static void amanda_mt_check(struct xt_fcheck_call *cb)
{
	struct xt_amanda_mtinfo *info = cb->data;
	unsigned int left = XT_AMANDA_PACKETS;

	if (info->tests & XT_AMANDA_PACKET)
		left = info->invert & XT_AMANDA_PACKET ?
		       XT_AMANDA_PACKETS & ~info->packets : info->packets;
	if (!left)
		xtables_error(PARAMETER_PROBLEM,
			      "amanda: ! --packet leaves no packet");
	if (info->tests & XT_AMANDA_SERVICE && !(left & XT_AMANDA_REQ))
		xtables_error(PARAMETER_PROBLEM,
			      "amanda: only req has a service");
	/* A test that every packet passes makes the same rule as no test. */
	if (info->packets == XT_AMANDA_PACKETS) {
		info->packets = 0;
		info->tests &= ~XT_AMANDA_PACKET;
	}
}

static void print_tests(const struct xt_amanda_mtinfo *info,
			const char *dashes)
{
	if (info->tests & XT_AMANDA_PACKET) {
		printf("%s %spacket ",
		       info->invert & XT_AMANDA_PACKET ? " !" : "", dashes);
		print_words(packets, info->packets);
	}
	if (info->tests & XT_AMANDA_SERVICE) {
		printf("%s %sservice ",
		       info->invert & XT_AMANDA_SERVICE ? " !" : "", dashes);
		print_words(services, info->services);
	}
}

static void amanda_mt_print(const void *ip, const struct xt_entry_match *match,
			    int numeric)
{
	printf(" amanda");
	print_tests((const void *)match->data, "");
}

static void amanda_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_tests((const void *)match->data, "--");
}

static struct xtables_match amanda_mt_reg = {
	.name		= "amanda",
	.version	= XTABLES_VERSION,
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_amanda_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_amanda_mtinfo)),
	.help		= amanda_mt_help,
	.print		= amanda_mt_print,
	.save		= amanda_mt_save,
	.x6_parse	= amanda_mt_parse,
	.x6_fcheck	= amanda_mt_check,
	.x6_options	= amanda_mt_opts,
};

static void __attribute__((constructor)) libxt_amanda_init(void)
{
	xtables_register_match(&amanda_mt_reg);
}
