// SPDX-License-Identifier: GPL-2.0-only
/* Functions for helpers, see helper.h. */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/random.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_log.h>

#include "lib/encoding.h"
#include "lib/helper.h"
#include "lib/udp_payload.h"

void pom_packet_begin(struct pom_packet *p)
{
	struct pom_connection *c = nfct_help_data(p->ct);

	p->nat = rcu_dereference(p->helper->nat);
	BUILD_BUG_ON(sizeof(*c) > sizeof_field(struct nf_conn_help, data));
	if (!test_bit(0, &c->bits) && !test_and_set_bit(0, &c->bits))
		nf_autohelper_count(p->helper, p->ct, POM_CONNECTIONS);
}

/* The protocol of a packet whose conntrack entry has a helper. */
static u8 protocol_of(const struct sk_buff *skb, u8 family)
{
	__be16 frag_off;
	u8 protocol;

	if (family == NFPROTO_IPV4)
		return ip_hdr(skb)->protocol;
	protocol = ipv6_hdr(skb)->nexthdr;
	if (ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &protocol,
			     &frag_off) < 0)
		return IPPROTO_NONE;
	return protocol;
}

bool pom_packet_is_foreign(const struct pom_packet *p)
{
	return protocol_of(p->skb, nf_ct_l3num(p->ct)) != p->helper->l4proto;
}

bool pom_packet_udp(struct pom_packet *p, unsigned int protoff, u8 *buf,
		    unsigned int size)
{
	struct udp_payload payload;

	p->protoff = protoff;
	pom_packet_begin(p);
	if (pom_packet_is_error(p) ||
	    !udp_payload_peek(p->skb, protoff, buf, size, &payload))
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
 * The expected packet travels against @p. It arrives at the address and @port
 * that @p had before NAT. Unless it may come from any address, it comes from
 * the address that @p was sent to.
 */
static void follow_nat(const struct pom_packet *p,
		       struct nf_conntrack_expect *exp, __be16 port,
		       bool any_peer)
{
	if (!p->nat || !pom_is_mapped(p))
		return;
	exp->saved_proto.all = port;
	exp->dir = !p->dir;
	exp->expectfn = any_peer ? p->nat->follow_any : p->nat->follow;
}

/* Without it, the connection would end at the address of this host. */
static bool can_follow_nat(const struct pom_packet *p)
{
	if (p->nat || !pom_is_mapped(p))
		return true;
	pom_refuse(p, POM_NOT_EXPECTED, "NAT half is not loaded");
	return false;
}

void pom_expect_reply(const struct pom_packet *p)
{
	const struct nf_conntrack_tuple *back =
		&p->ct->tuplehash[!p->dir].tuple;
	struct nf_conntrack_expect *exp;

	nf_autohelper_count(p->helper, p->ct, POM_ANNOUNCEMENTS);
	if (!can_follow_nat(p))
		return;
	exp = nf_ct_expect_alloc(p->ct);
	if (!exp) {
		pom_refuse(p, POM_NOT_EXPECTED, "no memory");
		return;
	}
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, nf_ct_l3num(p->ct),
			  &back->src.u3, &back->dst.u3, p->helper->l4proto,
			  NULL, &back->dst.u.all);
	follow_nat(p, exp, p->ct->tuplehash[p->dir].tuple.src.u.all, false);
	if (nf_autohelper_expect(p->helper, exp) < 0)
		pom_refuse(p, POM_NOT_EXPECTED, "cannot add expectation");
	nf_ct_expect_put(exp);
}

static unsigned int addr_len(const struct pom_packet *p)
{
	return nf_ct_l3num(p->ct) == NFPROTO_IPV6 ? 16 : 4;
}

bool pom_is_own(const struct pom_packet *p, const u8 *addr)
{
	const struct nf_conntrack_tuple_hash *h = p->ct->tuplehash;
	unsigned int len = addr_len(p);

	return !memcmp(addr, &h[p->dir].tuple.src.u3, len) ||
	       !memcmp(addr, &h[!p->dir].tuple.dst.u3, len);
}

/*
 * An expectation that the connection already has: of the announced port
 * (@same), or of a different port that NAT maps to @port. The kernel would
 * replace the latter.
 *
 * Return: the port as the peer sees it, or 0.
 */
static u16 earlier(const struct pom_packet *p, const struct pom_announced *a,
		   bool same, u16 port)
{
	const struct nf_conn_help *help = nfct_help(p->ct);
	const struct nf_conntrack_expect *exp;
	bool found;

	hlist_for_each_entry_rcu(exp, &help->expectations, lnode) {
		if (exp->dir != !p->dir ||
		    exp->tuple.dst.protonum != a->l4proto)
			continue;
		found = exp->saved_proto.all == htons(a->port);
		if (found != same)
			continue;
		if (same || exp->tuple.dst.u.all == htons(port))
			return ntohs(exp->tuple.dst.u.all);
	}
	return 0;
}

static struct nf_conntrack_expect *make(const struct pom_packet *p,
					const struct pom_announced *a)
{
	const struct nf_conntrack_tuple *back =
		&p->ct->tuplehash[!p->dir].tuple;
	struct nf_conntrack_expect *exp = nf_ct_expect_alloc(p->ct);
	__be16 port = htons(a->port);

	if (!exp)
		return NULL;
	nf_ct_expect_init(exp, a->class, nf_ct_l3num(p->ct),
			  a->any_peer ? NULL : &back->src.u3, &back->dst.u3,
			  a->l4proto, NULL, &port);
	exp->tuple.src.u.all = a->src & a->src_mask;
	exp->mask.src.u.all = a->src_mask;
	exp->flags = a->flags;
	if (a->assign)
		pom_expect_assign_helper(exp, a->assign);
	follow_nat(p, exp, port, a->any_peer);
	exp->saved_proto.all = port;
	exp->dir = !p->dir;
	return exp;
}

