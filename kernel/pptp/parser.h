/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of a PPTP control connection, in both directions (RFC 2637 section
 * 2). All numbers are in network byte order:
 *
 *	 0 length, 2 type (1: control), 4 cookie, 8 control type, 10 reserved,
 *	12 what depends on the control type
 *
 * A call has two ids. Each side chooses one, which the other side writes into
 * GRE packets. A message has the sender's own id, or the peer's, or both.
 *
 * Plain C: the same file serves the modules, the unit tests and the fuzzer.
 */
#ifndef POM_PPTP_PARSER_H
#define POM_PPTP_PARSER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#define PPTP_COOKIE	0x1a2b3c4dU

/* Bytes that a message begins with, whatever its control type. */
#define PPTP_HEAD	12

/* The most bytes from the beginning of a message that are read. */
#define PPTP_READ_MAX	17

/* The longest message that is accepted. The longest of RFC 2637 has 220. */
#define PPTP_LEN_MAX	512

/* Values of a result that mean success. */
#define PPTP_RESULT_OK	1

enum pptp_control {
	PPTP_START_REQUEST	= 1,
	PPTP_START_REPLY	= 2,
	PPTP_STOP_REQUEST	= 3,
	PPTP_STOP_REPLY		= 4,
	PPTP_ECHO		= 5,
	PPTP_ECHO_ANSWER	= 6,
	PPTP_OUT_REQUEST	= 7,
	PPTP_OUT_REPLY		= 8,
	PPTP_IN_REQUEST		= 9,
	PPTP_IN_REPLY		= 10,
	PPTP_IN_CONNECTED	= 11,
	PPTP_CLEAR_REQUEST	= 12,
	PPTP_DISCONNECT		= 13,
	PPTP_WAN_ERROR		= 14,
	PPTP_SET_LINK		= 15,
	PPTP_CONTROLS
};

enum pptp_error {
	PPTP_OK,
	PPTP_MORE,		/* more bytes are needed */
	PPTP_BAD_LENGTH,	/* shorter than the control type, or too long */
	PPTP_BAD_TYPE,		/* no control message */
	PPTP_BAD_COOKIE,
	PPTP_BAD_CONTROL,	/* no control type of RFC 2637 */
};

/**
 * struct pptp_message - what a message says
 * @len: bytes of the whole message
 * @control: enum pptp_control
 * @own_off: offset of @own; 0 where the message has none
 * @peer_off: offset of @peer; 0 where the message has none
 * @has_result: @result is set
 * @result: code of the result
 * @own: id that the sender has chosen for the call
 * @peer: id that the other side has chosen
 */
struct pptp_message {
	uint16_t len;
	uint8_t control;
	uint8_t own_off;
	uint8_t peer_off;
	bool has_result;
	uint8_t result;
	uint16_t own;
	uint16_t peer;
};

/**
 * pptp_parse() - read a message
 * @data: where it begins
 * @have: bytes at @data, perhaps of later messages, too
 * @to: the result; not set unless PPTP_OK is returned
 *
 * An error is returned as soon as the bytes are there that show it.
 *
 * Return: PPTP_OK where the bytes that are read are there. The whole message
 * may have more. Never PPTP_MORE where @have is PPTP_READ_MAX or more.
 */
enum pptp_error pptp_parse(const uint8_t *data, size_t have,
			   struct pptp_message *to);

/* Bytes of the longest echo: an answer. */
#define PPTP_ECHO_MAX	20

/**
 * pptp_is_echo() - whether bytes are one echo, or the answer to one
 * @data: the bytes
 * @len: how many
 *
 * Return: true only where pptp_parse() finds a message of @len bytes, of type
 * PPTP_ECHO or PPTP_ECHO_ANSWER.
 */
bool pptp_is_echo(const uint8_t *data, size_t len);

/**
 * pptp_gre_parse() - read the beginning of a GRE header
 * @data: the header
 * @have: bytes at @data
 * @version: the version
 * @call_id: of version 1
 *
 * Version 1 is that of PPTP: with a key, protocol 0x880b (RFC 2637 section
 * 4.1).
 *
 * Return: 0 where the header is too short or is no such header; 1 where only
 * the version is known; 2 where the call id is, too.
 */
unsigned int pptp_gre_parse(const uint8_t *data, size_t have,
			    uint8_t *version, uint16_t *call_id);

/* Bytes that pptp_gre_parse() reads at most. */
#define PPTP_GRE_READ	8

/* What is wrong, in words for a log line. */
const char *pptp_error_text(enum pptp_error error);

#endif
