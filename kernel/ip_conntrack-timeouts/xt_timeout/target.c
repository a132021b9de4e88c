// SPDX-License-Identifier: GPL-2.0-only
/*
 * The target TIMEOUT: give a connection timeouts of its own, shorten its timer,
 * or end it.
 *
 * Several CPUs may run packets of one connection through several rules. A
 * connection changes from one vector to another by a compare-and-exchange, and
 * the CPU that made the change drops the reference to the old one. The kernel
 * clears timeouts without one: those of a policy or of nftables, which a rule
 * never replaces, and all when the namespace ends, after its last packet.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_extend.h>

#include "compat/conntrack.h"
#include "compat/ct_timeout.h"
#include "lib/conntrack.h"
#include "lib/ct_timeouts.h"
#include "lib/log.h"
#include "lib/xtables.h"
#include "ip_conntrack-timeouts/xt_timeout/internal.h"

/* What a rule did to a connection. */
enum timeout_given {
	TIMEOUT_REFUSED,	/* another target chose its timeouts */
	TIMEOUT_UNCHANGED,	/* it had these, or has no place for any */
	TIMEOUT_GIVEN,
};

/*
 * How much the timer may have advanced since conntrack set it at this packet.
 * Softirqs are delayed where a hypervisor runs other guests.
 */
#define TIMEOUT_SLACK	(HZ / 50 + 1)

/* Under rcu_read_lock, as every packet. */
static enum timeout_given timeout_give(struct nf_conn *ct,
				       struct nf_ct_timeout *t)
{
	struct nf_conn_timeout *ext = timeout_place(ct);
	struct nf_ct_timeout *old;

	if (!ext)
		return TIMEOUT_UNCHANGED;
	old = rcu_dereference(ext->timeout);
	if (old == t)
		return TIMEOUT_UNCHANGED;
	if (old && !timeout_is_ours(old))
		return TIMEOUT_REFUSED;
	if (!pom_ct_timeout_get(t))
		return TIMEOUT_UNCHANGED;
	if (cmpxchg((struct nf_ct_timeout __force **)&ext->timeout, old, t) !=
	    old) {
		pom_ct_timeout_put(t);
		return TIMEOUT_UNCHANGED;
	}
	if (old)
		pom_ct_timeout_put(old);
	return TIMEOUT_GIVEN;
}

/*
 * Conntrack copies GRE's timeouts into a connection before rules see it. A
 * state that the rule does not set keeps that copy, or what the pptp helper
 * made of it. Where the connection had the list of another rule, @all states
 * are set.
 */
static void timeout_give_gre(struct nf_conn *ct, const struct timeout_vector *v,
			     const unsigned int *timeouts, bool all)
{
#ifdef CONFIG_NF_CT_PROTO_GRE
	u32 fixed = v->fixed[TIMEOUT_GRE];

	if (all || fixed & BIT(GRE_CT_UNREPLIED))
		WRITE_ONCE(ct->proto.gre.timeout,
			   READ_ONCE(timeouts[GRE_CT_UNREPLIED]));
	if (all || fixed & BIT(GRE_CT_REPLIED))
		WRITE_ONCE(ct->proto.gre.stream_timeout,
			   READ_ONCE(timeouts[GRE_CT_REPLIED]));
#endif
}

/*
 * What conntrack has set the timer to, if it has at this packet. @before are
 * the connection's own timeouts, or NULL.
 */
static u32 timeout_chosen(const struct nf_conn *ct, enum timeout_proto proto,
			  const unsigned int *before)
{
#ifdef CONFIG_NF_CT_PROTO_GRE
	if (proto == TIMEOUT_GRE)
		return READ_ONCE(ct->status) & IPS_SEEN_REPLY ?
			READ_ONCE(ct->proto.gre.stream_timeout) :
			READ_ONCE(ct->proto.gre.timeout);
#endif
	if (!before)
		before = pom_ct_timeouts(nf_ct_net(ct),
					 timeout_l4proto(proto)).value;
	return timeout_of_state(ct, proto, before);
}

