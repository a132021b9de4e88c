/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of xt_timeout know of each other.
 *
 * match.c   the match timeout, init and exit
 * target.c  the target TIMEOUT
 * state.c   the states of a rule in the kernel's tables of timeouts
 * vector.c  timeouts that rules share, and their life
 */
#ifndef POM_XT_TIMEOUT_INTERNAL_H
#define POM_XT_TIMEOUT_INTERNAL_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/netfilter/xt_timeout.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_timeout.h>

struct net;

/* The protocol trackers with timeouts of their own, and the generic one. */
enum timeout_proto {
	TIMEOUT_TCP,
	TIMEOUT_UDP,
	TIMEOUT_ICMP,
	TIMEOUT_ICMPV6,
	TIMEOUT_SCTP,
	TIMEOUT_GRE,
	TIMEOUT_GENERIC,
	TIMEOUT_PROTOS,
};

/**
 * struct timeout_vector - the timeouts of equal rules in a network namespace
 * @node: in a list of the namespace: see vector.c
 * @rules: how many rules use it, under the namespace's lock
 * @set: states with a value, as in the rule
 * @value: seconds
 * @fixed: for each protocol, the kernel's states that the rule sets. The others
 *	follow the namespace. Constant while a rule uses the vector; none while
 *	no rule does
 * @timeout: for each protocol, what connections have; NULL where the rule sets
 *	no state of it. Their l3num is one of the values of enum timeout_life
 * @unseen: see compat/ct_timeout.h
 */
struct timeout_vector {
	struct list_head node;
	unsigned int rules;
	u32 set;
	u32 value[XT_TIMEOUT_STATES];
	u32 fixed[TIMEOUT_PROTOS];
	struct nf_ct_timeout *timeout[TIMEOUT_PROTOS];
	unsigned long unseen[];
};

/* state.c */
u8 timeout_l4proto(enum timeout_proto proto);
enum timeout_proto timeout_proto_of(const struct nf_conn *ct);
enum timeout_proto timeout_state_proto(unsigned int state);
u32 timeout_state_bits(unsigned int state);
u32 timeout_of_state(const struct nf_conn *ct, enum timeout_proto proto,
		     const unsigned int *timeouts);

/* target.c */
int timeout_tg_init(void);
void timeout_tg_exit(void);

/* vector.c */
struct nf_conn_timeout *timeout_place(struct nf_conn *ct);
struct timeout_vector *timeout_vector_get(struct net *net,
					  const struct xt_timeout_tginfo *info);
void timeout_vector_put(struct net *net, struct timeout_vector *v);
void timeout_vector_follow(struct net *net, const struct timeout_vector *v,
			   enum timeout_proto proto);
bool timeout_is_ours(const struct nf_ct_timeout *t);
int timeout_hooks_get(struct net *net, u8 family);
void timeout_hooks_put(struct net *net);
int timeout_vector_init(void);
void timeout_vector_exit(void);

#endif /* POM_XT_TIMEOUT_INTERNAL_H */
