// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helpers of H.323:
 *
 *	RAS	UDP, port 1719: an endpoint and its gatekeeper (ras.c)
 *	Q.931	TCP, port 1720: calls
 *	H.225	the same under the name of 2002
 *	H.245	TCP: control connections, which calls announce
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <net/netfilter/nf_conntrack.h>

#include "h323/nf_conntrack_h323_core/internal.h"
#include "lib/helper.h"
#include "lib/helper_session.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("H.323 connection tracking helpers");
MODULE_LICENSE("GPL");
MODULE_VERSION(POM_VERSION);
MODULE_ALIAS_NFCT_HELPER("RAS");
MODULE_ALIAS_NFCT_HELPER("Q.931");
MODULE_ALIAS_NFCT_HELPER("H.225");
MODULE_ALIAS_NFCT_HELPER("H.245");
MODULE_SOFTDEP("post: nf_nat_h323");

struct pom_h323_settings pom_h323_settings = {
	.default_rrq_ttl    = POM_H323_RRQ_TTL,
	.gkrouted_only	    = true,
	.callforward_filter = true,
};
EXPORT_SYMBOL_GPL(pom_h323_settings);

/**
 * h323_read_settings() - read the parameters once for a packet
 * @to: the result
 */
void h323_read_settings(struct pom_h323_settings *to)
{
	const struct pom_h323_settings *from = &pom_h323_settings;

	to->default_rrq_ttl = READ_ONCE(from->default_rrq_ttl);
	to->gkrouted_only = READ_ONCE(from->gkrouted_only);
	to->callforward_filter = READ_ONCE(from->callforward_filter);
}

#define CALL_TIME	240	/* seconds */

/*
 * A call has audio, video, presentation and far end camera control at most, for
 * each a port for RTP and one for RTCP.
 */
static const struct nf_conntrack_expect_policy h323_policy[] = {
	[H323_CLASS_SIGNAL] = {
		.max_expected	= 4,
		.timeout	= CALL_TIME,
	},
	[H323_CLASS_MEDIA] = {
		.max_expected	= 16,
		.timeout	= CALL_TIME,
	},
	[H323_CLASS_DATA] = {
		.max_expected	= 2,
		.timeout	= CALL_TIME,
	},
};

/* An endpoint has a few addresses of its own, and calls others. */
static const struct nf_conntrack_expect_policy ras_policy[] = {
	[H323_CLASS_ANSWER] = {
		.max_expected	= 24,
		.timeout	= CALL_TIME,
	},
	[H323_CLASS_REGISTRATION] = {
		.max_expected	= 8,
		.timeout	= CALL_TIME,
	},
};

static void read_segment(struct h323_segment *g, struct pom_session_data *d)
{
	struct h323_session *s = pom_session_find(d);
	bool ret = true;

	/* Where the first byte is was not seen: no message is safe to read. */
	if (!s && test_bit(POM_SESSION_BEGUN, &d->bits))
		s = h323_session_make(g, d);
	if (!s)
		return;
	spin_lock_bh(&s->lock);
	if (!s->dead) {
		g->s = s;
		g->st = &s->dir[g->p->dir];
		ret = h323_stream_read(g);
	}
	spin_unlock_bh(&s->lock);
	if (ret)
		return;
	pom_refuse(g->p, POM_MALFORMED, "no H.323");
	h323_session_refuse(g, d);
}

static noinline_for_stack void read_packet(struct sk_buff *skb,
					   unsigned int protoff,
					   struct nf_conn *ct,
					   enum ip_conntrack_info ctinfo,
					   const struct pom_helper *helper,
					   enum h323_protocol protocol)
{
	struct pom_packet p = {
		.helper	= helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
		.protoff = protoff,
	};
	struct pom_session_data *d = nfct_help_data(ct);
	struct h323_segment g = { .p = &p, .protocol = protocol };

	BUILD_BUG_ON(sizeof(*d) > sizeof_field(struct nf_conn_help, data));
	BUILD_BUG_ON(POM_SESSION_BITS_END > POM_OWN_BITS_END);
	pom_packet_begin(&p);
	/* In this RCU section, a namespace with a user keeps its h323_net(). */
	if (!check_net(nf_ct_net(ct)) || pom_packet_is_error(&p) ||
	    !tcp_payload_find(skb, protoff, &g.payload))
		return;
	g.hn = h323_net(nf_ct_net(ct));
	h323_read_settings(&g.settings);
	if (g.payload.syn)
		h323_session_begin(&g, d);
	else if (ctinfo == IP_CT_ESTABLISHED ||
		 ctinfo == IP_CT_ESTABLISHED_REPLY)
		read_segment(&g, d);
}

