/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reading of lines of IRC, made to be obvious instead of quick, to
 * compare irc_parse() with: it cuts the line at its blanks into words, and then
 * looks at the words. Shared by the unit test and the fuzzer.
 */
#ifndef POM_IRC_PARSER_MODEL_H
#define POM_IRC_PARSER_MODEL_H

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "irc/parser.h"

static const char * const model_commands[] = {
	"", "PRIVMSG", "NOTICE", "JOIN", "PART", "QUIT", "NICK", "USER",
	"PASS", "MODE", "TOPIC", "KICK", "INVITE", "NAMES", "LIST", "WHO",
	"WHOIS", "WHOWAS", "AWAY", "PING", "PONG", "ERROR", "OPER", "KILL",
	"SERVER", "SQUIT", "CAP", "AUTHENTICATE", NULL
};

static const char * const model_dccs[] = {
	"", "CHAT", "SEND", "SCHAT", "TSEND", "MOVE", "RESUME", "ACCEPT", NULL
};

struct irc_model {
	const uint8_t *line;
	int words;
	struct pom_text word[IRC_LINE_MAX];
};

/* Cuts what is between two offsets into words. */
static void model_cut(struct irc_model *m, const uint8_t *line, size_t from,
		      size_t to)
{
	size_t i;

	m->line = line;
	m->words = 0;
	for (i = from; i < to; i++) {
		if (line[i] == ' ')
			continue;
		if (i == from || line[i - 1] == ' ') {
			m->word[m->words].off = (uint16_t)i;
			m->word[m->words++].len = 0;
		}
		m->word[m->words - 1].len++;
	}
}

static char model_first(const struct irc_model *m, int i)
{
	return i < m->words ? (char)m->line[m->word[i].off] : '\0';
}

/* A word as a string, "" where there is none or it has a NUL. */
static const char *model_word(const struct irc_model *m, int i)
{
	static char text[IRC_LINE_MAX + 1];

	text[0] = '\0';
	if (i >= m->words ||
	    memchr(m->line + m->word[i].off, '\0', m->word[i].len))
		return text;
	memcpy(text, m->line + m->word[i].off, m->word[i].len);
	text[m->word[i].len] = '\0';
	return text;
}

static uint8_t model_name(const char *word, const char * const *names)
{
	int i;

	for (i = 1; names[i]; i++)
		if (!strcasecmp(word, names[i]))
			return (uint8_t)i;
	return 0;
}

/* A decimal number as it would be written. */
static int model_number(const char *word, unsigned long long max,
			unsigned long long *number)
{
	char text[32];

	*number = strtoull(word, NULL, 10);
	snprintf(text, sizeof(text), "%llu", *number);
	return *number <= max && !strcmp(text, word);
}

static enum irc_error model_address(const struct irc_model *m, int i,
				    struct irc_line *to)
{
	const char *word = model_word(m, i);
	unsigned long long number;
	uint32_t be;

	if (i >= m->words)
		return IRC_BAD_ADDRESS;
	to->to.addr = m->word[i];
	to->to.ipv6 = memchr(m->line + m->word[i].off, ':',
			     m->word[i].len) != NULL;
	if (to->to.ipv6)
		return inet_pton(AF_INET6, word, to->to.at.addr) == 1 ?
		       IRC_OK : IRC_BAD_ADDRESS;
	if (!model_number(word, 0xffffffff, &number))
		return IRC_BAD_ADDRESS;
	be = htonl((uint32_t)number);
	memcpy(to->to.at.addr, &be, 4);
	return IRC_OK;
}

