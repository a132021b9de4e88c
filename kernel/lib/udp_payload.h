/* SPDX-License-Identifier: GPL-2.0-only */
/* The payload of a UDP packet, for helpers and matches. */
#ifndef POM_UDP_PAYLOAD_H
#define POM_UDP_PAYLOAD_H

#include <linux/minmax.h>
#include <linux/skbuff.h>
#include <linux/udp.h>

struct udp_payload {
	const u8 *data;		/* its beginning */
	unsigned int have;	/* bytes of it at data */
	unsigned int len;	/* bytes of all of it */
};

/**
 * udp_payload_peek() - look at the beginning of a UDP packet's payload
 * @skb: the packet; may be non-linear
 * @thoff: where its UDP header begins
 * @buf: space for the bytes if they are not contiguous
 * @size: of @buf, and most bytes to look at
 * @payload: what was found; valid as long as @skb is not written to and @buf
 *	exists
 *
 * Any context. Does not check the checksum.
 *
 * Return: false if no complete UDP packet is at @thoff: truncated, a first
 * fragment, or an invalid length field (which includes jumbograms, RFC 2675).
 */
static inline bool udp_payload_peek(const struct sk_buff *skb,
				    unsigned int thoff, u8 *buf,
				    unsigned int size,
				    struct udp_payload *payload)
{
	const struct udphdr *uh;
	struct udphdr _uh;
	unsigned int len;

	uh = skb_header_pointer(skb, thoff, sizeof(_uh), &_uh);
	if (!uh)
		return false;
	len = ntohs(uh->len);
	if (len < sizeof(_uh) || len > skb->len - thoff)
		return false;
	payload->len = len - sizeof(_uh);
	payload->have = min(payload->len, size);
	payload->data = skb_header_pointer(skb, thoff + sizeof(_uh),
					   payload->have, buf);
	return payload->data;
}

#endif
