// SPDX-License-Identifier: GPL-2.0-only
/*
 * The meaning of --to in the kernel's own module. Up to Linux 6.8, and stable
 * releases of early 2024, a match of revision 0 or 1 must begin at --to or
 * before. Later versions require that it ends there or before. Rules of these
 * revisions keep the meaning that they have in the running kernel, so this
 * file tests the kernel's search.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/textsearch.h>
#include "string/xt_string/internal.h"

/* The extension reads it, to warn about a rule that can never match. */
static bool to_is_end __read_mostly = true;
module_param(to_is_end, bool, 0444);
MODULE_PARM_DESC(to_is_end,
		 "Y: in rules of revision 0 and 1, a match ends at --to or before; N: it begins there or before, as in the running kernel (read only)");

/* A search that finds four bytes at offset 2 of any text. */
static unsigned int string_probe_find(struct ts_config *conf,
				      struct ts_state *state)
{
	return 2;
}

static unsigned int string_probe_len(struct ts_config *conf)
{
	return 4;
}

static struct ts_ops string_probe_ops = {
	.name = "string_probe",
	.find = string_probe_find,
	.get_pattern_len = string_probe_len,
};

/**
 * string_classic_init - determine the meaning of --to in this kernel
 *
 * Return: 0 or -ENOMEM
 */
int string_classic_init(void)
{
	struct ts_config conf = { .ops = &string_probe_ops };
	struct sk_buff *skb = alloc_skb(16, GFP_KERNEL);

	if (!skb)
		return -ENOMEM;
	skb_put_zero(skb, 8);
	/* The match is from 2 to 6; --to is 4. */
	to_is_end = skb_find_text(skb, 0, 4, &conf) == UINT_MAX;
	kfree_skb(skb);
	return 0;
}

/**
 * string_classic_end - where the search of a rule of revision 0 or 1 ends
 * @info: the rule
 *
 * Any context.
 *
 * Return: an offset, which may exceed the packet; 0 if no match is possible
 */
u32 string_classic_end(const struct xt_string_info *info)
{
	/* libxt_string sets 65535 without --to. */
	if (info->to_offset == U16_MAX)
		return UINT_MAX;
	if (to_is_end)
		return info->to_offset;
	if (info->from_offset >= info->to_offset)
		return 0;
	return info->to_offset + info->patlen;
}
