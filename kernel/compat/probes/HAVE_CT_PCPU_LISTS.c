// SPDX-License-Identifier: GPL-2.0-only
/* Up to 5.18 each CPU has a list of its unconfirmed connections. */
/* no: no member named .*pcpu_lists */
#include <linux/percpu.h>
#include <net/net_namespace.h>

struct ct_pcpu *probe(struct net *net);

struct ct_pcpu *probe(struct net *net)
{
	return per_cpu_ptr(net->ct.pcpu_lists, 0);
}
