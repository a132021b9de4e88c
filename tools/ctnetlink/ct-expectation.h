/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): expectations, and how they are printed. */
#ifndef POM_CT_EXPECTATION_H
#define POM_CT_EXPECTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <netinet/in.h>

/* An address and a port; each can be any. */
struct expectation_end {
	char addr[INET6_ADDRSTRLEN];
	uint16_t port;
	bool any_addr, any_port;
};

/* An expectation, taken apart. */
struct expectation {
	const char *helper, *protocol;
	uint8_t proto;
	uint32_t left, flags, class;
	uint16_t zone;
	struct expectation_end from, to, client, server;
};

/*
 * Takes the struct nf_ctnetlink_expect at @data apart, of which @len bytes are
 * there. Pointers point into @data. Returns false if it is none.
 */
bool expectation_of_event(struct expectation *e, const void *data, size_t len);

/* Each writes to @to and returns it. */
const char *expectation_end_text(const struct expectation_end *end, char *to,
				 size_t size);
const char *expectation_flags(const struct expectation *e, char *to,
			      size_t size);

/* Prints a line, as the command expect does. */
void expectation_line(const struct expectation *e);

/* Prints an object of JSON. */
void expectation_json(const struct expectation *e);

#endif
