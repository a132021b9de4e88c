/* SPDX-License-Identifier: GPL-2.0-only */
/* The payload of a TCP segment, for helpers and matches. */
#ifndef POM_LIB_TCP_PAYLOAD_H
#define POM_LIB_TCP_PAYLOAD_H

#include <linux/minmax.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>

/**
 * struct tcp_payload - where the payload of a segment is
 * @off: offset in the packet
 * @len: bytes
 * @seq: sequence number of its first byte
 * @syn: the segment has the SYN flag
 */
struct tcp_payload {
	unsigned int off;
	unsigned int len;
	u32 seq;
	bool syn;
};

/**
 * tcp_payload_find() - find the payload of a TCP segment
 * @skb: the packet; may be non-linear
 * @thoff: where its TCP header begins
 * @payload: what was found
 *
 * Any context. The checksum is not looked at.
 *
 * Return: false where there is no whole TCP header at @thoff.
 */
static inline bool tcp_payload_find(const struct sk_buff *skb,
				    unsigned int thoff,
				    struct tcp_payload *payload)
{
	const struct tcphdr *th;
	struct tcphdr _th;
	unsigned int len;

	th = skb_header_pointer(skb, thoff, sizeof(_th), &_th);
	if (!th)
		return false;
	len = th->doff * 4;
	if (len < sizeof(_th) || len > skb->len - thoff)
		return false;
	payload->off = thoff + len;
	payload->len = skb->len - payload->off;
	payload->seq = ntohl(th->seq) + th->syn;
	payload->syn = th->syn;
	return true;
}

/**
 * tcp_payload_piece() - look at a piece of a payload
 * @skb: the packet; may be non-linear
 * @payload: from tcp_payload_find()
 * @at: offset in the payload, less than @payload->len
 * @buf: space for the bytes if they are not contiguous
 * @size: of @buf
 * @have: bytes of the payload at the result, 1 or more
 *
 * Any context. What is in the packet's head comes in one piece.
 *
 * Return: the piece, valid as long as @skb is not written to and @buf exists,
 * or NULL.
 */
static inline const u8 *tcp_payload_piece(const struct sk_buff *skb,
					  const struct tcp_payload *payload,
					  unsigned int at, u8 *buf,
					  unsigned int size,
					  unsigned int *have)
{
	unsigned int off = payload->off + at, head = skb_headlen(skb);

	*have = payload->len - at;
	if (off < head)
		*have = min(*have, head - off);
	else
		*have = min(*have, size);
	return skb_header_pointer(skb, off, *have, buf);
}

#endif /* POM_LIB_TCP_PAYLOAD_H */
