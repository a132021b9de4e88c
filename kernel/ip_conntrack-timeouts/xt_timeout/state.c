// SPDX-License-Identifier: GPL-2.0-only
/* The states of a rule in the kernel's tables of timeouts. */

#include <linux/bits.h>
#include <linux/kernel.h>

#include "lib/ct_timeouts.h"
#include "ip_conntrack-timeouts/xt_timeout/internal.h"

/* The kernel's states that take the value of a rule's state. */
struct timeout_state {
	enum timeout_proto proto;
	u32 bits;
};

/*
 * Number 0 of TCP and SCTP is the timeout of a new connection, which the kernel
 * sets together with that of the first state.
 */
static const struct timeout_state timeout_states[XT_TIMEOUT_STATES] = {
	[XT_TIMEOUT_TCP_SYN_SENT] = {
		TIMEOUT_TCP,
		BIT(TCP_CONNTRACK_NONE) | BIT(TCP_CONNTRACK_SYN_SENT) },
	[XT_TIMEOUT_TCP_SYN_RECV] = {
		TIMEOUT_TCP, BIT(TCP_CONNTRACK_SYN_RECV) },
	[XT_TIMEOUT_TCP_ESTABLISHED] = {
		TIMEOUT_TCP, BIT(TCP_CONNTRACK_ESTABLISHED) },
	[XT_TIMEOUT_TCP_FIN_WAIT] = {
		TIMEOUT_TCP, BIT(TCP_CONNTRACK_FIN_WAIT) },
	[XT_TIMEOUT_TCP_CLOSE_WAIT] = {
		TIMEOUT_TCP, BIT(TCP_CONNTRACK_CLOSE_WAIT) },
	[XT_TIMEOUT_TCP_LAST_ACK] = {
		TIMEOUT_TCP, BIT(TCP_CONNTRACK_LAST_ACK) },
	[XT_TIMEOUT_TCP_TIME_WAIT] = {
		TIMEOUT_TCP, BIT(TCP_CONNTRACK_TIME_WAIT) },
	[XT_TIMEOUT_TCP_CLOSE] = {
		TIMEOUT_TCP, BIT(TCP_CONNTRACK_CLOSE) },
	[XT_TIMEOUT_TCP_SYN_SENT2] = {
		TIMEOUT_TCP, BIT(TCP_CONNTRACK_SYN_SENT2) },
	[XT_TIMEOUT_TCP_MAX_RETRANS] = {
		TIMEOUT_TCP, BIT(TCP_CONNTRACK_RETRANS) },
	[XT_TIMEOUT_TCP_UNACKNOWLEDGED] = {
		TIMEOUT_TCP, BIT(TCP_CONNTRACK_UNACK) },
	[XT_TIMEOUT_UDP] = { TIMEOUT_UDP, BIT(UDP_CT_UNREPLIED) },
	[XT_TIMEOUT_UDP_STREAM] = { TIMEOUT_UDP, BIT(UDP_CT_REPLIED) },
	[XT_TIMEOUT_ICMP] = { TIMEOUT_ICMP, BIT(0) },
	[XT_TIMEOUT_ICMPV6] = { TIMEOUT_ICMPV6, BIT(0) },
	[XT_TIMEOUT_SCTP_CLOSED] = {
		TIMEOUT_SCTP,
		BIT(SCTP_CONNTRACK_NONE) | BIT(SCTP_CONNTRACK_CLOSED) },
	[XT_TIMEOUT_SCTP_COOKIE_WAIT] = {
		TIMEOUT_SCTP, BIT(SCTP_CONNTRACK_COOKIE_WAIT) },
	[XT_TIMEOUT_SCTP_COOKIE_ECHOED] = {
		TIMEOUT_SCTP, BIT(SCTP_CONNTRACK_COOKIE_ECHOED) },
	[XT_TIMEOUT_SCTP_ESTABLISHED] = {
		TIMEOUT_SCTP, BIT(SCTP_CONNTRACK_ESTABLISHED) },
	[XT_TIMEOUT_SCTP_SHUTDOWN_SENT] = {
		TIMEOUT_SCTP, BIT(SCTP_CONNTRACK_SHUTDOWN_SENT) },
	[XT_TIMEOUT_SCTP_SHUTDOWN_RECD] = {
		TIMEOUT_SCTP, BIT(SCTP_CONNTRACK_SHUTDOWN_RECD) },
	[XT_TIMEOUT_SCTP_SHUTDOWN_ACK_SENT] = {
		TIMEOUT_SCTP, BIT(SCTP_CONNTRACK_SHUTDOWN_ACK_SENT) },
	[XT_TIMEOUT_SCTP_HEARTBEAT_SENT] = {
		TIMEOUT_SCTP, BIT(SCTP_CONNTRACK_HEARTBEAT_SENT) },
#ifdef CONFIG_NF_CT_PROTO_GRE
	[XT_TIMEOUT_GRE] = { TIMEOUT_GRE, BIT(GRE_CT_UNREPLIED) },
	[XT_TIMEOUT_GRE_STREAM] = { TIMEOUT_GRE, BIT(GRE_CT_REPLIED) },
#else
	[XT_TIMEOUT_GRE] = { TIMEOUT_GRE },
	[XT_TIMEOUT_GRE_STREAM] = { TIMEOUT_GRE },
#endif
	[XT_TIMEOUT_GENERIC] = { TIMEOUT_GENERIC, BIT(0) },
};

