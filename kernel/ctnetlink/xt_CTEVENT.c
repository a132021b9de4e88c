// SPDX-License-Identifier: GPL-2.0-only
/* xt_CTEVENT - the target CTEVENT: connections for a channel of events */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_CTEVENT.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack.h>

#include "ctnetlink/nf_ctnetlink_events/choice.h"
#include "lib/conntrack.h"
#include "lib/log.h"
#include "lib/xtables.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("iptables: choose connections whose events a program reads");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_CTEVENT");
MODULE_ALIAS("ip6t_CTEVENT");

static unsigned int ctevent_tg(struct sk_buff *skb,
			       const struct xt_action_param *par)
{
	const struct xt_ctevent_tginfo *info = par->targinfo;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (ct && !nf_ct_is_template(ct))
		pom_ctn_choose(xt_net(par), ct, info->choice, info->sample);
	return XT_CONTINUE;
}

static const char *ctevent_error(const struct xt_ctevent_tginfo *info,
				 const char *table)
{
	if (!strcmp(table, "raw"))
		return "the table raw comes before connection tracking; use mangle";
	if (info->flags & ~XT_CTEVENT_FLAGS)
		return "unknown flags";
	if (info->sample > XT_CTEVENT_SAMPLE_MAX)
		return "--sample is too large";
	return NULL;
}

static int ctevent_tg_check(const struct xt_tgchk_param *par)
{
	struct xt_ctevent_tginfo *info = par->targinfo;
	const char *error = ctevent_error(info, par->table);
	int channel;

	if (error) {
		pom_info(par->net, "CTEVENT: %s\n", error);
		return -EINVAL;
	}
	channel = pom_ctn_channel_find(par->net, info->channel);
	if (channel < 0) {
		pom_info(par->net, "CTEVENT: --channel: %s: error %d\n",
			 channel == -ENOSPC ?
			 "the network namespace has too many names" :
			 "no channel", channel);
		return channel;
	}
	info->choice = channel;
	if (info->flags & XT_CTEVENT_ONCE)
		info->choice |= CTN_CHOICE_ONCE;
	return pom_conntrack_get(par->net, par->family);
}

static void ctevent_tg_destroy(const struct xt_tgdtor_param *par)
{
	nf_ct_netns_put(par->net, par->family);
}

/* The first half is complete but for the family. */
static struct xt_target ctevent_tg_reg[2] __read_mostly = {
	{
		.name		= "CTEVENT",
		.target		= ctevent_tg,
		.checkentry	= ctevent_tg_check,
		.destroy	= ctevent_tg_destroy,
		.targetsize	= sizeof(struct xt_ctevent_tginfo),
		.usersize	= offsetof(struct xt_ctevent_tginfo, choice),
		.me		= THIS_MODULE,
	},
};

static int __init ctevent_init(void)
{
	return pom_register_targets(ctevent_tg_reg, 1);
}

static void __exit ctevent_exit(void)
{
	pom_unregister_targets(ctevent_tg_reg, 1);
}

module_init(ctevent_init);
module_exit(ctevent_exit);
