/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the help functions of conntrack helpers: access to the payload,
 * refusals, expectations, NAT.
 *
 * A helper never drops a packet. nf_autohelper_core counts each packet that it
 * does not understand or cannot expect a connection for. Such a packet is
 * logged if net.netfilter.nf_conntrack_log_invalid includes the protocol.
 */
#ifndef POM_LIB_HELPER_H
#define POM_LIB_HELPER_H

#include "compat/helper.h"
#include "autohelper/nf_autohelper.h"
#include "lib/encoding.h"

/* Lowest port that an ordinary program can announce. */
#define POM_PORT_USER	1024
#define POM_PORT_LAST	65535

/* Most bytes of a packet that NAT replaces. */
#define POM_REWRITE_MAX	256

/*
 * Space that is written before it is read. Otherwise a kernel with
 * CONFIG_INIT_STACK_ALL_ZERO clears it for each packet.
 */
#if __has_attribute(__uninitialized__)
#define pom_space	__attribute__((__uninitialized__))
#else
#define pom_space
#endif

/* Places in a stream where a line begins that helper_tcp.c remembers. */
#define POM_BEGINS	4

/**
 * struct pom_place - where one direction of a TCP connection is; helper_tcp.c
 * @next: sequence number of the byte after the last that was seen
 * @begin: places where a line begins, the low bits of their sequence number:
 *	where the last segment without an announcement began, and from where on
 *	NAT has changed announcements last, or left them as they were, the
 *	newest first. Each is less than 64 KiB before @next
 */
struct pom_place {
	u32 next;
	u16 begin[POM_BEGINS];
};

/* Bits of struct pom_connection that belong to the help function. */
#define POM_OWN_BITS		16 /* the first one */
#define POM_OWN_BITS_END	26 /* behind the last one */

/**
 * struct pom_connection - what is kept with a connection that has a helper
 * @bits: atomic; bit 0: the connection is counted; helper_tcp.c has others; the
 *	help function has those from POM_OWN_BITS to POM_OWN_BITS_END - 1
 * @dir: of TCP. Two CPUs that have packets of one direction may each write,
 *	and a line is passed over then
 */
struct pom_connection {
	unsigned long bits;
	struct pom_place dir[IP_CT_DIR_MAX];
};

/* What comes later after a question is no answer to it; jiffies. */
#define POM_ANSWER_TIME	(30 * HZ)

/**
 * pom_set_asked() - remember when a client asked last, over UDP
 * @c: of its connection
 *
 * The time is where TCP has the place in the stream; 0 before the first
 * question.
 */
static inline void pom_set_asked(struct pom_connection *c)
{
	WRITE_ONCE(c->dir[IP_CT_DIR_ORIGINAL].next, (u32)jiffies ?: U32_MAX);
}

/**
 * pom_has_asked() - whether a packet may be an answer
 * @c: of its connection
 */
static inline bool pom_has_asked(const struct pom_connection *c)
{
	u32 asked = READ_ONCE(c->dir[IP_CT_DIR_ORIGINAL].next);

	return asked && (u32)jiffies - asked <= POM_ANSWER_TIME;
}

/**
 * struct pom_packet - a packet of a connection that has a helper
 * @helper: the helper
 * @skb: the packet
 * @ct: its connection
 * @dir: its direction
 * @nat: the NAT half, or NULL; set by pom_packet_begin()
 * @protoff: where its transport header begins
 * @data: the beginning of its payload
 * @have: bytes at @data
 * @len: bytes of the whole payload
 * @off: where @data is in the payload; 0, or set by helper_tcp.c
 */
struct pom_packet {
	const struct pom_helper *helper;
	struct sk_buff *skb;
	struct nf_conn *ct;
	enum ip_conntrack_dir dir;
	const struct pom_nat *nat;
	unsigned int protoff;
	const u8 *data;
	unsigned int have;
	unsigned int len;
	int off;
};

/**
 * struct pom_mapping - the two ends of an expected connection
 * @src: address of its source, after NAT
 * @dst: address of its destination, after NAT
 * @src_id: port or GRE key of the source
 * @dst_id: port or GRE key of the destination
 */
