// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook that sees segments right after conntrack, and the classic log.
 *
 * It is registered when an administrator asks for something that needs it, and
 * then stays until the namespace ends: nf_unregister_net_hook() drops all
 * packets in queues of user space.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_l4proto.h>
#include <net/netfilter/nf_log.h>

#include "tcp-window-tracking/loose.h"
#include "tcp-window-tracking/nf_ct_tcpwindow/internal.h"
#include "tcp-window-tracking/packet.h"
#include "tcp-window-tracking/window.h"

/* Log scanners know these words: they are those of 2003. */
static const char *const tcpwindow_texts[WINDOW_REASONS] = {
	[WINDOW_SEQ_OVER] =
		"Out of window data; SEQ is over the upper bound (over the window of the receiver)",
	[WINDOW_ACK_OVER] =
		"Out of window data; ACK is over the upper bound (ACKed data has never seen yet)",
	[WINDOW_SEQ_UNDER] =
		"Out of window data; SEQ is under the lower bound (retransmitted already ACKed data)",
	[WINDOW_ACK_UNDER] =
		"Out of window data; ACK is under the lower bound (possibly overly delayed ACK)",
	[WINDOW_FLAGS] = "invalid TCP flag combination.",
	[WINDOW_CHECKSUM] = "bad TCP checksum.",
	[WINDOW_TRUNCATED] = "truncated packet.",
};

static void tcpwindow_log_refused(struct tcpwindow_net *tn,
				  const struct sk_buff *skb,
				  const struct nf_hook_state *state,
				  enum window_reason reason)
{
	const char *text = tcpwindow_texts[reason];

	if (text && __ratelimit(&tn->limit[WATCH_WINDOW]))
		nf_log_packet(state->net, state->pf, state->hook, skb,
			      state->in, state->out, NULL,
			      "ip_conntrack_tcp: INVALID: %s ", text);
}

static void tcpwindow_log_scale(struct tcpwindow_net *tn,
				const struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	struct window_segment seg;

	if (tcpwindow_segment(skb, state->pf, &seg) &&
	    seg.scale != WINDOW_NO_SCALE && seg.scale > WINDOW_SCALE_MAX &&
	    __ratelimit(&tn->limit[WATCH_SCALE]))
		nf_log_packet(state->net, state->pf, state->hook, skb,
			      state->in, state->out, NULL,
			      "ip_conntrack_tcp: Illegal window scaling value %u > 14 ignored ",
			      seg.scale);
}

static void tcpwindow_refused(struct tcpwindow_net *tn, struct sk_buff *skb,
			      const struct nf_hook_state *state,
			      unsigned long watch)
{
	struct tcpwindow_place at = {
		.net	= state->net,
		.hook	= state->hook,
		.family	= state->pf,
	};
	struct tcpwindow_refusal r;

	tcpwindow_explain(skb, &at, &r);
	if (r.fault.reason != WINDOW_NONE) {
		if (watch & BIT(WATCH_RECORD))
			tcpwindow_record_add(tn, skb, state->pf, &r);
		if (watch & BIT(WATCH_WINDOW))
			tcpwindow_log_refused(tn, skb, state, r.fault.reason);
	}
	tcpwindow_done(&r);
}

static void tcpwindow_accepted(struct tcpwindow_net *tn, struct sk_buff *skb,
			       struct nf_conn *ct,
			       enum ip_conntrack_info ctinfo,
			       const struct nf_hook_state *state,
			       unsigned long watch)
{
	unsigned int packets = READ_ONCE(tn->loose);

	if (nf_ct_protonum(ct) != IPPROTO_TCP)
		return;
	if (watch & BIT(WATCH_SCALE))
		tcpwindow_log_scale(tn, skb, state);
	if (watch & BIT(WATCH_LOOSE) && packets)
		tcpwindow_loose(skb, state->pf, ct, ctinfo, packets);
}

static unsigned int tcpwindow_hook(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	struct tcpwindow_net *tn = tcpwindow_net(state->net);
	/* pairs with tcpwindow_watch_set(): the memory of WATCH_RECORD */
	unsigned long watch = smp_load_acquire(&tn->watch);
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;

	if (!watch)
		return NF_ACCEPT;
	ct = nf_ct_get(skb, &ctinfo);
	if (ct)
		tcpwindow_accepted(tn, skb, ct, ctinfo, state, watch);
	else if (ctinfo != IP_CT_UNTRACKED &&
		 watch & (BIT(WATCH_WINDOW) | BIT(WATCH_RECORD)))
		tcpwindow_refused(tn, skb, state, watch);
	return NF_ACCEPT;
}

#define TCPWINDOW_HOOK(family, where, after) {				\
	.hook		= tcpwindow_hook,				\
	.pf		= (family),					\
	.hooknum	= (where),					\
	.priority	= (after) + 1,					\
}

