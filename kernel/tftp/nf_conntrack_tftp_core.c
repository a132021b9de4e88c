// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helper for TFTP, for rules that name it: a server answers a request from a port of
 * its own choice (RFC 1350 section 4), so each request raises one expectation
 * of a packet from the server to the port that the request came from.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_log.h>

#include "tftp/nf_conntrack_tftp.h"
#include "tftp/parser.h"
#include "lib/udp_payload.h"

MODULE_AUTHOR("Patch-o-matic developers");
MODULE_DESCRIPTION("TFTP connection tracking helper");
MODULE_LICENSE("GPL");
MODULE_ALIAS_NFCT_HELPER("tftp");
MODULE_SOFTDEP("post: nf_nat_tftp");

pom_nat_tftp_prepare_fn __rcu *pom_nat_tftp_prepare __read_mostly;
EXPORT_SYMBOL_GPL(pom_nat_tftp_prepare);

/* A client that got no answer asks again, which restarts the timeout. */
static const struct nf_conntrack_expect_policy tftp_policy = {
	.max_expected	= 1,
	.timeout	= 30,	/* seconds */
};

/* Where net.netfilter.nf_conntrack_log_invalid asks for UDP or everything. */
static void tftp_log_refused(struct sk_buff *skb, const struct nf_conn *ct,
			     enum tftp_error error)
{
	struct net *net = nf_ct_net(ct);
	unsigned int wanted = READ_ONCE(net->ct.sysctl_log_invalid);

	if (wanted == IPPROTO_UDP || wanted == IPPROTO_RAW)
		nf_log_packet(net, nf_ct_l3num(ct), 0, skb, NULL, NULL, NULL,
			      "nf_ct_tftp: not helped: %s: ",
			      tftp_error_text(error));
}

/*
 * From the server's address and any port to where the client's request came
 * from, all as the server sees it. An earlier one, from the same request sent
 * twice, is replaced.
 */
static bool tftp_expect(struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *reply =
		&ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	pom_nat_tftp_prepare_fn *nat_prepare;
	struct nf_conntrack_expect *exp;
	bool known;

	exp = nf_ct_expect_alloc(ct);
	if (!exp)
		return false;
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, nf_ct_l3num(ct),
			  &reply->src.u3, &reply->dst.u3,
			  IPPROTO_UDP, NULL, &reply->dst.u.udp.port);

	nat_prepare = rcu_dereference(pom_nat_tftp_prepare);
	if (nat_prepare && ct->status & IPS_NAT_MASK)
		nat_prepare(ct, exp);

	known = nf_ct_expect_related(exp, 0) == 0;
	nf_ct_expect_put(exp);
	return known;
}

static int tftp_help(struct sk_buff *skb, unsigned int protoff,
		     struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct udp_payload payload;
	struct tftp_packet pkt;
	enum tftp_error error;
	u8 buf[TFTP_REQUEST_MAX];

	if (CTINFO2DIR(ctinfo) != IP_CT_DIR_ORIGINAL)
		return NF_ACCEPT;
	if (!udp_payload_peek(skb, protoff, buf, sizeof(buf), &payload))
		return NF_ACCEPT;

	error = tftp_parse(payload.data, payload.have, payload.len, &pkt);
	if (error != TFTP_OK) {
		tftp_log_refused(skb, ct, error);
		return NF_ACCEPT;
	}
	if (!tftp_is_request(&pkt))
		return NF_ACCEPT;

	if (!tftp_expect(ct)) {
		nf_ct_helper_log(skb, ct, "cannot add expectation");
		return NF_DROP;
	}
	return NF_ACCEPT;
}

struct pom_helper pom_tftp_helper = {
	.name		= "tftp",
	.l4proto	= IPPROTO_UDP,
	.default_port	= 69,
	.policy		= &tftp_policy,
	.help		= tftp_help,
	.me		= THIS_MODULE,
};
EXPORT_SYMBOL_GPL(pom_tftp_helper);

static int __init nf_conntrack_tftp_core_init(void)
{
	return pom_helper_register(&pom_tftp_helper);
}

static void __exit nf_conntrack_tftp_core_exit(void)
{
	pom_helper_unregister(&pom_tftp_helper);
}

module_init(nf_conntrack_tftp_core_init);
module_exit(nf_conntrack_tftp_core_exit);
