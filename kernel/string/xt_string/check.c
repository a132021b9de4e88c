// SPDX-License-Identifier: GPL-2.0-only
/* Checks a rule, and creates its kernel objects. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/netfilter/x_tables.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack.h>
#include "lib/log.h"
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

static int string_mt_check_classic(const struct net *net,
				   const struct xt_string_info *info)
{
	if (info->from_offset > info->to_offset) {
		pom_info(net, "--from %u is beyond --to %u\n",
			 info->from_offset, info->to_offset);
		return -EINVAL;
	}
	if (info->patlen < 1 || info->patlen > XT_STRING_MAX_PATTERN_SIZE) {
		pom_info(net, "a string of %u bytes, not 1 to %u\n",
			 info->patlen, XT_STRING_MAX_PATTERN_SIZE);
		return -EINVAL;
	}
	if (strnlen(info->algo, sizeof(info->algo)) == sizeof(info->algo) ||
	    (strcmp(info->algo, "bm") && strcmp(info->algo, "kmp"))) {
		pom_info(net, "--algo is neither bm nor kmp\n");
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
	int err = string_mt_check_classic(par->net, info);

	if (err)
		return err;
	if (info->u.v0.invert > 1) {
		pom_info(par->net, "invert is %u, not 0 or 1\n",
			 info->u.v0.invert);
		return -EINVAL;
	}
	return string_mt_prepare_classic(info, false);
}

int string_mt_check_v1(const struct xt_mtchk_param *par)
{
	struct xt_string_info *info = par->matchinfo;
	int err = string_mt_check_classic(par->net, info);

	if (err)
		return err;
	if (info->u.v1.flags & ~(XT_STRING_FLAG_INVERT |
				 XT_STRING_FLAG_IGNORECASE)) {
		pom_info(par->net, "unknown flags %#x\n", info->u.v1.flags);
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

/**
 * struct string_request - a rule of revision 2 or 3 from user space
 * @text: the string, or the name of a set, with zeros up to @size
 * @size: bytes at @text
 * @len: bytes of the string
 * @rule: the other members
 */
struct string_request {
	const u8 *text;
	size_t size;
	u32 len;
	struct string_rule rule;
};

static int string_check_window(const struct net *net,
			       const struct string_rule *rule)
{
	if (rule->base >= XT_STRING_BASE_COUNT) {
		pom_info(net, "unknown --base %u\n", rule->base);
		return -EINVAL;
	}
	if (rule->from > U16_MAX || (rule->to != XT_STRING_TO_END &&
				     rule->to > U16_MAX)) {
		pom_info(net, "--from and --to are at most %u\n", U16_MAX);
		return -EINVAL;
	}
	if (rule->from > rule->to) {
		pom_info(net, "--from %u is beyond --to %u\n",
			 rule->from, rule->to);
		return -EINVAL;
	}
	return 0;
}

static int string_check_unused(const struct net *net,
			       const struct string_request *w, size_t used)
{
	if (!memchr_inv(w->text + used, 0, w->size - used))
		return 0;
	pom_info(net, "unused bytes of a rule are not zero\n");
	return -EINVAL;
}

static int string_check_text(const struct net *net,
			     const struct string_request *w)
{
	if (w->len < 1 || w->len > w->size) {
		pom_info(net, "a string of %u bytes, not 1 to %zu\n",
			 w->len, w->size);
		return -EINVAL;
	}
	return string_check_unused(net, w, w->len);
}

static int string_check_set(const struct net *net,
			    const struct string_request *w)
{
	const char *name = (const char *)w->text;
	int err;

	if (w->rule.flags & (XT_STRING_ICASE | XT_STRING_PREFIX |
			     XT_STRING_BM | XT_STRING_KMP) || w->len) {
		pom_info(net, "--set excludes --icase, --prefix, --algo and a string\n");
		return -EINVAL;
	}
	err = string_name_check(net, name, w->size);
	return err ?: string_check_unused(net, w, strlen(name));
}

/* A long string has its hash in the place of the mask. */
static int string_check_flags(const struct net *net,
			      const struct string_request *w)
{
	const struct string_rule *rule = &w->rule;
	bool marks = rule->flags & XT_STRING_MARK;

	if (marks != !!rule->mark_mask &&
	    (marks || w->len <= XT_STRING_SHORT_MAX)) {
		pom_info(net, "--mark-mask is 0, or its flag is not set\n");
		return -EINVAL;
	}
	if (marks && (rule->flags & (XT_STRING_SET | XT_STRING_INVERT)) !=
		     XT_STRING_SET) {
		pom_info(net, "--mark-mask needs --set, and not ! --set\n");
		return -EINVAL;
	}
	if (rule->flags & XT_STRING_STREAM &&
	    (rule->base != XT_STRING_BASE_PAYLOAD || rule->from ||
	     rule->to != XT_STRING_TO_END)) {
		pom_info(net, "--stream excludes --base, --from and --to\n");
		return -EINVAL;
	}
	return 0;
}

