// SPDX-License-Identifier: GPL-2.0-only
/* TFTP packets: bytes in, facts out. The formats are drawn in RFC 1350. */
#include "tftp/parser.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#include <strings.h>
#endif

static const struct {
	const char *name;
	uint64_t min;
	uint64_t max;
} tftp_options[TFTP_OPT_COUNT] = {
	[TFTP_OPT_BLKSIZE] = { "blksize", 8, 65464 },	/* RFC 2348 */
	[TFTP_OPT_TIMEOUT] = { "timeout", 1, 255 },	/* RFC 2349 */
	[TFTP_OPT_TSIZE] = { "tsize", 0, ~0ULL },	/* RFC 2349 */
	[TFTP_OPT_WINDOWSIZE] = { "windowsize", 1, 65535 }, /* RFC 7440 */
};

static const struct {
	const char *name;
	enum tftp_mode mode;
} tftp_modes[] = {
	{ "netascii", TFTP_MODE_NETASCII },
	{ "octet", TFTP_MODE_OCTET },
	{ "mail", TFTP_MODE_MAIL },
};

#define TFTP_MODES	(sizeof(tftp_modes) / sizeof(tftp_modes[0]))

static uint16_t get_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* Takes the NUL-terminated text at *@off; *@off moves behind its NUL. */
static bool take_text(const uint8_t *data, size_t len, size_t *off,
		      struct tftp_text *text)
{
	const uint8_t *nul = memchr(data + *off, '\0', len - *off);

	if (!nul)
		return false;
	text->off = (uint16_t)*off;
	text->len = (uint16_t)(nul - (data + *off));
	*off += text->len + 1U;
	return true;
}

/* Names of modes and options are the same in either case. */
static bool text_is(const uint8_t *data, struct tftp_text text,
		    const char *word)
{
	return text.len == strlen(word) &&
	       !strncasecmp((const char *)data + text.off, word, text.len);
}

static bool all_nul(const uint8_t *data, size_t off, size_t len)
{
	while (off < len && !data[off])
		off++;
	return off == len;
}

/* A decimal number and nothing else, of 19 digits at most: it fits 64 bits. */
static bool text_number(const uint8_t *data, struct tftp_text text,
			uint64_t *number)
{
	uint16_t i;

	if (!text.len || text.len > 19)
		return false;
	*number = 0;
	for (i = 0; i < text.len; i++) {
		unsigned int digit = data[text.off + i] - (unsigned int)'0';

		if (digit > 9)
			return false;
		*number = *number * 10 + digit;
	}
	return true;
}

static enum tftp_mode find_mode(const uint8_t *data, struct tftp_text text)
{
	size_t i;

	for (i = 0; i < TFTP_MODES; i++)
		if (text_is(data, text, tftp_modes[i].name))
			return tftp_modes[i].mode;
	return TFTP_MODE_NONE;
}

static void note_option(const uint8_t *data, struct tftp_text name,
			struct tftp_text value, struct tftp_packet *pkt)
{
	uint64_t number;
	unsigned int i;

	pkt->options_seen++;
	for (i = 0; i < TFTP_OPT_COUNT; i++)
		if (text_is(data, name, tftp_options[i].name))
			break;
	if (i == TFTP_OPT_COUNT || pkt->options & 1U << i ||
	    !text_number(data, value, &number) ||
	    number < tftp_options[i].min || number > tftp_options[i].max)
		return;
	pkt->options |= (uint8_t)(1U << i);
	pkt->value[i] = number;
}

/* Pairs of name and value up to the end. A value may be empty (RFC 2090). */
static enum tftp_error parse_options(const uint8_t *data, size_t len,
				     size_t off, struct tftp_packet *pkt)
{
	struct tftp_text name, value;

	while (!all_nul(data, off, len)) {
		if (!take_text(data, len, &off, &name) || !name.len ||
		    !take_text(data, len, &off, &value))
			return TFTP_BAD_OPTION;
		note_option(data, name, value, pkt);
	}
	return TFTP_OK;
}

static enum tftp_error parse_request(const uint8_t *data, size_t len,
				     struct tftp_packet *pkt)
{
	struct tftp_text mode;
	size_t off = 2;

	if (!take_text(data, len, &off, &pkt->text) || !pkt->text.len)
		return TFTP_BAD_FILENAME;
	if (!take_text(data, len, &off, &mode))
		return TFTP_BAD_MODE;
	pkt->mode = (uint8_t)find_mode(data, mode);
	if (pkt->mode == TFTP_MODE_NONE)
		return TFTP_BAD_MODE;
	return parse_options(data, len, off, pkt);
}

static enum tftp_error parse_oack(const uint8_t *data, size_t len,
				  struct tftp_packet *pkt)
{
	enum tftp_error error = parse_options(data, len, 2, pkt);

	if (error == TFTP_OK && !pkt->options_seen)
		return TFTP_BAD_OPTION;
	return error;
}

static void find_message(const uint8_t *data, size_t len,
			 struct tftp_packet *pkt)
{
	size_t off = 4;

	if (len > TFTP_REQUEST_MAX)
		len = TFTP_REQUEST_MAX;
	if (take_text(data, len, &off, &pkt->text))
		return;
	pkt->text.off = (uint16_t)off;
	pkt->text.len = (uint16_t)(len - off);
}

enum tftp_error tftp_parse(const uint8_t *data, size_t have, size_t len,
			   struct tftp_packet *pkt)
{
	memset(pkt, 0, sizeof(*pkt));
	if (have < 2)
		return TFTP_CUT;
	pkt->opcode = get_be16(data);
	switch (pkt->opcode) {
	case TFTP_RRQ:
	case TFTP_WRQ:
	case TFTP_OACK:
		if (len > TFTP_REQUEST_MAX)
			return TFTP_TOO_LONG;
		if (have < len)
			return TFTP_CUT;
		if (pkt->opcode == TFTP_OACK)
			return parse_oack(data, len, pkt);
		return parse_request(data, len, pkt);
	case TFTP_DATA:
	case TFTP_ACK:
	case TFTP_ERROR:
		if (have < 4)
			return TFTP_CUT;
		pkt->number = get_be16(data + 2);
		if (pkt->opcode == TFTP_ERROR)
			find_message(data, have, pkt);
		return TFTP_OK;
	}
	return TFTP_BAD_OPCODE;
}

const char *tftp_error_text(enum tftp_error error)
{
	switch (error) {
	case TFTP_OK:
		return "nothing wrong";
	case TFTP_CUT:
		return "packet cut short";
	case TFTP_BAD_OPCODE:
		return "not a TFTP opcode";
	case TFTP_TOO_LONG:
		return "longer than 512 bytes";
	case TFTP_BAD_FILENAME:
		return "bad file name";
	case TFTP_BAD_MODE:
		return "bad transfer mode";
	case TFTP_BAD_OPTION:
		return "bad option";
	}
	return "unknown error";
}
