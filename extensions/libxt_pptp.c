// SPDX-License-Identifier: GPL-2.0-only
/* -m pptp: what a message of a PPTP control connection says. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <xtables.h>

#include <linux/netfilter/xt_pptp.h>

#include "range.h"
#include "words.h"

enum {
	O_MESSAGE,
	O_CALL_ID,
	O_RESULT,
};

/* By control type. */
static const struct word messages[] = {
	{ "start-request", XT_PPTP_MESSAGE_BIT(1) },
	{ "start-reply", XT_PPTP_MESSAGE_BIT(2) },
	{ "stop-request", XT_PPTP_MESSAGE_BIT(3) },
	{ "stop-reply", XT_PPTP_MESSAGE_BIT(4) },
	{ "echo-request", XT_PPTP_MESSAGE_BIT(5) },
	{ "echo-reply", XT_PPTP_MESSAGE_BIT(6) },
	{ "out-call-request", XT_PPTP_MESSAGE_BIT(7) },
	{ "out-call-reply", XT_PPTP_MESSAGE_BIT(8) },
	{ "in-call-request", XT_PPTP_MESSAGE_BIT(9) },
	{ "in-call-reply", XT_PPTP_MESSAGE_BIT(10) },
	{ "in-call-connected", XT_PPTP_MESSAGE_BIT(11) },
	{ "call-clear-request", XT_PPTP_MESSAGE_BIT(12) },
	{ "call-disconnect-notify", XT_PPTP_MESSAGE_BIT(13) },
	{ "wan-error-notify", XT_PPTP_MESSAGE_BIT(14) },
	{ "set-link-info", XT_PPTP_MESSAGE_BIT(15) },
	{ NULL },
};

static void pptp_mt_help(void)
{
	puts("pptp match options:\n"
	     "[!] --message NAME[,NAME...]  start-request, start-reply, stop-request, stop-reply,\n"
	     "                              echo-request, echo-reply, out-call-request,\n"
	     "                              out-call-reply, in-call-request, in-call-reply,\n"
	     "                              in-call-connected, call-clear-request,\n"
	     "                              call-disconnect-notify, wan-error-notify, set-link-info\n"
	     "[!] --call-id ID[:ID]         of either side (0-65535)\n"
	     "[!] --result CODE[:CODE]      of a reply or call-disconnect-notify (0-255)");
}

static const struct xt_option_entry pptp_mt_opts[] = {
	{ .name = "message", .id = O_MESSAGE, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	{ .name = "call-id", .id = O_CALL_ID, .type = XTTYPE_UINT16RC,
	  .flags = XTOPT_INVERT },
	{ .name = "result", .id = O_RESULT, .type = XTTYPE_UINT8RC,
	  .flags = XTOPT_INVERT },
	XTOPT_TABLEEND,
};

static void pptp_mt_parse(struct xt_option_call *cb)
{
	struct xt_pptp_mtinfo *info = cb->data;
	/* The options are in the order of the tests. */
	unsigned int test = 1U << cb->entry->id;
	uint16_t low, high;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_MESSAGE:
		info->messages = parse_words(messages, cb->arg,
					     "pptp: --message");
		break;
	case O_CALL_ID:
		parse_range(cb->arg, "pptp: --call-id", &info->id_low,
			    &info->id_high);
		break;
	case O_RESULT:
		parse_range(cb->arg, "pptp: --result", &low, &high);
		info->result_low = low;
		info->result_high = high;
		break;
	}
	info->tests |= test;
	if (cb->invert)
		info->invert |= test;
}

/* The module refuses these too, but cannot say why at the prompt. */
static void pptp_mt_check(struct xt_fcheck_call *cb)
{
	const struct xt_pptp_mtinfo *info = cb->data;
	unsigned int left = XT_PPTP_MESSAGES;

	if (info->tests & XT_PPTP_MESSAGE)
		left &= info->invert & XT_PPTP_MESSAGE ? ~info->messages :
							 info->messages;
	if (!left)
		xtables_error(PARAMETER_PROBLEM,
			      "pptp: ! --message leaves no message");
	if (info->tests & XT_PPTP_CALL_ID)
		left &= XT_PPTP_WITH_CALL_ID;
	if (!left)
		xtables_error(PARAMETER_PROBLEM,
			      "pptp: these messages have no call id");
	if (info->tests & XT_PPTP_RESULT && !(left & XT_PPTP_WITH_RESULT))
		xtables_error(PARAMETER_PROBLEM,
			      "pptp: these messages have no result");
	if (info->invert & XT_PPTP_CALL_ID && !info->id_low &&
	    info->id_high == UINT16_MAX)
		xtables_error(PARAMETER_PROBLEM,
			      "pptp: ! --call-id leaves no call id");
	if (info->invert & XT_PPTP_RESULT && !info->result_low &&
	    info->result_high == UINT8_MAX)
		xtables_error(PARAMETER_PROBLEM,
			      "pptp: ! --result leaves no result");
}

static bool print_test(const struct xt_pptp_mtinfo *info, unsigned int test,
		       const char *dashes, const char *name)
{
	if (!(info->tests & test))
		return false;
	printf("%s %s%s", info->invert & test ? " !" : "", dashes, name);
	return true;
}

static void print_tests(const struct xt_pptp_mtinfo *info, const char *dashes)
{
	if (print_test(info, XT_PPTP_MESSAGE, dashes, "message "))
		print_words(messages, info->messages);
	if (print_test(info, XT_PPTP_CALL_ID, dashes, "call-id"))
		print_range(info->id_low, info->id_high);
	if (print_test(info, XT_PPTP_RESULT, dashes, "result"))
		print_range(info->result_low, info->result_high);
}

static void pptp_mt_print(const void *ip, const struct xt_entry_match *match,
			  int numeric)
{
	printf(" pptp");
	print_tests((const void *)match->data, "");
}

static void pptp_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_tests((const void *)match->data, "--");
}

static struct xtables_match pptp_mt_reg = {
	.name		= "pptp",
	.version	= XTABLES_VERSION,
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_pptp_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_pptp_mtinfo)),
	.help		= pptp_mt_help,
	.print		= pptp_mt_print,
	.save		= pptp_mt_save,
	.x6_parse	= pptp_mt_parse,
	.x6_fcheck	= pptp_mt_check,
	.x6_options	= pptp_mt_opts,
};

static void __attribute__((constructor)) libxt_pptp_init(void)
{
	xtables_register_match(&pptp_mt_reg);
}
