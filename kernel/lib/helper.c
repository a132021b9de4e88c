// SPDX-License-Identifier: GPL-2.0-only
/* What help functions have in common, see helper.h. */

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_log.h>

#include "lib/helper.h"
#include "lib/udp_payload.h"

/* What the helpers keep with a connection, besides what is their own. */
struct pom_connection {
	unsigned long counted;
};

static void count_connection(const struct pom_packet *p)
{
	struct pom_connection *c = nfct_help_data(p->ct);

	BUILD_BUG_ON(sizeof(*c) > sizeof_field(struct nf_conn_help, data));
	if (!test_bit(0, &c->counted) && !test_and_set_bit(0, &c->counted))
		nf_autohelper_count(p->helper, p->ct, POM_CONNECTIONS);
}

bool pom_packet_udp(struct pom_packet *p, unsigned int protoff, u8 *buf,
		    unsigned int size)
{
	struct udp_payload payload;

	count_connection(p);
	if (!udp_payload_peek(p->skb, protoff, buf, size, &payload))
		return false;
	p->data = payload.data;
	p->have = payload.have;
	p->len = payload.len;
	return true;
}

void pom_refuse(const struct pom_packet *p, enum pom_count reason,
		const char *text)
{
	struct net *net = nf_ct_net(p->ct);
	unsigned int logged = READ_ONCE(net->ct.sysctl_log_invalid);

	nf_autohelper_count(p->helper, p->ct, reason);
	if (logged == p->helper->l4proto || logged == IPPROTO_RAW)
		nf_log_packet(net, nf_ct_l3num(p->ct), 0, p->skb, NULL, NULL,
			      NULL, "nf_ct_%s: not helped: %s: ",
			      p->helper->name, text);
}

/*
 * The expected packet travels against @p. It arrives at the address and port
 * that @p had before NAT, and comes from the address that @p was sent to.
 */
static void follow_nat(const struct pom_packet *p,
		       struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *sent = &p->ct->tuplehash[p->dir].tuple;
	const struct pom_nat *nat = rcu_dereference(p->helper->nat);

	if (!nat || !(p->ct->status & IPS_NAT_MASK))
		return;
	exp->saved_proto.all = sent->src.u.all;
	exp->dir = !p->dir;
	exp->expectfn = nat->follow;
}

void pom_expect_reply(const struct pom_packet *p)
{
	const struct nf_conntrack_tuple *back =
		&p->ct->tuplehash[!p->dir].tuple;
	struct nf_conntrack_expect *exp;

	nf_autohelper_count(p->helper, p->ct, POM_ANNOUNCEMENTS);
	exp = nf_ct_expect_alloc(p->ct);
	if (!exp) {
		pom_refuse(p, POM_NOT_EXPECTED, "no memory");
		return;
	}
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, nf_ct_l3num(p->ct),
			  &back->src.u3, &back->dst.u3, p->helper->l4proto,
			  NULL, &back->dst.u.all);
	follow_nat(p, exp);
	if (nf_autohelper_expect(p->helper, exp) < 0)
		pom_refuse(p, POM_NOT_EXPECTED, "cannot add expectation");
	nf_ct_expect_put(exp);
}
