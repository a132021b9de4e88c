// SPDX-License-Identifier: GPL-2.0-only
/* What a tarpit answers to a TCP segment. Section numbers are of RFC 9293. */
#include "TARPIT/tarpit.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/* Option kinds (section 3.2; RFC 7323, RFC 2018), and their lengths. */
enum {
	KIND_END = 0,
	KIND_NOP = 1,
	KIND_MSS = 2,
	KIND_WSCALE = 3,
	KIND_SACK = 4,
	KIND_TS = 8,

	LEN_MSS = 4,
	LEN_WSCALE = 3,
	LEN_SACK = 2,
	LEN_TS = 10,
};

static uint16_t get_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get_be32(const uint8_t *at)
{
	return (uint32_t)get_be16(at) << 16 | get_be16(at + 2);
}

static uint8_t *put_be16(uint8_t *at, uint16_t value)
{
	*at++ = (uint8_t)(value >> 8);
	*at++ = (uint8_t)value;
	return at;
}

static uint8_t *put_be32(uint8_t *at, uint32_t value)
{
	return put_be16(put_be16(at, (uint16_t)(value >> 16)),
			(uint16_t)value);
}

static void parse_option(const uint8_t *opt, unsigned int len,
			 struct tarpit_segment *seg)
{
	if (opt[0] == KIND_MSS && len == LEN_MSS) {
		seg->options |= TARPIT_OPT_MSS;
	} else if (opt[0] == KIND_WSCALE && len == LEN_WSCALE) {
		seg->options |= TARPIT_OPT_WSCALE;
	} else if (opt[0] == KIND_SACK && len == LEN_SACK) {
		seg->options |= TARPIT_OPT_SACK;
	} else if (opt[0] == KIND_TS && len == LEN_TS) {
		seg->options |= TARPIT_OPT_TS;
		seg->tsval = get_be32(opt + 2);
	}
}

void tarpit_parse_options(const uint8_t *tcp, struct tarpit_segment *seg)
{
	const uint8_t *opt = tcp + TARPIT_TCP_MIN;
	unsigned int left = seg->options_len;
	unsigned int len;

	for (; left && *opt != KIND_END; opt += len, left -= len) {
		if (*opt == KIND_NOP) {
			len = 1;
			continue;
		}
		if (left < 2)
			return;
		len = opt[1];
		if (len < 2 || len > left)
			return;
		parse_option(opt, len, seg);
	}
}

bool tarpit_parse(const uint8_t *tcp, size_t have, size_t total,
		  struct tarpit_segment *seg)
{
	unsigned int header;

	if (have < TARPIT_TCP_MIN || total < have)
		return false;
	header = tarpit_header_len(tcp);
	if (header < TARPIT_TCP_MIN || header > have)
		return false;

	memset(seg, 0, sizeof(*seg));
	seg->sport = get_be16(tcp);
	seg->dport = get_be16(tcp + 2);
	seg->seq = get_be32(tcp + 4);
	seg->ack = get_be32(tcp + 8);
	seg->flags = tcp[13];
	seg->window = get_be16(tcp + 14);
	seg->len = (uint32_t)(total - header);
	seg->options_len = (uint8_t)(header - TARPIT_TCP_MIN);
	return seg->sport && seg->dport;
}

/* Without payload and FIN: occupies no sequence numbers. */
static bool is_bare(const struct tarpit_segment *seg)
{
	return !seg->len && !(seg->flags & (TARPIT_SYN | TARPIT_FIN));
}