/*
 * Whether there is nothing to read in a segment: half of them have no payload.
 * The first one, a SYN, is always read, which counts the connection.
 */
static bool is_idle(const struct sk_buff *skb, unsigned int protoff,
		    const struct nf_conn *ct)
{
	const struct pom_session_data *d = nfct_help_data(ct);
	struct tcp_payload payload;

	return test_bit(0, &d->bits) &&
	       tcp_payload_find(skb, protoff, &payload) && !payload.syn &&
	       (!payload.len || test_bit(POM_SESSION_REFUSED, &d->bits));
}

static int help(struct sk_buff *skb, unsigned int protoff, struct nf_conn *ct,
		enum ip_conntrack_info ctinfo, const struct pom_helper *helper,
		enum h323_protocol protocol)
{
	if (!is_idle(skb, protoff, ct))
		read_packet(skb, protoff, ct, ctinfo, helper, protocol);
	return NF_ACCEPT;
}

static int call_help(struct sk_buff *skb, unsigned int protoff,
		     struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	return help(skb, protoff, ct, ctinfo, &pom_h323_call_helper,
		    H323_PROTOCOL_CALL);
}

static int old_help(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	return help(skb, protoff, ct, ctinfo, &pom_h323_old_helper,
		    H323_PROTOCOL_CALL);
}

static int control_help(struct sk_buff *skb, unsigned int protoff,
			struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	return help(skb, protoff, ct, ctinfo, &pom_h323_control_helper,
		    H323_PROTOCOL_CONTROL);
}

/*
 * Kernels up to 7.1 register a helper under a port, and no two under the same.
 * These two are never attached to it.
 */
#define CONTROL_KEY	0
#define OLD_KEY		1

struct pom_helper pom_h323_control_helper = {
	.name		= "H.245",
	.l4proto	= IPPROTO_TCP,
	.default_port	= CONTROL_KEY,
	.policy		= h323_policy,
	.class_max	= H323_CLASSES - 1,
	.help		= control_help,
	.destroy	= h323_session_destroy,
	.me		= THIS_MODULE,
};

struct pom_helper pom_h323_old_helper = {
	.name		= "H.225",
	.l4proto	= IPPROTO_TCP,
	.default_port	= OLD_KEY,
	.policy		= h323_policy,
	.class_max	= H323_CLASSES - 1,
	.help		= old_help,
	.destroy	= h323_session_destroy,
	.me		= THIS_MODULE,
	.next		= &pom_h323_call_helper,
};

struct pom_helper pom_h323_call_helper = {
	.name		= "Q.931",
	.l4proto	= IPPROTO_TCP,
	.default_port	= 1720,
	.policy		= h323_policy,
	.class_max	= H323_CLASSES - 1,
	.help		= call_help,
	.destroy	= h323_session_destroy,
	.me		= THIS_MODULE,
	.next		= &pom_h323_control_helper,
};
EXPORT_SYMBOL_GPL(pom_h323_call_helper);

/*
 * They are unregistered in this order: none that is registered assigns one that
 * is not.
 */
struct pom_helper pom_h323_ras_helper = {
	.name		= "RAS",
	.l4proto	= IPPROTO_UDP,
	.default_port	= 1719,
	.policy		= ras_policy,
	.class_max	= H323_RAS_CLASSES - 1,
	.help		= h323_ras_help,
	.me		= THIS_MODULE,
	.next		= &pom_h323_old_helper,
};
EXPORT_SYMBOL_GPL(pom_h323_ras_helper);

static void unregister(struct pom_helper *end)
{
	struct pom_helper *h;

	for (h = &pom_h323_ras_helper; h != end; h = h->next) {
		pom_helper_unregister(h);
		nf_autohelper_forget(h);
	}
	/* Until no packet uses an expectation that it has found before. */
	synchronize_rcu();
	h323_net_unregister();
}

static int __init h323_init(void)
{
	struct pom_helper *h;
	int ret = h323_net_register();

	if (ret < 0)
		return ret;
	for (h = &pom_h323_ras_helper; h; h = h->next) {
		ret = pom_helper_register(h);
		if (ret == -EBUSY)
			pr_err("fix: modprobe -r nf_nat_h323 nf_conntrack_h323\n");
		if (ret < 0) {
			unregister(h);
			return ret;
		}
	}
	return 0;
}

static void __exit h323_exit(void)
{
	unregister(NULL);
}

module_init(h323_init);
module_exit(h323_exit);
