/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a tarpit answers to a TCP segment: bytes in, a decision, bytes out.
 * It has no state and needs no kernel headers. RFC 9293 (TCP), 7323 (window
 * scale and timestamps), 2018 (SACK), 3168 (ECN).
 *
 * The order of calls for one segment:
 *
 *	tarpit_parse()		reads the segment
 *	tarpit_classify()	which kind of answer it may get, if any
 *	tarpit_parse_options()	reads the options, which a RST does not need
 *	(the caller checks whether the peer acknowledges a sequence number
 *	 that the tarpit has sent to it: enum tarpit_standing)
 *	tarpit_compose()	the answer
 *	tarpit_write()		writes it as a TCP header
 */
#ifndef POM_TARPIT_H
#define POM_TARPIT_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Octets of a TCP header without and with the most options that fit. */
#define TARPIT_TCP_MIN	20
#define TARPIT_TCP_MAX	60

/* What the user chose; the values are those of the uapi. */
enum tarpit_variant {
	TARPIT_VARIANT_HOLD,
	TARPIT_VARIANT_HONEYPOT,
	TARPIT_VARIANT_RESET,
};

/* Octet 13 of the header. */
enum tarpit_flag {
	TARPIT_FIN = 0x01,
	TARPIT_SYN = 0x02,
	TARPIT_RST = 0x04,
	TARPIT_ACK = 0x10,
	TARPIT_ECE = 0x40,
	TARPIT_CWR = 0x80,
};

/* Options that change what is answered. */
enum tarpit_option {
	TARPIT_OPT_MSS = 1 << 0,
	TARPIT_OPT_WSCALE = 1 << 1,
	TARPIT_OPT_SACK = 1 << 2,	/* SACK-permitted of a SYN */
	TARPIT_OPT_TS = 1 << 3,
};

/* A segment that came in; all numbers in host order. */
struct tarpit_segment {
	uint16_t sport;
	uint16_t dport;
	uint32_t seq;
	uint32_t ack;		/* meaningful with TARPIT_ACK */
	uint32_t len;		/* octets of payload */
	uint32_t tsval;		/* where TARPIT_OPT_TS is in options */
	uint16_t window;	/* as in the header, not scaled */
	uint8_t flags;		/* enum tarpit_flag */
	uint8_t options;	/* enum tarpit_option */
	uint8_t options_len;	/* octets that the options took */
};

/* Kinds of answer. */
enum tarpit_kind {
	TARPIT_IGNORE,		/* none */
	TARPIT_ACCEPT,		/* SYN+ACK, as a listener sends it */
	TARPIT_HOLD,		/* ACK of only the SYN, window 0 */
	TARPIT_READ,		/* ACK of all that came; FIN for a FIN */
	TARPIT_REFUSE,		/* RST that the peer accepts */
};

/* What the acknowledged number and the sequence number prove. */
enum tarpit_standing {
	TARPIT_FOREIGN,		/* not a number that this peer got */
	TARPIT_LATER,		/* its number; seq is later than the start */
	TARPIT_START,		/* its number; seq is the first after the SYN */
	TARPIT_PROBE,		/* its number; seq is the SYN's: a keepalive */
};

/* The values that a listening socket of this host would send. */
struct tarpit_listener {
	uint32_t tsval;		/* now */
	uint32_t space;		/* octets of receive buffer to announce */
	uint16_t mss;		/* that the route back allows; never 0 */
	uint8_t wscale;		/* 0 to 14 */
	uint8_t options;	/* enum tarpit_option: what it may agree to */
	bool scaled;		/* window scale was agreed on with this peer */
	bool ecn;		/* accepts ECN if the peer offers it */
};

/* The answer; all numbers in host order. */
struct tarpit_reply {
	uint16_t sport;
	uint16_t dport;
	uint32_t seq;
	uint32_t ack;		/* 0 without TARPIT_ACK */
	uint32_t tsval;		/* TARPIT_OPT_TS */
	uint32_t tsecr;		/* TARPIT_OPT_TS */
	uint16_t window;
	uint16_t mss;		/* TARPIT_OPT_MSS */
	uint8_t wscale;		/* TARPIT_OPT_WSCALE */
	uint8_t flags;		/* enum tarpit_flag */
	uint8_t options;	/* enum tarpit_option */
};

/**
 * tarpit_parse() - read the header of a TCP segment
 * @tcp: the header, all options included
 * @have: octets at @tcp
 * @total: octets of the whole segment, header and payload; at least @have
 * @seg: its contents, without options; undefined when false is returned
 *
 * Return: false for an invalid header: truncated, a data offset under 5 or
 * beyond @have, or a port 0.
 */
bool tarpit_parse(const uint8_t *tcp, size_t have, size_t total,
		  struct tarpit_segment *seg);

/**
 * tarpit_parse_options() - read the options of a TCP segment
 * @tcp: the header that tarpit_parse() has accepted, with all options
 * @seg: what tarpit_parse() filled in; options and tsval are added
 *
 * Ignores an invalid option, as TCP does. Stops at an option with an invalid
 * length.
 */
void tarpit_parse_options(const uint8_t *tcp, struct tarpit_segment *seg);

/* Octets of the header at @tcp by its data offset; TARPIT_TCP_MIN are read. */
static inline unsigned int tarpit_header_len(const uint8_t *tcp)
{
	return (tcp[12] >> 4) * 4U;
}

/**
 * tarpit_classify() - which kind of answer a segment may get
 * @variant: what the user chose
 * @seg: the segment
 *
 * Two tarpits do not answer each other without end: a RST gets no answer. A
 * SYN+ACK, and an ACK without data and window, get none or a RST.
 *
 * TARPIT_HOLD and TARPIT_READ are only for a peer that has proved that it
 * received the SYN+ACK; see tarpit_compose().
 */
enum tarpit_kind tarpit_classify(enum tarpit_variant variant,
				 const struct tarpit_segment *seg);

/**
 * tarpit_compose() - the answer to a segment
 * @kind: of tarpit_classify()
 * @seg: the segment
 * @standing: of the segment; does not matter for ACCEPT and REFUSE
 * @host: the values of a listener
 * @reply: the answer; undefined when false is returned
 *
 * The header is never longer than that of @seg, so that the tarpit amplifies
 * nothing; options without space are left out. After ACCEPT @reply->seq is 0:
 * the caller sets the initial sequence number, which depends on the options.
 *
 * Return: false when there is to be no answer.
 */
bool tarpit_compose(enum tarpit_kind kind, const struct tarpit_segment *seg,
		    enum tarpit_standing standing,
		    const struct tarpit_listener *host,
		    struct tarpit_reply *reply);

/* Octets of tarpit_write(): a multiple of 4, at most TARPIT_TCP_MAX. */
unsigned int tarpit_reply_len(const struct tarpit_reply *reply);

/* Writes the header, its checksum 0, and returns its length. */
unsigned int tarpit_write(const struct tarpit_reply *reply, uint8_t *tcp);

#endif
