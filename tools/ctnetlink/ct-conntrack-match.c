// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) as conntrack(8): which connections a command means. */
#include <string.h>

#include <netinet/in.h>

#include "ct-conntrack.h"

/* Options that the library compares. */
#define COMPARED	(BIT_OF(OPT_SRC) | BIT_OF(OPT_DST) |		\
			 BIT_OF(OPT_REPLY_SRC) | BIT_OF(OPT_REPLY_DST) | \
			 BIT_OF(OPT_PROTO) | BIT_OF(OPT_MARK) |		\
			 BIT_OF(OPT_SECMARK) | BIT_OF(OPT_STATUS) |	\
			 BIT_OF(OPT_ID) | BIT_OF(OPT_ZONE) |		\
			 BIT_OF(OPT_LABEL) | BIT_OF(OPT_ORIG_ZONE) |	\
			 BIT_OF(OPT_REPLY_ZONE))

bool match_compares(const struct conntrack_command *c)
{
	return c->given & COMPARED;
}

/* ---- networks ---- */

struct network {
	bool used;
	enum nf_conntrack_attr attr;
	uint8_t family;
	uint8_t address[16], mask[16];
};

static struct network networks[2];

static void network_prepare(const struct conntrack_command *c,
			    struct network *network, enum nf_conntrack_attr v4,
			    enum nf_conntrack_attr v6)
{
	unsigned int i, len = c->family == AF_INET ? 4 : 16;
	const uint8_t *address, *mask;

	network->attr = c->family == AF_INET ? v4 : v6;
	network->family = c->family;
	address = nfct_get_attr(c->ct, network->attr);
	mask = nfct_get_attr(c->mask, network->attr);
	for (i = 0; i < len; i++) {
		network->mask[i] = mask[i];
		network->address[i] = address[i] & mask[i];
	}
	network->used = true;
	nfct_attr_unset(c->ct, network->attr);
}

void match_prepare(const struct conntrack_command *c)
{
	memset(networks, 0, sizeof(networks));
	if (given(c, OPT_MASK_SRC) && !given(c, OPT_SRC))
		conntrack_usage("--mask-src needs --src");
	if (given(c, OPT_MASK_SRC))
		network_prepare(c, &networks[0], ATTR_ORIG_IPV4_SRC,
				ATTR_ORIG_IPV6_SRC);
	if (given(c, OPT_MASK_DST) && !given(c, OPT_DST))
		conntrack_usage("--mask-dst needs --dst");
	if (given(c, OPT_MASK_DST))
		network_prepare(c, &networks[1], ATTR_ORIG_IPV4_DST,
				ATTR_ORIG_IPV6_DST);
}

static bool match_network(const struct network *network,
			  const struct nf_conntrack *ct)
{
	unsigned int i, len = network->family == AF_INET ? 4 : 16;
	const uint8_t *address;

	if (!network->used)
		return true;
	if (nfct_get_attr_u8(ct, ATTR_ORIG_L3PROTO) != network->family)
		return false;
	address = nfct_get_attr(ct, network->attr);
	for (i = 0; i < len; i++)
		if ((address[i] & network->mask[i]) != network->address[i])
			return false;
	return true;
}

/* ---- NAT ---- */

/* What one direction of NAT changes, and where it is seen in a reply. */
struct nat {
	enum nf_conntrack_attr v4, v6, port, reply_v4, reply_v6, reply_port;
	unsigned int address_changes, port_changes;	/* NFCT_GOPT_* */
};

static const struct nat snat = {
	ATTR_SNAT_IPV4, ATTR_SNAT_IPV6, ATTR_SNAT_PORT, ATTR_REPL_IPV4_DST,
	ATTR_REPL_IPV6_DST, ATTR_REPL_PORT_DST, NFCT_GOPT_IS_SNAT,
	NFCT_GOPT_IS_SPAT,
};

static const struct nat dnat = {
	ATTR_DNAT_IPV4, ATTR_DNAT_IPV6, ATTR_DNAT_PORT, ATTR_REPL_IPV4_SRC,
	ATTR_REPL_IPV6_SRC, ATTR_REPL_PORT_SRC, NFCT_GOPT_IS_DNAT,
	NFCT_GOPT_IS_DPAT,
};

