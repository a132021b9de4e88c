/* SPDX-License-Identifier: GPL-2.0-only */
/* xtrecent(8): talking to the kernel, and taking its messages apart. */
#ifndef POM_XTRECENT_NETLINK_H
#define POM_XTRECENT_NETLINK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/xt_recent.h>

#include "../lib/cli.h"
#include "../lib/genl.h"

/* A message of the kernel, taken apart; points into the message. */
struct message {
	uint8_t cmd;
	const struct nlattr *attrs[XT_RECENT_A_MAX + 1];
};

/* The number of the multicast group, once connect_kernel() was called. */
extern uint32_t events_group;

void connect_kernel(void);
void take_apart(const struct nlmsghdr *nlh, struct message *m);

const char *name_of(const struct message *m);
const char *full_name(uint8_t full);
const char *addr_of(const struct message *m);
uint32_t u32_of(const struct message *m, unsigned int type);
uint64_t u64_of(const struct message *m, unsigned int type);
uint8_t u8_of(const struct message *m, unsigned int type);
unsigned int ages_of(const struct message *m);
uint64_t age_of(const struct message *m, unsigned int i);

#endif
