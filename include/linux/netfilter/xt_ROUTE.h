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
 */
enum xt_route_flags {
	XT_ROUTE_CONTINUE = 1 << 0,
	XT_ROUTE_TEE = 1 << 1,
	XT_ROUTE_GW = 1 << 2,
	XT_ROUTE_IIF = 1 << 3,
	XT_ROUTE_UNTRACK = 1 << 4,
	XT_ROUTE_FLAGS = XT_ROUTE_CONTINUE | XT_ROUTE_TEE | XT_ROUTE_GW |
			 XT_ROUTE_IIF | XT_ROUTE_UNTRACK,
};

enum { XT_ROUTE_HOPS = 8 };

/**
 * struct xt_route_nexthop - where packets go
 * @gw: the gateway, of the rule's family; 0 without XT_ROUTE_GW
 * @oif: output interface, NUL-padded; empty: that of the route to @gw
 * @weight: share of the connections; 0 for a single next hop
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
 * @mark_field: bits of the connection's mark that store a next hop; 0
 * @flags: enum xt_route_flags
 * @hops: how many next hops there are: 1, or 0 with XT_ROUTE_IIF
 * @balance: how a next hop is chosen; 0
 * @down: what is done where all next hops are down; 0: drop
 * @pad: 0
 * @state: private to the kernel
 *
 * The module refuses fields that it does not use yet if they are not 0.
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

	struct route_hop *state __attribute__((aligned(8)));
};

#endif /* _XT_ROUTE_H */
