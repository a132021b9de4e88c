// SPDX-License-Identifier: GPL-2.0-only
/*
 * The target TCPWINDOW: how strict conntrack is with one connection, and
 * packets that it has refused all the same.
 *
 * IP_CT_TCP_FLAG_BE_LIBERAL is conntrack's own switch for one direction of a
 * connection. It survives the options of a SYN. Where conntrack begins again
 * with the two ends, it is lost, and the next packet that a rule sees sets it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/netfilter/xt_tcpwindow.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_timeout.h>

#include "compat/conntrack.h"
#include "lib/conntrack.h"
#include "lib/ct_timeouts.h"
#include "lib/log.h"
#include "lib/xtables.h"
#include "tcp-window-tracking/loose.h"
#include "tcp-window-tracking/packet.h"
#include "tcp-window-tracking/xt_tcpwindow/internal.h"

#define TCPWINDOW_ACTIONS	(XT_TCPWINDOW_LIBERAL | XT_TCPWINDOW_STRICT | \
				 XT_TCPWINDOW_NO_WINDOW |		      \
				 XT_TCPWINDOW_ACCEPT | XT_TCPWINDOW_LOOSE)

/*
 * Where a packet that gets its connection back meets NAT afterwards. A chain of
 * the user has no hooks of its own where nftables checks it, so the packet path
 * looks once more.
 */
#define TCPWINDOW_ACCEPT_HOOKS	(BIT(NF_INET_PRE_ROUTING) | \
				 BIT(NF_INET_LOCAL_OUT))

/* The reasons for which a packet is given back. */
#define TCPWINDOW_ACCEPTED	(XT_TCPWINDOW_WINDOW | BIT(XT_TCPWINDOW_RST))

/* Changes flags of both directions; takes the lock only if they change. */
static void tcpwindow_flags(struct nf_conn *ct, u8 clear, u8 set)
{
	struct ip_ct_tcp_state *seen = ct->proto.tcp.seen;
	u8 have = READ_ONCE(seen[0].flags) & READ_ONCE(seen[1].flags);
	u8 either = READ_ONCE(seen[0].flags) | READ_ONCE(seen[1].flags);
	unsigned int dir;

	if (!(either & clear) && (have & set) == set)
		return;
	spin_lock_bh(&ct->lock);
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++)
		WRITE_ONCE(seen[dir].flags, (seen[dir].flags & ~clear) | set);
	spin_unlock_bh(&ct->lock);
}

/*
 * Without IP_CT_TCP_FLAG_MAXACK_SET, conntrack does not compare the number of a
 * RST with what its receiver has acknowledged. Each acknowledgment sets the
 * flag again, for the next packet.
 */
static void tcpwindow_tg_valid(struct nf_conn *ct, u32 flags)
{
	if (flags & XT_TCPWINDOW_LIBERAL)
		tcpwindow_flags(ct, 0, IP_CT_TCP_FLAG_BE_LIBERAL);
	else if (flags & XT_TCPWINDOW_STRICT)
		tcpwindow_flags(ct, IP_CT_TCP_FLAG_BE_LIBERAL, 0);
	else if (flags & XT_TCPWINDOW_NO_WINDOW)
		tcpwindow_flags(ct, IP_CT_TCP_FLAG_MAXACK_SET,
				IP_CT_TCP_FLAG_BE_LIBERAL);
}

/*
 * Anyone who guesses addresses and ports can send such a packet. So it keeps
 * the connection no longer than data does that nobody acknowledges.
 */
static void tcpwindow_refresh(struct nf_conn *ct)
{
	const unsigned int *timeouts = nf_ct_timeout_lookup(ct);
	u8 state = READ_ONCE(ct->proto.tcp.state);
	u32 timeout;

	if (state >= TCP_CONNTRACK_MAX)
		return;
	if (!timeouts)
		timeouts = pom_ct_timeouts(nf_ct_net(ct), IPPROTO_TCP).value;
	timeout = min(READ_ONCE(timeouts[state]),
		      READ_ONCE(timeouts[TCP_CONNTRACK_UNACK]));
	if (nf_ct_expires(ct) < timeout)
		pom_ct_refresh(ct, timeout);
}

/* A helper would believe the packet. */
static bool tcpwindow_has_helper(const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);

	return help && rcu_access_pointer(help->helper);
}

/*
 * Whether a packet can have its connection back. Before the first reply, NAT
 * has not finished with the connection.
 */
