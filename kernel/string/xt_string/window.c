// SPDX-License-Identifier: GPL-2.0-only
/* Which bytes of a packet are searched. */
#include <linux/dccp.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/netfilter.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "string/xt_string/internal.h"

/*
 * The transport header of a packet.
 * @off: its offset from skb->data, after the IP header and its extensions
 * @skipped: bytes of the transport's data in earlier fragments
 */
struct string_transport {
	unsigned int off;
	unsigned int skipped;
	u8 protocol;
};

static bool string_transport_v4(const struct sk_buff *skb,
				struct string_transport *t)
{
	const struct iphdr *ip;
	struct iphdr _ip;

	ip = skb_header_pointer(skb, 0, sizeof(_ip), &_ip);
	if (!ip || ip->ihl < 5)
		return false;
	t->off = ip->ihl * 4;
	t->skipped = (ntohs(ip->frag_off) & IP_OFFSET) * 8;
	t->protocol = ip->protocol;
	return t->off <= skb->len;
}

static bool string_transport_v6(const struct sk_buff *skb,
				struct string_transport *t)
{
	const struct ipv6hdr *ip6;
	const struct frag_hdr *frag;
	struct ipv6hdr _ip6;
	struct frag_hdr _frag;
	__be16 frag_off;
	int off;

	ip6 = skb_header_pointer(skb, 0, sizeof(_ip6), &_ip6);
	if (!ip6)
		return false;
	t->protocol = ip6->nexthdr;
	off = ipv6_skip_exthdr(skb, sizeof(*ip6), &t->protocol, &frag_off);
	if (off < 0)
		return false;
	t->off = off;
	t->skipped = ntohs(frag_off) & IP6_OFFSET;
	/* ipv6_skip_exthdr() stops at the header of a later fragment. */
	if (t->skipped) {
		frag = skb_header_pointer(skb, off, sizeof(_frag), &_frag);
		if (!frag)
			return false;
		t->off += sizeof(*frag);
		t->protocol = frag->nexthdr;
	}
	return t->off <= skb->len;
}

/* Bytes of the transport header, or -1 if unknown. */
static int string_transport_len(const struct sk_buff *skb,
				const struct string_transport *t)
{
	unsigned int at;
	const u8 *words;
	u8 _words;

	switch (t->protocol) {
	case IPPROTO_TCP:
		at = 12;
		break;
	case IPPROTO_DCCP:
		at = offsetof(struct dccp_hdr, dccph_doff);
		break;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 8;
	case IPPROTO_SCTP:
		return sizeof(struct sctphdr);
	default:
		return 0;
	}
	/* A later fragment does not contain the header. */
	if (t->skipped)
		return -1;
	words = skb_header_pointer(skb, t->off + at, sizeof(_words), &_words);
	if (!words)
		return -1;
	return (t->protocol == IPPROTO_TCP ? *words >> 4 : *words) * 4;
}

/**
 * string_window_find - which bytes of a packet are searched
 * @skb: the packet; skb->data is its IP header
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @base: the origin of @from and @to
 * @from: the first byte
 * @to: the one after the last one; XT_STRING_TO_END
 *
 * Any context.
 *
 * In later fragments, offsets are those in the whole datagram, independent of
 * its fragmentation.
 *
 * Return: the bytes; none if the packet is too short, or a fragment of TCP or
 * DCCP without the offset of the payload
 */
struct string_window string_window_find(const struct sk_buff *skb, u8 family,
					enum xt_string_base base, u32 from,
					u32 to)
{
	const struct string_window none = {};
	struct string_transport t = {};
	u64 start, skipped, end;
	int len = 0;

	if (base != XT_STRING_BASE_NETWORK &&
	    !(family == NFPROTO_IPV4 ? string_transport_v4(skb, &t) :
				       string_transport_v6(skb, &t)))
		return none;
	if (base == XT_STRING_BASE_PAYLOAD) {
		len = string_transport_len(skb, &t);
		if (len < 0)
			return none;
	}
	start = t.off + len;
	skipped = t.skipped;

	/* Both may be before this fragment. */
	end = to == XT_STRING_TO_END ? skb->len : start + to;
	if (to != XT_STRING_TO_END)
		end = end > skipped ? end - skipped : 0;
	return (struct string_window){
		.from = max(start + from, skipped + t.off) - skipped,
		.to = min_t(u64, end, skb->len),
	};
}

/**
 * string_window_tcp - the header and the payload of a TCP segment
 * @skb: the packet; skb->data is its IP header
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @buf: buffer for the header
 * @w: its payload; may be empty
 *
 * Any context.
 *
 * Return: the header; NULL if the packet is not TCP, is a fragment, or lacks a
 * part of the header
 */
const struct tcphdr *string_window_tcp(const struct sk_buff *skb, u8 family,
				       struct tcphdr *buf,
				       struct string_window *w)
{
	struct string_transport t = {};
	const struct tcphdr *th;

	if (!(family == NFPROTO_IPV4 ? string_transport_v4(skb, &t) :
				       string_transport_v6(skb, &t)))
		return NULL;
	if (t.protocol != IPPROTO_TCP || t.skipped)
		return NULL;
	th = skb_header_pointer(skb, t.off, sizeof(*buf), buf);
	if (!th || th->doff < 5 || t.off + th->doff * 4 > skb->len)
		return NULL;
	w->from = t.off + th->doff * 4;
	w->to = skb->len;
	return th;
}
