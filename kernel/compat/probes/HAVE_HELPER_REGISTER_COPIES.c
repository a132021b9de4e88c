// SPDX-License-Identifier: GPL-2.0-only
/* 7.2: helpers are allocated; registering returns pointers to the copies. */
/* no: too many arguments to function (call|.*nf_conntrack_helpers_register) */
#include <net/netfilter/nf_conntrack_helper.h>

int probe(struct nf_conntrack_helper *h, struct nf_conntrack_helper **copies);

int probe(struct nf_conntrack_helper *h, struct nf_conntrack_helper **copies)
{
	return nf_conntrack_helpers_register(h, 2, copies);
}
