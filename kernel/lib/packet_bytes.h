/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes of a packet in one piece, for parsers that need all of a message. */
#ifndef POM_LIB_PACKET_BYTES_H
#define POM_LIB_PACKET_BYTES_H

#include <linux/skbuff.h>
#include <linux/slab.h>

/**
 * pom_packet_bytes() - look at bytes of a packet
 * @skb: the packet; may be non-linear
 * @off: where they begin
 * @n: how many; all within the packet
 * @copy: NULL, or what the caller frees with kfree(), also after a failure
 *
 * Any context. The memory is not charged: it exists for the time of a packet.
 *
 * Return: the bytes, in the head of the packet or at @copy; NULL where memory
 * is short.
 */
static inline const u8 *pom_packet_bytes(const struct sk_buff *skb,
					 unsigned int off, unsigned int n,
					 u8 **copy)
{
	*copy = NULL;
	if (off + n <= skb_headlen(skb))
		return skb->data + off;
	*copy = kmalloc(n, GFP_ATOMIC | __GFP_NOWARN);
	if (!*copy || skb_copy_bits(skb, off, *copy, n) < 0)
		return NULL;
	return *copy;
}

#endif /* POM_LIB_PACKET_BYTES_H */
