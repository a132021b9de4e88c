// SPDX-License-Identifier: GPL-2.0-only
/*
 * The string match. See include/linux/netfilter/xt_string.h.
 *
 * Replaces the kernel's module of the same name. Its two revisions behave as
 * there, but also find a string across the boundary of two fragments of a
 * packet.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/build_bug.h>
#include <linux/module.h>
#include <linux/netfilter/x_tables.h>
#include <linux/rcupdate.h>
#include "string/search.h"
#include "string/xt_string/internal.h"
#include "string/xt_string/set.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: match packets by the bytes in them");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_string");
MODULE_ALIAS("ip6t_string");
MODULE_ALIAS("ebt_string");

/* The same for 32-bit userland on a 64-bit kernel. */
static_assert(sizeof(struct xt_string_info) == 160);
static_assert(offsetof(struct xt_string_info, config) == 152);
static_assert(sizeof(struct xt_string_mtinfo_v2) == 4120);
static_assert(sizeof(struct xt_string_mtinfo_v3) == 160);
static_assert(offsetof(struct xt_string_mtinfo_v3, rule) == 152);
static_assert(offsetof(struct xt_string_mtinfo_v3, pattern) ==
	      offsetof(struct xt_string_mtinfo_v2, pattern));
static_assert(XT_STRING_LEN_MAX == STRING_LEN_MAX);

static bool string_search_pieces(const struct sk_buff *skb,
				 struct string_window w,
				 const struct string_pattern *p, bool prefix)
{
	struct string_reader r;
	unsigned int matched = 0, len;
	bool found = false;
	const u8 *data;
	int state = 1;

	string_reader_init(&r, skb, &w);
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

/*
 * Whether the string is in the window, or at its beginning. Most packets are in
 * one piece and need no reader.
 */
static bool string_search(const struct sk_buff *skb, struct string_window w,
			  const struct string_pattern *p, bool prefix)
{
	if (prefix || !string_window_linear(skb, w))
		return string_search_pieces(skb, w, p, prefix);
	return string_find(p, skb->data + w.from, w.to - w.from);
}

static bool string_mt_classic(const struct sk_buff *skb,
			      const struct xt_string_info *info)
{
	const struct string_window w = {
		.from = info->from_offset,
		.to = min(string_classic_end(info), skb->len),
	};

	return w.from < w.to &&
	       string_search(skb, w, (const void *)info->config, false);
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

/* Other matches write the packet's mark, too; no other CPU has the packet. */
void string_mark(const struct sk_buff *skb, u32 mark,
		 const struct string_rule *rule)
{
	if (rule->flags & XT_STRING_MARK)
		((struct sk_buff *)skb)->mark =
			(skb->mark & ~rule->mark_mask) |
			(mark & rule->mark_mask);
}

/* Counts a pattern that was found, and marks the packet. */
void string_found(const struct sk_buff *skb, struct string_patterns *p,
		  u32 number, const struct string_rule *rule)
{
	const struct string_entry *e = &p->entries[number];

	string_counts_hit(p, number);
	if (e->marks)
		string_mark(skb, e->mark, rule);
}

static u32 string_search_set_pieces(const struct sk_buff *skb,
				    struct string_window w,
				    const struct string_set *set)
{
	struct string_set_place place = {};
	u32 found = STRING_SET_NONE;
	struct string_reader r;
	unsigned int len;
	const u8 *data;

	string_reader_init(&r, skb, &w);
	while (found == STRING_SET_NONE) {
		len = string_reader_next(&r, &data);
		if (!len)
			break;
		string_set_scan(set, &place, data, len, &found);
	}
	string_reader_stop(&r);
	return found;
}

static bool string_search_set(const struct sk_buff *skb, struct string_window w,
			      const struct string_rule *rule)
{
	struct string_patterns *p = rcu_dereference(rule->set->now);
	struct string_set_place place = {};
	u32 found;

	if (!p)
		return false;
	if (string_window_linear(skb, w))
		string_set_scan(&p->set, &place, skb->data + w.from,
				w.to - w.from, &found);
	else
		found = string_search_set_pieces(skb, w, &p->set);
	if (found == STRING_SET_NONE)
		return false;
	string_found(skb, p, found, rule);
	return true;
}

/* string_window_find(), but without a call in the simplest case. */
static struct string_window string_window_of(const struct sk_buff *skb,
					     u8 family,
					     const struct string_rule *rule)
{
	if (rule->base == XT_STRING_BASE_NETWORK)
		return (struct string_window){
			.from = rule->from,
			.to = min(rule->to, skb->len),
		};
	return string_window_find(skb, family, rule->base, rule->from,
				  rule->to);
}

static bool string_mt_packet(const struct sk_buff *skb, u8 family,
			     const struct string_rule *rule)
{
	struct string_window w = string_window_of(skb, family, rule);

	if (w.from >= w.to)
		return false;
	if (rule->flags & XT_STRING_SET)
		return string_search_set(skb, w, rule);
	return string_search(skb, w, rule->pattern,
			     rule->flags & XT_STRING_PREFIX);
}

static bool string_mt_find(const struct sk_buff *skb,
			   const struct xt_action_param *par,
			   const struct string_rule *rule)
{
	int found;

	if (rule->flags & XT_STRING_STREAM) {
		if (rule->ambiguous)
			return string_ambiguous(skb, par, rule);
		found = string_flow_search(skb, par, rule);
		if (found >= 0)
			return found;
	}
	return string_mt_packet(skb, xt_family(par), rule);
}

static bool string_mt_v2(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_string_mtinfo_v2 *info = par->matchinfo;
	const struct string_rule *rule = info->rule;

	return string_mt_find(skb, par, rule) ^
	       !!(rule->flags & XT_STRING_INVERT);
}

static bool string_mt_v3(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_string_mtinfo_v3 *info = par->matchinfo;
	const struct string_rule *rule = info->rule;

	return string_mt_find(skb, par, rule) ^
	       !!(rule->flags & XT_STRING_INVERT);
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
	STRING_MT(fam, 2, string_mt_v2, string_mt_check_v2,		\
		  string_mt_destroy_v2, xt_string_mtinfo_v2, rule)
#define STRING_MT_V3(fam)						\
	STRING_MT(fam, 3, string_mt_v3, string_mt_check_v3,		\
		  string_mt_destroy_v3, xt_string_mtinfo_v3, rule)

/* The kernel's match is registered for every family, including bridges. */
static struct xt_match string_mt_reg[] __read_mostly = {
	STRING_MT_V0(NFPROTO_UNSPEC),
	STRING_MT_V1(NFPROTO_UNSPEC),
	STRING_MT_V2(NFPROTO_IPV4),
	STRING_MT_V2(NFPROTO_IPV6),
	STRING_MT_V3(NFPROTO_IPV4),
	STRING_MT_V3(NFPROTO_IPV6),
};

static int __init string_mt_init(void)
{
	int err = string_classic_init() ?: string_set_init();

	if (err)
		return err;
	err = xt_register_matches(string_mt_reg, ARRAY_SIZE(string_mt_reg));
	if (err)
		string_set_exit();
	return err;
}

static void __exit string_mt_exit(void)
{
	xt_unregister_matches(string_mt_reg, ARRAY_SIZE(string_mt_reg));
	string_set_exit();
}

module_init(string_mt_init);
module_exit(string_mt_exit);