enum tarpit_kind tarpit_classify(enum tarpit_variant variant,
				 const struct tarpit_segment *seg)
{
	bool syn = seg->flags & TARPIT_SYN;
	bool ack = seg->flags & TARPIT_ACK;

	if (seg->flags & TARPIT_RST)
		return TARPIT_IGNORE;
	/* Sent by scanners only; a listener is silent too. */
	if ((syn && (seg->flags & TARPIT_FIN)) || (!syn && !ack))
		return TARPIT_IGNORE;

	if (variant == TARPIT_VARIANT_RESET)
		return TARPIT_REFUSE;
	if (syn)
		return ack ? TARPIT_IGNORE : TARPIT_ACCEPT;
	if (variant == TARPIT_VARIANT_HONEYPOT)
		return TARPIT_READ;
	if (is_bare(seg) && !seg->window)
		return TARPIT_IGNORE;
	return TARPIT_HOLD;
}

/*
 * The options of an answer as Linux packs them: 4 octets each, and 12 for the
 * timestamps, which share their padding with SACK-permitted.
 */
static unsigned int options_len(uint8_t options)
{
	unsigned int len = 0;

	if (options & TARPIT_OPT_MSS)
		len += 4;
	if (options & TARPIT_OPT_TS)
		len += 12;
	else if (options & TARPIT_OPT_SACK)
		len += 4;
	if (options & TARPIT_OPT_WSCALE)
		len += 4;
	return len;
}

/* The most useful of @options that fit into @budget bytes. */
static uint8_t affordable(uint8_t options, unsigned int budget)
{
	static const uint8_t dispensable[] = {
		TARPIT_OPT_MSS, TARPIT_OPT_WSCALE, TARPIT_OPT_SACK,
		TARPIT_OPT_TS,
	};
	unsigned int i;

	for (i = 0; options_len(options) > budget; i++)
		options &= (uint8_t)~dispensable[i];
	return options;
}

/*
 * The first window of a Linux listener is all of its space, in whole segments
 * of the size that the timestamps leave.
 */
static uint32_t first_window(const struct tarpit_listener *host, bool ts)
{
	uint32_t mss = host->mss;
	uint32_t window = host->space;

	if (ts && mss > 12)
		mss -= 12;
	if (window > mss)
		window -= window % mss;
	return window < 0xffff ? window : 0xffff;
}

/* Section 3.10.7.2, third: the answer of a listener to a SYN. */
static void compose_accept(const struct tarpit_segment *seg,
			   const struct tarpit_listener *host,
			   struct tarpit_reply *reply)
{
	/* A listener always announces its MSS. */
	uint8_t options = host->options & (seg->options | TARPIT_OPT_MSS);

	reply->options = affordable(options, seg->options_len);
	reply->flags = TARPIT_SYN | TARPIT_ACK;
	/* RFC 3168, 6.1.1 */
	if (host->ecn && (seg->flags & TARPIT_ECE) && (seg->flags & TARPIT_CWR))
		reply->flags |= TARPIT_ECE;
	reply->ack = seg->seq + 1;
	reply->mss = host->mss;
	reply->wscale = host->wscale;
	reply->window =
		(uint16_t)first_window(host, reply->options & TARPIT_OPT_TS);
}

/*
 * The window of 0 puts the peer into persist state (section 3.8.6.1): it sends
 * window probes. Only the SYN is acknowledged, so the peer's FIN never is.
 */
static bool compose_hold(const struct tarpit_segment *seg,
			 enum tarpit_standing standing,
			 struct tarpit_reply *reply)
{
	if (standing != TARPIT_START && standing != TARPIT_PROBE)
		return false;
	reply->ack = seg->seq + (standing == TARPIT_PROBE);
	return true;
}

/* Section 3.10.7.4, seventh, eighth: acknowledges data, answers FIN by FIN. */
static bool compose_read(const struct tarpit_segment *seg,
			 enum tarpit_standing standing,
			 const struct tarpit_listener *host,
			 struct tarpit_reply *reply)
{
	bool ts = seg->options & host->options & TARPIT_OPT_TS;
	uint32_t window = first_window(host, ts);

	if (standing == TARPIT_FOREIGN)
		return false;
	if (is_bare(seg) && standing != TARPIT_PROBE)
		return false;

