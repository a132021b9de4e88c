// SPDX-License-Identifier: GPL-2.0-only
/* 7.3, 6.12.118, 6.1.192: a connection holds a reference on its timeouts. */
/* no: no member named .*refcnt */
#include <net/netfilter/nf_conntrack_timeout.h>

bool probe(struct nf_ct_timeout *t);

bool probe(struct nf_ct_timeout *t)
{
	return refcount_inc_not_zero(&t->refcnt);
}
