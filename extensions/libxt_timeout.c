// SPDX-License-Identifier: GPL-2.0-only
/* The timeout match for iptables and ip6tables. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_timeout.h>
#include "timeout-time.h"

enum {
	O_LEFT = 0,
	O_ASSURED,
};

static void timeout_mt_help(void)
{
	printf("timeout match options:\n"
"[!] --left time[:time]   the connection ends after that time: seconds, or a\n"
"                         number with s, m, h or d, as in 5m:1h\n"
"[!] --assured            the kernel keeps the connection when its table is full\n");
}

static const struct xt_option_entry timeout_mt_opts[] = {
	{.name = "left", .id = O_LEFT, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT},
	{.name = "assured", .id = O_ASSURED, .type = XTTYPE_NONE,
	 .flags = XTOPT_INVERT},
	XTOPT_TABLEEND,
};

#define LEFT "timeout: --left"

/* TIME, LO:HI, LO: or :HI */
static void parse_left(const char *arg, struct xt_timeout_mtinfo *info)
{
	const char *colon = strchr(arg, ':');
	size_t len = colon ? (size_t)(colon - arg) : strlen(arg);

	info->min = len || !colon ? parse_time(arg, len, 0, UINT32_MAX, LEFT)
				  : 0;
	info->max = info->min;
	if (colon)
		info->max = colon[1] ? parse_time(colon + 1, strlen(colon + 1),
						  0, UINT32_MAX, LEFT)
				     : UINT32_MAX;
	if (info->min > info->max)
		xtables_error(PARAMETER_PROBLEM,
			      LEFT ": \"%s\" ends before it begins", arg);
}

static void timeout_mt_parse(struct xt_option_call *cb)
{
	struct xt_timeout_mtinfo *info = cb->data;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_LEFT:
		parse_left(cb->arg, info);
		info->flags |= XT_TIMEOUT_LEFT;
		if (cb->invert)
			info->flags |= XT_TIMEOUT_NOT_LEFT;
		break;
	case O_ASSURED:
		info->flags |= XT_TIMEOUT_ASSURED;
		if (cb->invert)
			info->flags |= XT_TIMEOUT_NOT_ASSURED;
		break;
	}
}

static void timeout_mt_check(struct xt_fcheck_call *cb)
{
	if (!cb->xflags)
		xtables_error(PARAMETER_PROBLEM,
			      "timeout: needs --left or --assured");
}

static void print_left(const struct xt_timeout_mtinfo *info)
{
	print_time(info->min);
	if (info->min == info->max)
		return;
	putchar(':');
	if (info->max != UINT32_MAX)
		print_time(info->max);
}

static void timeout_mt_save(const void *ip, const struct xt_entry_match *match)
{
	const struct xt_timeout_mtinfo *info = (const void *)match->data;

	if (info->flags & XT_TIMEOUT_LEFT) {
		printf("%s --left ",
		       info->flags & XT_TIMEOUT_NOT_LEFT ? " !" : "");
		print_left(info);
	}
	if (info->flags & XT_TIMEOUT_ASSURED)
		printf("%s --assured",
		       info->flags & XT_TIMEOUT_NOT_ASSURED ? " !" : "");
}

static void timeout_mt_print(const void *ip, const struct xt_entry_match *match,
			     int numeric)
{
	const struct xt_timeout_mtinfo *info = (const void *)match->data;

	printf(" timeout");
	if (info->flags & XT_TIMEOUT_LEFT) {
		printf(" %sleft ",
		       info->flags & XT_TIMEOUT_NOT_LEFT ? "not " : "");
		print_left(info);
	}
	if (info->flags & XT_TIMEOUT_ASSURED)
		printf(" %sassured",
		       info->flags & XT_TIMEOUT_NOT_ASSURED ? "not " : "");
}

static struct xtables_match timeout_mt_reg = {
	.name		= "timeout",
	.version	= XTABLES_VERSION,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_timeout_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_timeout_mtinfo)),
	.help		= timeout_mt_help,
	.print		= timeout_mt_print,
	.save		= timeout_mt_save,
	.x6_parse	= timeout_mt_parse,
	.x6_fcheck	= timeout_mt_check,
	.x6_options	= timeout_mt_opts,
};

static void __attribute__((constructor)) libxt_timeout_init(void)
{
	xtables_register_match(&timeout_mt_reg);
}