/* Whether a different connection expects the other port of a pair. */
static bool is_half(const struct pom_packet *p, const struct pom_announced *a,
		    u16 port)
{
	struct nf_conntrack_tuple tuple = a->exp->tuple;
	struct nf_conntrack_expect *exp;
	bool ret;

	if (!a->pair)
		return false;
	tuple.dst.u.all = htons(port ^ 1);
	exp = nf_ct_expect_find_get(nf_ct_net(p->ct), nf_ct_zone(p->ct),
				    &tuple);
	if (!exp)
		return false;
	ret = exp->master != p->ct;
	nf_ct_expect_put(exp);
	return ret;
}

/* Every port of the default range of rsh, 512 to 1023, and never more. */
#define PORT_TRIES	512U

/* Under NAT the sender's port may be taken at the address that he shares. */
static int expect_mapped(const struct pom_packet *p, struct pom_announced *a)
{
	u32 span = a->high - a->low + 1;
	u32 start = reciprocal_scale(get_random_u32(), span);
	u16 first = earlier(p, a, true, 0) ?: a->want ?: a->port;
	u16 port = first;
	int ret = -EBUSY;
	u32 i;

	for (i = 0; i <= min(span, PORT_TRIES); i++) {
		if ((!i || port != first) && !earlier(p, a, false, port) &&
		    !is_half(p, a, port)) {
			a->exp->tuple.dst.u.all = htons(port);
			ret = nf_autohelper_expect(p->helper, a->exp);
			if (ret != -EBUSY)
				return ret;
		}
		port = a->low + (start + i) % span;
		if (a->pair)
			port = (port & ~1) | (a->port & 1);
	}
	return ret;
}

static int expect(const struct pom_packet *p, struct pom_announced *a)
{
	if (!pom_is_mapped(p))
		return nf_autohelper_expect(p->helper, a->exp);
	return expect_mapped(p, a);
}

void pom_see(const struct pom_packet *p, u16 port, struct pom_endpoint *seen)
{
	memset(seen, 0, sizeof(*seen));
	memcpy(seen->addr, &p->ct->tuplehash[!p->dir].tuple.dst.u3,
	       addr_len(p));
	seen->port = port;
}

bool pom_expect_port(const struct pom_packet *p, struct pom_announced *a)
{
	a->exp = NULL;
	if (a->port < a->low || a->port > a->high) {
		pom_refuse(p, POM_BAD_PORT, "port that may not be announced");
		return false;
	}
	nf_autohelper_count(p->helper, p->ct, POM_ANNOUNCEMENTS);
	if (!can_follow_nat(p))
		return false;
	a->exp = make(p, a);
	if (!a->exp) {
		pom_refuse(p, POM_NOT_EXPECTED, "no memory");
		return false;
	}
	if (expect(p, a) < 0) {
		nf_ct_expect_put(a->exp);
		a->exp = NULL;
		pom_refuse(p, POM_NOT_EXPECTED, "cannot add expectation");
		return false;
	}
	pom_see(p, ntohs(a->exp->tuple.dst.u.all), &a->seen);
	return true;
}

u16 pom_announced_port(const struct pom_packet *p, enum ip_conntrack_dir dir,
		       u16 port)
{
	const struct nf_conn_help *help = nfct_help(p->ct);
	const struct nf_conntrack_expect *exp;
	__be16 own, seen;

	hlist_for_each_entry_rcu(exp, &help->expectations, lnode) {
		own = exp->saved_proto.all;
		seen = exp->tuple.dst.u.all;
		if (exp->dir != !dir)
			continue;
		if (p->dir == dir && own == htons(port))
			return ntohs(seen);
		if (p->dir != dir && seen == htons(port))
			return ntohs(own);
	}
	return 0;
}

void pom_expected(struct pom_announced *a, bool keep)
{
	if (!a->exp)
		return;
	if (!keep)
		pom_expect_remove(a->exp);
	nf_ct_expect_put(a->exp);
	a->exp = NULL;
}

bool pom_rewrite_bytes(const struct pom_packet *p, unsigned int off,
		       unsigned int len, const u8 *bytes, unsigned int n)
{
	if (!pom_is_mapped(p))
		return true;
	if (n && p->nat &&
	    ((n == len && !memcmp(p->data + off, bytes, n)) ||
	     p->nat->replace(p, p->off + off, len, bytes, n)))
		return true;
	pom_refuse(p, POM_NOT_EXPECTED, "cannot rewrite the packet");
	return false;
}

bool pom_rewrite(const struct pom_packet *p, const struct pom_field *field,
		 unsigned int n)
{
	const struct pom_field *last = &field[n - 1];
	u8 bytes[POM_REWRITE_MAX];
	size_t size;

	if (!pom_is_mapped(p))
		return true;
	size = pom_splice(p->data, p->have, field, n, bytes, sizeof(bytes));
	return pom_rewrite_bytes(p, field->off,
				 last->off + last->len - field->off, bytes,
				 size);
}
