// SPDX-License-Identifier: GPL-2.0-only
/* 7.2: a connection holds a reference on its helper. */
/* no: no member named .*ct_refcnt */
#include <net/netfilter/nf_conntrack_helper.h>

bool probe(struct nf_conntrack_helper *h);

bool probe(struct nf_conntrack_helper *h)
{
	return refcount_inc_not_zero(&h->ct_refcnt);
}
