/* SPDX-License-Identifier: GPL-2.0-only */
/* Generic netlink as all programs speak it: one family, one socket. */
#ifndef POM_TOOLS_GENL_H
#define POM_TOOLS_GENL_H

#include <stdbool.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#define GENL_BUF_LEN	65536
#define GENL_SOCKET_LEN	(8 << 20)

/*
 * Connects to the family. Exits if that fails; @fix says what to do where the
 * kernel does not have it.
 */
void genl_connect(const char *family, uint8_t version, const char *fix);

/* The same, but returns whether the kernel has the family. */
bool genl_find(const char *family, uint8_t version);

/* The number of a multicast group of the family, 0 if there is none. */
uint32_t genl_group(const char *name);

/* The header of a request, in a buffer that the next one reuses. */
struct nlmsghdr *genl_request(uint8_t cmd, uint16_t flags);

/*
 * Sends a request and passes each message of the answer on. Returns 0, or the
 * error, which has been reported if @what is not NULL.
 */
int genl_converse(struct nlmsghdr *nlh, mnl_cb_t cb, void *data,
		  const char *what);

/* What an interrupted dump means, for the report of EINTR. */
extern const char *genl_interrupted;

#endif
