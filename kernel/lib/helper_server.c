// SPDX-License-Identifier: GPL-2.0-only
/* Expectations of connections to third parties, see helper_server.h. */

#include <linux/inetdevice.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>

#include "lib/helper_server.h"

enum scope {
	NOWHERE,	/* unspecified, loopback, multicast, broadcast */
	PRIVATE,	/* link-local, or reserved for private networks */
	GLOBAL,
};

/* RFC 1122 section 3.2.1.3, RFC 1918, RFC 3927, RFC 6598. */
static enum scope scope_ipv4(__be32 addr)
{
	if (ipv4_is_zeronet(addr) || ipv4_is_loopback(addr) ||
	    ipv4_is_multicast(addr) || ipv4_is_lbcast(addr))
		return NOWHERE;
	if (ipv4_is_private_10(addr) || ipv4_is_private_172(addr) ||
	    ipv4_is_private_192(addr) || ipv4_is_linklocal_169(addr) ||
	    (addr & htonl(0xffc00000)) == htonl(0x64400000))
		return PRIVATE;
	return GLOBAL;
}

/* RFC 4291 section 2.4, RFC 4193. */
static enum scope scope_ipv6(const struct in6_addr *addr)
{
	if (ipv6_addr_any(addr) || ipv6_addr_loopback(addr) ||
	    ipv6_addr_is_multicast(addr) || ipv6_addr_v4mapped(addr))
		return NOWHERE;
	if (ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL ||
	    (addr->s6_addr[0] & 0xfe) == 0xfc)
		return PRIVATE;
	return GLOBAL;
}

static enum scope scope_of(u8 nfproto, const union nf_inet_addr *addr)
{
	return nfproto == NFPROTO_IPV6 ? scope_ipv6(&addr->in6) :
					 scope_ipv4(addr->ip);
}

static bool refused(const struct pom_packet *p, const union nf_inet_addr *addr,
		    u16 port)
{
	u8 nfproto = nf_ct_l3num(p->ct);
	enum scope to = scope_of(nfproto, addr);
	enum scope from = scope_of(nfproto,
				   &p->ct->tuplehash[p->dir].tuple.src.u3);

	if (port < POM_PORT_USER) {
		pom_refuse(p, POM_BAD_PORT, "server with a privileged port");
		return true;
	}
	if (to == NOWHERE || (to == PRIVATE && from == GLOBAL)) {
		pom_refuse(p, POM_FOREIGN,
			   "server with an address that is not its own");
		return true;
	}
	return false;
}

bool pom_expect_server(const struct pom_packet *p,
		       const struct pom_endpoint *server)
{
	const struct nf_conntrack_tuple *asked =
		&p->ct->tuplehash[!p->dir].tuple;
	__be16 port = htons(server->port);
	struct nf_conntrack_expect *exp;
	union nf_inet_addr addr;
	bool expected;

	memcpy(&addr, server->addr, sizeof(addr));
	if (refused(p, &addr, server->port))
		return false;
	exp = nf_ct_expect_alloc(p->ct);
	if (!exp) {
		pom_refuse(p, POM_NOT_EXPECTED, "no memory");
		return false;
	}
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, nf_ct_l3num(p->ct),
			  &asked->src.u3, &addr, p->helper->l4proto, NULL,
			  &port);
	exp->dir = !p->dir;
	exp->flags = NF_CT_EXPECT_PERMANENT;
	/* Where only the question's destination changed, rules decide. */
	if (p->nat && READ_ONCE(p->ct->status) & IPS_SRC_NAT)
		exp->expectfn = p->nat->follow_source;
	expected = nf_autohelper_expect(p->helper, exp) == 0;
	nf_ct_expect_put(exp);
	if (!expected)
		pom_refuse(p, POM_NOT_EXPECTED, "cannot add expectation");
	return expected;
}
