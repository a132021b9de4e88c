/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of MMS over TCP, as [MS-MMSP] defines them. Numbers are
 * little-endian. A packet (section 2.2.3) has a header of 32 bytes:
 *
 *	 0	rep 1, version 0, versionMinor 0, padding
 *	 4	sessionId 0xb00bface
 *	 8	messageLength: bytes behind offset 16
 *	12	seal "MMS "
 *	16	chunkCount: the same in units of 8 bytes
 *	20	seq, MBZ, timeSent
 *
 * Behind it are messages (section 2.2.4), each a multiple of 8 bytes:
 *
 *	 0	chunkLen: bytes of the message, in units of 8
 *	 4	MID: what it is
 *
 * The client says in connectFunnel (section 2.2.4.18) where it waits for media:
 * from offset 28 on, "\\ADDRESS\PROTOCOL\PORT" in UTF-16, and 0s.
 *
 * Plain C: the same file serves the modules, the unit tests and the fuzzer.
 */
#ifndef POM_MMS_PARSER_H
#define POM_MMS_PARSER_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#include "lib/encoding.h"

/* Bytes of a header, and those of them that mms_packet_size() looks at. */
#define MMS_HEADER	32
#define MMS_HEAD	20

/* Most bytes of a packet. Those of clients and servers have up to 2 KiB. */
#define MMS_PACKET_MAX	8192

/* Most bytes of a packet whose messages are read. */
#define MMS_READ_MAX	512

/* The MIDs that are known. */
enum mms_kind {
	MMS_OTHER,
	/* from the client */
	MMS_CONNECT,
	MMS_CONNECT_FUNNEL,
	MMS_OPEN_FILE,
	MMS_START_PLAYING,
	MMS_STOP_PLAYING,
	MMS_CLOSE_FILE,
	MMS_READ_BLOCK,
	MMS_FUNNEL_INFO,
	MMS_SECURITY_RESPONSE,
	MMS_PONG,
	MMS_CANCEL_READ_BLOCK,
	MMS_START_STRIDING,
	MMS_LOGGING,
	MMS_STREAM_SWITCH,
	/* from the server */
	MMS_REPORT_CONNECTED_EX,
	MMS_REPORT_CONNECTED_FUNNEL,
	MMS_REPORT_DISCONNECTED_FUNNEL,
	MMS_REPORT_STARTED_PLAYING,
	MMS_REPORT_OPEN_FILE,
	MMS_REPORT_START_STRIDING,
	MMS_REPORT_READ_BLOCK,
	MMS_REPORT_FUNNEL_INFO,
	MMS_SECURITY_CHALLENGE,
	MMS_PING,
	MMS_REPORT_END_OF_STREAM,
	MMS_REPORT_STREAM_CHANGE,
	MMS_REPORT_STREAM_SWITCH,
	MMS_REPORT_REDIRECT,
	MMS_KINDS
};

/**
 * mms_packet_size() - the size of a packet
 * @data: its beginning
 * @len: bytes at @data
 *
 * Clients count the bytes behind offset 16 in chunkCount, and the specification
 * those of the whole packet. Either is accepted.
 *
 * Return: bytes, MMS_HEADER to MMS_PACKET_MAX, a multiple of 8; 0 where the
 * bytes are too few to tell, fewer than MMS_HEAD; -1 where no packet begins
 * with them.
 */
int mms_packet_size(const uint8_t *data, size_t len);

/**
 * struct mms_reader - where a reader of packets is; all 0 but the first two
 * @data: the beginning of a packet, which others may follow
 * @have: bytes at @data, less than 32 KiB
 * @at: of the next message, or of the next packet
 * @end: of the packet that is being read; perhaps behind @have
 * @malformed: it stopped at a message whose length is wrong
 */
struct mms_reader {
	const uint8_t *data;
	size_t have;
	size_t at;
	size_t end;
	bool malformed;
};

/**
 * struct mms_message - a message
 * @off: where it begins
 * @len: its bytes; perhaps more than there are
 * @kind: enum mms_kind
 */
struct mms_message {
	uint16_t off;
	uint16_t len;
	uint8_t kind;
};

/**
 * mms_next() - read the next message
 * @r: the reader
 * @to: the message; its first 8 bytes are there, and others may be missing
 *
 * Return: false at the end, and where something else follows.
 */
bool mms_next(struct mms_reader *r, struct mms_message *to);

enum mms_transport {
	MMS_TCP = 1,	/* media comes in the same connection */
	MMS_UDP,	/* media comes to the port */
};

/* What is wrong with a message of the kind MMS_CONNECT_FUNNEL. */
enum mms_error {
	MMS_OK,
	MMS_CUT,		/* its end is missing */
	MMS_BAD_ADDRESS,	/* none between backslashes; any text is one */
	MMS_BAD_PROTOCOL,	/* neither TCP nor UDP */
	MMS_BAD_PORT,		/* no number of 1 to 5 digits up to 65535 */
};

/**
 * struct mms_funnel - where a client waits
 * @transport: enum mms_transport
 * @digits: of the port, leading zeros included
 * @port: as it is written
 *
 * The server is to ignore the address (section 3.2.5.5). Clients write others.
 */
struct mms_funnel {
	uint8_t transport;
	uint8_t digits;
	uint16_t port;
};

/**
 * mms_parse_funnel() - read what a client announces
 * @r: the reader
 * @m: the message, from mms_next(), of the kind MMS_CONNECT_FUNNEL
 * @to: what it says
 */
enum mms_error mms_parse_funnel(const struct mms_reader *r,
				const struct mms_message *m,
				struct mms_funnel *to);

/* Most bytes of a patch. */
#define MMS_PATCH_MAX	256

/**
 * struct mms_patch - a change of a packet
 * @off: where it begins
 * @len: bytes that it replaces
 * @n: bytes that replace them
 * @bytes: these
 */
struct mms_patch {
	uint16_t off;
	uint16_t len;
	uint16_t n;
	uint8_t bytes[MMS_PATCH_MAX];
};

/**
 * mms_make_patch() - write what the server can reach
 * @r: of the whole packet
 * @m: the message
 * @f: from mms_parse_funnel(), which returned MMS_OK
 * @ipv6: the family of @seen
 * @seen: address and port
 * @to: the change
 *
 * The message keeps its length where the new text fits, also into its padding.
 * Otherwise it grows by a multiple of 8, and its lengths with it. The length
 * does not depend on the port as long as that has @f->digits digits at most:
 * a packet that is sent again changes in the same way.
 *
 * Return: false where MMS_PATCH_MAX is not enough: the message is too long, or
 * other messages are in front of it.
 */
bool mms_make_patch(const struct mms_reader *r, const struct mms_message *m,
		    const struct mms_funnel *f, bool ipv6,
		    const struct pom_endpoint *seen, struct mms_patch *to);

/* What is wrong, in words for a log line. */
const char *mms_error_text(enum mms_error error);

#endif
