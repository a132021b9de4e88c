// SPDX-License-Identifier: GPL-2.0-only
/*
 * 7.0, and stable trees from 6.1 on: the helper of the connection to come is
 * exp->assign_helper; exp->helper is the one that raised the expectation.
 */
/* no: struct nf_conntrack_expect.* has no member named .*assign_helper */
#include <net/netfilter/nf_conntrack_expect.h>

struct nf_conntrack_helper __rcu **probe(struct nf_conntrack_expect *exp);

struct nf_conntrack_helper __rcu **probe(struct nf_conntrack_expect *exp)
{
	return &exp->assign_helper;
}
