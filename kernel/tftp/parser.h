/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TFTP as it is on the wire: RFC 1350 (packets), 2347 (options), 2348
 * (blksize), 2349 (timeout, tsize), 7440 (windowsize).
 *
 * Plain C: the modules, the unit tests and the fuzzer share this file.
 */
#ifndef POM_TFTP_PARSER_H
#define POM_TFTP_PARSER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Longest request, opcode to last NUL (RFC 2347). */
#define TFTP_REQUEST_MAX	512

/* RFC 1350 section 5, RFC 2347. */
enum tftp_opcode {
	TFTP_RRQ = 1,
	TFTP_WRQ = 2,
	TFTP_DATA = 3,
	TFTP_ACK = 4,
	TFTP_ERROR = 5,
	TFTP_OACK = 6,
};

enum tftp_mode {
	TFTP_MODE_NONE,		/* not a request */
	TFTP_MODE_NETASCII,
	TFTP_MODE_OCTET,
	TFTP_MODE_MAIL,
};

/* The options that have an RFC of their own; others are counted only. */
enum tftp_option {
	TFTP_OPT_BLKSIZE,	/* octets, 8 to 65464 */
	TFTP_OPT_TIMEOUT,	/* seconds, 1 to 255 */
	TFTP_OPT_TSIZE,		/* octets; 0 asks for the size */
	TFTP_OPT_WINDOWSIZE,	/* blocks, 1 to 65535 */
	TFTP_OPT_COUNT
};

/* Why a packet is not TFTP. */
enum tftp_error {
	TFTP_OK,
	TFTP_CUT,		/* ends before the fixed fields do */
	TFTP_BAD_OPCODE,
	TFTP_TOO_LONG,		/* request beyond TFTP_REQUEST_MAX */
	TFTP_BAD_FILENAME,	/* empty, or without its NUL */
	TFTP_BAD_MODE,		/* none of the three, or without its NUL */
	TFTP_BAD_OPTION,	/* without name or NUL; an OACK without any */
};

/* A piece of text in the packet: where it starts, without its NUL. */
struct tftp_text {
	uint16_t off;
	uint16_t len;
};

struct tftp_packet {
	uint16_t opcode;	/* enum tftp_opcode */
	uint16_t number;	/* DATA, ACK: block; ERROR: code; host order */
	uint8_t mode;		/* enum tftp_mode */
	uint8_t options;	/* 1 << TFTP_OPT_x: present and valid */
	uint16_t options_seen;	/* pairs of any kind */
	struct tftp_text text;	/* RRQ, WRQ: file name; ERROR: message */
	uint64_t value[TFTP_OPT_COUNT];	/* where options has the bit */
};

/**
 * tftp_parse() - read a UDP payload as a TFTP packet
 * @data: the payload, or its beginning
 * @have: bytes of it at @data; TFTP_REQUEST_MAX are always enough
 * @len: bytes of the whole payload, at least @have
 * @pkt: what was found; undefined after an error
 *
 * Strict about the structure of a packet, lenient otherwise:
 * - an option that is invalid or given twice is ignored, as a server does (RFC
 *   2347);
 * - NULs after the last option are padding;
 * - bytes after an ACK are ignored;
 * - the text of an ERROR may lack its NUL, which many servers omit, and is cut
 *   at TFTP_REQUEST_MAX.
 *
 * In a request, a NUL follows @pkt->text in @data.
 */
enum tftp_error tftp_parse(const uint8_t *data, size_t have, size_t len,
			   struct tftp_packet *pkt);

/* An error as text for a log line. */
const char *tftp_error_text(enum tftp_error error);

/**
 * tftp_is_block() - whether a payload is a block or an acknowledgment
 * @data: its beginning
 * @have: bytes at @data
 *
 * tftp_parse() finds nothing wrong with these.
 */
static inline bool tftp_is_block(const uint8_t *data, size_t have)
{
	return have >= 4 && !data[0] &&
	       (data[1] == TFTP_DATA || data[1] == TFTP_ACK);
}

static inline bool tftp_is_request(const struct tftp_packet *pkt)
{
	return pkt->opcode == TFTP_RRQ || pkt->opcode == TFTP_WRQ;
}

#endif
