// SPDX-License-Identifier: GPL-2.0-only
/* From packet to reply: the parts common to IPv4 and IPv6. */
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/netfilter/nf_conntrack.h>

#include "TARPIT/tarpit.h"
#include "TARPIT/xt_TARPIT/internal.h"

/**
 * tarpit_read() - read the segment and classify it
 * @packet: skb is given, seg and kind are filled in
 * @thoff: where the TCP header starts, from skb->data
 * @variant: what the user chose
 *
 * Return: false if the segment gets no answer or is invalid.
 */
bool tarpit_read(struct tarpit_packet *packet, unsigned int thoff,
		 enum tarpit_variant variant)
{
	const struct sk_buff *skb = packet->skb;
	u8 buf[TARPIT_TCP_MAX];
	unsigned int len;
	const u8 *tcp;

	tcp = skb_header_pointer(skb, thoff, TARPIT_TCP_MIN, buf);
	if (!tcp)
		return false;
	len = max(tarpit_header_len(tcp), TARPIT_TCP_MIN + 0U);
	tcp = skb_header_pointer(skb, thoff, len, buf);
	if (!tcp || !tarpit_parse(tcp, len, skb->len - thoff, &packet->seg))
		return false;
	packet->kind = tarpit_classify(variant, &packet->seg);
	if (packet->kind == TARPIT_IGNORE)
		return false;
	if (packet->kind != TARPIT_REFUSE)
		tarpit_parse_options(tcp, &packet->seg);
	return true;
}

/**
 * tarpit_proven() - whether the peer may get this kind of answer
 * @packet: its flow is given, standing and scaled are filled in
 *
 * An ACK is answered only if the peer has received the SYN+ACK, so a forged
 * source address gets one packet. A SYN needs no proof. A RST is as harmless
 * as that of a closed port.
 */
bool tarpit_proven(struct tarpit_packet *packet)
{
	packet->standing = TARPIT_FOREIGN;
	packet->scaled = false;
	if (packet->kind != TARPIT_HOLD && packet->kind != TARPIT_READ)
		return true;
	packet->standing = tarpit_standing(packet->flow, &packet->seg,
					   &packet->scaled);
	return packet->standing != TARPIT_FOREIGN;
}

/**
 * tarpit_would_loop() - whether the reply would go to this host
 * @packet: the packet
 * @dst: route of the reply
 * @is_local: its type; in a VRF it has the device of the VRF, not lo
 *
 * A packet from outside with a local source address is forged. What a host
 * sends to itself in a VRF gets no answer either: it comes from the device of
 * the VRF, as packets from outside do.
 */
bool tarpit_would_loop(const struct tarpit_packet *packet,
		       const struct dst_entry *dst, bool is_local)
{
	return (is_local || (dst->dev->flags & IFF_LOOPBACK)) &&
	       !(packet->state->in->flags & IFF_LOOPBACK);
}

/**
 * tarpit_alloc() - a new packet with the TCP header of the answer
 * @packet: the packet that is answered
 * @dst: route of the answer
 * @ip_header_len: space to leave before the TCP header, in octets
 *
 * The transport header is set, its checksum 0; the IP header is not written.
 *
 * Return: NULL if there is no answer, or no memory.
 */
struct sk_buff *tarpit_alloc(const struct tarpit_packet *packet,
			     const struct dst_entry *dst,
			     unsigned int ip_header_len)
{
	struct net *net = packet->state->net;
	struct tarpit_listener host;
	struct tarpit_reply reply;
	struct sk_buff *skb;
	unsigned int len;

	tarpit_listener(net, packet, dst, &host);
	if (!tarpit_compose(packet->kind, &packet->seg, packet->standing,
			    &host, &reply))
		return NULL;
	if (packet->kind == TARPIT_ACCEPT)
		reply.seq = tarpit_isn(packet->flow, packet->seg.seq,
				       reply.options & TARPIT_OPT_WSCALE);

	len = tarpit_reply_len(&reply);
	skb = alloc_skb(LL_MAX_HEADER + ip_header_len + len, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER);
	skb_reset_network_header(skb);
	skb_put_zero(skb, ip_header_len);
	skb_set_transport_header(skb, ip_header_len);
	tarpit_write(&reply, skb_put(skb, len));
	__skb_set_sw_hash(skb,
			  tarpit_skb_hash(net, packet->flow, &packet->seg),
			  true);
	return skb;
}

/**
 * tarpit_attach() - attach a reply to the connection of its packet
 * @reply: the reply, without a connection
 * @packet: the packet that is answered
 *
 * A new connection stays unconfirmed and is freed with its packet. As part of
 * the connection, the reply passes its DNAT backwards, and does not begin a
 * new connection. If the packet has no connection (tracking is off, or comes
 * later), the reply must not have one either.
 */
void tarpit_attach(struct sk_buff *reply, const struct tarpit_packet *packet)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(packet->skb, &ctinfo);

	if (!ct || nf_ct_is_template(ct))
		nf_ct_set(reply, NULL, IP_CT_UNTRACKED);
	else if (packet->kind != TARPIT_REFUSE || !nf_ct_is_confirmed(ct))
		nf_ct_attach(reply, packet->skb);
	/* Otherwise the RST is tracked, and closes the connection. */
#endif
}
