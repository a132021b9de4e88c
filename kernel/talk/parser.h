/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of talk: fixed structures in UDP, network byte order.
 *
 *			talk (port 517)		ntalk (port 518)
 *	request		type			version, type, 0, extended
 *			caller[9], callee[9], 0	id
 *			id, pid			addr[16]
 *			tty[16]			ctl_addr[16]
 *			addr[16]		pid
 *			ctl_addr[16]		caller[12], callee[12]
 *						tty[16]
 *	response	type, answer, 0, 0	version, type, answer, 0
 *			id			id
 *			addr[16]		addr[16]
 *
 * 8 bits have version, type, answer and extended, 32 bits id and pid. Version 2
 * of ntalk appends as many bytes to a request as extended says, and callee[12]
 * to a response. addr is where the caller waits for the conversation over TCP,
 * ctl_addr where he sends from.
 *
 * Plain C: the same file serves the modules, the unit tests and the fuzzer.
 */
#ifndef POM_TALK_PARSER_H
#define POM_TALK_PARSER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#include "lib/encoding.h"

/* Bytes of a message that are looked at. */
#define TALK_HEAD_MAX	84

/* Longest name of a user. */
#define TALK_NAME_MAX	12

enum talk_protocol {
	TALK_OLD,	/* talk */
	TALK_NEW,	/* ntalk */
};

enum talk_type {
	TALK_LEAVE_INVITE,
	TALK_LOOK_UP,
	TALK_DELETE,
	TALK_ANNOUNCE,
	TALK_REPLY_QUERY,	/* of version 2 */
	TALK_TYPES
};

enum talk_answer {
	TALK_SUCCESS,
	TALK_NOT_HERE,
	TALK_FAILED,
	TALK_MACHINE_UNKNOWN,
	TALK_PERMISSION_DENIED,
	TALK_UNKNOWN_REQUEST,
	TALK_BAD_VERSION,
	TALK_BAD_ADDR,
	TALK_BAD_CTL_ADDR,
	TALK_NO_CALLER,		/* this and the following: of version 2 */
	TALK_TRY_HERE,
	TALK_SELECTIVE_REFUSAL,
	TALK_ANSWERS
};

/* Why bytes are no message. */
enum talk_error {
	TALK_OK,
	TALK_ERROR_LENGTH,	/* of no message of that version */
	TALK_ERROR_VERSION,
	TALK_ERROR_TYPE,
	TALK_ERROR_ANSWER,
};

/**
 * struct talk_addr - an address in a message
 * @off: where it is
 * @known: it is an IPv4 address
 * @to: address and port, if it is @known
 */
struct talk_addr {
	uint16_t off;
	bool known;
	struct pom_endpoint to;
};

/**
 * struct talk_name - the name of a user in a request
 * @off: where it is
 * @len: bytes, up to the first NUL or the end of its field
 */
struct talk_name {
	uint8_t off;
	uint8_t len;
};

/**
 * struct talk_message - what was found
 * @response: a daemon sends it
 * @version: of ntalk, 1 or 2; 0 for talk
 * @type: enum talk_type
 * @answer: enum talk_answer, of a response
 * @addr: for the conversation
 * @ctl_addr: of a request
 * @caller: who sends the request
 * @callee: the other user
 */
struct talk_message {
	bool response;
	uint8_t version;
	uint8_t type;
	uint8_t answer;
	struct talk_addr addr;
	struct talk_addr ctl_addr;
	struct talk_name caller;
	struct talk_name callee;
};

/**
 * talk_parse() - read a UDP payload as a message
 * @protocol: the bytes of talk and ntalk overlap
 * @data: the payload; not more than TALK_HEAD_MAX bytes of it are read
 * @len: bytes of the whole payload
 * @msg: what was found; undefined after an error
 *
 * Strict: exactly the length of a message; types and answers of the version.
 *
 * Any context.
 */
enum talk_error talk_parse(enum talk_protocol protocol, const uint8_t *data,
			   size_t len, struct talk_message *msg);

/* What is wrong, in words for a log line. */
const char *talk_error_text(enum talk_error error);

#endif
