// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values that a listening socket of this host would send, without socket
 * options: read from the same sysctls and routes. tests/TARPIT/likeness.sh
 * compares both on every kernel.
 */
#include <linux/kernel.h>
#include <linux/log2.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "TARPIT/xt_TARPIT/internal.h"

/* Half of a receive buffer is for data, the rest for overhead. */
static u32 receive_space(struct net *net)
{
	u32 bytes = READ_ONCE(net->ipv4.sysctl_tcp_rmem[1]);

	return max_t(u32, bytes / 2, TCP_MIN_MSS);
}

/* The scale at which a window can announce the largest receive buffer. */
static u8 window_scale(struct net *net)
{
	u32 most = receive_space(net);

	most = max_t(u32, most, READ_ONCE(net->ipv4.sysctl_tcp_rmem[2]));
	most = max_t(u32, most, READ_ONCE(sysctl_rmem_max));

	return clamp_t(int, ilog2(most) - 15, 0, TCP_MAX_WSCALE);
}

static u8 agreeable_options(struct net *net)
{
	u8 options = TARPIT_OPT_MSS;

	if (READ_ONCE(net->ipv4.sysctl_tcp_window_scaling))
		options |= TARPIT_OPT_WSCALE;
	if (READ_ONCE(net->ipv4.sysctl_tcp_sack))
		options |= TARPIT_OPT_SACK;
	if (READ_ONCE(net->ipv4.sysctl_tcp_timestamps))
		options |= TARPIT_OPT_TS;
	return options;
}

/**
 * tarpit_listener() - the values of a listener of this host
 * @net: the namespace
 * @packet: the packet that is answered; its segment, kind, flow and scaled are
 *	used
 * @dst: the route that the answer takes
 * @host: filled in, as far as an answer of that kind needs it
 */
void tarpit_listener(struct net *net, const struct tarpit_packet *packet,
		     const struct dst_entry *dst,
		     struct tarpit_listener *host)
{
	*host = (struct tarpit_listener){ .scaled = packet->scaled };
	if (packet->kind == TARPIT_REFUSE)
		return;
	host->options = agreeable_options(net);
	if (packet->seg.options & host->options & TARPIT_OPT_TS)
		host->tsval = tarpit_tsval(net, packet->flow);
	if (packet->kind == TARPIT_HOLD)
		return;
	host->space = receive_space(net);
	host->mss = max_t(u32, dst_metric_advmss(dst), TCP_MIN_MSS);
	host->wscale = window_scale(net);
	host->ecn = READ_ONCE(net->ipv4.sysctl_tcp_ecn);
}