static const struct nf_hook_ops tcpwindow_hooks[] = {
	TCPWINDOW_HOOK(NFPROTO_IPV4, NF_INET_PRE_ROUTING, NF_IP_PRI_CONNTRACK),
	TCPWINDOW_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_OUT, NF_IP_PRI_CONNTRACK),
	TCPWINDOW_HOOK(NFPROTO_IPV6, NF_INET_PRE_ROUTING, NF_IP6_PRI_CONNTRACK),
	TCPWINDOW_HOOK(NFPROTO_IPV6, NF_INET_LOCAL_OUT, NF_IP6_PRI_CONNTRACK),
};

/* Without conntrack, no packet has a connection. */
static int tcpwindow_hooks_register(struct net *net, struct tcpwindow_net *tn)
{
	int err;

	if (tn->hooked)
		return 0;
	err = nf_ct_netns_get(net, NFPROTO_INET);
	if (err < 0)
		return err;
	err = nf_register_net_hooks(net, tcpwindow_hooks,
				    ARRAY_SIZE(tcpwindow_hooks));
	if (err)
		nf_ct_netns_put(net, NFPROTO_INET);
	else
		tn->hooked = true;
	return err;
}

/**
 * tcpwindow_load_logger() - load the modules that write to the kernel log
 * @net: the network namespace that has something to write
 *
 * Loads none for a namespace whose lines the kernel log does not take: every
 * other namespace without a logger would use the modules, too.
 *
 * Process context.
 */
void tcpwindow_load_logger(struct net *net)
{
	static const u8 families[] = { NFPROTO_IPV4, NFPROTO_IPV6 };
	unsigned int i;

	if (!net_eq(net, &init_net) && !READ_ONCE(sysctl_nf_log_all_netns))
		return;
	/*
	 * A logger that loads waits for namespaces that end, and for modules
	 * that leave; both wait for the writer of a sysctl.
	 */
	if (!try_module_get(THIS_MODULE))
		return;
	if (!maybe_get_net(net))
		goto out;
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		if (nf_logger_find_get(families[i], NF_LOG_TYPE_LOG))
			request_module("nf-logger-%u-%u", families[i],
				       NF_LOG_TYPE_LOG);
		else
			nf_logger_put(families[i], NF_LOG_TYPE_LOG);
	}
	put_net(net);
out:
	module_put(THIS_MODULE);
}

/* Under @tn->lock. */
static void tcpwindow_watch_write(struct tcpwindow_net *tn,
				  enum tcpwindow_watch what, bool on)
{
	unsigned long watch = tn->watch & ~BIT(what);

	if (on)
		watch |= BIT(what);
	/* pairs with tcpwindow_hook() */
	smp_store_release(&tn->watch, watch);
}

/**
 * tcpwindow_watch_set() - begin or stop to look at segments
 * @net: the network namespace
 * @what: what to look for
 * @on: begin
 *
 * Process context; may load the module that writes to the kernel log.
 *
 * Return: 0; -ENOMEM, or an error of conntrack or the hooks
 */
int tcpwindow_watch_set(struct net *net, enum tcpwindow_watch what, bool on)
{
	struct tcpwindow_net *tn = tcpwindow_net(net);
	int err = 0;

	if (on && (what == WATCH_WINDOW || what == WATCH_SCALE))
		tcpwindow_load_logger(net);
	mutex_lock(&tn->lock);
	if (on && what == WATCH_RECORD)
		err = tcpwindow_record_alloc(tn);
	if (on && !err)
		err = tcpwindow_hooks_register(net, tn);
	if (!err)
		tcpwindow_watch_write(tn, what, on);
	mutex_unlock(&tn->lock);
	return err;
}

/**
 * tcpwindow_loose_set() - set which connections are picked up
 * @net: the network namespace
 * @number: 0: none; 1: all; more: those with so many packets of each direction
 *
 * Process context.
 *
 * Return: 0, or an error of conntrack or the hooks, which leaves all as it was
 */
int tcpwindow_loose_set(struct net *net, unsigned int number)
{
	struct tcpwindow_net *tn = tcpwindow_net(net);
	unsigned int packets = number > 1 ? number : 0;
	int err = 0;

	mutex_lock(&tn->lock);
	if (packets)
		err = tcpwindow_hooks_register(net, tn);
	if (!err) {
		WRITE_ONCE(tn->loose, packets);
		WRITE_ONCE(nf_tcp_pernet(net)->tcp_loose, !!number);
		tcpwindow_watch_write(tn, WATCH_LOOSE, packets);
	}
	mutex_unlock(&tn->lock);
	return err;
}

/**
 * tcpwindow_watch_net_exit() - remove the hooks
 * @net: a network namespace that ends, or all when the module is unloaded
 *
 * Process context.
 */
void tcpwindow_watch_net_exit(struct net *net)
{
	struct tcpwindow_net *tn = tcpwindow_net(net);

	if (!tn->hooked)
		return;
	nf_unregister_net_hooks(net, tcpwindow_hooks,
				ARRAY_SIZE(tcpwindow_hooks));
	nf_ct_netns_put(net, NFPROTO_INET);
}
