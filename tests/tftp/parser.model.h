/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reading of the TFTP RFCs, made to be obvious instead of quick, to
 * compare tftp_parse() with: it copies the packet, cuts it at its NULs into
 * words, and then looks at the words. Shared by the unit test and the fuzzer.
 */
#ifndef POM_TFTP_PARSER_MODEL_H
#define POM_TFTP_PARSER_MODEL_H

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tftp/parser.h"

struct tftp_model {
	char bytes[TFTP_REQUEST_MAX + 1];
	char *word[TFTP_REQUEST_MAX];
	int words;
	int tail;		/* bytes behind the last NUL */
};

static void model_cut(struct tftp_model *m, const uint8_t *data, size_t len)
{
	size_t i, start = 2;

	memset(m, 0, sizeof(*m));
	memcpy(m->bytes, data, len);
	for (i = 2; i < len; i++) {
		if (m->bytes[i])
			continue;
		m->word[m->words++] = m->bytes + start;
		start = i + 1;
	}
	m->tail = (int)(len - start);
}

static int model_rest_is_empty(const struct tftp_model *m, int from)
{
	for (; from < m->words; from++)
		if (*m->word[from])
			return 0;
	return !m->tail;
}

static void model_option(const char *name, const char *value,
			 struct tftp_packet *pkt)
{
	unsigned long long n = strtoull(value, NULL, 10);
	int sound = *value && strlen(value) < 20 &&
		    strspn(value, "0123456789") == strlen(value);
	int option = -1;

	pkt->options_seen++;
	if (!strcasecmp(name, "blksize")) {
		option = TFTP_OPT_BLKSIZE;
		sound = sound && n >= 8 && n <= 65464;
	} else if (!strcasecmp(name, "timeout")) {
		option = TFTP_OPT_TIMEOUT;
		sound = sound && n >= 1 && n <= 255;
	} else if (!strcasecmp(name, "tsize")) {
		option = TFTP_OPT_TSIZE;
	} else if (!strcasecmp(name, "windowsize")) {
		option = TFTP_OPT_WINDOWSIZE;
		sound = sound && n >= 1 && n <= 65535;
	}
	if (option < 0 || !sound || pkt->options & 1 << option)
		return;
	pkt->options |= (uint8_t)(1 << option);
	pkt->value[option] = n;
}

static enum tftp_error model_options(const struct tftp_model *m, int i,
				     struct tftp_packet *pkt)
{
	for (; !model_rest_is_empty(m, i); i += 2) {
		if (i + 2 > m->words || !*m->word[i])
			return TFTP_BAD_OPTION;
		model_option(m->word[i], m->word[i + 1], pkt);
	}
	return TFTP_OK;
}

static enum tftp_error model_request(const struct tftp_model *m,
				     struct tftp_packet *pkt)
{
	if (m->words < 1 || !*m->word[0])
		return TFTP_BAD_FILENAME;
	pkt->text.off = 2;
	pkt->text.len = (uint16_t)strlen(m->word[0]);
	if (m->words < 2)
		return TFTP_BAD_MODE;
	if (!strcasecmp(m->word[1], "netascii"))
		pkt->mode = TFTP_MODE_NETASCII;
	else if (!strcasecmp(m->word[1], "octet"))
		pkt->mode = TFTP_MODE_OCTET;
	else if (!strcasecmp(m->word[1], "mail"))
		pkt->mode = TFTP_MODE_MAIL;
	else
		return TFTP_BAD_MODE;
	return model_options(m, 2, pkt);
}

static enum tftp_error model_fixed(const uint8_t *data, size_t len,
				   struct tftp_packet *pkt)
{
	size_t end = 4;

	if (len < 4)
		return TFTP_CUT;
	pkt->number = (uint16_t)(data[2] * 256 + data[3]);
	if (pkt->opcode != TFTP_ERROR)
		return TFTP_OK;
	while (end < len && end < TFTP_REQUEST_MAX && data[end])
		end++;
	pkt->text.off = 4;
	pkt->text.len = (uint16_t)(end - 4);
	return TFTP_OK;
}

/* The whole packet is at @data. */
static enum tftp_error tftp_model(const uint8_t *data, size_t len,
				  struct tftp_packet *pkt)
{
	struct tftp_model m;
	enum tftp_error error;

	memset(pkt, 0, sizeof(*pkt));
	if (len < 2)
		return TFTP_CUT;
	pkt->opcode = (uint16_t)(data[0] * 256 + data[1]);
	if (pkt->opcode < TFTP_RRQ || pkt->opcode > TFTP_OACK)
		return TFTP_BAD_OPCODE;
	if (pkt->opcode >= TFTP_DATA && pkt->opcode <= TFTP_ERROR)
		return model_fixed(data, len, pkt);
	if (len > TFTP_REQUEST_MAX)
		return TFTP_TOO_LONG;
	model_cut(&m, data, len);
	if (pkt->opcode != TFTP_OACK)
		return model_request(&m, pkt);
	error = model_options(&m, 0, pkt);
	return error || pkt->options_seen ? error : TFTP_BAD_OPTION;
}

/* Whether two readings agree in every field that means something. */
static int tftp_same(const struct tftp_packet *a, const struct tftp_packet *b)
{
	int i;

	if (a->opcode != b->opcode || a->number != b->number ||
	    a->mode != b->mode || a->options != b->options ||
	    a->options_seen != b->options_seen ||
	    a->text.off != b->text.off || a->text.len != b->text.len)
		return 0;
	for (i = 0; i < TFTP_OPT_COUNT; i++)
		if (a->options & 1 << i && a->value[i] != b->value[i])
			return 0;
	return 1;
}

#endif
