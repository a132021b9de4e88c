/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connectionless messages of Quake III Arena and the games that share its
 * protocol, as game servers, clients and master servers send them: four bytes
 * 0xff, a word, and what belongs to the word. The format is that of the Quake
 * III source code (GPL), code/server/sv_main.c and code/client/cl_main.c; the
 * extended answers are those of dpmaster, doc/techinfo.txt.
 *
 * Plain C: the modules, the unit tests and the fuzzer share this file.
 */
#ifndef POM_QUAKE3_PARSER_H
#define POM_QUAKE3_PARSER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* The mark, the longest word, and the byte that ends it. */
#define QUAKE3_HEAD_MAX		26

/* Bytes of one server in an answer: '/', an IPv6 address, a port. */
#define QUAKE3_SERVER_MAX	19

enum quake3_message {
	QUAKE3_OTHER,
	QUAKE3_GETSERVERS,	/* client to master */
	QUAKE3_GETSERVERS_EXT,
	QUAKE3_SERVERS,		/* "getserversResponse": master to client */
	QUAKE3_SERVERS_EXT,
	QUAKE3_GETINFO,		/* client or master to server */
	QUAKE3_INFO,
	QUAKE3_GETSTATUS,	/* client to server */
	QUAKE3_STATUS,
	QUAKE3_GETCHALLENGE,
	QUAKE3_CHALLENGE,
	QUAKE3_CONNECT,
	QUAKE3_CONNECTED,
	QUAKE3_DISCONNECT,
	QUAKE3_RCON,
	QUAKE3_PRINT,		/* server to client */
	QUAKE3_HEARTBEAT,	/* server to master */
	QUAKE3_MESSAGES
};

/* Why a packet is no connectionless message. */
enum quake3_error {
	QUAKE3_OK,
	QUAKE3_NO_MARK,		/* does not begin with four bytes 0xff */
	QUAKE3_NO_WORD,		/* no letter follows them */
};

struct quake3_packet {
	uint8_t message;	/* enum quake3_message */
	uint8_t after;		/* where the word has ended */
};

struct quake3_server {
	uint8_t addr[16];	/* network byte order; IPv4 in the first four */
	uint16_t port;		/* host byte order, not 0 */
	bool ipv6;
};

/**
 * quake3_parse() - read a UDP payload as a connectionless message
 * @data: the payload, or its beginning
 * @have: bytes of it at @data; QUAKE3_HEAD_MAX are always enough
 * @pkt: what was found; undefined after an error
 *
 * The word ends before the first byte that is no letter. Case does not count.
 *
 * Any context.
 */
enum quake3_error quake3_parse(const uint8_t *data, size_t have,
			       struct quake3_packet *pkt);

/* An error as text for a log line. */
const char *quake3_error_text(enum quake3_error error);

/**
 * quake3_take_server() - read one server of an answer
 * @data: where it begins: behind the word, or behind another server
 * @len: bytes from there to the end of the payload, or QUAKE3_SERVER_MAX
 * @to: the server
 *
 * Any context.
 *
 * Return: bytes that were read, or 0 where the answer ends: no separator
 * follows, or too few bytes, or a server with port 0 (the end mark "\EOT" with
 * three NULs is one).
 */
size_t quake3_take_server(const uint8_t *data, size_t len,
			  struct quake3_server *to);

#endif
