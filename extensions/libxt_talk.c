// SPDX-License-Identifier: GPL-2.0-only
/* -m talk: what a message of talk or ntalk says. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>

#include <linux/netfilter/xt_talk.h>

#include "words.h"

enum {
	O_TYPE,
	O_ANSWER,
	O_CALLER,
	O_CALLEE,
};

static const struct word types[] = {
	{ "leave-invite", XT_TALK_LEAVE_INVITE },
	{ "look-up", XT_TALK_LOOK_UP },
	{ "delete", XT_TALK_DELETE },
	{ "announce", XT_TALK_ANNOUNCE },
	{ "reply-query", XT_TALK_REPLY_QUERY },
	{ NULL },
};

static const struct word answers[] = {
	{ "success", XT_TALK_SUCCESS },
	{ "not-here", XT_TALK_NOT_HERE },
	{ "failed", XT_TALK_FAILED },
	{ "machine-unknown", XT_TALK_MACHINE_UNKNOWN },
	{ "permission-denied", XT_TALK_PERMISSION_DENIED },
	{ "unknown-request", XT_TALK_UNKNOWN_REQUEST },
	{ "bad-version", XT_TALK_BAD_VERSION },
	{ "bad-addr", XT_TALK_BAD_ADDR },
	{ "bad-ctl-addr", XT_TALK_BAD_CTL_ADDR },
	{ "no-caller", XT_TALK_NO_CALLER },
	{ "try-here", XT_TALK_TRY_HERE },
	{ "selective-refusal", XT_TALK_SELECTIVE_REFUSAL },
	{ NULL },
};

static void talk_mt_help(void)
{
	puts("talk match options:\n"
	     "[!] --type NAME[,NAME...]    leave-invite, look-up, delete, announce, reply-query\n"
	     "[!] --answer NAME[,NAME...]  of a response: success, not-here, failed,\n"
	     "                             machine-unknown, permission-denied, unknown-request,\n"
	     "                             bad-version, bad-addr, bad-ctl-addr, no-caller,\n"
	     "                             try-here, selective-refusal\n"
	     "[!] --caller NAME            the user who sends a request\n"
	     "[!] --callee NAME            the other user of a request");
}

/* A name may fill its field, without a NUL: the parser copies it itself. */
static const struct xt_option_entry talk_mt_opts[] = {
	{ .name = "type", .id = O_TYPE, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	{ .name = "answer", .id = O_ANSWER, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	{ .name = "caller", .id = O_CALLER, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	{ .name = "callee", .id = O_CALLEE, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	XTOPT_TABLEEND,
};

static void put_name(char *to, const char *name, const char *option)
{
	size_t len = strlen(name), i;

	if (!len || len > XT_TALK_NAME_MAX)
		xtables_error(PARAMETER_PROBLEM,
			      "talk: %s: a name has 1 to %u bytes", option,
			      XT_TALK_NAME_MAX);
	/* What iptables-save prints of them cannot be restored. */
	for (i = 0; i < len; i++)
		if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
			xtables_error(PARAMETER_PROBLEM,
				      "talk: %s: a name has no control characters",
				      option);
	memcpy(to, name, len);
}

static void talk_mt_parse(struct xt_option_call *cb)
{
	struct xt_talk_mtinfo *info = cb->data;
	unsigned int test = 1 << cb->entry->id;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_TYPE:
		info->types = parse_words(types, cb->arg, "talk: --type");
		break;
	case O_ANSWER:
		info->answers = parse_words(answers, cb->arg,
					    "talk: --answer");
		break;
	case O_CALLER:
		put_name(info->caller, cb->arg, "--caller");
		break;
	case O_CALLEE:
		put_name(info->callee, cb->arg, "--callee");
		break;
	}
	info->tests |= test;
	if (cb->invert)
		info->invert |= test;
}

/* The module refuses these too, but cannot say why at the prompt. */
static void talk_mt_check(struct xt_fcheck_call *cb)
{
	struct xt_talk_mtinfo *info = cb->data;

	if (info->invert & XT_TALK_TYPE && info->types == XT_TALK_TYPES)
		xtables_error(PARAMETER_PROBLEM,
			      "talk: ! --type leaves no message");
	if (info->invert & XT_TALK_ANSWER && info->answers == XT_TALK_ANSWERS)
		xtables_error(PARAMETER_PROBLEM,
			      "talk: ! --answer leaves no response");
	if (info->tests & XT_TALK_ANSWER &&
	    info->tests & (XT_TALK_CALLER | XT_TALK_CALLEE))
		xtables_error(PARAMETER_PROBLEM,
			      "talk: --answer is about responses, --caller and --callee about requests");
	/* A test that every message passes makes the same rule as no test. */
	if (info->types == XT_TALK_TYPES) {
		info->types = 0;
		info->tests &= ~XT_TALK_TYPE;
	}
}

static void print_name(const char *name)
{
	char text[XT_TALK_NAME_MAX + 1] = "";

	memcpy(text, name, XT_TALK_NAME_MAX);
	xtables_save_string(text);
}

static void print_option(const struct xt_talk_mtinfo *info, unsigned int test,
			 const char *dashes, const char *option)
{
	printf("%s %s%s", info->invert & test ? " !" : "", dashes, option);
}

static void print_tests(const struct xt_talk_mtinfo *info, const char *dashes)
{
	if (info->tests & XT_TALK_TYPE) {
		print_option(info, XT_TALK_TYPE, dashes, "type ");
		print_words(types, info->types);
	}
	if (info->tests & XT_TALK_ANSWER) {
		print_option(info, XT_TALK_ANSWER, dashes, "answer ");
		print_words(answers, info->answers);
	}
	if (info->tests & XT_TALK_CALLER) {
		print_option(info, XT_TALK_CALLER, dashes, "caller");
		print_name(info->caller);
	}
	if (info->tests & XT_TALK_CALLEE) {
		print_option(info, XT_TALK_CALLEE, dashes, "callee");
		print_name(info->callee);
	}
}

static void talk_mt_print(const void *ip, const struct xt_entry_match *match,
			  int numeric)
{
	printf(" talk");
	print_tests((const void *)match->data, "");
}

static void talk_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_tests((const void *)match->data, "--");
}

static struct xtables_match talk_mt_reg = {
	.name		= "talk",
	.version	= XTABLES_VERSION,
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_talk_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_talk_mtinfo)),
	.help		= talk_mt_help,
	.print		= talk_mt_print,
	.save		= talk_mt_save,
	.x6_parse	= talk_mt_parse,
	.x6_fcheck	= talk_mt_check,
	.x6_options	= talk_mt_opts,
};

static void __attribute__((constructor)) libxt_talk_init(void)
{
	xtables_register_match(&talk_mt_reg);
}
