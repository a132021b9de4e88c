/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reading of the first bytes of rsh, made to be obvious instead of
 * quick, to compare the parser with: it splits a payload at each NUL, and then
 * looks at the texts. Shared by the unit test and the fuzzer.
 */
#ifndef POM_RSH_PARSER_MODEL_H
#define POM_RSH_PARSER_MODEL_H

#include <stdlib.h>
#include <string.h>

#include "rsh/parser.h"

struct rsh_model {
	char text[RSH_HEAD_MAX + 1][RSH_HEAD_MAX + 1];
	size_t at[RSH_HEAD_MAX + 1];
	int texts;		/* those that end */
	char rest[RSH_HEAD_MAX + 1];	/* behind them */
	size_t rest_len;
};

static struct rsh_model model;

static void model_split(const uint8_t *data, size_t len)
{
	size_t i;

	model.texts = 0;
	model.rest_len = 0;
	for (i = 0; i < len; i++) {
		model.rest[model.rest_len++] = (char)data[i];
		if (data[i])
			continue;
		strcpy(model.text[model.texts], model.rest);
		model.at[model.texts++] = i + 1 - model.rest_len;
		model.rest_len = 0;
	}
	model.rest[model.rest_len] = '\0';
}

static int model_is_port(const char *text)
{
	return strspn(text, "0123456789") == strlen(text) &&
	       strlen(text) <= 5 && atol(text) <= 65535;
}

static enum rsh_error model_port(const uint8_t *data, size_t len,
				 struct rsh_port *to)
{
	model_split(data, len);
	if (!model.texts)
		return model_is_port(model.rest) ? RSH_MORE : RSH_BAD_PORT;
	if (!model_is_port(model.text[0]))
		return RSH_BAD_PORT;
	to->number = (uint16_t)atol(model.text[0]);
	to->len = (uint8_t)strlen(model.text[0]);
	return RSH_OK;
}

static bool model_parse(const uint8_t *data, size_t len, bool whole,
			struct rsh_head *to)
{
	int i, first = 0;

	memset(to, 0, sizeof(*to));
	if (model_port(data, len, &to->port) == RSH_OK) {
		to->has = 1;
		first = 1;
	} else if (!whole || model.texts != 3 || model.rest_len ||
		   !*model.text[0] || !*model.text[1] || !*model.text[2]) {
		return false;
	}
	for (i = 1; i < RSH_FIELDS && first + i - 1 < model.texts; i++) {
		to->at[i] = (uint16_t)model.at[first + i - 1];
		to->has |= (uint8_t)(1 << i);
	}
	return true;
}

static int rsh_same(const struct rsh_head *a, const struct rsh_head *b)
{
	return a->has == b->has && a->port.number == b->port.number &&
	       a->port.len == b->port.len &&
	       !memcmp(a->at, b->at, sizeof(a->at));
}

#endif /* POM_RSH_PARSER_MODEL_H */
