// SPDX-License-Identifier: GPL-2.0-only
/* 6.1, and updates of 5.10 in 2026: timeouts have a rcu_head. */
/* no: no member named .*rcu */
#include <net/netfilter/nf_conntrack_timeout.h>

struct rcu_head *probe(struct nf_ct_timeout *t);

struct rcu_head *probe(struct nf_ct_timeout *t)
{
	return &t->rcu;
}