struct pom_mapping {
	union nf_inet_addr src;
	union nf_inet_addr dst;
	__be16 src_id;
	__be16 dst_id;
};

/**
 * struct pom_nat - functions of the NAT half
 * @follow: nf_nat_follow_master(); a pointer, so that the helper itself does
 *	not need the kernel's NAT module
 * @follow_any: the same for a connection that may come from any address: it
 *	keeps its source
 * @follow_source: of an expectation with the direction of its master: gives
 *	the connection the source address that NAT gave to the master
 * @map: in the expectfn of a helper: gives the connection these addresses and
 *	ids
 * @replace: replaces @len bytes at @off of the payload by the @n of @bytes;
 *	false if it replaced nothing
 * @resized: of TCP, at most once for a segment: @replace has made what it has
 *	behind @seq longer by @grown bytes, or shorter; never for bytes that
 *	have passed before
 */
struct pom_nat {
	void (*follow)(struct nf_conn *ct, struct nf_conntrack_expect *exp);
	void (*follow_any)(struct nf_conn *ct,
			   struct nf_conntrack_expect *exp);
	void (*follow_source)(struct nf_conn *ct,
			      struct nf_conntrack_expect *exp);
	void (*map)(struct nf_conn *ct, const struct pom_mapping *to);
	bool (*replace)(const struct pom_packet *p, unsigned int off,
			unsigned int len, const u8 *bytes, unsigned int n);
	void (*resized)(const struct pom_packet *p, u32 seq, int grown);
};

/**
 * struct pom_announced - a port that the sender of a packet announces
 * @port: the sender's, host byte order
 * @low: lowest port that the sender may announce; NAT chooses no lower one
 * @high: highest port, in the same way
 * @l4proto: of the connection to come
 * @class: of the expectation
 * @flags: of the expectation: NF_CT_EXPECT_*
 * @src: port that the peer connects from, with @src_mask; 0 for any
 * @src_mask: bits of @src that count
 * @any_peer: the connection may come from any address
 * @pair: port and port ^ 1 belong together. NAT gives them such a pair, with
 *	the even one for the even one, and takes no half of another pair
 * @want: port that NAT tries first; 0 for @port
 * @assign: helper of the connection to come, or NULL
 * @seen: the sender's address and port as the peer sees them, once expected
 * @exp: the expectation, or NULL where there is none
 */
struct pom_announced {
	u16 port;
	u16 low;
	u16 high;
	u8 l4proto;
	u8 class;
	unsigned int flags;
	__be16 src;
	__be16 src_mask;
	bool any_peer;
	bool pair;
	u16 want;
	struct nf_conntrack_helper *assign;
	struct pom_endpoint seen;
	struct nf_conntrack_expect *exp;
};

/**
 * pom_packet_begin() - begin with a packet, and count its connection once
 * @p: @helper and @ct are set; @nat is set here
 *
 * pom_packet_udp() and pom_stream_begin() call it.
 */
void pom_packet_begin(struct pom_packet *p);

/**
 * pom_packet_is_foreign() - whether a packet has a different protocol
 * @p: @helper, @skb and @ct are set
 */
bool pom_packet_is_foreign(const struct pom_packet *p);

/**
 * pom_packet_is_error() - whether a packet is an ICMP error
 * @p: @helper, @skb and @ct are set
 *
 * The kernel calls help functions for the errors of the original direction,
 * which are IP_CT_RELATED. The first packet of an expected connection is, too.
 */
static inline bool pom_packet_is_error(const struct pom_packet *p)
{
	enum ip_conntrack_info ctinfo;

	nf_ct_get(p->skb, &ctinfo);
	return unlikely(ctinfo == IP_CT_RELATED) && pom_packet_is_foreign(p);
}

/**
 * pom_packet_udp() - look at the payload of a UDP packet
 * @p: @helper, @skb, @ct and @dir are set; the rest is set here
 * @protoff: where the UDP header begins
 * @buf: space for the payload where it is not linear
 * @size: of @buf, and most bytes to look at
 *
 * In a help function, once for each packet. Counts new connections.
 *
 * Return: false for an ICMP error, and for an incomplete UDP packet, see
 * udp_payload_peek().
 */
