/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): records of the kernel, and how they are printed. */
#ifndef POM_CT_PRINT_H
#define POM_CT_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/netfilter/nf_ctnetlink.h>

/* A record, taken apart. Other pointers point into the message. */
struct connection {
	struct nf_ctnetlink_record record;
	const uint8_t *addr[2][2];	/* source, destination */
	const char *helper;		/* or NULL */
	bool has_labels, has_start, has_master;
	uint32_t labels[4];
	uint64_t start;
	struct nf_ctnetlink_master master;
};

/*
 * Takes the record at @data apart, of which @len bytes are there. Returns its
 * length, or 0 if it is none.
 */
size_t connection_read(struct connection *c, const void *data, size_t len);

/* The name of the state of TCP or SCTP, or NULL. */
const char *connection_state(const struct connection *c);

bool connection_has_ports(const struct connection *c);

/* Prints a line as conntrack(8) does. @now is in seconds since 1970. */
void connection_line(const struct connection *c, uint64_t now);

/* Prints an object of JSON. */
void connection_json(const struct connection *c, uint64_t now);

#endif
