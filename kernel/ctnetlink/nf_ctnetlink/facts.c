// SPDX-License-Identifier: GPL-2.0-only
/* What a filter compares, of a connection. */
#include <linux/in.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/rcupdate.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_timestamp.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "ctnetlink/nf_ctnetlink/internal.h"

static __no_kcsan void facts_ports(struct ctn_facts *facts,
				   const struct nf_conn *ct)
{
	unsigned int dir;

	facts->has_ports = false;
	facts->is_icmp = false;
	switch (facts->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		facts->has_ports = true;
		for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
			facts->port[dir][0] =
				ntohs(nf_ct_tuple(ct, dir)->src.u.all);
			facts->port[dir][1] =
				ntohs(nf_ct_tuple(ct, dir)->dst.u.all);
		}
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		facts->is_icmp = true;
		facts->icmp = ntohs(nf_ct_tuple(ct, 0)->dst.u.all);
		break;
	}
}

/**
 * ctn_facts_state() - the state of a protocol that has one
 * @facts: with @proto; @flags and @state are set
 * @ct: as for ctn_facts_basic()
 */
__no_kcsan void ctn_facts_state(struct ctn_facts *facts,
				const struct nf_conn *ct)
{
	facts->flags = 0;
	if (facts->proto == IPPROTO_TCP)
		facts->flags = NF_CTNETLINK_RECORD_TCP;
	else if (facts->proto == IPPROTO_SCTP)
		facts->flags = NF_CTNETLINK_RECORD_SCTP;
	facts->state = ctn_state(ct);
}

/**
 * ctn_facts_basic() - what is in the connection itself
 * @facts: all but @has and what it tells of
 * @ct: the connection, with a reference or in an RCU read section. Without a
 *	reference, the facts may be those of two connections.
 */
__no_kcsan void ctn_facts_basic(struct ctn_facts *facts,
				const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *tuple;
	unsigned int dir;

	facts->family = nf_ct_l3num(ct);
	facts->proto = nf_ct_protonum(ct);
	facts->zone = nf_ct_zone(ct)->id;
	facts->status = READ_ONCE(ct->status);
	facts->mark = READ_ONCE(ct->mark);
	facts->left = nf_ct_expires(ct) / HZ;
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		tuple = nf_ct_tuple(ct, dir);
		facts->addr[dir][0] = (const u8 *)&tuple->src.u3;
		facts->addr[dir][1] = (const u8 *)&tuple->dst.u3;
	}
	facts_ports(facts, ct);
	ctn_facts_state(facts, ct);
}

static void facts_acct(struct ctn_facts *facts, const struct nf_conn *ct)
{
	struct nf_conn_acct *acct = nf_conn_acct_find(ct);
	unsigned int dir;

	if (!acct)
		return;
	facts->has |= CTN_HAS_ACCT;
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		facts->packets[dir] =
			atomic64_read(&acct->counter[dir].packets);
		facts->bytes[dir] = atomic64_read(&acct->counter[dir].bytes);
	}
}

static void facts_tstamp(struct ctn_facts *facts, const struct nf_conn *ct)
{
	struct nf_conn_tstamp *tstamp = nf_conn_tstamp_find(ct);
	u64 now = ktime_get_real_ns();

	if (!tstamp || !tstamp->start)
		return;
	facts->has |= CTN_HAS_TSTAMP;
	/* The clock may have been set back. */
	facts->age = now < tstamp->start ? 0 :
		     div_u64(now - tstamp->start, NSEC_PER_SEC);
}

/**
 * ctn_facts_more() - what is in the extensions of a connection
 * @facts: @has, and what it tells of
 * @ct: the connection, with a reference
 * @needs: which facts
 *
 * In an RCU read section, as long as the helper's name is used.
 */
void ctn_facts_more(struct ctn_facts *facts, const struct nf_conn *ct,
		    unsigned int needs)
{
	const struct nf_conntrack_helper *helper;
	const struct nf_conn_labels *labels;
	const struct nf_conn_help *help;

	if (needs & CTN_HAS_ACCT)
		facts_acct(facts, ct);
	if (needs & CTN_HAS_TSTAMP)
		facts_tstamp(facts, ct);
	if (!(needs & CTN_HAS_MORE))
		return;
	facts->has |= CTN_HAS_MORE;
	help = nfct_help(ct);
	helper = help ? rcu_dereference(help->helper) : NULL;
	facts->helper = helper ? helper->name : NULL;
	labels = nf_ct_labels_find(ct);
	facts->labels = labels ? labels->bits : NULL;
}
