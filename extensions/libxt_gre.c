// SPDX-License-Identifier: GPL-2.0-only
/*
 * -m gre: the version and the call id of a GRE header. iptables itself has an
 * option --version, and takes it before any match does.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <xtables.h>

#include <linux/netfilter/xt_gre.h>

#include "range.h"

enum {
	O_VERSION,
	O_CALL_ID,
};

static void gre_mt_help(void)
{
	puts("gre match options:\n"
	     "[!] --gre-version VERSION  0-7; PPTP has 1\n"
	     "[!] --call-id ID[:ID]      of version 1 (0-65535)");
}

#define s struct xt_gre_mtinfo
static const struct xt_option_entry gre_mt_opts[] = {
	{ .name = "gre-version", .id = O_VERSION, .type = XTTYPE_UINT8,
	  .flags = XTOPT_INVERT | XTOPT_PUT, .max = XT_GRE_VERSION_MAX,
	  XTOPT_POINTER(s, version) },
	{ .name = "call-id", .id = O_CALL_ID, .type = XTTYPE_UINT16RC,
	  .flags = XTOPT_INVERT },
	XTOPT_TABLEEND,
};

#undef s

static void gre_mt_parse(struct xt_option_call *cb)
{
	struct xt_gre_mtinfo *info = cb->data;
	/* The options are in the order of the tests. */
	unsigned int test = 1U << cb->entry->id;

	xtables_option_parse(cb);
	if (cb->entry->id == O_CALL_ID)
		parse_range(cb->arg, "gre: --call-id", &info->id_low,
			    &info->id_high);
	info->tests |= test;
	if (cb->invert)
		info->invert |= test;
}

/* The module refuses these too, but cannot say why at the prompt. */
static void gre_mt_check(struct xt_fcheck_call *cb)
{
	const struct xt_gre_mtinfo *info = cb->data;
	bool pptp = info->version == XT_GRE_PPTP;

	if (!info->tests)
		xtables_error(PARAMETER_PROBLEM,
			      "gre: needs --gre-version or --call-id");
	if (!(info->tests & XT_GRE_CALL_ID))
		return;
	if (info->tests & XT_GRE_VERSION &&
	    pptp == !!(info->invert & XT_GRE_VERSION))
		xtables_error(PARAMETER_PROBLEM,
			      "gre: only version 1 has a call id");
	if (info->invert & XT_GRE_CALL_ID && !info->id_low &&
	    info->id_high == UINT16_MAX)
		xtables_error(PARAMETER_PROBLEM,
			      "gre: ! --call-id leaves no call id");
}

static void print_tests(const struct xt_gre_mtinfo *info, const char *dashes)
{
	if (info->tests & XT_GRE_VERSION)
		printf("%s %sgre-version %u",
		       info->invert & XT_GRE_VERSION ? " !" : "", dashes,
		       info->version);
	if (info->tests & XT_GRE_CALL_ID) {
		printf("%s %scall-id",
		       info->invert & XT_GRE_CALL_ID ? " !" : "", dashes);
		print_range(info->id_low, info->id_high);
	}
}

static void gre_mt_print(const void *ip, const struct xt_entry_match *match,
			 int numeric)
{
	printf(" gre");
	print_tests((const void *)match->data, "");
}

static void gre_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_tests((const void *)match->data, "--");
}

static struct xtables_match gre_mt_reg = {
	.name		= "gre",
	.version	= XTABLES_VERSION,
	.revision	= 0,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_gre_mtinfo)),
	.userspacesize	= XT_ALIGN(sizeof(struct xt_gre_mtinfo)),
	.help		= gre_mt_help,
	.print		= gre_mt_print,
	.save		= gre_mt_save,
	.x6_parse	= gre_mt_parse,
	.x6_fcheck	= gre_mt_check,
	.x6_options	= gre_mt_opts,
};

static void __attribute__((constructor)) libxt_gre_init(void)
{
	xtables_register_match(&gre_mt_reg);
}