static bool tcpwindow_may_accept(const struct tcpwindow_refusal *r)
{
	return r->ct && r->fault.reason < WINDOW_REASONS &&
	       TCPWINDOW_ACCEPTED & BIT(r->fault.reason) &&
	       test_bit(IPS_SEEN_REPLY_BIT, &r->ct->status) &&
	       nf_ct_is_confirmed(r->ct) && !nf_ct_is_dying(r->ct) &&
	       !tcpwindow_has_helper(r->ct);
}

static void tcpwindow_accept(struct sk_buff *skb,
			     const struct xt_action_param *par,
			     const struct xt_tcpwindow_tginfo *info)
{
	struct tcpwindow_place at = tcpwindow_place(par, info->zone);
	struct tcpwindow_refusal r;

	if (!(BIT(at.hook) & TCPWINDOW_ACCEPT_HOOKS))
		return;
	tcpwindow_explain(skb, &at, &r);
	if (!tcpwindow_may_accept(&r)) {
		tcpwindow_done(&r);
		return;
	}
	if (r.seg.kind == WINDOW_KIND_ACK)
		tcpwindow_refresh(r.ct);
	/* the packet takes over the reference */
	nf_ct_set(skb, r.ct, r.dir == IP_CT_DIR_REPLY ?
				     IP_CT_ESTABLISHED_REPLY :
				     IP_CT_ESTABLISHED);
}

static unsigned int tcpwindow_tg(struct sk_buff *skb,
				 const struct xt_action_param *par)
{
	const struct xt_tcpwindow_tginfo *info = par->targinfo;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct) {
		if (info->flags & XT_TCPWINDOW_ACCEPT &&
		    ctinfo != IP_CT_UNTRACKED)
			tcpwindow_accept(skb, par, info);
		return XT_CONTINUE;
	}
	if (nf_ct_is_template(ct) || nf_ct_protonum(ct) != IPPROTO_TCP ||
	    !tcpwindow_is_tcp(skb, xt_family(par)))
		return XT_CONTINUE;
	if (info->flags & XT_TCPWINDOW_LOOSE)
		tcpwindow_loose(skb, xt_family(par), ct, ctinfo,
				info->packets);
	else
		tcpwindow_tg_valid(ct, info->flags);
	return XT_CONTINUE;
}

static const char *tcpwindow_tg_error(const struct xt_tcpwindow_tginfo *info,
				      const struct xt_tgchk_param *par)
{
	u32 action = info->flags & TCPWINDOW_ACTIONS;

	if (info->flags & ~(TCPWINDOW_ACTIONS | XT_TCPWINDOW_ZONE))
		return "unknown flag: the iptables extension has a different version";
	if (!action || action & (action - 1))
		return "needs one of --be-liberal, --strict, --no-window, --loose and --accept";
	if (info->flags & XT_TCPWINDOW_ZONE && action != XT_TCPWINDOW_ACCEPT)
		return "--zone needs --accept";
	if (!(info->flags & XT_TCPWINDOW_ZONE) && info->zone)
		return "a zone without --zone";
	if (action == XT_TCPWINDOW_LOOSE ? !info->packets : info->packets)
		return "--loose needs a number of packets from 1 to 65535";
	if (!strcmp(par->table, "raw"))
		return "the table raw comes before conntrack; fix: use -t mangle";
	if (action == XT_TCPWINDOW_ACCEPT &&
	    (strcmp(par->table, "mangle") ||
	     par->hook_mask & ~TCPWINDOW_ACCEPT_HOOKS))
		return "--accept works in PREROUTING and OUTPUT of mangle, before NAT";
	return NULL;
}

static int tcpwindow_tg_check(const struct xt_tgchk_param *par)
{
	const char *error = tcpwindow_tg_error(par->targinfo, par);

	if (error) {
		pom_info(par->net, "TCPWINDOW: %s\n", error);
		return -EINVAL;
	}
	return pom_conntrack_get(par->net, par->family);
}

static void tcpwindow_tg_destroy(const struct xt_tgdtor_param *par)
{
	nf_ct_netns_put(par->net, par->family);
}

/* The first half is complete but for the family. */
static struct xt_target tcpwindow_tg_reg[2] __read_mostly = {
	{
		.name		= "TCPWINDOW",
		.target		= tcpwindow_tg,
		.checkentry	= tcpwindow_tg_check,
		.destroy	= tcpwindow_tg_destroy,
		.targetsize	= sizeof(struct xt_tcpwindow_tginfo),
		.me		= THIS_MODULE,
	},
};

int __init tcpwindow_tg_init(void)
{
	return pom_register_targets(tcpwindow_tg_reg, 1);
}

void tcpwindow_tg_exit(void)
{
	pom_unregister_targets(tcpwindow_tg_reg, 1);
}
