/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages of H.323: what addresses they have, and where.
 *
 * - RAS: one message of H.225.0 in a UDP packet;
 * - call signalling: messages of Q.931 over TCP, each in a packet of RFC 1006
 *   (TPKT). The user-user element is a message of H.225.0. It can contain the
 *   channels that a fast start opens, and messages of H.245 ("tunnelling");
 * - control: messages of H.245 over TCP, each in a packet of RFC 1006.
 *
 * H.225.0 versions 1 to 7, H.245 versions 1 to 15. Addresses in tokens of
 * H.235 that are encrypted, in H.460 and H.450 are not found.
 *
 * Plain C: the modules, the unit tests and the fuzzer share this file.
 */
#ifndef POM_H323_MESSAGES_H
#define POM_H323_MESSAGES_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

#include "lib/per.h"

/*
 * Most steps of per_next() for a message. One of 64 KiB in which each step
 * reads two bits takes as many.
 */
#define H323_STEPS_MAX	(256u * 1024)

/* What a fact is. */
enum h323_what {
	/* Addresses: */
	H323_OTHER,
	H323_SOURCE,		/* where the caller takes call signalling */
	H323_DEST,		/* where the callee takes it */
	H323_ALTERNATIVE,	/* where a Facility forwards the call to */
	H323_SIGNAL,		/* where the sender of RAS takes it */
	H323_RAS,		/* where he takes RAS */
	H323_CONTROL,		/* where he takes H.245 */
	H323_MEDIA,		/* where he takes RTP */
	H323_MEDIA_CONTROL,	/* where he takes RTCP */
	H323_DATA,		/* where he takes T.120 */
	/* Values: */
	H323_RAS_MESSAGE,	/* enum h323_ras */
	H323_UUIE,		/* enum h323_uuie */
	H323_FACILITY_REASON,	/* enum h323_facility_reason */
	H323_TIME_TO_LIVE,	/* seconds, of a registration */
};

enum h323_ras {
	H323_GRQ, H323_GCF, H323_GRJ,	/* gatekeeper request, confirm, ... */
	H323_RRQ, H323_RCF, H323_RRJ,	/* registration */
	H323_URQ, H323_UCF, H323_URJ,	/* unregistration */
	H323_ARQ, H323_ACF, H323_ARJ,	/* admission */
	H323_BRQ, H323_BCF, H323_BRJ,	/* bandwidth */
	H323_DRQ, H323_DCF, H323_DRJ,	/* disengage */
	H323_LRQ, H323_LCF, H323_LRJ,	/* location */
	H323_IRQ, H323_IRR,		/* info */
	H323_NSM,			/* non-standard */
	H323_XRS,			/* unknown message response */
	H323_RIP,			/* request in progress */
	H323_RAI, H323_RAC,		/* resources available */
	H323_IACK, H323_INAK,		/* info request */
	H323_SCI, H323_SCR,		/* service control */
	H323_ACS,			/* admission confirm sequence */
	H323_RAS_MESSAGES
};

enum h323_uuie {
	H323_SETUP,
	H323_CALL_PROCEEDING,
	H323_CONNECT,
	H323_ALERTING,
	H323_INFORMATION,
	H323_RELEASE_COMPLETE,
	H323_FACILITY,
	H323_PROGRESS,
	H323_EMPTY,
	H323_STATUS,
	H323_STATUS_INQUIRY,
	H323_SETUP_ACKNOWLEDGE,
	H323_NOTIFY,
};

enum h323_facility_reason {
	H323_ROUTE_TO_GATEKEEPER,
	H323_CALL_FORWARDED,
	H323_ROUTE_TO_MC,
};

/* First byte of a message of Q.931; H.323 has no other. */
#define Q931_DISCRIMINATOR	8

/* Bytes of the header of RFC 1006. */
#define H323_TPKT_LEN	4

/**
 * h323_tpkt() - the length of a packet of RFC 1006
 * @data: its first H323_TPKT_LEN bytes
 *
 * Return: with these bytes; 0 if it is no such packet.
 */
static inline size_t h323_tpkt(const uint8_t *data)
{
	size_t len = (size_t)data[2] << 8 | data[3];

	return data[0] == 3 && !data[1] && len >= H323_TPKT_LEN ? len : 0;
}

/**
 * struct h323_element - the user-user element of a message of Q.931
 * @off: where its message of H.225.0 begins
 * @len: bytes of it
 */
struct h323_element {
	size_t off;
	size_t len;
};

/**
 * q931_find() - find the user-user element
 * @data: a message of Q.931
 * @have: bytes at @data
 * @len: bytes of the whole message, @have or more
 * @found: the result
 *
 * Any context.
 *
 * Return: PER_FACT if it is found; PER_END, PER_CUT or PER_MALFORMED.
 */
enum per_result q931_find(const uint8_t *data, size_t have, size_t len,
			  struct h323_element *found);

/* Bytes of a message of Q.931 that q931_type() needs at most. */
#define Q931_HEAD_MAX	18

/**
 * q931_type() - the type of a message of Q.931
 * @data: a message of Q.931
 * @have: bytes at @data
 *
 * Any context. Return: the type, or -1 where it is no such message, or cut.
 */
int q931_type(const uint8_t *data, size_t have);

enum h323_protocol {
	H323_PROTOCOL_RAS,
	H323_PROTOCOL_CALL,
	H323_PROTOCOL_CONTROL,
};

/**
 * struct h323_reader - a message that is being read
 * @per: its PER part
 * @off: where that begins
 */
struct h323_reader {
	struct per_reader per;
	size_t off;
};

/**
 * h323_begin() - begin to read a message
 * @r: not initialised
 * @protocol: of the message
 * @data: its bytes, with the header of RFC 1006
 * @have: how many there are
 * @len: bytes of the whole message, @have or more
 *
 * Any context.
 *
 * Return: PER_FACT if h323_next() may be called; otherwise as q931_find().
 */
enum per_result h323_begin(struct h323_reader *r, enum h323_protocol protocol,
			   const uint8_t *data, size_t have, size_t len);

/**
 * h323_next() - per_next(), with offsets from the beginning of the message
 * @r: from h323_begin()
 * @fact: what was found, if the result is PER_FACT
 */
enum per_result h323_next(struct h323_reader *r, struct per_fact *fact);

/**
 * h323_move() - the bytes of the message are elsewhere now
 * @r: from h323_begin()
 * @data: where
 */
void h323_move(struct h323_reader *r, const uint8_t *data);

/* Why a message is not read, in words for a log line. */
const char *h323_error_text(enum per_result error);

#endif
