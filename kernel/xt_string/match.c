// SPDX-License-Identifier: GPL-2.0-only
/*
 * The string match. See include/linux/netfilter/xt_string.h.
 *
 * Stands in for the kernel's module of this name: its two revisions behave as
 * there, except that nothing is missed at the seams of a packet's pieces.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/netfilter/x_tables.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "proto/string.h"
#include "xt_string/internal.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: match packets by the bytes in them");
MODULE_LICENSE("GPL");
MODULE_ALIAS("ipt_string");
MODULE_ALIAS("ip6t_string");
MODULE_ALIAS("ebt_string");

/* The same for 32-bit userland on a 64-bit kernel. */
static_assert(sizeof(struct xt_string_info) == 160);
static_assert(offsetof(struct xt_string_info, config) == 152);
static_assert(sizeof(struct xt_string_mtinfo_v2) == 4120);
static_assert(XT_STRING_LEN_MAX == STRING_LEN_MAX);

/* Is the string in the window, or where the window begins? */
static bool string_search(const struct sk_buff *skb,
			  const struct string_window *w,
			  const struct string_pattern *p, bool prefix)
{
	struct string_reader r;
	unsigned int matched = 0, len;
	bool found = false;
	const u8 *data;
	int state = 1;

	if (w->to - w->from < p->len)
		return false;
	string_reader_init(&r, skb, w);
	while (!found && state == 1) {
		len = string_reader_next(&r, &data);
		if (!len)
			break;
		if (prefix) {
			state = string_at_start(p, &matched, data, len);
			found = state == 2;
		} else {
			found = string_scan(p, &matched, data, len,
					    string_reader_more(&r));
		}
	}
	string_reader_stop(&r);
	return found;
}

static bool string_mt_classic(const struct sk_buff *skb,
			      const struct xt_string_info *info)
{
	/* 65535 is what libxt_string says without --to. */
	struct string_window w = {
		.from = info->from_offset,
		.to = info->to_offset == U16_MAX ?
			skb->len : min_t(u32, info->to_offset, skb->len),
	};

	return w.from < w.to &&
	       string_search(skb, &w, (const void *)info->config, false);
}

static bool string_mt_v0(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_string_info *info = par->matchinfo;

	return string_mt_classic(skb, info) ^ info->u.v0.invert;
}

static bool string_mt_v1(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_string_info *info = par->matchinfo;

	return string_mt_classic(skb, info) ^
	       !!(info->u.v1.flags & XT_STRING_FLAG_INVERT);
}

static bool string_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_string_mtinfo_v2 *info = par->matchinfo;
	struct string_window w;

	return (string_window_find(skb, xt_family(par), info->base, info->from,
				   info->to, &w) &&
		string_search(skb, &w, info->rule,
			      info->flags & XT_STRING_PREFIX)) ^
	       !!(info->flags & XT_STRING_INVERT);
}

static struct string_pattern *string_pattern_create(const void *text,
						    size_t len, bool icase)
{
	struct string_pattern *p;

	p = kvmalloc(string_pattern_size(len), GFP_KERNEL_ACCOUNT);
	if (!p)
		return ERR_PTR(-ENOMEM);
	string_pattern_init(p, text, len, icase);
	return p;
}

static int string_mt_check_classic(const struct xt_string_info *info)
{
	if (info->from_offset > info->to_offset) {
		pr_info_ratelimited("--from %u is beyond --to %u\n",
				    info->from_offset, info->to_offset);
		return -EINVAL;
	}
	if (info->patlen < 1 || info->patlen > XT_STRING_MAX_PATTERN_SIZE) {
		pr_info_ratelimited("a string of %u bytes, not 1 to %u\n",
				    info->patlen, XT_STRING_MAX_PATTERN_SIZE);
		return -EINVAL;
	}
	if (strnlen(info->algo, sizeof(info->algo)) == sizeof(info->algo) ||
	    (strcmp(info->algo, "bm") && strcmp(info->algo, "kmp"))) {
		pr_info_ratelimited("--algo is neither bm nor kmp\n");
		return -EINVAL;
	}
	return 0;
}

static int string_mt_prepare_classic(struct xt_string_info *info, bool icase)
{
	struct string_pattern *p;

	p = string_pattern_create(info->pattern, info->patlen, icase);
	if (IS_ERR(p))
		return PTR_ERR(p);
	info->config = (void *)p;
	return 0;
}

static int string_mt_check_v0(const struct xt_mtchk_param *par)
{
	struct xt_string_info *info = par->matchinfo;
	int err = string_mt_check_classic(info);

	if (err)
		return err;
	if (info->u.v0.invert > 1) {
		pr_info_ratelimited("invert is %u, not 0 or 1\n",
				    info->u.v0.invert);
		return -EINVAL;
	}
	return string_mt_prepare_classic(info, false);
}

