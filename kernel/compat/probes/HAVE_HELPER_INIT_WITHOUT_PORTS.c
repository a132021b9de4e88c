// SPDX-License-Identifier: GPL-2.0-only
/* 7.2: nf_ct_helper_init() takes neither ports nor an id. */
/* no: too few arguments to function (call|.*nf_ct_helper_init) */
#include <net/netfilter/nf_conntrack_helper.h>

void probe(struct nf_conntrack_helper *h,
	   const struct nf_conntrack_expect_policy *policy);

void probe(struct nf_conntrack_helper *h,
	   const struct nf_conntrack_expect_policy *policy)
{
	nf_ct_helper_init(h, NFPROTO_IPV4, IPPROTO_UDP, "probe", policy, 0,
			  NULL, NULL, NULL);
}
