// SPDX-License-Identifier: GPL-2.0-only
/* 5.17, and stable trees since 5.10: refcount_t counts users of connections. */
/* no: incompatible (function )?(pointer|return) type */
#include <linux/netfilter/nf_conntrack_common.h>

refcount_t *probe(struct nf_conntrack *ct);

refcount_t *probe(struct nf_conntrack *ct)
{
	return &ct->use;
}