static int string_mt_check_v1(const struct xt_mtchk_param *par)
{
	struct xt_string_info *info = par->matchinfo;
	int err = string_mt_check_classic(info);

	if (err)
		return err;
	if (info->u.v1.flags & ~(XT_STRING_FLAG_INVERT |
				 XT_STRING_FLAG_IGNORECASE)) {
		pr_info_ratelimited("unknown flags %#x\n", info->u.v1.flags);
		return -EINVAL;
	}
	return string_mt_prepare_classic(info, info->u.v1.flags &
					 XT_STRING_FLAG_IGNORECASE);
}

static void string_mt_destroy_classic(const struct xt_mtdtor_param *par)
{
	const struct xt_string_info *info = par->matchinfo;

	kvfree(info->config);
}

static int string_mt_check_window(const struct xt_string_mtinfo_v2 *info)
{
	if (info->base >= XT_STRING_BASE_COUNT) {
		pr_info_ratelimited("unknown --base %u\n", info->base);
		return -EINVAL;
	}
	if (info->from > U16_MAX || (info->to != XT_STRING_TO_END &&
				     info->to > U16_MAX)) {
		pr_info_ratelimited("--from and --to are at most %u\n", U16_MAX);
		return -EINVAL;
	}
	if (info->from >= info->to) {
		pr_info_ratelimited("--to %u is not beyond --from %u: nothing is between them\n",
				    info->to, info->from);
		return -EINVAL;
	}
	return 0;
}

static int string_mt_check_text(const struct xt_string_mtinfo_v2 *info)
{
	if (info->len < 1 || info->len > XT_STRING_LEN_MAX) {
		pr_info_ratelimited("a string of %u bytes, not 1 to %u\n",
				    info->len, XT_STRING_LEN_MAX);
		return -EINVAL;
	}
	if (memchr_inv(info->pattern + info->len, 0,
		       sizeof(info->pattern) - info->len)) {
		pr_info_ratelimited("unused bytes of a rule are not zero\n");
		return -EINVAL;
	}
	if (info->to - info->from < info->len) {
		pr_info_ratelimited("the string is longer than what is between --from and --to\n");
		return -EINVAL;
	}
	return 0;
}

static int string_mt_check(const struct xt_mtchk_param *par)
{
	struct xt_string_mtinfo_v2 *info = par->matchinfo;
	struct string_pattern *p;
	int err;

	if (info->flags & ~(XT_STRING_INVERT | XT_STRING_ICASE |
			    XT_STRING_PREFIX | XT_STRING_BM | XT_STRING_KMP) ||
	    info->mark_mask) {
		pr_info_ratelimited("unknown flags %#x; is libxt_string newer than the module?\n",
				    info->flags);
		return -EINVAL;
	}
	err = string_mt_check_window(info) ?: string_mt_check_text(info);
	if (err)
		return err;
	p = string_pattern_create(info->pattern, info->len,
				  info->flags & XT_STRING_ICASE);
	if (IS_ERR(p))
		return PTR_ERR(p);
	info->rule = p;
	return 0;
}

static void string_mt_destroy(const struct xt_mtdtor_param *par)
{
	const struct xt_string_mtinfo_v2 *info = par->matchinfo;

	kvfree(info->rule);
}

#define STRING_MT(fam, rev, mt, check, dtor, type, private)	\
	{							\
		.name		= "string",			\
		.revision	= rev,				\
		.family		= fam,				\
		.match		= mt,				\
		.checkentry	= check,			\
		.destroy	= dtor,				\
		.matchsize	= sizeof(struct type),		\
		.usersize	= offsetof(struct type, private), \
		.me		= THIS_MODULE,			\
	}
#define STRING_MT_V0(fam)						\
	STRING_MT(fam, 0, string_mt_v0, string_mt_check_v0,		\
		  string_mt_destroy_classic, xt_string_info, config)
#define STRING_MT_V1(fam)						\
	STRING_MT(fam, 1, string_mt_v1, string_mt_check_v1,		\
		  string_mt_destroy_classic, xt_string_info, config)
#define STRING_MT_V2(fam)						\
	STRING_MT(fam, 2, string_mt, string_mt_check,			\
		  string_mt_destroy, xt_string_mtinfo_v2, rule)

/* The kernel's is there for every family, bridges among them. */
static struct xt_match string_mt_reg[] __read_mostly = {
	STRING_MT_V0(NFPROTO_UNSPEC),
	STRING_MT_V1(NFPROTO_UNSPEC),
	STRING_MT_V2(NFPROTO_IPV4),
	STRING_MT_V2(NFPROTO_IPV6),
};

static int __init string_mt_init(void)
{
	return xt_register_matches(string_mt_reg, ARRAY_SIZE(string_mt_reg));
}

static void __exit string_mt_exit(void)
{
	xt_unregister_matches(string_mt_reg, ARRAY_SIZE(string_mt_reg));
}

module_init(string_mt_init);
module_exit(string_mt_exit);
