// SPDX-License-Identifier: GPL-2.0-only
/* 7.2: struct nf_conntrack_helper has families and protocols, no tuple. */
/* no: no member named .*(nfproto|l4proto) */
#include <net/netfilter/nf_conntrack_helper.h>

unsigned int probe(const struct nf_conntrack_helper *h);

unsigned int probe(const struct nf_conntrack_helper *h)
{
	return h->nfproto + h->l4proto;
}
