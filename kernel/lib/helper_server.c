// SPDX-License-Identifier: GPL-2.0-only
/* Expectations of connections to third parties, see helper_server.h. */

#include <linux/inetdevice.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>

#include "lib/helper_server.h"

enum scope {
	NOWHERE,	/* unspecified, loopback, multicast, reserved */
	PRIVATE,	/* link-local, or reserved for private networks */
	GLOBAL,
};

/*
 * RFC 1122 section 3.2.1.3, RFC 1112 section 4 (240.0.0.0/4, of which broadcast
 * is a part), RFC 1918, RFC 3927, RFC 6598.
 */
static enum scope scope_ipv4(__be32 addr)
{
	if (ipv4_is_zeronet(addr) || ipv4_is_loopback(addr) ||
	    ipv4_is_multicast(addr) ||
	    (addr & htonl(0xf0000000)) == htonl(0xf0000000))
		return NOWHERE;
	if (ipv4_is_private_10(addr) || ipv4_is_private_172(addr) ||
	    ipv4_is_private_192(addr) || ipv4_is_linklocal_169(addr) ||
	    (addr & htonl(0xffc00000)) == htonl(0x64400000))
		return PRIVATE;
	return GLOBAL;
}

/*
 * The IPv4 address that a packet to @addr reaches behind a translator or a
 * tunnel: 64:ff9b::/96 (RFC 6052 section 2.1), 2002::/16 (RFC 3056 section 2).
 */
static bool embeds_ipv4(const struct in6_addr *addr, __be32 *to)
{
	if (addr->s6_addr32[0] == htonl(0x0064ff9b) && !addr->s6_addr32[1] &&
	    !addr->s6_addr32[2]) {
		*to = addr->s6_addr32[3];
		return true;
	}
	memcpy(to, &addr->s6_addr[2], sizeof(*to));
	return addr->s6_addr16[0] == htons(0x2002);
}

/*
 * RFC 4291 section 2.4 and 2.5.5, RFC 3879 (fec0::/10), RFC 4193, RFC 8215
 * (64:ff9b:1::/48).
 */
static enum scope scope_ipv6(const struct in6_addr *addr)
{
	__be32 ipv4;

	/* ::/96 is unspecified, loopback and IPv4-compatible addresses. */
	if (!(addr->s6_addr32[0] | addr->s6_addr32[1] | addr->s6_addr32[2]) ||
	    ipv6_addr_is_multicast(addr) || ipv6_addr_v4mapped(addr))
		return NOWHERE;
	if (embeds_ipv4(addr, &ipv4))
		return scope_ipv4(ipv4);
	if (ipv6_addr_type(addr) & (IPV6_ADDR_LINKLOCAL |
				    IPV6_ADDR_SITELOCAL) ||
	    (addr->s6_addr[0] & 0xfe) == 0xfc ||
	    (addr->s6_addr32[0] == htonl(0x0064ff9b) &&
	     addr->s6_addr16[2] == htons(1)))
		return PRIVATE;
	return GLOBAL;
}

static enum scope scope_of(u8 nfproto, const union nf_inet_addr *addr)
{
	return nfproto == NFPROTO_IPV6 ? scope_ipv6(&addr->in6) :
					 scope_ipv4(addr->ip);
}

/* Logs the first one of a packet only. */
static void refuse(struct pom_answer *a, enum pom_count reason,
		   const char *text)
{
	if (a->refused)
		nf_autohelper_count(a->p->helper, a->p->ct, reason);
	else
		pom_refuse(a->p, reason, text);
	a->refused = true;
}

static bool is_refused(struct pom_answer *a, const union nf_inet_addr *addr,
		       u16 port)
{
	const struct nf_conn *ct = a->p->ct;
	u8 nfproto = nf_ct_l3num(ct);
	enum scope to = scope_of(nfproto, addr);
	enum scope from = scope_of(nfproto,
				   &ct->tuplehash[a->p->dir].tuple.src.u3);

	if (port < POM_PORT_USER) {
		refuse(a, POM_BAD_PORT, "server with a privileged port");
		return true;
	}
	if (to == NOWHERE || (to == PRIVATE && from == GLOBAL)) {
		refuse(a, POM_FOREIGN,
		       "server with an address that is not its own");
		return true;
	}
	return false;
}

static bool is_same_way(const struct nf_conntrack_expect *a,
			const struct nf_conntrack_expect *b)
{
	return nf_ct_tuple_equal(&a->tuple, &b->tuple) &&
	       nf_ct_tuple_mask_equal(&a->mask, &b->mask);
}

/*
 * The client may have asked in a different connection, too, for example a
 * second master server. The kernel refuses an expectation that overlaps with
 * one of a different connection. So the new one takes its place: it ends later.
 */
static void take_place(const struct pom_packet *p,
		       const struct nf_conntrack_expect *exp)
{
	struct nf_conntrack_expect *old;
	bool found;

	old = nf_ct_expect_find_get(nf_ct_net(p->ct), nf_ct_zone(p->ct),
				    &exp->tuple);
	if (!old)
		return;
	if (old->master != p->ct && is_same_way(old, exp)) {
		spin_lock_bh(&nf_conntrack_expect_lock);
		found = pom_expect_is_of(old, p->helper);
		spin_unlock_bh(&nf_conntrack_expect_lock);
		if (found)
			pom_expect_remove(old);
	}
	nf_ct_expect_put(old);
}

static struct nf_conntrack_expect *make(const struct pom_answer *a,
					const union nf_inet_addr *addr,
					u16 to)
{
	const struct pom_packet *p = a->p;
	const struct nf_conntrack_tuple *asked =
		&p->ct->tuplehash[!p->dir].tuple;
	struct nf_conntrack_expect *exp = nf_ct_expect_alloc(p->ct);
	__be16 port = htons(to);

	if (!exp)
		return NULL;
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, nf_ct_l3num(p->ct),
			  &asked->src.u3, addr, a->l4proto, NULL, &port);
	if (a->assign)
		pom_expect_assign_helper(exp, a->assign);
	exp->dir = !p->dir;
	exp->flags = NF_CT_EXPECT_PERMANENT;
	/* Where only the question's destination changed, rules decide. */
	if (p->nat && READ_ONCE(p->ct->status) & IPS_SRC_NAT)
		exp->expectfn = p->nat->follow_source;
	return exp;
}

void pom_answer_begin(struct pom_answer *a, const struct pom_packet *p)
{
	nf_autohelper_count(p->helper, p->ct, POM_ANNOUNCEMENTS);
	a->p = p;
	a->l4proto = p->helper->l4proto;
	a->assign = NULL;
	a->left = pom_helper_max_expected(p->ct);
	a->expected = false;
	a->refused = false;
}

bool pom_answer_more(struct pom_answer *a)
{
	if (a->left)
		return true;
	refuse(a, POM_NOT_EXPECTED, "more servers than may be expected");
	return false;
}

void pom_expect_server(struct pom_answer *a, const struct pom_endpoint *server)
{
	struct nf_conntrack_expect *exp;
	union nf_inet_addr addr;

	a->left--;
	memcpy(&addr, server->addr, sizeof(addr));
	if (is_refused(a, &addr, server->port))
		return;
	exp = make(a, &addr, server->port);
	if (!exp) {
		refuse(a, POM_NOT_EXPECTED, "no memory");
		return;
	}
	take_place(a->p, exp);
	if (nf_autohelper_expect(a->p->helper, exp) == 0)
		a->expected = true;
	else
		refuse(a, POM_NOT_EXPECTED, "cannot add expectation");
	nf_ct_expect_put(exp);
}
