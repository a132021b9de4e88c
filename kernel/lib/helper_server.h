/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For helpers whose clients ask a server where other servers are: what opens is
 * the way of the client that asked, to the servers of the answer.
 */
#ifndef POM_LIB_HELPER_SERVER_H
#define POM_LIB_HELPER_SERVER_H

#include "lib/helper.h"

/**
 * pom_expect_server() - expect a connection to a server that an answer names
 * @p: the answer, which travels to the client
 * @server: the address, of the packet's family, and the port
 *
 * From the client's address and any port, with the protocol of the helper, any
 * number of times until the expectation ends. NAT changes its source address as
 * it changed that of the question. Not expected, but
 * counted: privileged ports; addresses that are no single host's; private
 * addresses from a server that is not in a private network itself, which cannot
 * know them. In a help function.
 *
 * Return: whether it is expected.
 */
bool pom_expect_server(const struct pom_packet *p,
		       const struct pom_endpoint *server);

#endif /* POM_LIB_HELPER_SERVER_H */
