/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Amanda's packets: text in UDP, as amanda 2.4 to 3.5 write it.
 *
 *	Amanda 2.6 REQ HANDLE 000-00000000 SEQ 1764324610
 *	SECURITY USER backup
 *	SERVICE sendbackup
 *
 *	Amanda 2.6 REP HANDLE 000-00000000 SEQ 1764324610
 *	CONNECT DATA 50001 MESG 50002 INDEX 50003 STATE 50004
 *
 * Plain C: the same file serves the modules, the unit tests and the fuzzer.
 */
#ifndef POM_AMANDA_PARSER_H
#define POM_AMANDA_PARSER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Bytes of a packet that are looked at; what matters is in its first lines. */
#define AMANDA_HEAD_MAX	512

/* Most streams that one reply announces. */
#define AMANDA_STREAMS	4

enum amanda_type {
	AMANDA_REQ,
	AMANDA_REP,
	AMANDA_PREP,
	AMANDA_ACK,
	AMANDA_NAK,
	AMANDA_TYPES
};

/* Services of amandad. */
enum amanda_service {
	AMANDA_NOOP,
	AMANDA_SENDSIZE,
	AMANDA_SENDBACKUP,
	AMANDA_SELFCHECK,
	AMANDA_AMINDEXD,
	AMANDA_AMIDXTAPED,
	AMANDA_AMDUMPD,
	AMANDA_SENDDISCOVER,
	AMANDA_RESTORE,
	AMANDA_AMBACKUPD,
	AMANDA_SERVICES,
	AMANDA_OTHER_SERVICE = AMANDA_SERVICES,
	AMANDA_NO_SERVICE
};

/* Why a packet is not Amanda's. */
enum amanda_error {
	AMANDA_OK,
	AMANDA_BAD_HEADER,	/* the first line, or its end, is missing */
	AMANDA_BAD_CONNECT,	/* a reply announces what is no stream */
};

/**
 * struct amanda_stream - a stream that a reply announces
 * @off: where its number is written
 * @len: digits of the number
 * @port: the number, or 0 where @handle
 * @handle: the number has six digits: a stream inside an open connection
 */
struct amanda_stream {
	uint16_t off;
	uint16_t len;
	uint16_t port;
	bool handle;
};

/**
 * struct amanda_packet - what was found
 * @type: enum amanda_type
 * @service: enum amanda_service, of AMANDA_REQ
 * @streams: how many are in @stream, of AMANDA_REP
 * @stream: in the order of the packet
 */
struct amanda_packet {
	uint8_t type;
	uint8_t service;
	uint8_t streams;
	struct amanda_stream stream[AMANDA_STREAMS];
};

/**
 * amanda_parse() - read a UDP payload as an Amanda packet
 * @data: the payload, or its beginning
 * @have: bytes of it at @data; AMANDA_HEAD_MAX are always enough
 * @pkt: what was found; undefined after an error
 *
 * Strict: the words and single blanks that amanda writes, numbers without sign
 * and leading zero. Only the second line of a reply announces streams; from
 * 65536 to 99999 there is neither a port nor a handle.
 *
 * Any context.
 */
enum amanda_error amanda_parse(const uint8_t *data, size_t have,
			       struct amanda_packet *pkt);

/* What is wrong, in words for a log line. */
const char *amanda_error_text(enum amanda_error error);

#endif
