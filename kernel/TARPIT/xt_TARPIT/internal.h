/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private header of xt_TARPIT. All functions run under rcu_read_lock. They run
 * in softirq context, or in process context with bottom halves on: nftables
 * evaluates rules there for a packet that a program returns from a queue. They
 * take no lock, and keep no state between two packets.
 */
#ifndef POM_XT_TARPIT_INTERNAL_H
#define POM_XT_TARPIT_INTERNAL_H

#include <linux/in6.h>
#include <linux/siphash.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "TARPIT/tarpit.h"

struct dst_entry;
struct net;
struct net_device;
struct nf_hook_state;

/* Per network namespace; net_generic(net, tarpit_net_id). */
struct tarpit_net {
	siphash_key_t key;	/* of everything in identity.c but: */
	u64 label;		/* random, of the hashes of RSTs */
};

extern unsigned int tarpit_net_id;

/* A packet that is being answered. */
struct tarpit_packet {
	struct sk_buff *skb;		/* not written to */
	const struct nf_hook_state *state;
	struct tarpit_segment seg;
	enum tarpit_kind kind;
	enum tarpit_standing standing;
	bool scaled;			/* window scale was agreed on */
	/* Of tarpit_flow4() or tarpit_flow6(); 0 where the answer is a RST. */
	u64 flow;
};

/* identity.c: numbers that look random and can be computed again. */

u64 tarpit_flow4(struct net *net, __be32 saddr, __be32 daddr,
		 const struct tarpit_segment *seg);
u64 tarpit_flow6(struct net *net, const struct in6_addr *saddr,
		 const struct in6_addr *daddr,
		 const struct tarpit_segment *seg);
u32 tarpit_isn(u64 flow, u32 peer_isn, bool scaled);
enum tarpit_standing tarpit_standing(u64 flow,
				     const struct tarpit_segment *seg,
				     bool *scaled);
u32 tarpit_tsval(struct net *net, u64 flow);
u16 tarpit_ip_id(u64 flow);
u32 tarpit_skb_hash(struct net *net, u64 flow,
		    const struct tarpit_segment *seg);

/* listener.c */

void tarpit_listener(struct net *net, const struct tarpit_packet *packet,
		     const struct dst_entry *dst,
		     struct tarpit_listener *host);

/* reply.c: common to both families. */

bool tarpit_read(struct tarpit_packet *packet, unsigned int thoff,
		 enum tarpit_variant variant);
bool tarpit_proven(struct tarpit_packet *packet);
bool tarpit_would_loop(const struct tarpit_packet *packet,
		       const struct dst_entry *dst, bool is_local);
struct sk_buff *tarpit_alloc(const struct tarpit_packet *packet,
			     const struct dst_entry *dst,
			     unsigned int ip_header_len);
void tarpit_attach(struct sk_buff *reply, const struct tarpit_packet *packet);

/* reply4.c, reply6.c */

void tarpit_answer4(struct sk_buff *skb, const struct nf_hook_state *state,
		    enum tarpit_variant variant);
void tarpit_answer6(struct sk_buff *skb, const struct nf_hook_state *state,
		    enum tarpit_variant variant);

#endif
