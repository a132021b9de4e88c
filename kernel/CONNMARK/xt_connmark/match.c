// SPDX-License-Identifier: GPL-2.0-only
/* The match connmark: the mark of a packet's connection. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <net/netfilter/nf_conntrack.h>

#include "lib/conntrack.h"
#include "lib/log.h"
#include "lib/xtables.h"
#include "CONNMARK/xt_connmark/internal.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Netfilter match and target for the mark of a connection");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("xt_CONNMARK");
MODULE_ALIAS("ipt_CONNMARK");
MODULE_ALIAS("ip6t_CONNMARK");
MODULE_ALIAS("ipt_connmark");
MODULE_ALIAS("ip6t_connmark");

static bool connmark_mt_v1(const struct sk_buff *skb,
			   struct xt_action_param *par)
{
	const struct xt_connmark_mtinfo1 *info = par->matchinfo;
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	return ct && ((READ_ONCE(ct->mark) & info->mask) == info->mark) ^
		     info->invert;
}

static bool connmark_is_in(u32 mark, const struct xt_connmark_range *range)
{
	mark &= range->mask;
	return mark >= range->min && mark <= range->max;
}

static bool connmark_mt_v2(const struct sk_buff *skb,
			   struct xt_action_param *par)
{
	const struct xt_connmark_mtinfo2 *info = par->matchinfo;
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	bool found = false;
	unsigned int i;
	u32 mark;

	if (!ct)
		return false;
	mark = READ_ONCE(ct->mark);
	for (i = 0; i < info->count && !found; i++)
		found = connmark_is_in(mark, &info->range[i]);
	return found ^ !!(info->flags & XT_CONNMARK_INVERT);
}

static bool connmark_mt_v3(const struct sk_buff *skb,
			   struct xt_action_param *par)
{
	const struct xt_connmark_mtinfo3 *info = par->matchinfo;
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	bool found;
	u32 mark;

	if (!ct)
		return false;
	mark = READ_ONCE(ct->mark);
	if (info->flags & XT_CONNMARK_NFMARK)
		found = !((mark ^ skb->mark) & info->range.mask);
	else
		found = connmark_is_in(mark, &info->range);
	return found ^ !!(info->flags & XT_CONNMARK_INVERT);
}

static int connmark_mt_check(const struct xt_mtchk_param *par)
{
	return pom_conntrack_get(par->net, par->family);
}

static int connmark_mt_refuse(const struct xt_mtchk_param *par,
			      const char *error)
{
	pom_info(par->net, "%s\n", error);
	return -EINVAL;
}

static const char unknown[] =
	"unknown flag: the iptables extension has a different version";

static int connmark_mt_check_v2(const struct xt_mtchk_param *par)
{
	const struct xt_connmark_mtinfo2 *info = par->matchinfo;
	unsigned int i;

	if (info->flags & ~XT_CONNMARK_INVERT || info->pad)
		return connmark_mt_refuse(par, unknown);
	if (!info->count || info->count > XT_CONNMARK_RANGES)
		return connmark_mt_refuse(par, "--mark: needs 1 to 16 marks");
	for (i = 0; i < info->count; i++)
		if (info->range[i].min > info->range[i].max)
			return connmark_mt_refuse(par,
						  "--mark: a range ends before it begins");
	return connmark_mt_check(par);
}

static int connmark_mt_check_v3(const struct xt_mtchk_param *par)
{
	const struct xt_connmark_mtinfo3 *info = par->matchinfo;

	if (info->flags & ~(XT_CONNMARK_INVERT | XT_CONNMARK_NFMARK) ||
	    info->pad)
		return connmark_mt_refuse(par, unknown);
	if (info->flags & XT_CONNMARK_NFMARK && info->range.max)
		return connmark_mt_refuse(par, "--equals-nfmark is alone");
	if (info->range.min > info->range.max)
		return connmark_mt_refuse(par,
					  "--mark: a range ends before it begins");
	return connmark_mt_check(par);
}

static void connmark_mt_destroy(const struct xt_mtdtor_param *par)
{
	nf_ct_netns_put(par->net, par->family);
}

/* As the kernel's, for each family. */
static struct xt_match connmark_mt_reg_v1 __read_mostly = {
	.name		= "connmark",
	.revision	= 1,
	.family		= NFPROTO_UNSPEC,
	.match		= connmark_mt_v1,
	.checkentry	= connmark_mt_check,
	.destroy	= connmark_mt_destroy,
	.matchsize	= sizeof(struct xt_connmark_mtinfo1),
	.me		= THIS_MODULE,
};

enum { CONNMARK_NEW_REVISIONS = 2 };

/* The first half is complete but for the family. */
static struct xt_match connmark_mt_reg[2 * CONNMARK_NEW_REVISIONS]
__read_mostly = {
	{
		.name		= "connmark",
		.revision	= 2,
		.match		= connmark_mt_v2,
		.checkentry	= connmark_mt_check_v2,
		.destroy	= connmark_mt_destroy,
		.matchsize	= sizeof(struct xt_connmark_mtinfo2),
		.me		= THIS_MODULE,
	},
	{
		.name		= "connmark",
		.revision	= 3,
		.match		= connmark_mt_v3,
		.checkentry	= connmark_mt_check_v3,
		.destroy	= connmark_mt_destroy,
		.matchsize	= sizeof(struct xt_connmark_mtinfo3),
		.me		= THIS_MODULE,
	},
};

static int __init connmark_mt_init(void)
{
	int err;

	err = connmark_number_init();
	if (err)
		return err;
	err = connmark_tg_init();
	if (err)
		goto err_number;
	err = xt_register_match(&connmark_mt_reg_v1);
	if (err)
		goto err_target;
	err = pom_register_matches(connmark_mt_reg, CONNMARK_NEW_REVISIONS);
	if (err)
		goto err_match;
	return 0;

err_match:
	xt_unregister_match(&connmark_mt_reg_v1);
err_target:
	connmark_tg_exit();
err_number:
	connmark_number_exit();
	return err;
}

static void __exit connmark_mt_exit(void)
{
	pom_unregister_matches(connmark_mt_reg, CONNMARK_NEW_REVISIONS);
	xt_unregister_match(&connmark_mt_reg_v1);
	connmark_tg_exit();
	connmark_number_exit();
}

module_init(connmark_mt_init);
module_exit(connmark_mt_exit);
