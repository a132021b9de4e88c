// SPDX-License-Identifier: GPL-2.0-only
/* What a rule may say, and what is made of it. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/netfilter/x_tables.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack.h>
#include "string/search.h"
#include "string/xt_string/internal.h"
#include "string/xt_string/set.h"
#include "string/xt_string/stream.h"

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

int string_mt_check_v0(const struct xt_mtchk_param *par)
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

int string_mt_check_v1(const struct xt_mtchk_param *par)
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

void string_mt_destroy_classic(const struct xt_mtdtor_param *par)
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

static int string_mt_check_set(const struct xt_string_mtinfo_v2 *info)
{
	size_t len;
	int err;

	if (info->flags & (XT_STRING_ICASE | XT_STRING_PREFIX | XT_STRING_BM |
			   XT_STRING_KMP) || info->len) {
		pr_info_ratelimited("--set excludes --icase, --prefix, --algo and a string\n");
		return -EINVAL;
	}
	err = string_name_check(info->pattern, sizeof(info->pattern));
	if (err)
		return err;
	len = strlen(info->pattern);
	if (memchr_inv(info->pattern + len, 0, sizeof(info->pattern) - len)) {
		pr_info_ratelimited("unused bytes of a rule are not zero\n");
		return -EINVAL;
	}
	return 0;
}

static int string_mt_check_flags(const struct xt_string_mtinfo_v2 *info)
{
	bool marks = info->flags & XT_STRING_MARK;

	if (marks != !!info->mark_mask) {
		pr_info_ratelimited("--mark-mask is 0, or is not wanted\n");
		return -EINVAL;
	}
	if (marks && (info->flags & (XT_STRING_SET | XT_STRING_INVERT)) !=
		     XT_STRING_SET) {
		pr_info_ratelimited("--mark-mask needs --set, and not ! --set\n");
		return -EINVAL;
	}
	if (info->flags & XT_STRING_STREAM &&
	    (info->base != XT_STRING_BASE_PAYLOAD || info->from ||
	     info->to != XT_STRING_TO_END)) {
		pr_info_ratelimited("--stream excludes --base, --from and --to\n");
		return -EINVAL;
	}
	return 0;
}

/* What the rule searches for. */
static int string_rule_fill(struct string_rule *rule, struct net *net,
			    const struct xt_string_mtinfo_v2 *info)
{
	struct string_named *set;
	struct string_pattern *p;

	if (info->flags & XT_STRING_SET) {
		set = string_named_get(net, info->pattern);
		if (IS_ERR(set))
			return PTR_ERR(set);
		rule->set = set;
		return 0;
	}
	p = string_pattern_create(info->pattern, info->len,
				  info->flags & XT_STRING_ICASE);
	if (IS_ERR(p))
		return PTR_ERR(p);
	rule->pattern = p;
	return 0;
}

static void string_rule_empty(struct string_rule *rule, struct net *net)
{
	if (rule->set)
		string_named_put(net, rule->set);
	kvfree(rule->pattern);
}

/*
 * Only rules with --stream need nf_conntrack: its functions are looked up, and
 * the module is loaded, when the first of these rules is made. It stays until
 * the last one is removed. Loading it enables it in no namespace; get() does, in
 * that of the rule.
 */
static int string_conntrack_get(struct string_rule *rule,
				const struct xt_mtchk_param *par)
{
	int (*get)(struct net *net, u8 family);
	int err;

	get = symbol_request(nf_ct_netns_get);
	if (!get)
		return -EOPNOTSUPP;
	rule->conntrack_put = symbol_get(nf_ct_netns_put);
	err = rule->conntrack_put ? get(par->net, par->family) : -EOPNOTSUPP;
	if (!err)
		return 0;
	if (rule->conntrack_put)
		symbol_put(nf_ct_netns_put);
	symbol_put(nf_ct_netns_get);
	return err;
}

static void string_conntrack_put(const struct string_rule *rule,
				 struct net *net, u8 family)
{
	rule->conntrack_put(net, family);
	symbol_put(nf_ct_netns_put);
	symbol_put(nf_ct_netns_get);
}

/* Conntrack, and a table of connections. */
static int string_rule_follow(struct string_rule *rule,
			      const struct xt_mtchk_param *par)
{
	struct string_streams *s;
	int err = string_conntrack_get(rule, par);

	if (err) {
		pr_info_ratelimited("--stream: cannot enable connection tracking\n");
		return err;
	}
	s = string_streams_create(par->net);
	if (IS_ERR(s)) {
		string_conntrack_put(rule, par->net, par->family);
		return PTR_ERR(s);
	}
	rule->streams = s;
	return 0;
}

int string_mt_check(const struct xt_mtchk_param *par)
{
	struct xt_string_mtinfo_v2 *info = par->matchinfo;
	struct string_rule *rule;
	int err;

	err = string_mt_check_flags(info) ?: string_mt_check_window(info);
	if (err)
		return err;
	if (info->flags & XT_STRING_SET)
		err = string_mt_check_set(info);
	else
		err = string_mt_check_text(info);
	if (err)
		return err;

	rule = kzalloc(sizeof(*rule), GFP_KERNEL_ACCOUNT);
	if (!rule)
		return -ENOMEM;
	err = string_rule_fill(rule, par->net, info);
	if (err)
		goto err_free;
	if (info->flags & XT_STRING_STREAM) {
		err = string_rule_follow(rule, par);
		if (err)
			goto err_empty;
	}
	info->rule = rule;
	return 0;

err_empty:
	string_rule_empty(rule, par->net);
err_free:
	kfree(rule);
	return err;
}

void string_mt_destroy(const struct xt_mtdtor_param *par)
{
	const struct xt_string_mtinfo_v2 *info = par->matchinfo;
	struct string_rule *rule = info->rule;

	if (rule->streams) {
		string_streams_free(rule->streams);
		string_conntrack_put(rule, par->net, par->family);
	}
	string_rule_empty(rule, par->net);
	kfree(rule);
}
