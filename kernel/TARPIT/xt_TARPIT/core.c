// SPDX-License-Identifier: GPL-2.0-only
/*
 * TARPIT: answers TCP like a listener that keeps its peers waiting, without
 * any state. Drops every packet, whether or not it was answered. Packets other
 * than TCP are dropped too: rules of programs that block a host (fail2ban,
 * crowdsec) have no `-p tcp`.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/module.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_TARPIT.h>
#include <linux/random.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "lib/log.h"
#include "TARPIT/xt_TARPIT/internal.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Xtables: capture and hold TCP connections without state");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("ipt_TARPIT");
MODULE_ALIAS("ip6t_TARPIT");

unsigned int tarpit_net_id __read_mostly;

static unsigned int tarpit_tg4(struct sk_buff *skb,
			       const struct xt_action_param *par)
{
	const struct xt_tarpit_tginfo *info = par->targinfo;

	tarpit_answer4(skb, par->state, info->variant);
	return NF_DROP;
}

static unsigned int tarpit_tg6(struct sk_buff *skb,
			       const struct xt_action_param *par)
{
	const struct xt_tarpit_tginfo *info = par->targinfo;

	tarpit_answer6(skb, par->state, info->variant);
	return NF_DROP;
}

/*
 * The table nat sees only the first packet of a connection, and security only
 * packets that were accepted before. x_tables and nft_compat check the hooks,
 * also for user-defined chains.
 */
static int tarpit_tg_check(const struct xt_tgchk_param *par)
{
	static const char *const tables[] = { "raw", "mangle", "filter" };
	const struct xt_tarpit_tginfo *info = par->targinfo;

	if (match_string(tables, ARRAY_SIZE(tables), par->table) < 0) {
		pom_info(par->net,
			 "TARPIT works in the tables raw, mangle and filter, not in %s\n",
			 par->table);
		return -EINVAL;
	}
	if (info->variant > XTTARPIT_RESET) {
		pom_info(par->net,
			 "unknown variant %u: 0 (tarpit), 1 (honeypot) and 2 (reset) are known\n",
			 info->variant);
		return -EINVAL;
	}
	return 0;
}

#define TARPIT_HOOKS	(BIT(NF_INET_PRE_ROUTING) | BIT(NF_INET_LOCAL_IN) | \
			 BIT(NF_INET_FORWARD))

static struct xt_target tarpit_tg_reg[] __read_mostly = {
	{
		.name		= "TARPIT",
		.revision	= 0,
		.family		= NFPROTO_IPV4,
		.hooks		= TARPIT_HOOKS,
		.target		= tarpit_tg4,
		.checkentry	= tarpit_tg_check,
		.targetsize	= sizeof(struct xt_tarpit_tginfo),
		.me		= THIS_MODULE,
	},
	{
		.name		= "TARPIT",
		.revision	= 0,
		.family		= NFPROTO_IPV6,
		.hooks		= TARPIT_HOOKS,
		.target		= tarpit_tg6,
		.checkentry	= tarpit_tg_check,
		.targetsize	= sizeof(struct xt_tarpit_tginfo),
		.me		= THIS_MODULE,
	},
};

static int __net_init tarpit_net_init(struct net *net)
{
	struct tarpit_net *tn = net_generic(net, tarpit_net_id);

	get_random_bytes(&tn->key, sizeof(tn->key));
	get_random_bytes(&tn->label, sizeof(tn->label));
	return 0;
}

static struct pernet_operations tarpit_net_ops = {
	.init	= tarpit_net_init,
	.id	= &tarpit_net_id,
	.size	= sizeof(struct tarpit_net),
};

static int __init tarpit_tg_init(void)
{
	int err;

	err = register_pernet_subsys(&tarpit_net_ops);
	if (err)
		return err;
	err = xt_register_targets(tarpit_tg_reg, ARRAY_SIZE(tarpit_tg_reg));
	if (err)
		unregister_pernet_subsys(&tarpit_net_ops);
	return err;
}

static void __exit tarpit_tg_exit(void)
{
	xt_unregister_targets(tarpit_tg_reg, ARRAY_SIZE(tarpit_tg_reg));
	unregister_pernet_subsys(&tarpit_net_ops);
}

module_init(tarpit_tg_init);
module_exit(tarpit_tg_exit);
