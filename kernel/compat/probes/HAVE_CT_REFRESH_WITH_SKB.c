// SPDX-License-Identifier: GPL-2.0-only
/* Up to 6.11 nf_ct_refresh() also takes the packet, which it does not use. */
/* no: too many arguments to function */
#include <net/netfilter/nf_conntrack.h>

void probe(struct nf_conn *ct, const struct sk_buff *skb);

void probe(struct nf_conn *ct, const struct sk_buff *skb)
{
	nf_ct_refresh(ct, skb, 1);
}