/* What is behind the word of the request: file, address, port, more. */
static enum irc_error model_request(const uint8_t *line, size_t from,
				    size_t end, struct irc_line *to)
{
	unsigned long long number;
	struct irc_model m;
	int i = 0;

	while (from < end && line[from] == ' ')
		from++;
	if (from < end && line[from] == '"') {
		size_t mark = from + 1;

		while (mark < end && line[mark] != '"')
			mark++;
		if (mark + 1 >= end || line[mark + 1] != ' ' ||
		    mark == from + 1)
			return IRC_BAD_FILENAME;
		to->file.off = (uint16_t)(from + 1);
		to->file.len = (uint16_t)(mark - from - 1);
		model_cut(&m, line, mark + 1, end);
	} else {
		model_cut(&m, line, from, end);
		if (!m.words)
			return IRC_BAD_FILENAME;
		to->file = m.word[i++];
	}
	if (to->dcc != IRC_DCC_RESUME && to->dcc != IRC_DCC_ACCEPT &&
	    model_address(&m, i++, to) != IRC_OK)
		return IRC_BAD_ADDRESS;
	if (!model_number(model_word(&m, i), 65535, &number) || i >= m.words)
		return IRC_BAD_PORT;
	to->to.port = m.word[i];
	to->to.at.port = (uint16_t)number;
	if (to->dcc == IRC_DCC_CHAT || to->dcc == IRC_DCC_SCHAT)
		to->token = m.words > i + 1;
	else
		to->token = m.words > i + 2;
	return IRC_OK;
}

static enum irc_error irc_model(const uint8_t *line, size_t len,
				struct irc_line *to)
{
	struct irc_model m;
	size_t from, end;
	int i = 0;

	memset(to, 0, sizeof(*to));
	while (len && (line[len - 1] == '\r' || line[len - 1] == '\n'))
		len--;
	model_cut(&m, line, 0, len);
	i += model_first(&m, i) == '@';
	i += model_first(&m, i) == ':';
	if (i >= m.words)
		return IRC_NO_COMMAND;
	to->command = model_name(model_word(&m, i), model_commands);
	if (to->command != IRC_PRIVMSG || i + 2 >= m.words ||
	    model_first(&m, i + 2) != ':')
		return IRC_OK;
	from = m.word[i + 2].off + 1U;
	if (from >= len || line[from] != '\1')
		return IRC_OK;
	from++;
	for (end = from; end < len && line[end] != '\1'; end++)
		;
	if (end - from < 5 || memcmp(line + from, "DCC ", 4))
		return IRC_OK;
	model_cut(&m, line, from + 4, end);
	if (!m.words)
		return IRC_OK;
	to->dcc = model_name(model_word(&m, 0), model_dccs);
	if (!to->dcc)
		return IRC_OK;
	return model_request(line, m.word[0].off + m.word[0].len, end, to);
}

static const char * const model_openings[] = {
	"", "CAP", "NICK", "PASS", "USER", "AUTHENTICATE", "SERVICE", "SERVER",
	"WEBIRC", "STARTTLS", "PING", "PONG", "QUIT", NULL
};

static int model_opens(const uint8_t *line, size_t len)
{
	struct irc_model m;
	int i = 0;

	while (len && (line[len - 1] == '\r' || line[len - 1] == '\n'))
		len--;
	model_cut(&m, line, 0, len);
	i += model_first(&m, i) == '@';
	i += model_first(&m, i) == ':';
	if (!model_name(model_word(&m, i), model_openings))
		return 0;
	return i == m.words - 1 || m.word[m.words - 1].len < 5 ||
	       strncasecmp((const char *)line + m.word[m.words - 1].off,
			   "HTTP/", 5) != 0;
}

static int irc_same_text(struct pom_text a, struct pom_text b)
{
	return a.off == b.off && a.len == b.len;
}

/* Whether two readings agree. */
static int irc_same(const struct irc_line *a, const struct irc_line *b)
{
	return a->command == b->command && a->dcc == b->dcc &&
	       a->to.ipv6 == b->to.ipv6 && a->token == b->token &&
	       irc_same_text(a->file, b->file) &&
	       irc_same_text(a->to.addr, b->to.addr) &&
	       irc_same_text(a->to.port, b->to.port) &&
	       a->to.at.port == b->to.at.port &&
	       !memcmp(a->to.at.addr, b->to.at.addr, sizeof(a->to.at.addr));
}

#endif
