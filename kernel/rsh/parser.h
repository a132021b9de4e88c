/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a client of rsh sends first (rcmd(3)): the port
 * where it waits for the standard error of its command, the user on its host,
 * the user on the server and the command. Each is text that ends with a NUL.
 *
 * Plain C: the same file serves the modules, the unit tests and the fuzzer.
 */
#ifndef POM_RSH_PARSER_H
#define POM_RSH_PARSER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Most bytes of a port, NUL included. */
#define RSH_PORT_SIZE	6

/* Bytes of a segment that rsh_parse() looks at. */
#define RSH_HEAD_MAX	512

enum rsh_error {
	RSH_OK,
	RSH_MORE,		/* all bytes are digits: the end may follow */
	RSH_BAD_PORT,		/* not a number up to 65535 and a NUL */
};

/**
 * struct rsh_port - the first text
 * @number: the port; 0 where the client needs no second connection
 * @len: digits, 0 to 5
 */
struct rsh_port {
	uint16_t number;
	uint8_t len;
};

/**
 * rsh_parse_port() - read the first text of a connection
 * @data: its first bytes
 * @len: bytes at @data; those behind RSH_PORT_SIZE are not read
 * @to: the port, if it is whole
 *
 * Leading zeros are digits like others: NAT writes them. No text is port 0.
 */
enum rsh_error rsh_parse_port(const uint8_t *data, size_t len,
			      struct rsh_port *to);

/* Whether the first @len bytes of a connection are a port without its end. */
bool rsh_may_announce(const uint8_t *data, size_t len);

/* What a segment has; the later ones only with those before them. */
enum rsh_field {
	RSH_PORT,
	RSH_USER,		/* on the client's host */
	RSH_REMOTE_USER,	/* on the server */
	RSH_COMMAND,
	RSH_FIELDS
};

/**
 * struct rsh_head - what a segment says
 * @has: bits of enum rsh_field: those that are in it, whole
 * @port: with RSH_PORT
 * @at: offset of each other text, which ends with a NUL
 */
struct rsh_head {
	uint8_t has;
	struct rsh_port port;
	uint16_t at[RSH_FIELDS];
};

/**
 * rsh_parse() - read a segment of a client
 * @data: its payload
 * @len: bytes at @data, RSH_HEAD_MAX at most
 * @whole: this is the whole payload
 * @to: what it says
 *
 * Some clients write all four texts in one segment. Others write the port in a
 * segment of its own, and the other three in a second one. A segment that does
 * not begin with a port is read as the second one if it consists of three texts
 * that are not empty.
 *
 * Return: false for other segments.
 */
bool rsh_parse(const uint8_t *data, size_t len, bool whole,
	       struct rsh_head *to);

static inline bool rsh_has(const struct rsh_head *head, enum rsh_field field)
{
	return head->has & 1 << field;
}

#endif
