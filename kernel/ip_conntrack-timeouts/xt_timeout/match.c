// SPDX-License-Identifier: GPL-2.0-only
/* The match timeout: how long a connection has left, and whether it is safe. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/module.h>
#include <net/netfilter/nf_conntrack.h>

#include "lib/conntrack.h"
#include "lib/log.h"
#include "lib/xtables.h"
#include "ip_conntrack-timeouts/xt_timeout/internal.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Netfilter match and target for timeouts of connections");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("xt_TIMEOUT");
MODULE_ALIAS("ipt_timeout");
MODULE_ALIAS("ip6t_timeout");
MODULE_ALIAS("ipt_TIMEOUT");
MODULE_ALIAS("ip6t_TIMEOUT");

/* Before it is confirmed, a connection has a duration and not a time. */
static u32 timeout_left(const struct nf_conn *ct)
{
	u32 left = nf_ct_is_confirmed(ct) ? nf_ct_expires(ct)
					  : READ_ONCE(ct->timeout);

	return left / HZ;
}

static bool timeout_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_timeout_mtinfo *info = par->matchinfo;
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || nf_ct_is_template(ct))
		return false;
	if (info->flags & XT_TIMEOUT_LEFT) {
		u32 left = timeout_left(ct);
		bool inside = left >= info->min && left <= info->max;

		if (inside == !!(info->flags & XT_TIMEOUT_NOT_LEFT))
			return false;
	}
	if (info->flags & XT_TIMEOUT_ASSURED)
		return test_bit(IPS_ASSURED_BIT, &ct->status) !=
		       !!(info->flags & XT_TIMEOUT_NOT_ASSURED);
	return true;
}

static const char *timeout_mt_error(const struct xt_timeout_mtinfo *info)
{
	u32 flags = info->flags;

	if (flags & ~(XT_TIMEOUT_LEFT | XT_TIMEOUT_NOT_LEFT |
		      XT_TIMEOUT_ASSURED | XT_TIMEOUT_NOT_ASSURED))
		return "unknown flag: the iptables extension has a different version";
	if (!(flags & (XT_TIMEOUT_LEFT | XT_TIMEOUT_ASSURED)))
		return "needs --left or --assured";
	if ((flags & XT_TIMEOUT_NOT_LEFT && !(flags & XT_TIMEOUT_LEFT)) ||
	    (flags & XT_TIMEOUT_NOT_ASSURED && !(flags & XT_TIMEOUT_ASSURED)))
		return "nothing is inverted";
	if (info->min > info->max)
		return "--left: the range ends before it begins";
	if (!(flags & XT_TIMEOUT_LEFT) && info->max)
		return "a range without --left";
	return NULL;
}

static int timeout_mt_check(const struct xt_mtchk_param *par)
{
	const char *error = timeout_mt_error(par->matchinfo);

	if (error) {
		pom_info(par->net, "timeout: %s\n", error);
		return -EINVAL;
	}
	return pom_conntrack_get(par->net, par->family);
}

static void timeout_mt_destroy(const struct xt_mtdtor_param *par)
{
	nf_ct_netns_put(par->net, par->family);
}

/* The first half is complete but for the family. */
static struct xt_match timeout_mt_reg[2] __read_mostly = {
	{
		.name		= "timeout",
		.match		= timeout_mt,
		.checkentry	= timeout_mt_check,
		.destroy	= timeout_mt_destroy,
		.matchsize	= sizeof(struct xt_timeout_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init timeout_init(void)
{
	int err;

	err = timeout_vector_init();
	if (err)
		return err;
	err = timeout_tg_init();
	if (err)
		goto err_vector;
	err = pom_register_matches(timeout_mt_reg, 1);
	if (err)
		goto err_target;
	return 0;

err_target:
	timeout_tg_exit();
err_vector:
	timeout_vector_exit();
	return err;
}

static void __exit timeout_exit(void)
{
	pom_unregister_matches(timeout_mt_reg, 1);
	timeout_tg_exit();
	timeout_vector_exit();
}

module_init(timeout_init);
module_exit(timeout_exit);
