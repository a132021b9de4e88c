/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reading of PPTP messages, made to be obvious instead of quick, to
 * compare pptp_parse() with: it takes one byte after the other, and says what
 * is wrong at the first one that cannot be right. Shared by the unit test and
 * the fuzzer.
 */
#ifndef POM_PPTP_PARSER_MODEL_H
#define POM_PPTP_PARSER_MODEL_H

#include <stdlib.h>
#include <string.h>

#include "pptp/parser.h"

/*
 * RFC 2637 sections 2.1 to 2.15: "LENGTH NAME@OFFSET...", where c is the call
 * id of the sender, p the peer's, and r the result.
 */
static const char *const model_forms[] = {
	"", "156", "156 r@14", "16", "16 r@12", "16", "20 r@16",
	"168 c@12", "32 c@12 p@14 r@16", "220 c@12", "24 c@12 p@14 r@16",
	"28 p@12", "16 c@12", "148 c@12 r@14", "40 p@12", "24 p@12",
};

static unsigned int model_number(const char *form, const char *name)
{
	const char *at = strstr(form, name);

	return at ? (unsigned int)atoi(at + strlen(name)) : 0;
}

static unsigned int model_two(const uint8_t *data, unsigned int off)
{
	return data[off] * 256U + data[off + 1];
}

/* What the byte at @i shows, with all before it. */
static enum pptp_error model_byte(const uint8_t *data, size_t i)
{
	unsigned int len = i ? model_two(data, 0) : 0;

	switch (i) {
	case 1:
		return len < 16 || len > 512 ? PPTP_BAD_LENGTH : PPTP_OK;
	case 3:
		return model_two(data, 2) == 1 ? PPTP_OK : PPTP_BAD_TYPE;
	case 4: case 5: case 6: case 7:
		return data[i] == (uint8_t)"\x1a\x2b\x3c\x4d"[i - 4] ?
		       PPTP_OK : PPTP_BAD_COOKIE;
	case 9:
		if (model_two(data, 8) < 1 || model_two(data, 8) > 15)
			return PPTP_BAD_CONTROL;
		return len < (unsigned int)atoi(model_forms[data[9]]) ?
		       PPTP_BAD_LENGTH : PPTP_OK;
	}
	return PPTP_OK;
}

static enum pptp_error model_parse(const uint8_t *data, size_t have,
				   struct pptp_message *to)
{
	enum pptp_error error;
	const char *form;
	unsigned int result;
	size_t i;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < have && i < 12; i++) {
		error = model_byte(data, i);
		if (error != PPTP_OK)
			return error;
	}
	if (i < 12)
		return PPTP_MORE;
	form = model_forms[data[9]];
	to->len = (uint16_t)model_two(data, 0);
	to->control = data[9];
	to->own_off = (uint8_t)model_number(form, "c@");
	to->peer_off = (uint8_t)model_number(form, "p@");
	result = model_number(form, "r@");
	if (have < to->own_off + (to->own_off ? 2U : 0) ||
	    have < to->peer_off + (to->peer_off ? 2U : 0) ||
	    have < result + !!result)
		return PPTP_MORE;
	to->has_result = result != 0;
	if (to->own_off)
		to->own = (uint16_t)model_two(data, to->own_off);
	if (to->peer_off)
		to->peer = (uint16_t)model_two(data, to->peer_off);
	if (result)
		to->result = data[result];
	return PPTP_OK;
}

/* As the return value of pptp_gre_parse(). */
static unsigned int model_gre(const uint8_t *data, size_t have, int *version,
			      int *id)
{
	if (have < 4)
		return 0;
	*version = data[1] % 8;
	if (*version != 1 || have < 8 || data[0] / 32 % 2 == 0 ||
	    model_two(data, 2) != 0x880b)
		return 1;
	*id = (int)model_two(data, 6);
	return 2;
}

static int model_same(const struct pptp_message *a,
		      const struct pptp_message *b)
{
	return a->len == b->len && a->control == b->control &&
	       a->own_off == b->own_off && a->peer_off == b->peer_off &&
	       a->has_result == b->has_result && a->result == b->result &&
	       a->own == b->own && a->peer == b->peer;
}

#endif