	reply->ack = seg->seq + seg->len;
	if (seg->flags & TARPIT_FIN) {
		reply->flags |= TARPIT_FIN;
		reply->ack++;
	} else if (is_bare(seg)) {
		reply->ack++;
	}
	reply->window =
		(uint16_t)(host->scaled ? window >> host->wscale : window);
	return true;
}

/* Section 3.10.7.1: a RST that the peer accepts in any state. */
static void compose_refuse(const struct tarpit_segment *seg,
			   struct tarpit_reply *reply)
{
	if (seg->flags & TARPIT_ACK) {
		reply->flags = TARPIT_RST;
		reply->seq = seg->ack;
		return;
	}
	reply->flags = TARPIT_RST | TARPIT_ACK;
	reply->ack = seg->seq + seg->len + 1; /* 1 for the SYN */
}

bool tarpit_compose(enum tarpit_kind kind, const struct tarpit_segment *seg,
		    enum tarpit_standing standing,
		    const struct tarpit_listener *host,
		    struct tarpit_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	reply->sport = seg->dport;
	reply->dport = seg->sport;
	reply->tsval = host->tsval;
	reply->tsecr = seg->tsval;

	switch (kind) {
	case TARPIT_IGNORE:
		return false;
	case TARPIT_REFUSE:
		compose_refuse(seg, reply);
		return true;
	case TARPIT_ACCEPT:
		compose_accept(seg, host, reply);
		return true;
	case TARPIT_HOLD:
	case TARPIT_READ:
		break;
	}

	/*
	 * A peer that sends timestamps has agreed on them, since RFC 7323
	 * section 3.2 requires them in every segment from then on.
	 */
	reply->options = seg->options & host->options & TARPIT_OPT_TS;
	reply->flags = TARPIT_ACK;
	reply->seq = seg->ack;
	if (kind == TARPIT_HOLD)
		return compose_hold(seg, standing, reply);
	return compose_read(seg, standing, host, reply);
}

unsigned int tarpit_reply_len(const struct tarpit_reply *reply)
{
	return TARPIT_TCP_MIN + options_len(reply->options);
}

/* In the order in which Linux writes them. */
static void write_options(const struct tarpit_reply *reply, uint8_t *at)
{
	bool sack = reply->options & TARPIT_OPT_SACK;

	if (reply->options & TARPIT_OPT_MSS) {
		*at++ = KIND_MSS;
		*at++ = LEN_MSS;
		at = put_be16(at, reply->mss);
	}
	if (sack || (reply->options & TARPIT_OPT_TS)) {
		bool first = sack && (reply->options & TARPIT_OPT_TS);

		*at++ = first ? KIND_SACK : KIND_NOP;
		*at++ = first ? LEN_SACK : KIND_NOP;
	}
	if (reply->options & TARPIT_OPT_TS) {
		*at++ = KIND_TS;
		*at++ = LEN_TS;
		at = put_be32(at, reply->tsval);
		at = put_be32(at, reply->tsecr);
	} else if (sack) {
		*at++ = KIND_SACK;
		*at++ = LEN_SACK;
	}
	if (reply->options & TARPIT_OPT_WSCALE) {
		*at++ = KIND_NOP;
		*at++ = KIND_WSCALE;
		*at++ = LEN_WSCALE;
		*at++ = reply->wscale;
	}
}

unsigned int tarpit_write(const struct tarpit_reply *reply, uint8_t *tcp)
{
	unsigned int len = tarpit_reply_len(reply);
	uint8_t *at = tcp;

	at = put_be16(at, reply->sport);
	at = put_be16(at, reply->dport);
	at = put_be32(at, reply->seq);
	at = put_be32(at, reply->ack);
	*at++ = (uint8_t)(len / 4 << 4);
	*at++ = reply->flags;
	at = put_be16(at, reply->window);
	at = put_be32(at, 0); /* checksum, urgent pointer */
	write_options(reply, at);
	return len;
}
