// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections that conntrack has picked up in the middle, see loose.h.
 *
 * Conntrack has no mark for them, so they get one: a bit of the flags of a
 * direction that it does not use. It clears the bit when it begins again with
 * a SYN, and then it knows the scales.
 */

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_extend.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_seqadj.h>

#include "tcp-window-tracking/loose.h"
#include "tcp-window-tracking/packet.h"
#include "tcp-window-tracking/window.h"

/*
 * In seen[IP_CT_DIR_ORIGINAL].flags. The kernel has these numbers in last_flags
 * only: IP_CT_TCP_SIMULTANEOUS_OPEN and IP_CT_EXP_CHALLENGE_ACK.
 */
#define TCPWINDOW_PICKED_UP	0x80
#define TCPWINDOW_CHECKED	0x40

/*
 * The first packet of a connection opens it with a SYN, or it was picked up:
 * then conntrack has its state ESTABLISHED at once.
 */
static bool tcpwindow_is_first_picked_up(const struct nf_conn *ct)
{
	return !nf_ct_is_confirmed(ct) &&
	       READ_ONCE(ct->proto.tcp.state) == TCP_CONNTRACK_ESTABLISHED;
}

/**
 * tcpwindow_picked_up() - whether a connection was picked up in the middle
 * @ct: a TCP connection, whose packet the caller looks at
 *
 * Packet path. True only if the caller has also asked about its first packet,
 * which marks it.
 */
bool tcpwindow_picked_up(struct nf_conn *ct)
{
	struct ip_ct_tcp_state *seen = &ct->proto.tcp.seen[IP_CT_DIR_ORIGINAL];

	if (tcpwindow_is_first_picked_up(ct)) {
		/* no other CPU knows the connection */
		WRITE_ONCE(seen->flags, seen->flags | TCPWINDOW_PICKED_UP);
		return true;
	}
	return READ_ONCE(seen->flags) & TCPWINDOW_PICKED_UP;
}

/*
 * A new extension may move the others. In 5.10, a list of expectations begins
 * in one of them, so a connection that a helper or nftables has prepared stays
 * liberal.
 */
static void tcpwindow_count_packets(struct nf_conn *ct)
{
	if (!nf_conn_acct_find(ct) && !nfct_help(ct))
		nf_ct_ext_add(ct, NF_CT_EXT_ACCT, GFP_ATOMIC);
}

static bool tcpwindow_both_sent(const struct nf_conn *ct, unsigned int packets)
{
	const struct nf_conn_acct *acct = nf_conn_acct_find(ct);
	unsigned int dir;

	for (dir = 0; dir < IP_CT_DIR_MAX; dir++)
		if (atomic64_read(&acct->counter[dir].packets) < packets)
			return false;
	return true;
}

/* With the connection's lock. */
static void tcpwindow_loose_segment(struct nf_conn *ct,
				    const struct window_segment *seg,
				    enum ip_conntrack_dir dir,
				    unsigned int packets)
{
	struct ip_ct_tcp_state *seen = ct->proto.tcp.seen;
	struct window_side side[IP_CT_DIR_MAX];

	/* a second CPU may have been quicker */
	if (seen[IP_CT_DIR_ORIGINAL].flags & TCPWINDOW_CHECKED)
		return;
	tcpwindow_copy_side(&side[0], &seen[0]);
	tcpwindow_copy_side(&side[1], &seen[1]);
	window_learn(side, seg, dir,
		     nf_ct_seq_offset(ct, !dir, seg->ack - 1));
	if (tcpwindow_both_sent(ct, packets)) {
		window_check_from_now(side);
		side[IP_CT_DIR_ORIGINAL].flags |= TCPWINDOW_CHECKED;
	}
	tcpwindow_store_side(&seen[0], &side[0]);
	tcpwindow_store_side(&seen[1], &side[1]);
}

/**
 * tcpwindow_loose() - start to check a connection that was picked up
 * @skb: a packet that conntrack has accepted
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @ct: its connection, of TCP
 * @ctinfo: its place there
 * @packets: so many of each direction pass unchecked, 1 or more
 *
 * Packet path, for each packet of the connection. Does nothing to connections
 * whose first packet the caller has not seen.
 */
void tcpwindow_loose(const struct sk_buff *skb, u8 family, struct nf_conn *ct,
		     enum ip_conntrack_info ctinfo, unsigned int packets)
{
	const u8 *flags = &ct->proto.tcp.seen[IP_CT_DIR_ORIGINAL].flags;
	struct window_segment seg;

	if (!tcpwindow_picked_up(ct))
		return;
	if (!nf_ct_is_confirmed(ct)) {
		tcpwindow_count_packets(ct);
		return;
	}
	if (READ_ONCE(*flags) & TCPWINDOW_CHECKED || !nf_conn_acct_find(ct) ||
	    !tcpwindow_segment(skb, family, &seg))
		return;
	spin_lock_bh(&ct->lock);
	tcpwindow_loose_segment(ct, &seg, CTINFO2DIR(ctinfo), packets);
	spin_unlock_bh(&ct->lock);
}
