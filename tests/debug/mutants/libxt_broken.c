// SPDX-License-Identifier: GPL-2.0-only
/* -m broken: see xt_broken.c. */
#include <stddef.h>
#include <stdio.h>

#include <xtables.h>

#include <linux/netfilter/xt_broken.h>

static const struct xt_option_entry broken_mt_opts[] = {
	{ .name = "byte", .id = 0, .type = XTTYPE_UINT8,
	  .flags = XTOPT_MAND | XTOPT_PUT,
	  XTOPT_POINTER(struct xt_broken_mtinfo, byte) },
	XTOPT_TABLEEND,
};

static void broken_mt_save(const void *ip, const struct xt_entry_match *match)
{
	const struct xt_broken_mtinfo *info = (const void *)match->data;

	printf(" --byte %u", info->byte);
}

static struct xtables_match broken_mt_reg = {
	.name		= "broken",
	.version	= XTABLES_VERSION,
	.family		= NFPROTO_UNSPEC,
	.size		= XT_ALIGN(sizeof(struct xt_broken_mtinfo)),
	.userspacesize	= offsetof(struct xt_broken_mtinfo, rule),
	.save		= broken_mt_save,
	.x6_parse	= xtables_option_parse,
	.x6_options	= broken_mt_opts,
};

static void __attribute__((constructor)) libxt_broken_init(void)
{
	xtables_register_match(&broken_mt_reg);
}
