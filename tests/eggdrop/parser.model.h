/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reading of lines of eggdrop, made to be obvious instead of quick, to
 * compare egg_parse() with: it copies the words of the line, and then looks at
 * them. Shared by the unit test and the fuzzer.
 */
#ifndef POM_EGGDROP_PARSER_MODEL_H
#define POM_EGGDROP_PARSER_MODEL_H

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "eggdrop/parser.h"

struct egg_model {
	int words;
	size_t off[EGG_LINE_MAX];
	size_t len[EGG_LINE_MAX];
	char word[EGG_LINE_MAX][EGG_LINE_MAX + 1];
};

static size_t model_trim(const uint8_t *line, size_t len)
{
	while (len && (line[len - 1] == '\r' || line[len - 1] == '\n'))
		len--;
	return len;
}

static void model_cut(struct egg_model *m, const uint8_t *line, size_t len)
{
	size_t i;

	m->words = 0;
	for (i = 0; i < len; i++) {
		if (line[i] == ' ')
			continue;
		if (!i || line[i - 1] == ' ') {
			m->off[m->words] = i;
			m->len[m->words++] = 0;
		}
		m->word[m->words - 1][m->len[m->words - 1]++] = (char)line[i];
		m->word[m->words - 1][m->len[m->words - 1]] = '\0';
	}
}

/* A word without a NUL that is this text, in either case. */
static int model_is(const struct egg_model *m, int i, const char *text)
{
	return i < m->words && m->len[i] == strlen(text) &&
	       !strcasecmp(m->word[i], text);
}

/* A decimal number as it would be written. */
static int model_number(const char *word, size_t len, unsigned long long max,
			unsigned long long *number)
{
	char text[32];

	*number = strtoull(word, NULL, 10);
	snprintf(text, sizeof(text), "%llu", *number);
	return *number <= max && strlen(text) == len && !strcmp(text, word);
}

static int model_address(const struct egg_model *m, struct egg_line *to)
{
	unsigned long long number;
	uint32_t be;

	if (m->words < 3)
		return 0;
	to->to.ipv6 = memchr(m->word[2], ':', m->len[2]) != NULL;
	to->to.addr.off = (uint16_t)m->off[2];
	to->to.addr.len = (uint16_t)m->len[2];
	if (to->to.ipv6)
		return strlen(m->word[2]) == m->len[2] &&
		       inet_pton(AF_INET6, m->word[2], to->to.at.addr) == 1;
	if (!model_number(m->word[2], m->len[2], 0xffffffff, &number))
		return 0;
	be = htonl((uint32_t)number);
	memcpy(to->to.at.addr, &be, 4);
	return 1;
}

static int model_port(const struct egg_model *m, struct egg_line *to)
{
	unsigned long long number;

	if (m->words < 4)
		return 0;
	to->tls = m->word[3][0] == '+';
	to->to.port.off = (uint16_t)(m->off[3] + to->tls);
	to->to.port.len = (uint16_t)(m->len[3] - to->tls);
	if (!model_number(m->word[3] + to->tls, to->to.port.len, 65535,
			  &number))
		return 0;
	to->to.at.port = (uint16_t)number;
	return 1;
}

static enum egg_error egg_model(const uint8_t *line, size_t len,
				struct egg_line *to)
{
	static struct egg_model m;

	memset(to, 0, sizeof(*to));
	len = model_trim(line, len);
	model_cut(&m, line, len);
	if (!len || line[0] == ' ' || !model_is(&m, 0, "s"))
		return EGG_OK;
	if (model_is(&m, 1, "u?"))
		to->share = EGG_OFFER;
	if (model_is(&m, 1, "uy"))
		to->share = EGG_ACCEPT;
	if (model_is(&m, 1, "un"))
		to->share = EGG_REFUSE;
	if (!model_is(&m, 1, "us"))
		return EGG_OK;
	to->share = EGG_SEND;
	if (!model_address(&m, to))
		return EGG_BAD_ADDRESS;
	if (!model_port(&m, to))
		return EGG_BAD_PORT;
	if (m.words != 5 || strspn(m.word[4], "0123456789") != m.len[4])
		return EGG_BAD_SIZE;
	return EGG_OK;
}

static int model_opens(const uint8_t *line, size_t len)
{
	size_t i;

	len = model_trim(line, len);
	if (len < 1 || len > 32)
		return 0;
	for (i = 0; i < len; i++)
		if (line[i] < 33 || line[i] == 127 || line[i] == '@')
			return 0;
	for (i = 0; "-,+*=:!.@#;$%&"[i]; i++)
		if (line[0] == "-,+*=:!.@#;$%&"[i])
			return 0;
	return 1;
}

static enum egg_greeting model_greets(const uint8_t *line, size_t len)
{
	char text[EGG_LINE_MAX + 1];
	char digit[2];

	len = model_trim(line, len);
	memcpy(text, line, len);
	text[len] = '\0';
	if (len == 7 && !strcmp(text, "*hello!"))
		return EGG_HELLO;
	if (!strncmp(text, "version ", 8) &&
	    sscanf(text + 8, "%1[0-9]", digit) == 1)
		return EGG_VERSION;
	return EGG_NO_GREETING;
}

static int egg_same_text(struct pom_text a, struct pom_text b)
{
	return a.off == b.off && a.len == b.len;
}

/* Whether two readings agree. */
static int egg_same(const struct egg_line *a, const struct egg_line *b)
{
	return a->share == b->share && a->tls == b->tls &&
	       a->to.ipv6 == b->to.ipv6 &&
	       egg_same_text(a->to.addr, b->to.addr) &&
	       egg_same_text(a->to.port, b->to.port) &&
	       a->to.at.port == b->to.at.port &&
	       !memcmp(a->to.at.addr, b->to.at.addr, sizeof(a->to.at.addr));
}

#endif
