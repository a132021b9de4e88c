// SPDX-License-Identifier: GPL-2.0-only
/* The match tcpwindow: what conntrack thinks of a segment. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/netfilter/xt_tcpwindow.h>
#include <net/netfilter/nf_conntrack.h>

#include "lib/conntrack.h"
#include "lib/log.h"
#include "lib/xtables.h"
#include "tcp-window-tracking/loose.h"
#include "tcp-window-tracking/packet.h"
#include "tcp-window-tracking/xt_tcpwindow/internal.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("Netfilter match and target for TCP window tracking");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS("xt_TCPWINDOW");
MODULE_ALIAS("ipt_tcpwindow");
MODULE_ALIAS("ip6t_tcpwindow");
MODULE_ALIAS("ipt_TCPWINDOW");
MODULE_ALIAS("ip6t_TCPWINDOW");

static_assert((int)WINDOW_REASONS == XT_TCPWINDOW_REASONS);
static_assert((int)WINDOW_ACK_UNDER == XT_TCPWINDOW_ACK_UNDER);
static_assert((int)WINDOW_UNKNOWN == XT_TCPWINDOW_UNKNOWN);

/* Options that need a connection. */
#define TCPWINDOW_VALID	(XT_TCPWINDOW_IGNORE | XT_TCPWINDOW_RETRANSMISSION | \
			 XT_TCPWINDOW_SCALE | XT_TCPWINDOW_SIZE |	   \
			 XT_TCPWINDOW_PICKED_UP)
#define TCPWINDOW_NOT	(XT_TCPWINDOW_NOT_REASON |			\
			 XT_TCPWINDOW_NOT_RETRANSMISSION |		\
			 XT_TCPWINDOW_NOT_SCALE | XT_TCPWINDOW_NOT_SIZE | \
			 XT_TCPWINDOW_NOT_PICKED_UP)

/* The flag that inverts an option is so many bits higher. */
#define TCPWINDOW_NOT_SHIFT	8

/* A packet without a connection, which no rule has made untracked. */
static bool tcpwindow_mt_refused(const struct sk_buff *skb,
				 const struct xt_action_param *par,
				 const struct xt_tcpwindow_mtinfo *info)
{
	struct tcpwindow_place at = tcpwindow_place(par, info->zone);
	struct tcpwindow_refusal r;

	tcpwindow_explain((struct sk_buff *)skb, &at, &r);
	tcpwindow_done(&r);
	if (r.fault.reason == WINDOW_NONE)
		return false;
	return !!(info->reasons & BIT(r.fault.reason)) ^
	       !!(info->flags & XT_TCPWINDOW_NOT_REASON);
}

/* Whether an option is given, and not fulfilled. */
static bool tcpwindow_fails(const struct xt_tcpwindow_mtinfo *info, u32 option,
			    bool holds)
{
	return info->flags & option &&
	       holds == !!(info->flags & option << TCPWINDOW_NOT_SHIFT);
}

static bool tcpwindow_mt_valid(const struct sk_buff *skb, struct nf_conn *ct,
			       enum ip_conntrack_info ctinfo, u8 family,
			       const struct xt_tcpwindow_mtinfo *info)
{
	enum ip_conntrack_dir dir = CTINFO2DIR(ctinfo);
	struct window_fault fault;
	struct window_segment seg;
	struct window_conn conn;
	u32 offset, window;
	u8 scale;

	if (nf_ct_protonum(ct) != IPPROTO_TCP ||
	    !tcpwindow_segment(skb, family, &seg))
		return false;
	tcpwindow_snapshot(ct, &seg, dir, &conn, &offset);
	scale = conn.side[dir].scale;
	window = window_scaled(&conn, &seg, dir);
	if (tcpwindow_fails(info, XT_TCPWINDOW_SCALE,
			    scale >= info->scale_min &&
			    scale <= info->scale_max) ||
	    tcpwindow_fails(info, XT_TCPWINDOW_SIZE,
			    window >= info->window_min &&
			    window <= info->window_max) ||
	    tcpwindow_fails(info, XT_TCPWINDOW_RETRANSMISSION,
			    window_retransmitted(&conn, &seg, dir)) ||
	    tcpwindow_fails(info, XT_TCPWINDOW_PICKED_UP,
			    tcpwindow_picked_up(ct)))
		return false;
	if (!(info->flags & XT_TCPWINDOW_IGNORE))
		return true;
	fault = window_ignored(&conn, &seg, dir, offset);
	return fault.reason != WINDOW_NONE && info->ignored & BIT(fault.reason);
}

