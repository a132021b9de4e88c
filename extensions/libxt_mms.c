// SPDX-License-Identifier: GPL-2.0-only
/* The mms match for iptables and ip6tables. */
#include <stdint.h>
#include <stdio.h>
#include <netinet/in.h>
#include <xtables.h>

#include <linux/netfilter/xt_mms.h>

#include "words.h"

enum {
	O_MESSAGE,
	O_TRANSPORT,
};

static const struct word messages[] = {
	{ "connect", XT_MMS_CONNECT },
	{ "connectFunnel", XT_MMS_CONNECT_FUNNEL },
	{ "openFile", XT_MMS_OPEN_FILE },
	{ "startPlaying", XT_MMS_START_PLAYING },
	{ "stopPlaying", XT_MMS_STOP_PLAYING },
	{ "closeFile", XT_MMS_CLOSE_FILE },
	{ "readBlock", XT_MMS_READ_BLOCK },
	{ "funnelInfo", XT_MMS_FUNNEL_INFO },
	{ "securityResponse", XT_MMS_SECURITY_RESPONSE },
	{ "pong", XT_MMS_PONG },
	{ "cancelReadBlock", XT_MMS_CANCEL_READ_BLOCK },
	{ "startStriding", XT_MMS_START_STRIDING },
	{ "logging", XT_MMS_LOGGING },
	{ "streamSwitch", XT_MMS_STREAM_SWITCH },
	{ "reportConnectedEX", XT_MMS_REPORT_CONNECTED_EX },
	{ "reportConnectedFunnel", XT_MMS_REPORT_CONNECTED_FUNNEL },
	{ "reportDisconnectedFunnel", XT_MMS_REPORT_DISCONNECTED_FUNNEL },
	{ "reportStartedPlaying", XT_MMS_REPORT_STARTED_PLAYING },
	{ "reportOpenFile", XT_MMS_REPORT_OPEN_FILE },
	{ "reportStartStriding", XT_MMS_REPORT_START_STRIDING },
	{ "reportReadBlock", XT_MMS_REPORT_READ_BLOCK },
	{ "reportFunnelInfo", XT_MMS_REPORT_FUNNEL_INFO },
	{ "securityChallenge", XT_MMS_SECURITY_CHALLENGE },
	{ "ping", XT_MMS_PING },
	{ "reportEndOfStream", XT_MMS_REPORT_END_OF_STREAM },
	{ "reportStreamChange", XT_MMS_REPORT_STREAM_CHANGE },
	{ "reportStreamSwitch", XT_MMS_REPORT_STREAM_SWITCH },
	{ "reportRedirect", XT_MMS_REPORT_REDIRECT },
	{ "other", XT_MMS_OTHER },
	{ NULL },
};

static const struct word transports[] = {
	{ "tcp", XT_MMS_TCP },
	{ "udp", XT_MMS_UDP },
	{ NULL },
};

static void mms_mt_help(void)
{
	const struct word *word;

	puts("mms match options:\n"
	     "[!] --transport NAME[,NAME]   that the client announces: tcp, udp\n"
	     "[!] --message NAME[,NAME...]  a message:");
	for (word = messages; word->name; word++)
		printf("%s%s", word == messages ? "        " :
		       (word - messages) % 4 ? ", " : ",\n        ",
		       word->name);
	putchar('\n');
}

static const struct xt_option_entry mms_mt_opts[] = {
	{ .name = "message", .id = O_MESSAGE, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	{ .name = "transport", .id = O_TRANSPORT, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	XTOPT_TABLEEND,
};

static void mms_mt_parse(struct xt_option_call *cb)
{
	struct xt_mms_mtinfo *info = cb->data;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_MESSAGE:
		info->messages = parse_words(messages, cb->arg,
					     "mms: --message");
		if (cb->invert)
			info->invert |= XT_MMS_MESSAGE;
		break;
	case O_TRANSPORT:
		info->transports = parse_words(transports, cb->arg,
					       "mms: --transport");
		if (cb->invert)
			info->invert |= XT_MMS_TRANSPORT;
		break;
	}
}

/* The module refuses these too, but cannot say why at the prompt. */
static void mms_mt_check(struct xt_fcheck_call *cb)
{
	const struct xt_mms_mtinfo *info = cb->data;
	unsigned int left = info->messages;

	if (info->invert & XT_MMS_MESSAGE)
		left ^= XT_MMS_ALL;
	if (info->messages && !left)
		xtables_error(PARAMETER_PROBLEM,
			      "mms: ! --message leaves no message");
	if (!info->transports)
		return;
	if (info->invert & XT_MMS_TRANSPORT &&
	    info->transports == XT_MMS_TRANSPORTS)
		xtables_error(PARAMETER_PROBLEM,
			      "mms: ! --transport leaves no transport");
	if (info->messages && !(left & XT_MMS_CONNECT_FUNNEL))
		xtables_error(PARAMETER_PROBLEM,
			      "mms: only connectFunnel has a --transport");
}

static void print_tests(const struct xt_mms_mtinfo *info, const char *dashes)
{
	if (info->messages) {
		printf("%s %smessage ",
		       info->invert & XT_MMS_MESSAGE ? " !" : "", dashes);
		print_words(messages, info->messages);
	}
	if (info->transports) {
		printf("%s %stransport ",
		       info->invert & XT_MMS_TRANSPORT ? " !" : "", dashes);
		print_words(transports, info->transports);
	}
}

static void mms_mt_print(const void *ip, const struct xt_entry_match *match,
			 int numeric)
{
	printf(" mms");
	print_tests((const void *)match->data, "");
}

static void mms_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_tests((const void *)match->data, "--");
}

static struct xtables_match mms_mt_reg = {
	.name		= "mms",
	.version	= XTABLES_VERSION,
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_mms_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_mms_mtinfo)),
	.help		= mms_mt_help,
	.print		= mms_mt_print,
	.save		= mms_mt_save,
	.x6_parse	= mms_mt_parse,
	.x6_fcheck	= mms_mt_check,
	.x6_options	= mms_mt_opts,
};

static void __attribute__((constructor)) libxt_mms_init(void)
{
	xtables_register_match(&mms_mt_reg);
}
