/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
#ifndef _XT_ROUTE_H
#define _XT_ROUTE_H

#include <linux/if.h>
#include <linux/netfilter.h>
#include <linux/types.h>

/**
 * enum xt_route_flags - options of the target
 * @XT_ROUTE_CONTINUE: go on with the next rule
 * @XT_ROUTE_TEE: route a copy
 * @XT_ROUTE_GW: there is a next hop with a gateway
 * @XT_ROUTE_IIF: iif is set, and nothing else
 * @XT_ROUTE_UNTRACK: take the connection away from the packet
 * @XT_ROUTE_REPLY: route replies to the next hop from which the first packet
 *	of their connection came; each next hop has an interface
 */
enum xt_route_flags {
	XT_ROUTE_CONTINUE = 1 << 0,
	XT_ROUTE_TEE = 1 << 1,
	XT_ROUTE_GW = 1 << 2,
	XT_ROUTE_IIF = 1 << 3,
	XT_ROUTE_UNTRACK = 1 << 4,
	XT_ROUTE_REPLY = 1 << 5,
	XT_ROUTE_FLAGS = XT_ROUTE_CONTINUE | XT_ROUTE_TEE | XT_ROUTE_GW |
			 XT_ROUTE_IIF | XT_ROUTE_UNTRACK | XT_ROUTE_REPLY,
};

/**
 * enum xt_route_balance - how one of several next hops is chosen
 * @XT_ROUTE_CONNECTION: in turn, for each connection
 * @XT_ROUTE_SOURCE: by the source address of a connection
 * @XT_ROUTE_PACKET: in turn, for each packet
 */
enum xt_route_balance {
	XT_ROUTE_CONNECTION = 0,
	XT_ROUTE_SOURCE,
	XT_ROUTE_PACKET,
	XT_ROUTE_BALANCES,
};

/**
 * enum xt_route_down - what is done with a packet if all next hops are down
 * @XT_ROUTE_DOWN_DROP: drop it; one next hop alone is not watched then
 * @XT_ROUTE_DOWN_CONTINUE: go on with the next rule
 */
enum xt_route_down {
	XT_ROUTE_DOWN_DROP = 0,
	XT_ROUTE_DOWN_CONTINUE,
	XT_ROUTE_DOWNS,
};

enum {
	XT_ROUTE_HOPS = 8,
	XT_ROUTE_WEIGHT_MAX = 255,
};

/* The default of --mark-field. A field has at least 4 bits. */
#define XT_ROUTE_MARK_FIELD	0xff000000

/**
 * struct xt_route_nexthop - where packets go
 * @gw: the gateway, of the rule's family, or 0
 * @oif: output interface, NUL-padded; empty: that of the route to @gw
 * @weight: share of the connections, 1 to 255; 0 for a single next hop; 1 for
 *	one of several with XT_ROUTE_REPLY
 * @pad: 0
 */
struct xt_route_nexthop {
	union nf_inet_addr gw;
	char oif[IFNAMSIZ];
	__u16 weight;
	__u16 pad;
};

/**
 * struct xt_route_tginfo - target data of ROUTE, revision 0
 * @hop: next hops; those after @hops are 0
 * @iif: input interface of XT_ROUTE_IIF, NUL-padded
 * @mark_field: bits of the connection's mark that store the number of a next
 *	hop: one run; 0 with XT_ROUTE_PACKET, and for a single next hop without
 *	XT_ROUTE_REPLY
 * @flags: enum xt_route_flags
 * @hops: how many next hops there are; 0 with XT_ROUTE_IIF
 * @balance: enum xt_route_balance; 0 for a single next hop, and with
 *	XT_ROUTE_REPLY
 * @down: enum xt_route_down
 * @pad: 0
 * @state: private to the kernel
 *
 * A module that does not know an option refuses the rule.
 */
struct xt_route_tginfo {
	struct xt_route_nexthop hop[XT_ROUTE_HOPS];
	char iif[IFNAMSIZ];
	__u32 mark_field;
	__u16 flags;
	__u8 hops;
	__u8 balance;
	__u8 down;
	__u8 pad[7];

	struct route_rule *state __attribute__((aligned(8)));
};

/*
 * Generic netlink, for next hops of rules with several of them, with
 * XT_ROUTE_REPLY or with XT_ROUTE_DOWN_CONTINUE. Requests, and joining the
 * group, need CAP_NET_ADMIN in the user namespace that owns the network
 * namespace of the socket. Kernels without flags of groups, like 5.10, let
 * every user join.
 */
#define XT_ROUTE_GENL_NAME	"xt_ROUTE"
#define XT_ROUTE_GENL_VERSION	1

/* Multicast group: events, in order. */
#define XT_ROUTE_GENL_EVENTS	"events"

/*
 * GET: with NLM_F_DUMP, all next hops; answers are messages of type GET.
 * SET: says what the next hops with XT_ROUTE_A_GW are, only that with
 *      XT_ROUTE_A_OIF if both are given, or that with XT_ROUTE_A_OIF and no
 *      gateway. -ENOENT if there are none.
 * CHANGE: an event: a next hop is watched from now on, or its state, its number
 *         or the command about it changed.
 * END: an event: no rule watches this next hop any more.
 *
 * Answers and events hold all attributes that the next hop has.
 */
enum xt_route_cmd {
	XT_ROUTE_CMD_UNSPEC,
	XT_ROUTE_CMD_GET,
	XT_ROUTE_CMD_SET,
	XT_ROUTE_CMD_CHANGE,
	XT_ROUTE_CMD_END,
};

enum xt_route_attr {
	XT_ROUTE_A_UNSPEC,
	XT_ROUTE_A_GW,		/* 4 or 16 bytes, network order */
	XT_ROUTE_A_OIF,		/* NUL-terminated string */
	XT_ROUTE_A_SET,		/* __u8: 0 detection decides, 1 up, 2 down */
	XT_ROUTE_A_FAMILY,	/* __u8: NFPROTO_IPV4 or NFPROTO_IPV6 */
	XT_ROUTE_A_UP,		/* __u8: 1 if packets may take it, else 0 */
	XT_ROUTE_A_NUMBER,	/* __u8: in marks, or 0 */
	XT_ROUTE_A_REPLY,	/* flag: of rules with XT_ROUTE_REPLY */
};

#endif /* _XT_ROUTE_H */
