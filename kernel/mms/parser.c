// SPDX-License-Identifier: GPL-2.0-only
/* Messages of MMS over TCP, see parser.h. */
#include "mms/parser.h"
#include "lib/encoding.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define LENGTH		8	/* where messageLength is */
#define COUNT		16	/* where chunkCount is */
#define UNCOUNTED	16	/* bytes that messageLength leaves out */
#define CHUNK		8	/* lengths are multiples of this */
#define MESSAGE		8	/* bytes that each message has */
#define NAME		28	/* where a message has the text */
#define ADDRESS_MAX	64	/* characters of it that are read */

/* Section 2.2.4: client to server 3, server to client 4. */
static const uint32_t mids[MMS_KINDS] = {
	[MMS_CONNECT] = 0x30001,
	[MMS_CONNECT_FUNNEL] = 0x30002,
	[MMS_OPEN_FILE] = 0x30005,
	[MMS_START_PLAYING] = 0x30007,
	[MMS_STOP_PLAYING] = 0x30009,
	[MMS_CLOSE_FILE] = 0x3000d,
	[MMS_READ_BLOCK] = 0x30015,
	[MMS_FUNNEL_INFO] = 0x30018,
	[MMS_SECURITY_RESPONSE] = 0x3001a,
	[MMS_PONG] = 0x3001b,
	[MMS_CANCEL_READ_BLOCK] = 0x30025,
	[MMS_START_STRIDING] = 0x30028,
	[MMS_LOGGING] = 0x30032,
	[MMS_STREAM_SWITCH] = 0x30033,
	[MMS_REPORT_CONNECTED_EX] = 0x40001,
	[MMS_REPORT_CONNECTED_FUNNEL] = 0x40002,
	[MMS_REPORT_DISCONNECTED_FUNNEL] = 0x40003,
	[MMS_REPORT_STARTED_PLAYING] = 0x40005,
	[MMS_REPORT_OPEN_FILE] = 0x40006,
	[MMS_REPORT_START_STRIDING] = 0x4000a,
	[MMS_REPORT_READ_BLOCK] = 0x40011,
	[MMS_REPORT_FUNNEL_INFO] = 0x40015,
	[MMS_SECURITY_CHALLENGE] = 0x4001a,
	[MMS_PING] = 0x4001b,
	[MMS_REPORT_END_OF_STREAM] = 0x4001e,
	[MMS_REPORT_STREAM_CHANGE] = 0x40020,
	[MMS_REPORT_STREAM_SWITCH] = 0x40021,
	[MMS_REPORT_REDIRECT] = 0x40022,
};

static uint32_t get_le32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static void put_le32(uint8_t *at, uint32_t number)
{
	at[0] = (uint8_t)number;
	at[1] = (uint8_t)(number >> 8);
	at[2] = (uint8_t)(number >> 16);
	at[3] = (uint8_t)(number >> 24);
}

/* Padding and the lengths may be anything. */
static bool is_header(const uint8_t *data, size_t len)
{
	static const uint8_t bytes[UNCOUNTED] = {
		1, 0, 0, 0, 0xce, 0xfa, 0x0b, 0xb0, 0, 0, 0, 0,
		'M', 'M', 'S', ' ',
	};
	static const bool fixed[UNCOUNTED] = {
		true, true, true, false, true, true, true, true,
		false, false, false, false, true, true, true, true,
	};
	size_t i;

	for (i = 0; i < len && i < sizeof(bytes); i++)
		if (fixed[i] && data[i] != bytes[i])
			return false;
	return true;
}

int mms_packet_size(const uint8_t *data, size_t len)
{
	uint32_t length, count;

	if (!is_header(data, len))
		return -1;
	if (len < MMS_HEAD)
		return 0;
	length = get_le32(data + LENGTH);
	count = get_le32(data + COUNT);
	if (length < MMS_HEADER - UNCOUNTED ||
	    length > MMS_PACKET_MAX - UNCOUNTED || length % CHUNK ||
	    (count != length / CHUNK &&
	     count != (length + UNCOUNTED) / CHUNK))
		return -1;
	return (int)length + UNCOUNTED;
}

static uint8_t find_kind(uint32_t mid)
{
	uint8_t kind;

	for (kind = MMS_OTHER + 1; kind < MMS_KINDS; kind++)
		if (mids[kind] == mid)
			return kind;
	return MMS_OTHER;
}

/* Moves to the first message of a packet that has one. */
static bool enter_packet(struct mms_reader *r)
{
	int size;

	while (r->at == r->end) {
		if (r->at > r->have || r->have - r->at < MMS_HEADER)
			return false;
		size = mms_packet_size(r->data + r->at, r->have - r->at);
		if (size <= 0)
			return false;
		r->end = r->at + (size_t)size;
		r->at += MMS_HEADER;
	}
	return true;
}

bool mms_next(struct mms_reader *r, struct mms_message *to)
{
	uint32_t chunks;

	if (r->malformed || !enter_packet(r) || r->at > r->have ||
	    r->have - r->at < MESSAGE)
		return false;
	chunks = get_le32(r->data + r->at);
	if (!chunks || chunks > (r->end - r->at) / CHUNK) {
		r->malformed = true;
		return false;
	}
	to->off = (uint16_t)r->at;
	to->len = (uint16_t)(chunks * CHUNK);
	to->kind = find_kind(get_le32(r->data + r->at + 4));
	r->at += to->len;
	return true;
}

