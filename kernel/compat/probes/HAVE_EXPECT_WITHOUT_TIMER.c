// SPDX-License-Identifier: GPL-2.0-only
/*
 * 2026: an expectation has no timer any more, exp->timeout is a time. An
 * expired one stays in the table until a later look-up removes it.
 */
/* no: incompatible types when returning */
#include <net/netfilter/nf_conntrack_expect.h>

u32 probe(const struct nf_conntrack_expect *exp);

u32 probe(const struct nf_conntrack_expect *exp)
{
	return exp->timeout;
}
