// SPDX-License-Identifier: GPL-2.0-only
/* The tcpwindow match for iptables and ip6tables. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_tcpwindow.h>
#include "tcpwindow-reasons.h"

enum {
	O_REASON = 0,
	O_IGNORED,
	O_RETRANSMISSION,
	O_SCALE,
	O_WINDOW,
	O_PICKED_UP,
	O_ZONE,
	F_REASON = 1 << O_REASON,
	F_IGNORED = 1 << O_IGNORED,
	F_RETRANSMISSION = 1 << O_RETRANSMISSION,
	F_SCALE = 1 << O_SCALE,
	F_WINDOW = 1 << O_WINDOW,
	F_PICKED_UP = 1 << O_PICKED_UP,
	F_VALID = F_IGNORED | F_RETRANSMISSION | F_SCALE | F_WINDOW |
		  F_PICKED_UP,
};

static void tcpwindow_mt_help(void)
{
	printf("tcpwindow match options, for TCP segments that conntrack refuses (INVALID):\n"
"[!] --reason list             why: seq-over, ack-over, seq-under, ack-under\n"
"                              (or window), rst, state, no-connection, unknown,\n"
"                              flags, checksum, truncated (or malformed)\n"
"    --zone number             in this conntrack zone\n"
"For segments that it accepts:\n"
"    --ignored list            what is wrong with it: seq-over, ack-over,\n"
"                              seq-under, ack-under (or window), rst, state\n"
"[!] --retransmission          all its data came before\n"
"[!] --scale number[:number]   its sender's window scale is in that range\n"
"[!] --window number[:number]  it offers a window of so many bytes\n"
"[!] --picked-up               its connection was picked up in the middle\n");
}

#define s struct xt_tcpwindow_mtinfo
static const struct xt_option_entry tcpwindow_mt_opts[] = {
	{.name = "reason", .id = O_REASON, .type = XTTYPE_STRING,
	 .excl = F_VALID, .flags = XTOPT_INVERT},
	{.name = "ignored", .id = O_IGNORED, .type = XTTYPE_STRING,
	 .excl = F_REASON},
	{.name = "retransmission", .id = O_RETRANSMISSION, .type = XTTYPE_NONE,
	 .excl = F_REASON, .flags = XTOPT_INVERT},
	{.name = "scale", .id = O_SCALE, .type = XTTYPE_UINT32RC,
	 .excl = F_REASON, .flags = XTOPT_INVERT},
	{.name = "window", .id = O_WINDOW, .type = XTTYPE_UINT32RC,
	 .excl = F_REASON, .flags = XTOPT_INVERT},
	{.name = "picked-up", .id = O_PICKED_UP, .type = XTTYPE_NONE,
	 .excl = F_REASON, .flags = XTOPT_INVERT},
	{.name = "zone", .id = O_ZONE, .type = XTTYPE_UINT16, .also = F_REASON,
	 .flags = XTOPT_PUT, XTOPT_POINTER(s, zone)},
	XTOPT_TABLEEND,
};

#undef s

/* The flag of an option, and the one that inverts it. */
static const struct {
	uint32_t given;
	uint32_t inverted;
} option_flags[] = {
	[O_REASON]	= {XT_TCPWINDOW_REASON, XT_TCPWINDOW_NOT_REASON},
	[O_IGNORED]	= {XT_TCPWINDOW_IGNORE, 0},
	[O_RETRANSMISSION] = {XT_TCPWINDOW_RETRANSMISSION,
			      XT_TCPWINDOW_NOT_RETRANSMISSION},
	[O_SCALE]	= {XT_TCPWINDOW_SCALE, XT_TCPWINDOW_NOT_SCALE},
	[O_WINDOW]	= {XT_TCPWINDOW_SIZE, XT_TCPWINDOW_NOT_SIZE},
	[O_PICKED_UP]	= {XT_TCPWINDOW_PICKED_UP, XT_TCPWINDOW_NOT_PICKED_UP},
	[O_ZONE]	= {XT_TCPWINDOW_ZONE, 0},
};

