// SPDX-License-Identifier: GPL-2.0-only
/* 5.19: nf_ct_iterate_cleanup_net() takes its arguments in a structure. */
/* no: incompatible (function )?(pointer|return) type */
#include <net/netfilter/nf_conntrack.h>

struct nf_ct_iter_data;
typedef void walk(int (*iter)(struct nf_conn *ct, void *data),
		  const struct nf_ct_iter_data *data);
walk *probe(void);

walk *probe(void)
{
	return nf_ct_iterate_cleanup_net;
}