/* Characters of a text; those that end it are 0, or behind it. */
struct text {
	const uint8_t *at;
	const uint8_t *end;
};

static unsigned int peek(const struct text *t)
{
	return t->end - t->at < 2 ? 0 : t->at[0] | (unsigned int)t->at[1] << 8;
}

static bool take(struct text *t, unsigned int character)
{
	if (peek(t) != character)
		return false;
	t->at += 2;
	return true;
}

static bool take_address(struct text *t)
{
	unsigned int i;

	if (!take(t, '\\') || !take(t, '\\'))
		return false;
	for (i = 0; i <= ADDRESS_MAX && peek(t) && peek(t) != '\\'; i++)
		t->at += 2;
	return i && i <= ADDRESS_MAX && take(t, '\\');
}

/* Letters of either case, as in any ABNF. */
static bool take_word(struct text *t, const char *word)
{
	struct text at = *t;

	for (; *word; word++)
		if (!take(&at, (unsigned char)*word) &&
		    !take(&at, (unsigned char)*word + 'a' - 'A'))
			return false;
	if (!take(&at, '\\'))
		return false;
	*t = at;
	return true;
}

static bool take_port(struct text *t, struct mms_funnel *to)
{
	uint32_t port = 0;

	to->digits = 0;
	for (; peek(t) >= '0' && peek(t) <= '9'; t->at += 2) {
		if (++to->digits > 5)
			return false;
		port = port * 10 + peek(t) - '0';
	}
	to->port = (uint16_t)port;
	return to->digits && port <= 65535 && !peek(t);
}

enum mms_error mms_parse_funnel(const struct mms_reader *r,
				const struct mms_message *m,
				struct mms_funnel *to)
{
	struct text t = { r->data + m->off, r->data + m->off + m->len };

	memset(to, 0, sizeof(*to));
	if (m->off + m->len > r->have)
		return MMS_CUT;
	if (m->len < NAME)
		return MMS_BAD_ADDRESS;
	t.at += NAME;
	if (!take_address(&t))
		return MMS_BAD_ADDRESS;
	if (take_word(&t, "TCP"))
		to->transport = MMS_TCP;
	else if (take_word(&t, "UDP"))
		to->transport = MMS_UDP;
	else
		return MMS_BAD_PROTOCOL;
	return take_port(&t, to) ? MMS_OK : MMS_BAD_PORT;
}

/* The text, in bytes; returns how many, at most 2 + 45 + 5 + 5. */
static size_t make_text(bool ipv6, const struct pom_endpoint *seen,
			uint8_t *text, size_t *digits)
{
	size_t n = 0;

	text[n++] = '\\';
	text[n++] = '\\';
	n += pom_encode(ipv6 ? POM_IPV6_TEXT : POM_IPV4_TEXT, seen, text + n);
	memcpy(text + n, "\\UDP\\", 5);
	n += 5;
	*digits = pom_encode(POM_PORT_DECIMAL, seen, text + n);
	return n + *digits;
}

/* Copies the packet from @off to the text. */
static bool begin_patch(const struct mms_reader *r,
			const struct mms_message *m, size_t off, size_t grow,
			struct mms_patch *to)
{
	size_t end = (size_t)m->off + m->len;

	to->off = (uint16_t)off;
	to->len = (uint16_t)(end - off);
	to->n = (uint16_t)(to->len + grow);
	if (to->n > sizeof(to->bytes))
		return false;
	memset(to->bytes, 0, to->n);
	memcpy(to->bytes, r->data + off, m->off + NAME - off);
	return true;
}

static void add_chunks(const struct mms_reader *r, size_t at, size_t chunks,
		       struct mms_patch *to)
{
	put_le32(to->bytes + (at - to->off),
		 get_le32(r->data + at) + (uint32_t)chunks);
}

bool mms_make_patch(const struct mms_reader *r, const struct mms_message *m,
		    const struct mms_funnel *f, bool ipv6,
		    const struct pom_endpoint *seen, struct mms_patch *to)
{
	uint8_t text[2 + POM_ENCODING_MAX + 5 + POM_ENCODING_MAX];
	size_t digits, need, grow = 0, n, i;

	n = make_text(ipv6, seen, text, &digits);
	/* With a 0 at the end, and as if the port had all its digits. */
	need = NAME + 2 * (n + 1);
	if (f->digits > digits)
		need += 2 * (f->digits - digits);
	if (need > m->len)
		grow = (need - m->len + CHUNK - 1) / CHUNK;
	if (!begin_patch(r, m, grow ? LENGTH : (size_t)m->off + NAME,
			 grow * CHUNK, to))
		return false;
	for (i = 0; i < n; i++)
		to->bytes[m->off + NAME - to->off + 2 * i] = text[i];
	if (!grow)
		return true;
	put_le32(to->bytes, get_le32(r->data + LENGTH) +
			    (uint32_t)(grow * CHUNK));
	add_chunks(r, COUNT, grow, to);
	add_chunks(r, m->off, grow, to);
	return true;
}

const char *mms_error_text(enum mms_error error)
{
	switch (error) {
	case MMS_OK:
		return "nothing wrong";
	case MMS_CUT:
		return "the message is longer than its packet";
	case MMS_BAD_ADDRESS:
		return "no address";
	case MMS_BAD_PROTOCOL:
		return "neither TCP nor UDP";
	case MMS_BAD_PORT:
		return "bad port";
	}
	return "unknown error";
}
