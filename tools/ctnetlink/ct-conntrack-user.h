/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8) as conntrack(8): the program of a netlink socket. */
#ifndef POM_CT_CONNTRACK_USER_H
#define POM_CT_CONNTRACK_USER_H

#include <stdint.h>

/*
 * The name of the program that has the socket with this number, or NULL. It is
 * valid up to the next call.
 */
const char *netlink_user(uint32_t port);

#endif
