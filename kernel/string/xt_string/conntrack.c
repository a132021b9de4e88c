// SPDX-License-Identifier: GPL-2.0-only
/* What conntrack has decided about a TCP segment. */
#include <linux/ip.h>
#include <linux/netfilter.h>
#include <linux/tcp.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include "string/xt_string/conntrack.h"

/*
 * Conntrack skips the checksum where nf_conntrack_checksum is 0. @payload: its
 * offset from skb->data.
 */
static bool string_ct_checksum(const struct sk_buff *skb, unsigned int hook,
			       u8 family, const struct tcphdr *th,
			       unsigned int payload, const struct nf_conn *ct)
{
	if (READ_ONCE(nf_ct_net(ct)->ct.sysctl_checksum))
		return true;
	return !nf_checksum((struct sk_buff *)skb, hook, payload - th->doff * 4,
			    IPPROTO_TCP, family);
}

/*
 * Whether the SYN or SYN+ACK from @seq to @end has opened its direction. Its
 * sender can choose @end so that it is td_end; but conntrack notes a SYN that
 * it ignores, and none that it accepts.
 */
static bool string_ct_opening(struct nf_conn *ct, u8 dir, u32 seq, u32 end)
{
	const struct ip_ct_tcp *tcp = &ct->proto.tcp;
	bool ignored, opening;

	spin_lock_bh(&ct->lock);
	ignored = tcp->last_dir == dir && tcp->last_seq == seq &&
		  tcp->last_end == end;
	opening = !ignored &&
		  (tcp->state == TCP_CONNTRACK_SYN_SENT ||
		   tcp->state == TCP_CONNTRACK_SYN_SENT2 ||
		   tcp->state == TCP_CONNTRACK_SYN_RECV) &&
		  tcp->seen[dir].td_end == end;
	spin_unlock_bh(&ct->lock);
	return opening;
}

/*
 * Conntrack knows the windows of a connection if it has seen both directions
 * and, without IP_CT_TCP_FLAG_BE_LIBERAL, its beginning.
 */
static bool string_ct_knows_window(const struct nf_conn *ct, u8 dir)
{
	return test_bit(IPS_SEEN_REPLY_BIT, &ct->status) &&
	       !(READ_ONCE(ct->proto.tcp.seen[dir].flags) &
		 IP_CT_TCP_FLAG_BE_LIBERAL);
}

/**
 * string_ct_accepts - whether a segment may advance its connection's search
 * @skb: the packet
 * @hook: the hook that it passes
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @th: its header
 * @w: its payload
 * @ct: the connection
 * @dir: its direction
 *
 * Any context.
 *
 * An invalid segment has no @ct. But conntrack also passes segments that it
 * ignores: a SYN in the middle of a connection, from Linux 6.1 on data with an
 * old ACK number, and, with nf_conntrack_tcp_be_liberal, any segment outside of
 * the window. These do not change td_end, the end of the data of the sender.
 *
 * Return: whether td_end includes the segment and its checksum is correct
 */
bool string_ct_accepts(const struct sk_buff *skb, unsigned int hook, u8 family,
		       const struct tcphdr *th, const struct string_window *w,
		       struct nf_conn *ct, u8 dir)
{
	u32 end = ntohl(th->seq) + th->syn + (w->to - w->from) + th->fin;

	if (!string_ct_checksum(skb, hook, family, th, w->from, ct))
		return false;
	if (th->syn)
		return string_ct_opening(ct, dir, ntohl(th->seq), end);
	return !string_ct_knows_window(ct, dir) ||
	       (s32)(READ_ONCE(ct->proto.tcp.seen[dir].td_end) - end) >= 0;
}

/* Whether a RST has ended the connection; a doubtful RST does not. */
bool string_ct_closed(const struct nf_conn *ct)
{
	return READ_ONCE(ct->proto.tcp.state) == TCP_CONNTRACK_CLOSE;
}

/**
 * string_ct_acked - which bytes the receiver has acknowledged
 * @ct: the connection
 * @dir: the direction of the bytes
 * @seq: the result if it has acknowledged none
 *
 * Any context.
 *
 * Return: the sequence number behind the last one
 */
u32 string_ct_acked(const struct nf_conn *ct, u8 dir, u32 seq)
{
	const struct ip_ct_tcp_state *receiver = &ct->proto.tcp.seen[!dir];

	if (!(READ_ONCE(receiver->flags) & IP_CT_TCP_FLAG_MAXACK_SET))
		return seq;
	return READ_ONCE(receiver->td_maxack);
}