/*
 * Conntrack does not set the timer at every packet that it accepts: otherwise
 * a SYN that is sent again could keep a connection for ever. At some packets,
 * such as a RST, it sets a shorter one. So the timer gets longer only where
 * conntrack has just set it to @chosen.
 */
static void timeout_now(struct nf_conn *ct, u32 chosen, u32 timeout)
{
	u32 left = nf_ct_expires(ct);

	if (left > timeout ||
	    (left <= chosen && chosen - left <= TIMEOUT_SLACK))
		pom_ct_refresh(ct, timeout);
}

/*
 * Conntrack sets the timer before rules see the packet. So the first packet's
 * is set again; a connection that exists keeps its timer until its next packet.
 *
 * A packet may have waited in a queue of user space while its connection was
 * removed from the table. Then no walk finds the connection, and where
 * connections hold no references, its pointer may be to freed memory. The bit
 * is set before the connection is removed, and an earlier reader is waited for.
 */
static void timeout_set(struct nf_conn *ct, const struct timeout_vector *v,
			bool now)
{
	enum timeout_proto proto = timeout_proto_of(ct);
	const unsigned int *timeouts, *before;
	enum timeout_given given;
	u32 chosen;

	if (proto == TIMEOUT_PROTOS || !v->timeout[proto] || nf_ct_is_dying(ct))
		return;
	timeouts = (const unsigned int *)v->timeout[proto]->data;
	before = nf_ct_timeout_lookup(ct);
	chosen = now ? timeout_chosen(ct, proto, before) : 0;
	given = timeout_give(ct, v->timeout[proto]);
	if (given == TIMEOUT_REFUSED)
		return;
	if (given == TIMEOUT_GIVEN || now)
		timeout_vector_follow(nf_ct_net(ct), v, proto);
	if (given == TIMEOUT_GIVEN && proto == TIMEOUT_GRE)
		timeout_give_gre(ct, v, timeouts, before);
	if (nf_ct_is_confirmed(ct)) {
		/* From its own timeouts, conntrack has set the right timer. */
		if (now && before != timeouts)
			timeout_now(ct, chosen,
				    timeout_of_state(ct, proto, timeouts));
	} else if (now || given == TIMEOUT_GIVEN) {
		pom_ct_refresh(ct, timeout_of_state(ct, proto, timeouts));
	}
}

static void timeout_cap(struct nf_conn *ct, u32 cap)
{
	u32 left = nf_ct_is_confirmed(ct) ? nf_ct_expires(ct)
					  : READ_ONCE(ct->timeout);

	if (left > cap)
		pom_ct_refresh(ct, cap);
}

/*
 * An ICMP error carries the connection that it quotes, and conntrack does not
 * compare its source with that connection. It does not set the timer, either.
 * No helper expects ICMP, so a related ICMP packet is an error.
 */
static bool timeout_is_icmp_error(const struct sk_buff *skb,
				  enum ip_conntrack_info ctinfo, u8 family)
{
	__be16 frag_off;
	u8 protocol;

	if (ctinfo == IP_CT_RELATED_REPLY)
		return true;
	if (ctinfo != IP_CT_RELATED)
		return false;
	if (family == NFPROTO_IPV4)
		return ip_hdr(skb)->protocol == IPPROTO_ICMP;
	protocol = ipv6_hdr(skb)->nexthdr;
	ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(struct ipv6hdr),
			 &protocol, &frag_off);
	return protocol == IPPROTO_ICMPV6;
}

static unsigned int timeout_tg(struct sk_buff *skb,
			       const struct xt_action_param *par)
{
	const struct xt_timeout_tginfo *info = par->targinfo;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || nf_ct_is_template(ct) ||
	    timeout_is_icmp_error(skb, ctinfo, xt_family(par)))
		return XT_CONTINUE;
	if (info->flags & XT_TIMEOUT_EXPIRE) {
		pom_ct_refresh(ct, 0);
		return XT_CONTINUE;
	}
	if (info->set)
		timeout_set(ct, info->vector, info->flags & XT_TIMEOUT_NOW);
	if (info->flags & XT_TIMEOUT_CAP)
		timeout_cap(ct, info->cap * HZ);
	return XT_CONTINUE;
}

