// SPDX-License-Identifier: GPL-2.0-only
/* 5.14: nf_conntrack_tcp_ignore_invalid_rst, and other rules of RSTs. */
/* no: no member named .*tcp_ignore_invalid_rst */
#include <net/netfilter/nf_conntrack_l4proto.h>

int probe(struct net *net);

int probe(struct net *net)
{
	return nf_tcp_pernet(net)->tcp_ignore_invalid_rst;
}
