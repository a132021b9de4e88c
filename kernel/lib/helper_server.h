/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For helpers whose clients ask a server where other servers are: what opens is
 * the way of the client that asked, to the servers of the answer.
 *
 *	struct pom_answer a;
 *
 *	pom_answer_begin(&a, &p);
 *	while (... the next server ... && pom_answer_more(&a))
 *		pom_expect_server(&a, &server);
 */
#ifndef POM_LIB_HELPER_SERVER_H
#define POM_LIB_HELPER_SERVER_H

#include "lib/helper.h"

/**
 * struct pom_answer - a packet that names servers
 * @p: the packet, which travels to the client
 * @l4proto: of connections to the servers: that of the helper, unless the
 *	caller sets a different one after pom_answer_begin()
 * @assign: helper of these connections, in the same way; NULL
 * @left: how many servers may still be expected or refused
 * @expected: a server of it is expected
 * @refused: a server of it was refused, and logged
 */
struct pom_answer {
	const struct pom_packet *p;
	u8 l4proto;
	struct nf_conntrack_helper *assign;
	unsigned int left;
	bool expected;
	bool refused;
};

/**
 * pom_answer_begin() - begin with a packet that names servers
 * @a: not initialised
 * @p: the packet
 *
 * In a help function; counts the announcement.
 */
void pom_answer_begin(struct pom_answer *a, const struct pom_packet *p);

/**
 * pom_answer_more() - whether the packet may name one more server
 * @a: from pom_answer_begin()
 *
 * A packet may name as many as the connection may expect: each takes a lock
 * that all connections of the host share. More would remove the first ones.
 *
 * Return: false after that many, which is counted, and logged if nothing of the
 * packet was refused before.
 */
bool pom_answer_more(struct pom_answer *a);

/**
 * pom_expect_server() - expect a connection to a server that an answer names
 * @a: pom_answer_more() has returned true
 * @server: the address, of the packet's family, and the port
 *
 * From the client's address and any port, any number of times until the
 * expectation ends. NAT changes its source address as
 * it changed that of the newest question. Not expected, but counted:
 *
 * - privileged ports
 * - addresses that are no single host's
 * - private addresses from a server that is not in a private network itself,
 *   which cannot know them
 *
 * The first refusal of a packet is logged. In a help function.
 */
void pom_expect_server(struct pom_answer *a, const struct pom_endpoint *server);

#endif /* POM_LIB_HELPER_SERVER_H */
