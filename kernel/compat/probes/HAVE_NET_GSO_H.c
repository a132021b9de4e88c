// SPDX-License-Identifier: GPL-2.0-only
/* 6.5: the functions for GSO have moved from linux/skbuff.h. */
/* no: net/gso.h.*(No such file|not found) */
#include <linux/skbuff.h>
#include <net/gso.h>

int probe(struct sk_buff *skb);

int probe(struct sk_buff *skb)
{
	return skb_gso_validate_network_len(skb, 1500);
}