/* libxtables has no limit for ranges. One without an end ends at the limit. */
static void parse_range(const struct xt_option_call *cb, uint32_t limit,
			uint32_t *min, uint32_t *max)
{
	const uint32_t *range = cb->val.u32_range;

	*min = range[0];
	*max = cb->nvals > 1 ? range[1] : range[0];
	if (cb->nvals > 1 && cb->arg[strlen(cb->arg) - 1] == ':')
		*max = limit;
	if (*max > limit)
		xtables_error(PARAMETER_PROBLEM,
			      "tcpwindow: --%s: %u is more than %u",
			      cb->entry->name, *max, limit);
	if (*min > *max)
		xtables_error(PARAMETER_PROBLEM,
			      "tcpwindow: --%s: \"%s\" ends before it begins",
			      cb->entry->name, cb->arg);
}

static void tcpwindow_mt_parse(struct xt_option_call *cb)
{
	struct xt_tcpwindow_mtinfo *info = cb->data;
	uint32_t min, max;

	xtables_option_parse(cb);
	info->flags |= option_flags[cb->entry->id].given;
	if (cb->invert)
		info->flags |= option_flags[cb->entry->id].inverted;
	switch (cb->entry->id) {
	case O_REASON:
		info->reasons = parse_reasons(cb->arg, XT_TCPWINDOW_ALL,
					      "tcpwindow: --reason");
		break;
	case O_IGNORED:
		info->ignored = parse_reasons(cb->arg, XT_TCPWINDOW_IGNORED,
					      "tcpwindow: --ignored");
		break;
	case O_SCALE:
		parse_range(cb, XT_TCPWINDOW_SCALE_MAX, &min, &max);
		info->scale_min = min;
		info->scale_max = max;
		break;
	case O_WINDOW:
		parse_range(cb, XT_TCPWINDOW_MAX, &info->window_min,
			    &info->window_max);
		break;
	}
}

static void tcpwindow_mt_check(struct xt_fcheck_call *cb)
{
	if (!(cb->xflags & (F_REASON | F_VALID)))
		xtables_error(PARAMETER_PROBLEM,
			      "tcpwindow: needs --reason, --ignored, --retransmission, --scale, --window or --picked-up");
}

static void print_range(uint32_t min, uint32_t max)
{
	printf(" %u", min);
	if (min != max)
		printf(":%u", max);
}

static void print_option(const struct xt_tcpwindow_mtinfo *info, int id,
			 const char *prefix)
{
	printf("%s %s%s",
	       info->flags & option_flags[id].inverted ? " !" : "", prefix,
	       tcpwindow_mt_opts[id].name);
	switch (id) {
	case O_REASON:
		putchar(' ');
		print_reasons(info->reasons);
		break;
	case O_IGNORED:
		putchar(' ');
		print_reasons(info->ignored);
		break;
	case O_SCALE:
		print_range(info->scale_min, info->scale_max);
		break;
	case O_WINDOW:
		print_range(info->window_min, info->window_max);
		break;
	case O_ZONE:
		printf(" %u", info->zone);
		break;
	}
}

static void print_options(const struct xt_tcpwindow_mtinfo *info,
			  const char *prefix)
{
	int id;

	for (id = O_REASON; id <= O_ZONE; id++)
		if (info->flags & option_flags[id].given)
			print_option(info, id, prefix);
}

static void tcpwindow_mt_save(const void *ip,
			      const struct xt_entry_match *match)
{
	print_options((const void *)match->data, "--");
}

static void tcpwindow_mt_print(const void *ip,
			       const struct xt_entry_match *match, int numeric)
{
	printf(" tcpwindow");
	print_options((const void *)match->data, "");
}

static struct xtables_match tcpwindow_mt_reg = {
	.name		= "tcpwindow",
	.version	= XTABLES_VERSION,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_tcpwindow_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_tcpwindow_mtinfo)),
	.help		= tcpwindow_mt_help,
	.print		= tcpwindow_mt_print,
	.save		= tcpwindow_mt_save,
	.x6_parse	= tcpwindow_mt_parse,
	.x6_fcheck	= tcpwindow_mt_check,
	.x6_options	= tcpwindow_mt_opts,
};

static void __attribute__((constructor)) libxt_tcpwindow_init(void)
{
	xtables_register_match(&tcpwindow_mt_reg);
}
