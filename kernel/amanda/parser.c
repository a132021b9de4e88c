// SPDX-License-Identifier: GPL-2.0-only
/* Amanda packets: bytes in, facts out; see parser.h. */
#include "amanda/parser.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/* Digits of a handle. */
#define HANDLE_DIGITS	6

/* The rest of the packet. */
struct cursor {
	const uint8_t *data;
	size_t off;
	size_t have;
};

static const char * const types[AMANDA_TYPES] = {
	[AMANDA_REQ] = "REQ",
	[AMANDA_REP] = "REP",
	[AMANDA_PREP] = "PREP",
	[AMANDA_ACK] = "ACK",
	[AMANDA_NAK] = "NAK",
};

static const char * const services[AMANDA_SERVICES] = {
	[AMANDA_NOOP] = "noop",
	[AMANDA_SENDSIZE] = "sendsize",
	[AMANDA_SENDBACKUP] = "sendbackup",
	[AMANDA_SELFCHECK] = "selfcheck",
	[AMANDA_AMINDEXD] = "amindexd",
	[AMANDA_AMIDXTAPED] = "amidxtaped",
	[AMANDA_AMDUMPD] = "amdumpd",
	[AMANDA_SENDDISCOVER] = "senddiscover",
	[AMANDA_RESTORE] = "restore",
	[AMANDA_AMBACKUPD] = "ambackupd",
};

/* CTL is of amidxtaped, the others are of sendbackup. */
static const char * const streams[] = {
	"DATA ", "MESG ", "INDEX ", "STATE ", "CTL ",
};

#define STREAM_NAMES	(sizeof(streams) / sizeof(streams[0]))

static bool take_text(struct cursor *c, const char *word, size_t len)
{
	if (len > c->have - c->off || memcmp(c->data + c->off, word, len))
		return false;
	c->off += len;
	return true;
}

/* Inline: the compiler knows the length of most words. */
static inline bool take(struct cursor *c, const char *word)
{
	return take_text(c, word, strlen(word));
}

static size_t take_bytes(struct cursor *c, uint8_t low, uint8_t high)
{
	size_t start = c->off;

	while (c->off < c->have && c->data[c->off] >= low &&
	       c->data[c->off] <= high)
		c->off++;
	return c->off - start;
}

static size_t take_digits(struct cursor *c)
{
	return take_bytes(c, '0', '9');
}

/* ASCII, neither blank nor control character. */
static size_t take_word(struct cursor *c)
{
	return take_bytes(c, '!', '~');
}

static bool take_type(struct cursor *c, struct amanda_packet *pkt)
{
	uint8_t i;

	for (i = 0; i < AMANDA_TYPES; i++) {
		if (!take(c, types[i]))
			continue;
		pkt->type = i;
		return true;
	}
	return false;
}

static bool take_header(struct cursor *c, struct amanda_packet *pkt)
{
	return take(c, "Amanda ") && take_digits(c) &&
	       take(c, ".") && take_digits(c) &&
	       take(c, " ") && take_type(c, pkt) &&
	       take(c, " HANDLE ") && take_word(c) &&
	       take(c, " SEQ ") && take_digits(c) &&
	       take(c, "\n");
}

static void skip_line(struct cursor *c)
{
	const uint8_t *end = memchr(c->data + c->off, '\n', c->have - c->off);

	c->off = end ? (size_t)(end - c->data) + 1 : c->have;
}

static uint8_t find_service(const uint8_t *name, size_t len)
{
	uint8_t i;

	for (i = 0; i < AMANDA_SERVICES; i++)
		if (strlen(services[i]) == len &&
		    !memcmp(services[i], name, len))
			return i;
	return AMANDA_OTHER_SERVICE;
}

/* SECURITY comes first where there is any. */
static void take_service(struct cursor *c, struct amanda_packet *pkt)
{
	size_t start, len;

	if (take(c, "SECURITY "))
		skip_line(c);
	if (!take(c, "SERVICE "))
		return;
	start = c->off;
	len = take_word(c);
	if (len && take(c, "\n"))
		pkt->service = find_service(c->data + start, len);
}

/* The number of the name, or STREAM_NAMES. */
static size_t take_name(struct cursor *c)
{
	size_t i;

	for (i = 0; i < STREAM_NAMES; i++)
		if (take(c, streams[i]))
			break;
	return i;
}

static bool take_number(struct cursor *c, struct amanda_stream *stream)
{
	const uint8_t *digit = c->data + c->off;
	size_t len, i;
	uint32_t number = 0;

	stream->off = (uint16_t)c->off;
	len = take_digits(c);
	stream->len = (uint16_t)len;
	if (!len || len > HANDLE_DIGITS || (len > 1 && *digit == '0'))
		return false;
	for (i = 0; i < len; i++)
		number = number * 10 + digit[i] - '0';
	stream->handle = len == HANDLE_DIGITS;
	stream->port = stream->handle ? 0 : (uint16_t)number;
	return stream->handle || number <= 65535;
}

/* Each name once, at least one of them, up to the end of the line. */
static bool take_streams(struct cursor *c, struct amanda_packet *pkt)
{
	unsigned int seen = 0;
	size_t name;

	do {
		name = take_name(c);
		if (name == STREAM_NAMES || seen & 1U << name ||
		    pkt->streams == AMANDA_STREAMS)
			return false;
		seen |= 1U << name;
		if (!take_number(c, &pkt->stream[pkt->streams++]))
			return false;
	} while (take(c, " "));
	return take(c, "\n");
}

enum amanda_error amanda_parse(const uint8_t *data, size_t have,
			       struct amanda_packet *pkt)
{
	struct cursor c = { data, 0, have };

	memset(pkt, 0, sizeof(*pkt));
	pkt->service = AMANDA_NO_SERVICE;
	if (c.have > AMANDA_HEAD_MAX)
		c.have = AMANDA_HEAD_MAX;
	if (!take_header(&c, pkt))
		return AMANDA_BAD_HEADER;
	if (pkt->type == AMANDA_REQ)
		take_service(&c, pkt);
	if (pkt->type == AMANDA_REP && take(&c, "CONNECT ") &&
	    !take_streams(&c, pkt))
		return AMANDA_BAD_CONNECT;
	return AMANDA_OK;
}

const char *amanda_error_text(enum amanda_error error)
{
	switch (error) {
	case AMANDA_OK:
		return "nothing wrong";
	case AMANDA_BAD_HEADER:
		return "not an Amanda packet";
	case AMANDA_BAD_CONNECT:
		return "announces what is no stream";
	}
	return "unknown error";
}