bool pom_packet_udp(struct pom_packet *p, unsigned int protoff, u8 *buf,
		    unsigned int size);

/**
 * pom_refuse() - count and log a packet that is not helped
 * @p: the packet
 * @reason: POM_MALFORMED or later
 * @text: the reason in words
 *
 * In a help function.
 */
void pom_refuse(const struct pom_packet *p, enum pom_count reason,
		const char *text);

/**
 * pom_expect_reply() - expect a connection from the peer to the sender's port
 * @p: the packet that announces it
 *
 * Expects a packet from the peer's address and any port to the source address
 * and port of @p, as the peer sees them. NAT maps it back as it mapped @p.
 * Replaces an earlier expectation of the same connection. In a help function;
 * counts.
 */
void pom_expect_reply(const struct pom_packet *p);

/**
 * pom_is_own() - whether an address is that of the sender of a packet
 * @p: the packet
 * @addr: of the packet's family; IPv4 in the first four bytes
 *
 * His own, before NAT or after it.
 */
bool pom_is_own(const struct pom_packet *p, const u8 *addr);

/**
 * pom_expect_port() - expect a connection from the peer to an announced port
 * @p: the packet
 * @a: @port to @assign are set, the rest is set here
 *
 * From the peer's address to the address that @p came from, as the peer sees
 * it. Where NAT applies @a->seen has a port that no other expectation has: the
 * announced one if it can be, and the same one when the packet is sent again.
 * The caller writes @a->seen into the packet: pom_rewrite(). In a help
 * function; counts, also what it refuses.
 *
 * Return: true where it is expected; the caller must call pom_expected().
 */
bool pom_expect_port(const struct pom_packet *p, struct pom_announced *a);

/**
 * pom_see() - the sender's address as the peer sees it
 * @p: the packet
 * @port: for @seen
 * @seen: set here
 */
void pom_see(const struct pom_packet *p, u16 port, struct pom_endpoint *seen);

/**
 * pom_is_mapped() - whether NAT applies to the connection of a packet
 * @p: @ct is set
 */
static inline bool pom_is_mapped(const struct pom_packet *p)
{
	return READ_ONCE(p->ct->status) & IPS_NAT_MASK;
}

/**
 * pom_announced_port() - what NAT has made of a port that was announced
 * @p: a packet of the connection
 * @dir: direction of the announcement
 * @port: as the announcing side knows it; or as its peer does, where @p is
 *	sent by the peer
 *
 * Return: the same port as the other side knows it, while the connection to it
 * is expected; 0 where it is not.
 */
u16 pom_announced_port(const struct pom_packet *p, enum ip_conntrack_dir dir,
		       u16 port);

/**
 * pom_expected() - end what pom_expect_port() began
 * @a: from pom_expect_port(), whatever it returned
 * @keep: false to remove the expectation again
 */
void pom_expected(struct pom_announced *a, bool keep);

/**
 * pom_rewrite() - write into a packet what the peer can reach
 * @p: the packet; @p->data is not valid afterwards where NAT applies
 * @field: where and what, in the order of the payload, within @p->have bytes
 * @n: how many, 1 or more
 *
 * All of them or none: a packet is never half rewritten. Does nothing where
 * NAT does not apply. In a help function; counts and logs a failure.
 *
 * Return: false where the packet is as it was, and names what the peer cannot
 * reach.
 */
bool pom_rewrite(const struct pom_packet *p, const struct pom_field *field,
		 unsigned int n);

/**
 * pom_rewrite_bytes() - pom_rewrite() for other encodings
 * @p: the same
 * @off: where the bytes are in @p->data
 * @len: how many; all within @p->have
 * @bytes: what takes their place
 * @n: how many; 0 where the caller has no space for them, which fails
 */
bool pom_rewrite_bytes(const struct pom_packet *p, unsigned int off,
		       unsigned int len, const u8 *bytes, unsigned int n);

#endif /* POM_LIB_HELPER_H */
