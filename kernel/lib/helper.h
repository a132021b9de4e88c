/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the help functions of conntrack helpers have in common: access to the
 * payload, refusals, expectations, NAT.
 *
 * A helper never drops a packet. What it does not understand, or cannot
 * expect, it counts in nf_autohelper_core and logs where
 * net.netfilter.nf_conntrack_log_invalid asks for the protocol.
 */
#ifndef POM_LIB_HELPER_H
#define POM_LIB_HELPER_H

#include "compat/helper.h"
#include "autohelper/nf_autohelper.h"

/**
 * struct pom_packet - a packet of a connection that has a helper
 * @helper: the helper
 * @skb: the packet
 * @ct: its connection
 * @dir: its direction
 * @data: the beginning of its payload
 * @have: bytes at @data
 * @len: bytes of the whole payload
 */
struct pom_packet {
	const struct pom_helper *helper;
	struct sk_buff *skb;
	struct nf_conn *ct;
	enum ip_conntrack_dir dir;
	const u8 *data;
	unsigned int have;
	unsigned int len;
};

/**
 * struct pom_nat - what a helper needs of the NAT module
 * @follow: nf_nat_follow_master(), of a module that the helper does not need
 */
struct pom_nat {
	void (*follow)(struct nf_conn *ct, struct nf_conntrack_expect *exp);
};

/**
 * pom_packet_udp() - look at the payload of a UDP packet
 * @p: @helper, @skb, @ct and @dir are set; the rest is set here
 * @protoff: where the UDP header begins
 * @buf: space for the payload where it is not linear
 * @size: of @buf, and most bytes to look at
 *
 * In a help function, once for each packet. Counts new connections.
 *
 * Return: false where there is no whole UDP packet, see udp_payload_peek().
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
 * From the peer's address and any port to the address and port that @p came
 * from, as the peer sees them; mapped back as @p was mapped where NAT applies.
 * An earlier expectation of the same connection is replaced. In a help
 * function; counts.
 */
void pom_expect_reply(const struct pom_packet *p);

#endif /* POM_LIB_HELPER_H */