static bool tcpwindow_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_tcpwindow_mtinfo *info = par->matchinfo;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	bool refused = info->flags & XT_TCPWINDOW_REASON;

	if (ct)
		return !refused && !nf_ct_is_template(ct) &&
		       tcpwindow_mt_valid(skb, ct, ctinfo, xt_family(par),
					  info);
	return refused && ctinfo != IP_CT_UNTRACKED &&
	       tcpwindow_mt_refused(skb, par, info);
}

static const char *
tcpwindow_mt_range_error(const struct xt_tcpwindow_mtinfo *info)
{
	if (info->scale_min > info->scale_max ||
	    info->scale_max > XT_TCPWINDOW_SCALE_MAX)
		return "--scale: must be a range in 0 to 14";
	if (info->window_min > info->window_max ||
	    info->window_max > XT_TCPWINDOW_MAX)
		return "--window: must be a range in 0 to 1073725440";
	if ((!(info->flags & XT_TCPWINDOW_SCALE) && info->scale_max) ||
	    (!(info->flags & XT_TCPWINDOW_SIZE) && info->window_max) ||
	    (!(info->flags & XT_TCPWINDOW_ZONE) && info->zone))
		return "a value of an option that is not given";
	return NULL;
}

static const char tcpwindow_unknown[] =
	"unknown flag or reason: the iptables extension has a different version";

static const char *tcpwindow_mt_error(const struct xt_tcpwindow_mtinfo *info,
				      const char *table)
{
	u32 flags = info->flags;

	if (flags & ~(XT_TCPWINDOW_REASON | TCPWINDOW_VALID |
		      XT_TCPWINDOW_ZONE | TCPWINDOW_NOT) ||
	    info->reasons & ~XT_TCPWINDOW_ALL ||
	    info->ignored & ~XT_TCPWINDOW_IGNORED)
		return tcpwindow_unknown;
	if (!strcmp(table, "raw"))
		return "the table raw comes before conntrack; fix: use -t mangle";
	if (!(flags & (XT_TCPWINDOW_REASON | TCPWINDOW_VALID)))
		return "needs --reason, or an option for accepted segments";
	if (flags & XT_TCPWINDOW_REASON && flags & TCPWINDOW_VALID)
		return "--reason is for refused segments, other options for accepted ones";
	if (flags & XT_TCPWINDOW_ZONE && !(flags & XT_TCPWINDOW_REASON))
		return "--zone needs --reason";
	if ((flags & TCPWINDOW_NOT) >> TCPWINDOW_NOT_SHIFT & ~flags)
		return "nothing is inverted";
	if (!!(flags & XT_TCPWINDOW_REASON) != !!info->reasons ||
	    !!(flags & XT_TCPWINDOW_IGNORE) != !!info->ignored)
		return "--reason and --ignored need a list";
	return tcpwindow_mt_range_error(info);
}

static int tcpwindow_mt_check(const struct xt_mtchk_param *par)
{
	const char *error = tcpwindow_mt_error(par->matchinfo, par->table);

	if (error) {
		pom_info(par->net, "tcpwindow: %s\n", error);
		return -EINVAL;
	}
	return pom_conntrack_get(par->net, par->family);
}

static void tcpwindow_mt_destroy(const struct xt_mtdtor_param *par)
{
	nf_ct_netns_put(par->net, par->family);
}

/* The first half is complete but for the family. */
static struct xt_match tcpwindow_mt_reg[2] __read_mostly = {
	{
		.name		= "tcpwindow",
		.match		= tcpwindow_mt,
		.checkentry	= tcpwindow_mt_check,
		.destroy	= tcpwindow_mt_destroy,
		.matchsize	= sizeof(struct xt_tcpwindow_mtinfo),
		.me		= THIS_MODULE,
	},
};

static int __init tcpwindow_init(void)
{
	int err;

	err = tcpwindow_tg_init();
	if (err)
		return err;
	err = pom_register_matches(tcpwindow_mt_reg, 1);
	if (err)
		tcpwindow_tg_exit();
	return err;
}

static void __exit tcpwindow_exit(void)
{
	pom_unregister_matches(tcpwindow_mt_reg, 1);
	tcpwindow_tg_exit();
}

module_init(tcpwindow_init);
module_exit(tcpwindow_exit);