/* Everything else is checked as for XT_STRING_STREAM. */
static int string_check_ambiguous(const struct net *net,
				  const struct string_request *w)
{
	if ((w->rule.flags | XT_STRING_INVERT) !=
	    (XT_STRING_STREAM | XT_STRING_INVERT) || w->len) {
		pom_info(net,
			 "--stream-ambiguous excludes all other options\n");
		return -EINVAL;
	}
	return string_check_unused(net, w, 0);
}

static int string_check(const struct net *net, const struct string_request *w)
{
	int err = string_check_flags(net, w) ?:
		  string_check_window(net, &w->rule);

	if (err)
		return err;
	if (w->rule.ambiguous)
		return string_check_ambiguous(net, w);
	return w->rule.flags & XT_STRING_SET ? string_check_set(net, w) :
					       string_check_text(net, w);
}

/* Sets the string or pattern set of a rule that has one. */
static int string_rule_fill(struct string_rule *rule, struct net *net,
			    const struct string_request *w)
{
	struct string_named *set;
	struct string_pattern *p;

	if (rule->ambiguous)
		return 0;
	if (rule->flags & XT_STRING_SET) {
		set = string_named_get(net, (const char *)w->text);
		if (IS_ERR(set))
			return PTR_ERR(set);
		rule->set = set;
		return 0;
	}
	p = string_pattern_create(w->text, w->len,
				  rule->flags & XT_STRING_ICASE);
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
 * Only rules with --stream need nf_conntrack. The first such rule loads it and
 * looks up its functions; the last one drops it. Loading enables it in no
 * namespace; get() enables it in that of the rule.
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

/* Enables conntrack, and creates the table of connections. */
static int string_rule_follow(struct string_rule *rule,
			      const struct xt_mtchk_param *par)
{
	struct string_streams *s;
	int err = string_conntrack_get(rule, par);

	if (err) {
		pom_info(par->net,
			 "--stream: cannot enable connection tracking\n");
		return err;
	}
	s = string_streams_create(par->net, rule->ambiguous);
	if (IS_ERR(s)) {
		string_conntrack_put(rule, par->net, par->family);
		return PTR_ERR(s);
	}
	rule->streams = s;
	return 0;
}

/* Creates the data of a rule for the packet path, or returns an ERR_PTR. */
static struct string_rule *string_rule_create(const struct string_request *w,
					      const struct xt_mtchk_param *par)
{
	struct string_rule *rule;
	int err = string_check(par->net, w);

	if (err)
		return ERR_PTR(err);
	rule = kmemdup(&w->rule, sizeof(*rule), GFP_KERNEL_ACCOUNT);
	if (!rule)
		return ERR_PTR(-ENOMEM);
	err = string_rule_fill(rule, par->net, w);
	if (err)
		goto err_free;
	if (rule->flags & XT_STRING_STREAM) {
		err = string_rule_follow(rule, par);
		if (err)
			goto err_empty;
	}
	return rule;

err_empty:
	string_rule_empty(rule, par->net);
err_free:
	kfree(rule);
	return ERR_PTR(err);
}

static void string_rule_destroy(struct string_rule *rule,
				const struct xt_mtdtor_param *par)
{
	if (rule->streams) {
		string_streams_free(rule->streams);
		string_conntrack_put(rule, par->net, par->family);
	}
	string_rule_empty(rule, par->net);
	kfree(rule);
}

#define STRING_WISH(info)					\
	{							\
		.text = (info)->pattern,			\
		.size = sizeof((info)->pattern),		\
		.len = (info)->len,				\
		.rule = {					\
			.from = (info)->from,			\
			.to = (info)->to,			\
			.mark_mask = (info)->mark_mask,		\
			.base = (info)->base,			\
			.flags = (info)->flags,			\
		},						\
	}

int string_mt_check_v2(const struct xt_mtchk_param *par)
{
	struct xt_string_mtinfo_v2 *info = par->matchinfo;
	const struct string_request w = STRING_WISH(info);
	struct string_rule *rule = string_rule_create(&w, par);

	if (IS_ERR(rule))
		return PTR_ERR(rule);
	info->rule = rule;
	return 0;
}

int string_mt_check_v3(const struct xt_mtchk_param *par)
{
	struct xt_string_mtinfo_v3 *info = par->matchinfo;
	struct string_request w = STRING_WISH(info);
	struct string_rule *rule;

	if (info->more_flags & ~XT_STRING_MORE_FLAGS) {
		pom_info(par->net, "unknown flags %#x\n", info->more_flags);
		return -EINVAL;
	}
	w.rule.ambiguous = info->more_flags & XT_STRING_AMBIGUOUS;
	if (memchr_inv(info->reserved, 0, sizeof(info->reserved))) {
		pom_info(par->net, "unused bytes of a rule are not zero\n");
		return -EINVAL;
	}
	rule = string_rule_create(&w, par);
	if (IS_ERR(rule))
		return PTR_ERR(rule);
	info->rule = rule;
	return 0;
}

void string_mt_destroy_v2(const struct xt_mtdtor_param *par)
{
	const struct xt_string_mtinfo_v2 *info = par->matchinfo;

	string_rule_destroy(info->rule, par);
}

void string_mt_destroy_v3(const struct xt_mtdtor_param *par)
{
	const struct xt_string_mtinfo_v3 *info = par->matchinfo;

	string_rule_destroy(info->rule, par);
}