static bool same(const struct nf_conntrack *a, enum nf_conntrack_attr attr_a,
		 const struct nf_conntrack *b, enum nf_conntrack_attr attr_b,
		 size_t len)
{
	const void *value_a = nfct_get_attr(a, attr_a);
	const void *value_b = nfct_get_attr(b, attr_b);

	return value_a && value_b && !memcmp(value_a, value_b, len);
}

/* Without an address or port, any change is meant. */
static bool match_nat(const struct nat *nat, const struct nf_conntrack *wanted,
		      const struct nf_conntrack *ct)
{
	bool v4 = nfct_attr_is_set(wanted, nat->v4) > 0;
	bool v6 = nfct_attr_is_set(wanted, nat->v6) > 0;
	bool port = nfct_attr_is_set(wanted, nat->port) > 0;
	bool moved = nfct_getobjopt(ct, nat->address_changes);
	bool port_moved = nfct_getobjopt(ct, nat->port_changes);

	if (!v4 && !v6 && !port)
		return moved || port_moved;
	if (v4 && !(moved && same(wanted, nat->v4, ct, nat->reply_v4, 4)))
		return false;
	if (v6 && !(moved && same(wanted, nat->v6, ct, nat->reply_v6, 16)))
		return false;
	return !port || (port_moved &&
			 same(wanted, nat->port, ct, nat->reply_port, 2));
}

static bool match_nats(const struct conntrack_command *c,
		       const struct nf_conntrack *ct)
{
	if (given(c, OPT_ANY_NAT))
		return match_nat(&snat, c->ct, ct) ||
		       match_nat(&dnat, c->ct, ct);
	return (!given(c, OPT_SNAT) || match_nat(&snat, c->ct, ct)) &&
	       (!given(c, OPT_DNAT) || match_nat(&dnat, c->ct, ct));
}

/* ---- all ---- */

static bool match_labels(const struct conntrack_command *c,
			 const struct nf_conntrack *ct)
{
	const struct nfct_bitmask *labels;
	unsigned int i;

	if (!c->label)
		return true;
	labels = nfct_get_attr(ct, ATTR_CONNLABELS);
	if (!labels)
		return false;
	for (i = 0; i <= nfct_bitmask_maxbit(c->label); i++)
		if (nfct_bitmask_test_bit(c->label, i) &&
		    !nfct_bitmask_test_bit(labels, i))
			return false;
	return true;
}

static bool match_common(const struct conntrack_command *c,
			 const struct nf_conntrack *ct)
{
	return match_nats(c, ct) && match_labels(c, ct) &&
	       match_network(&networks[0], ct) &&
	       match_network(&networks[1], ct);
}

bool match_connection(const struct conntrack_command *c,
		      const struct nf_conntrack *ct)
{
	if (!match_common(c, ct))
		return false;
	if (given(c, OPT_MARK) &&
	    (nfct_attr_is_set(ct, ATTR_MARK) <= 0 ||
	     (nfct_get_attr_u32(ct, ATTR_MARK) & c->mark.mask) != c->mark.val))
		return false;
	return !match_compares(c) ||
	       nfct_cmp(c->ct, ct, NFCT_CMP_ALL | NFCT_CMP_MASK);
}

bool match_for_update(const struct conntrack_command *c,
		      const struct nf_conntrack *ct)
{
	if (!match_common(c, ct))
		return false;
	if (given(c, OPT_ID) && nfct_get_attr_u32(c->ct, ATTR_ID) !=
	    nfct_get_attr_u32(ct, ATTR_ID))
		return false;
	if ((given(c, OPT_SRC) || given(c, OPT_DST) || given(c, OPT_PROTO)) &&
	    !nfct_cmp(c->ct, ct, NFCT_CMP_ORIG))
		return false;
	return !(given(c, OPT_REPLY_SRC) || given(c, OPT_REPLY_DST) ||
		 given(c, OPT_PROTO)) || nfct_cmp(c->ct, ct, NFCT_CMP_REPL);
}
