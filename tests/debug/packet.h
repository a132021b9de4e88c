/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets built from the inside out: push_*() puts a header in front of the
 * packet so far, with correct lengths and checksum. A fuzzer corrupts them
 * afterwards. All randomness comes from one seed.
 */
#ifndef POM_DEBUG_PACKET_H
#define POM_DEBUG_PACKET_H

#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PACKET_MAX 65535
#define PACKET_HEADROOM 512

struct packet {
	uint8_t buffer[PACKET_HEADROOM + PACKET_MAX + 1];
	uint8_t *at; /* the first byte, in buffer */
	size_t len;
	uint8_t proto; /* of the outermost header, for the next one around it */
};

/* The addresses and ports of a packet. */
struct ends {
	int family; /* AF_INET or AF_INET6 */
	struct in6_addr src, dst; /* the first 4 bytes for AF_INET */
	uint16_t sport, dport; /* host order */
};

/* xorshift64*: the same numbers on every libc. */
static uint64_t random_state = 1;

static inline uint32_t rnd(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * 0x2545f4914f6cdd1dULL) >> 32;
}

static inline uint32_t below(uint32_t n)
{
	return n ? rnd() % n : 0;
}

static inline bool one_in(uint32_t n)
{
	return !below(n);
}

static inline void random_bytes(void *to, size_t len)
{
	uint8_t *p = to;

	while (len--)
		*p++ = rnd();
}

static inline void packet_start(struct packet *p, const void *payload,
				size_t len)
{
	if (len > PACKET_MAX)
		len = PACKET_MAX;
	p->at = p->buffer + PACKET_HEADROOM;
	p->len = len;
	p->proto = IPPROTO_RAW;
	if (len)
		memcpy(p->at, payload, len);
}

static inline void *push(struct packet *p, size_t len)
{
	p->at -= len;
	p->len += len;
	memset(p->at, 0, len);
	return p->at;
}

/* The sum of RFC 1071, before it is complemented. */
static inline uint32_t sum_of(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *p = data;

	for (; len > 1; p += 2, len -= 2)
		sum += p[0] << 8 | p[1];
	if (len)
		sum += p[0] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The checksum of the packet so far, with the pseudo header of @e. */
static inline uint16_t checksum(const struct packet *p, const struct ends *e,
				uint8_t proto)
{
	size_t size = e->family == AF_INET ? 4 : 16;
	uint32_t sum = proto + p->len;

	sum = sum_of(&e->src, size, sum);
	sum = sum_of(&e->dst, size, sum);
	return htons(~sum_of(p->at, p->len, sum));
}

static inline void push_udp(struct packet *p, const struct ends *e)
{
	struct udphdr *udp = push(p, sizeof(*udp));

	udp->source = htons(e->sport);
	udp->dest = htons(e->dport);
	udp->len = htons(p->len);
	udp->check = checksum(p, e, IPPROTO_UDP);
	p->proto = IPPROTO_UDP;
}

static inline void push_tcp(struct packet *p, const struct ends *e,
			    uint32_t seq, uint32_t ack, uint8_t flags,
			    const void *options, size_t options_len)
{
	struct tcphdr *tcp;

	if (options_len)
		memcpy(push(p, options_len), options, options_len);
	tcp = push(p, sizeof(*tcp));
	tcp->source = htons(e->sport);
	tcp->dest = htons(e->dport);
	tcp->seq = htonl(seq);
	tcp->ack_seq = htonl(ack);
	tcp->doff = (sizeof(*tcp) + options_len) / 4;
	((uint8_t *)tcp)[13] = flags;
	tcp->window = htons(65535);
	tcp->check = checksum(p, e, IPPROTO_TCP);
	p->proto = IPPROTO_TCP;
}

static inline void push_icmp(struct packet *p, const struct ends *e,
			     uint8_t type, uint8_t code)
{
	struct icmphdr *icmp = push(p, sizeof(*icmp));

	icmp->type = type;
	icmp->code = code;
	icmp->un.echo.id = htons(e->sport);
	if (e->family == AF_INET) {
		icmp->checksum = htons(~sum_of(p->at, p->len, 0));
		p->proto = IPPROTO_ICMP;
	} else {
		icmp->checksum = checksum(p, e, IPPROTO_ICMPV6);
		p->proto = IPPROTO_ICMPV6;
	}
}

/* An IPv6 extension header of 8 * (1 + @more) bytes, with padding options. */
static inline void push_extension(struct packet *p, uint8_t type, uint8_t more)
{
	uint8_t *h = push(p, 8 * (1 + more));

	h[0] = p->proto;
	h[1] = more;
	if (type == IPPROTO_ROUTING)
		h[2] = below(5); /* the type; no segments left */
	else
		h[2] = 1, h[3] = 4 + 8 * more; /* PadN */
	p->proto = type;
}

static inline void push_ah(struct packet *p)
{
	uint8_t *h = push(p, 24);

	h[0] = p->proto;
	h[1] = 24 / 4 - 2;
	random_bytes(h + 4, 20);
	p->proto = IPPROTO_AH;
}

static inline void push_esp(struct packet *p)
{
	random_bytes(push(p, 8), 8);
	p->proto = IPPROTO_ESP;
}

/* @options: bytes of no-operation options, a multiple of 4. */
static inline void push_ipv4(struct packet *p, const struct ends *e,
			     size_t options, uint16_t fragment)
{
	struct iphdr *ip;

	if (options)
		memset(push(p, options), 1, options);
	ip = push(p, sizeof(*ip));
	ip->version = 4;
	ip->ihl = (sizeof(*ip) + options) / 4;
	ip->tot_len = htons(p->len);
	ip->id = rnd();
	ip->frag_off = htons(fragment);
	ip->ttl = 64;
	ip->protocol = p->proto;
	memcpy(&ip->saddr, &e->src, 4);
	memcpy(&ip->daddr, &e->dst, 4);
	ip->check = htons(~sum_of(ip, sizeof(*ip) + options, 0));
	p->proto = IPPROTO_IPIP;
}

static inline void push_ipv6(struct packet *p, const struct ends *e)
{
	size_t payload = p->len;
	struct ip6_hdr *ip = push(p, sizeof(*ip));

	ip->ip6_flow = htonl(6u << 28);
	ip->ip6_plen = htons(payload);
	ip->ip6_nxt = p->proto;
	ip->ip6_hlim = 64;
	ip->ip6_src = e->src;
	ip->ip6_dst = e->dst;
	p->proto = IPPROTO_IPV6;
}

static inline void push_ip(struct packet *p, const struct ends *e)
{
	if (e->family == AF_INET)
		push_ipv4(p, e, 0, 0);
	else
		push_ipv6(p, e);
}

#endif