static const char timeout_unknown[] =
	"unknown flag or state: the iptables extension has a different version";

static const char *timeout_value_error(const struct xt_timeout_tginfo *info)
{
	unsigned int i;

	for (i = 0; i < XT_TIMEOUT_STATES_MAX; i++) {
		if (!(info->set & BIT(i))) {
			if (info->value[i])
				return "--set: a value of no state";
			continue;
		}
		if (i >= XT_TIMEOUT_STATES)
			return timeout_unknown;
		if (!info->value[i] || info->value[i] > XT_TIMEOUT_MAX)
			return "--set: a time must be 1 to 2147483 seconds";
	}
	return NULL;
}

static const char *timeout_tg_error(const struct xt_timeout_tginfo *info,
				    const char *table)
{
	u32 flags = info->flags;

	if (flags & ~(XT_TIMEOUT_CAP | XT_TIMEOUT_NOW | XT_TIMEOUT_EXPIRE) ||
	    info->pad)
		return timeout_unknown;
	if (!strcmp(table, "raw"))
		return "the table raw has no connections yet; fix: use -t mangle";
	if (!info->set && !(flags & (XT_TIMEOUT_CAP | XT_TIMEOUT_EXPIRE)))
		return "needs --set, --cap or --expire";
	if (flags & XT_TIMEOUT_EXPIRE &&
	    (info->set || flags != XT_TIMEOUT_EXPIRE))
		return "--expire is alone";
	if (flags & XT_TIMEOUT_NOW && !info->set)
		return "--now needs --set";
	if (flags & XT_TIMEOUT_CAP ? !info->cap || info->cap > XT_TIMEOUT_MAX
				   : info->cap)
		return "--cap: a time must be 1 to 2147483 seconds";
	return timeout_value_error(info);
}

static int timeout_tg_check(const struct xt_tgchk_param *par)
{
	struct xt_timeout_tginfo *info = par->targinfo;
	const char *error = timeout_tg_error(info, par->table);
	int err;

	if (error) {
		pom_info(par->net, "TIMEOUT: %s\n", error);
		return -EINVAL;
	}
	err = pom_conntrack_get(par->net, par->family);
	if (err < 0)
		return err;
	info->vector = NULL;
	if (info->set) {
		info->vector = timeout_vector_get(par->net, info);
		if (IS_ERR(info->vector)) {
			err = PTR_ERR(info->vector);
			goto err_netns;
		}
	}
	err = timeout_hooks_get(par->net, par->family);
	if (err)
		goto err_vector;
	return 0;

err_vector:
	if (info->vector)
		timeout_vector_put(par->net, info->vector);
err_netns:
	nf_ct_netns_put(par->net, par->family);
	return err;
}

static void timeout_tg_destroy(const struct xt_tgdtor_param *par)
{
	const struct xt_timeout_tginfo *info = par->targinfo;

	timeout_hooks_put(par->net);
	if (info->vector)
		timeout_vector_put(par->net, info->vector);
	nf_ct_netns_put(par->net, par->family);
}

/* The first half is complete but for the family. */
static struct xt_target timeout_tg_reg[2] __read_mostly = {
	{
		.name		= "TIMEOUT",
		.target		= timeout_tg,
		.checkentry	= timeout_tg_check,
		.destroy	= timeout_tg_destroy,
		.targetsize	= sizeof(struct xt_timeout_tginfo),
		.usersize	= offsetof(struct xt_timeout_tginfo, vector),
		.me		= THIS_MODULE,
	},
};

int __init timeout_tg_init(void)
{
	return pom_register_targets(timeout_tg_reg, 1);
}

void timeout_tg_exit(void)
{
	pom_unregister_targets(timeout_tg_reg, 1);
}
