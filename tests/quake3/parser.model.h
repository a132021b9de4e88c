/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reading of connectionless messages, made to be obvious instead of
 * quick, to compare quake3_parse() and quake3_take_server() with: it makes a
 * text of the word and looks at the whole answer. Shared by the unit test and
 * the fuzzer.
 */
#ifndef POM_QUAKE3_PARSER_MODEL_H
#define POM_QUAKE3_PARSER_MODEL_H

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "quake3/parser.h"

static const char *const model_words[] = {
	"getservers", "getserversExt", "getserversResponse",
	"getserversExtResponse", "getinfo", "infoResponse", "getstatus",
	"statusResponse", "getchallenge", "challengeResponse", "connect",
	"connectResponse", "disconnect", "rcon", "print", "heartbeat",
};

#define MODEL_LETTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* The number of the message, 0 for an unknown word, or a negative number. */
static int model_message(const uint8_t *data, size_t len, size_t *after)
{
	char word[QUAKE3_HEAD_MAX + 1] = "";
	size_t i;

	if (len < 4 || strncmp((const char *)data, "\xff\xff\xff\xff", 4) != 0)
		return -QUAKE3_NO_MARK;
	if (len > QUAKE3_HEAD_MAX)
		len = QUAKE3_HEAD_MAX;
	memcpy(word, data + 4, len - 4);
	word[strspn(word, MODEL_LETTERS)] = '\0';
	if (!*word)
		return -QUAKE3_NO_WORD;
	*after = 4 + strlen(word);
	for (i = 0; i < sizeof(model_words) / sizeof(*model_words); i++)
		if (strcasecmp(word, model_words[i]) == 0)
			return (int)i + 1;
	return 0;
}

/* Bytes of the server at @data, or 0; its port is @port. */
static size_t model_server(const uint8_t *data, size_t len, unsigned int *port)
{
	size_t size;

	if (len == 0)
		return 0;
	if (data[0] == 0x5c)
		size = 7;
	else if (data[0] == 0x2f)
		size = 19;
	else
		return 0;
	if (size > len)
		return 0;
	*port = data[size - 2] * 256U + data[size - 1];
	return *port ? size : 0;
}

#endif
