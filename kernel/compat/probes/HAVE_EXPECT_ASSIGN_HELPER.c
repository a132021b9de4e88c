// SPDX-License-Identifier: GPL-2.0-only
/*
 * 2026, and stable trees of 6.1 and 6.12: the helper of the expected connection
 * is exp->assign_helper; exp->helper is the one that raised the expectation.
 */
/* no: no member named .*assign_helper */
#include <net/netfilter/nf_conntrack_expect.h>

struct nf_conntrack_helper __rcu **probe(struct nf_conntrack_expect *exp);

struct nf_conntrack_helper __rcu **probe(struct nf_conntrack_expect *exp)
{
	return &exp->assign_helper;
}
