/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Help functions of protocols of lines over TCP in which a side names an
 * address and a port in text where it waits for a connection (DCC).
 */
#ifndef POM_LIB_HELPER_DCC_H
#define POM_LIB_HELPER_DCC_H

#include "lib/helper_tcp.h"
#include "lib/text.h"

/* Bits of struct pom_connection that pom_dcc_is_opened() sets. */
#define POM_DCC_OPENED	(POM_OWN_BITS + 0) /* first line accepted */
#define POM_DCC_REFUSED	(POM_OWN_BITS + 1) /* first line refused */

/* The first bit that the help function may use. */
#define POM_DCC_BITS	(POM_OWN_BITS + 2)

/**
 * struct pom_dcc_opening - what a client says first
 * @opens: whether a line can be the first one
 * @may_open: whether the beginning of a line can become such a line
 * @refusal: why other lines are refused, for a log line
 */
struct pom_dcc_opening {
	bool (*opens)(const u8 *line, size_t len);
	bool (*may_open)(const u8 *line, size_t len);
	const char *refusal;
};

/**
 * pom_dcc_is_opened() - whether a client speaks the protocol
 * @s: a segment of the client, from pom_stream_begin()
 * @c: of its connection
 * @opening: what it says first
 *
 * A browser can be made to post lines of any protocol to any port (NAT
 * slipstreaming): nothing in a connection that begins otherwise is an
 * announcement. Such a connection is refused once, and has POM_DCC_REFUSED.
 *
 * Return: false where the segment must not be read; pom_stream_end() is not
 * called for it then.
 */
bool pom_dcc_is_opened(struct pom_stream *s, struct pom_connection *c,
		       const struct pom_dcc_opening *opening);

/**
 * pom_dcc_is_own() - whether a line names the address of its sender
 * @p: the packet
 * @named: what the line says
 *
 * Return: as pom_is_own(); false for an address of the other family.
 */
bool pom_dcc_is_own(const struct pom_packet *p, const struct pom_named *named);

/**
 * pom_dcc_announce() - expect a connection to the sender of a line
 * @s: from pom_stream_begin(); the line was read last
 * @named: what the line says; of the address, only the place is looked at
 * @any_peer: the connection may come from any address
 *
 * To the sender's true address, and to the port of @named, which must be at
 * least POM_PORT_USER. Writes what the peer can reach into the line. NAT gives
 * the port as many digits as it has: a line that is sent again, after others
 * have taken the port, changes its length in the same way. Counts and logs what
 * it refuses.
 */
void pom_dcc_announce(struct pom_stream *s, const struct pom_named *named,
		      bool any_peer);

#endif /* POM_LIB_HELPER_DCC_H */