static const u8 timeout_l4protos[TIMEOUT_PROTOS] = {
	[TIMEOUT_TCP]		= IPPROTO_TCP,
	[TIMEOUT_UDP]		= IPPROTO_UDP,
	[TIMEOUT_ICMP]		= IPPROTO_ICMP,
	[TIMEOUT_ICMPV6]	= IPPROTO_ICMPV6,
	[TIMEOUT_SCTP]		= IPPROTO_SCTP,
	[TIMEOUT_GRE]		= IPPROTO_GRE,
	[TIMEOUT_GENERIC]	= POM_CT_GENERIC,
};

/**
 * timeout_l4proto() - the protocol number of a tracker
 * @proto: the tracker
 */
u8 timeout_l4proto(enum timeout_proto proto)
{
	return timeout_l4protos[proto];
}

/**
 * timeout_proto_of() - which tracker a connection has
 * @ct: the connection
 *
 * Any context.
 *
 * Return: TIMEOUT_PROTOS for one that rules do not know: DCCP and UDP-Lite on
 * kernels that have trackers for these
 */
enum timeout_proto timeout_proto_of(const struct nf_conn *ct)
{
	u8 tracker = nf_ct_l4proto_find(nf_ct_protonum(ct))->l4proto;
	enum timeout_proto proto;

	for (proto = 0; proto < TIMEOUT_PROTOS; proto++)
		if (timeout_l4protos[proto] == tracker)
			break;
	return proto;
}

/**
 * timeout_state_proto() - whose state it is
 * @state: enum xt_timeout_state
 */
enum timeout_proto timeout_state_proto(unsigned int state)
{
	return timeout_states[state].proto;
}

/**
 * timeout_state_bits() - which numbers of the kernel's table it is
 * @state: enum xt_timeout_state
 *
 * Return: a bit for each; 0 where the kernel has no such tracker
 */
u32 timeout_state_bits(unsigned int state)
{
	return timeout_states[state].bits;
}

static bool tcp_gave_up(const struct nf_conn *ct)
{
	return READ_ONCE(ct->proto.tcp.retrans) >=
	       READ_ONCE(nf_tcp_pernet(nf_ct_net(ct))->tcp_max_retrans);
}

static bool tcp_has_unacknowledged(const struct nf_conn *ct)
{
	const struct ip_ct_tcp *tcp = &ct->proto.tcp;

	return (READ_ONCE(tcp->seen[0].flags) | READ_ONCE(tcp->seen[1].flags)) &
	       IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED;
}

/*
 * As conntrack chooses it for a packet that it accepts and that is no RST. For
 * a RST it may choose a shorter one, which depends on the kernel.
 */
static u32 timeout_of_tcp(const struct nf_conn *ct, const unsigned int *t)
{
	u32 retrans = READ_ONCE(t[TCP_CONNTRACK_RETRANS]);
	u32 unack = READ_ONCE(t[TCP_CONNTRACK_UNACK]);
	u8 state = READ_ONCE(ct->proto.tcp.state);
	u32 timeout;

	if (state >= TCP_CONNTRACK_MAX)
		state = TCP_CONNTRACK_NONE;
	timeout = READ_ONCE(t[state]);
	if (timeout > retrans && tcp_gave_up(ct))
		timeout = retrans;
	else if (timeout > unack && tcp_has_unacknowledged(ct))
		timeout = unack;
	else if (timeout > retrans && !READ_ONCE(ct->proto.tcp.last_win))
		timeout = retrans;
	/* picked up in the middle */
	if (timeout > unack && state == TCP_CONNTRACK_ESTABLISHED &&
	    !test_bit(IPS_SEEN_REPLY_BIT, &ct->status))
		timeout = unack;
	return timeout;
}

/**
 * timeout_of_state() - the timeout of a connection in its current state
 * @ct: the connection, which runs a packet of this CPU
 * @proto: of @ct
 * @timeouts: the values of @proto, in jiffies
 *
 * Any context, without the connection's lock: another CPU may move the
 * connection, and then sets the timer, too.
 */
u32 timeout_of_state(const struct nf_conn *ct, enum timeout_proto proto,
		     const unsigned int *timeouts)
{
	unsigned long status = READ_ONCE(ct->status);
	unsigned int state = 0;

	switch (proto) {
	case TIMEOUT_TCP:
		return timeout_of_tcp(ct, timeouts);
	case TIMEOUT_UDP:
		state = status & IPS_SEEN_REPLY && status & IPS_ASSURED;
		break;
	case TIMEOUT_GRE:
		state = !!(status & IPS_SEEN_REPLY);
		break;
	case TIMEOUT_SCTP:
		state = READ_ONCE(ct->proto.sctp.state);
		if (state >= SCTP_CONNTRACK_MAX)
			state = SCTP_CONNTRACK_NONE;
		break;
	default:
		break;
	}
	return READ_ONCE(timeouts[state]);
}
