// SPDX-License-Identifier: GPL-2.0-only
/*
 * The condition match: a rule matches while named conditions, which user space
 * sets, are true. See include/linux/netfilter/xt_condition.h.
 *
 * Rules have pointers to their conditions, so that a packet needs one load for
 * each condition, without lock, look-up or write.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "lib/log.h"
#include "lib/name.h"
#include "lib/xtables.h"
#include "condition/xt_condition/internal.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: match while named conditions, set from user space in /proc/net/nf_condition, are true");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_condition");
MODULE_ALIAS("ip6t_condition");

/* The same for 32-bit userland on a 64-bit kernel. */
static_assert(sizeof(struct xt_condition_mtinfo) == 40);
static_assert(sizeof(struct xt_condition_mtinfo_v2) == 512);

static bool condition_mt_v1(const struct sk_buff *skb,
			    struct xt_action_param *par)
{
	const struct xt_condition_mtinfo *info = par->matchinfo;

	return condition_value(info->condvar) ^ info->invert;
}

static bool condition_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_condition_mtinfo_v2 *info = par->matchinfo;
	struct condition *const *c = info->conditions;
	bool any = info->flags & XT_CONDITION_ANY;
	bool invert = info->flags & XT_CONDITION_INVERT;
	unsigned int i;

	/* The first true one decides "any", the first false one "all". */
	for (i = 0; i < info->count; i++)
		if (condition_value(c[i]) == any)
			return any ^ invert;
	return !any ^ invert;
}

/* A list of names has commas, the words of a rule have spaces between them. */
static int condition_mt_check_name(const struct net *net,
				   const char name[XT_CONDITION_NAME_LEN])
{
	const char *error = pom_name_error(name, XT_CONDITION_NAME_LEN, " ,");
	size_t len = strnlen(name, XT_CONDITION_NAME_LEN);

	if (!error)
		return 0;
	pom_info(net, "condition name \"%*pE\" %s\n", (int)len, name, error);
	return len == XT_CONDITION_NAME_LEN ? -ENAMETOOLONG : -EINVAL;
}

static int condition_mt_check_v1(const struct xt_mtchk_param *par)
{
	struct xt_condition_mtinfo *info = par->matchinfo;
	struct condition *c;
	int err;

	if (info->invert > 1) {
		pom_info(par->net, "invert is %u, not 0 or 1\n", info->invert);
		return -EINVAL;
	}
	err = condition_mt_check_name(par->net, info->name);
	if (err)
		return err;
	c = condition_get(par->net, info->name);
	if (IS_ERR(c))
		return PTR_ERR(c);
	info->condvar = c;
	return 0;
}

static void condition_mt_destroy_v1(const struct xt_mtdtor_param *par)
{
	const struct xt_condition_mtinfo *info = par->matchinfo;

	condition_put(par->net, info->condvar);
}

static int condition_mt_check_names(const struct net *net,
				    const struct xt_condition_mtinfo_v2 *info)
{
	unsigned int i, j;
	int err;

	for (i = 0; i < info->count; i++) {
		err = condition_mt_check_name(net, info->names[i]);
		if (err)
			return err;
		for (j = 0; j < i; j++) {
			if (strcmp(info->names[i], info->names[j]))
				continue;
			pom_info(net, "condition name \"%s\" is listed twice\n",
				 info->names[i]);
			return -EINVAL;
		}
	}
	return 0;
}

static int condition_mt_check_info(const struct net *net,
				   const struct xt_condition_mtinfo_v2 *info)
{
	size_t used = info->count * sizeof(info->names[0]);

	if (info->count < 1 || info->count > XT_CONDITION_MAX) {
		pom_info(net, "%u conditions in a rule, not 1 to %u\n",
			 info->count, XT_CONDITION_MAX);
		return -EINVAL;
	}
	if (info->flags & ~XT_CONDITION_FLAGS) {
		pom_info(net, "unknown flags %#x\n",
			 info->flags & ~XT_CONDITION_FLAGS);
		return -EINVAL;
	}
	if (memchr_inv(info->reserved, 0, sizeof(info->reserved)) ||
	    memchr_inv(info->names[0] + used, 0, sizeof(info->names) - used)) {
		pom_info(net, "unused bytes of a rule are not zero\n");
		return -EINVAL;
	}
	return condition_mt_check_names(net, info);
}

static void condition_mt_put(struct net *net, struct condition **c,
			     unsigned int count)
{
	while (count--)
		condition_put(net, c[count]);
	kfree(c);
}

static int condition_mt_check(const struct xt_mtchk_param *par)
{
	struct xt_condition_mtinfo_v2 *info = par->matchinfo;
	struct condition **c;
	unsigned int i;
	int err;

	err = condition_mt_check_info(par->net, info);
	if (err)
		return err;

	c = kmalloc_array(info->count, sizeof(*c), GFP_KERNEL_ACCOUNT);
	if (!c)
		return -ENOMEM;
	for (i = 0; i < info->count; i++) {
		c[i] = condition_get(par->net, info->names[i]);
		if (IS_ERR(c[i])) {
			err = PTR_ERR(c[i]);
			condition_mt_put(par->net, c, i);
			return err;
		}
	}
	info->conditions = c;
	return 0;
}

static void condition_mt_destroy(const struct xt_mtdtor_param *par)
{
	const struct xt_condition_mtinfo_v2 *info = par->matchinfo;

	condition_mt_put(par->net, info->conditions, info->count);
}

enum { CONDITION_REVISIONS = 2 };

/* The first half is complete but for the family. */
static struct xt_match condition_mt_reg[2 * CONDITION_REVISIONS]
__read_mostly = {
	{
		.name		= "condition",
		.revision	= 1,
		.match		= condition_mt_v1,
		.checkentry	= condition_mt_check_v1,
		.destroy	= condition_mt_destroy_v1,
		.matchsize	= sizeof(struct xt_condition_mtinfo),
		.usersize	= offsetof(struct xt_condition_mtinfo, condvar),
		.me		= THIS_MODULE,
	},
	{
		.name		= "condition",
		.revision	= 2,
		.match		= condition_mt,
		.checkentry	= condition_mt_check,
		.destroy	= condition_mt_destroy,
		.matchsize	= sizeof(struct xt_condition_mtinfo_v2),
		.usersize	= offsetof(struct xt_condition_mtinfo_v2,
					   conditions),
		.me		= THIS_MODULE,
	},
};

static int __init condition_mt_init(void)
{
	int err;

	err = condition_proc_check_params();
	if (err)
		return err;
	err = condition_registry_init();
	if (err)
		return err;
	err = condition_netlink_init();
	if (err)
		goto err_registry;
	err = pom_register_matches(condition_mt_reg, CONDITION_REVISIONS);
	if (err)
		goto err_netlink;
	return 0;

err_netlink:
	condition_netlink_exit();
err_registry:
	condition_registry_exit();
	return err;
}

static void __exit condition_mt_exit(void)
{
	pom_unregister_matches(condition_mt_reg, CONDITION_REVISIONS);
	condition_netlink_exit();
	condition_registry_exit();
}

module_init(condition_mt_init);
module_exit(condition_mt_exit);
