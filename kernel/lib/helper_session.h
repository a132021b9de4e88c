/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Help functions that keep more about a TCP connection than the data of its
 * helper has space for: a session, allocated by the helper. The data says where
 * it is, and, as long as there is none, where the connection has begun.
 *
 * All of the data but @bits changes under nf_conn.lock. A session is freed an
 * RCU grace period after pom_session_uninstall().
 */
#ifndef POM_LIB_HELPER_SESSION_H
#define POM_LIB_HELPER_SESSION_H

#include "lib/helper.h"
#include "lib/tcp_payload.h"

/* Bits of struct pom_session_data. */
enum {
	POM_SESSION_BEGUN = POM_OWN_BITS,	/* @begin is set */
	POM_SESSION_EXISTS,			/* @session is set */
	POM_SESSION_REFUSED,			/* nothing is read */
	POM_SESSION_DEAD,			/* it gets no session again */
	POM_SESSION_SYN_DATA,			/* SYN had data: never read */
	POM_SESSION_BITS_END
};

/**
 * struct pom_session_data - the data of a helper in a TCP connection
 * @bits: as in struct pom_connection, and those above
 * @begin: sequence number of the first byte of each direction
 * @session: the helper's own
 *
 * A CPU may read @session while a second one takes it away. So @begin is not
 * written any more once there was a session.
 */
struct pom_session_data {
	unsigned long bits;
	union {
		u32 begin[IP_CT_DIR_MAX];
		void *session;
	};
};

/**
 * pom_session_find() - the session of a connection
 * @d: the data of the connection
 *
 * Under rcu_read_lock. Return: NULL where there is none.
 */
void *pom_session_find(const struct pom_session_data *d);

/**
 * pom_session_is_first() - whether a segment has the client's first bytes
 * @d: the data of its connection, which has no session
 * @p: the packet
 * @payload: of the segment
 *
 * Return: false also where the beginning of the connection was not seen.
 */
bool pom_session_is_first(const struct pom_session_data *d,
			  const struct pom_packet *p,
			  const struct tcp_payload *payload);

/**
 * pom_session_install() - give a session to a connection
 * @ct: the connection
 * @d: its data
 * @session: the session; no other CPU knows it
 * @begin: called with the session and pom_session_data.begin, under
 *	nf_conn.lock, before others find the session
 *
 * Return: false where it must not have one: its beginning is not known, it has
 * one already, it is refused, or has ended.
 */
bool pom_session_install(struct nf_conn *ct, struct pom_session_data *d,
			 void *session,
			 void (*begin)(void *session, const u32 *begin));

/**
 * pom_session_uninstall() - take its session from a connection
 * @ct: the connection
 * @d: its data
 *
 * The connection never gets a session again, also if it begins again.
 *
 * Return: the session, which later packets do not find; NULL if there is none.
 */
void *pom_session_uninstall(struct nf_conn *ct, struct pom_session_data *d);

/**
 * pom_session_syn() - read a segment with SYN
 * @p: the packet, with @protoff
 * @payload: of the segment
 * @d: the data of its connection
 * @begin: the result, if the connection begins here: as
 *	pom_session_data.begin
 * @session: the result: the session of an older connection that had the same
 *	conntrack entry, or NULL
 *
 * Where the connection begins, it is not refused any more. Without a session,
 * its data has @begin afterwards.
 *
 * Return: whether it begins. Where it does, a caller with a session begins it
 * again.
 */
bool pom_session_syn(const struct pom_packet *p,
		     const struct tcp_payload *payload,
		     struct pom_session_data *d, u32 *begin, void **session);

#endif /* POM_LIB_HELPER_SESSION_H */
