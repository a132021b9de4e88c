/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reading of Amanda's packets, made to be obvious instead of quick,
 * to compare amanda_parse() with: it cuts lines into words, and then looks at
 * the words. Shared by the unit test and the fuzzer.
 */
#ifndef POM_AMANDA_PARSER_MODEL_H
#define POM_AMANDA_PARSER_MODEL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "amanda/parser.h"

#define MODEL_DIGITS	"0123456789"

struct amanda_model {
	char text[AMANDA_HEAD_MAX + 1];
	char *rest;		/* behind the lines that were taken */
	char *word[AMANDA_HEAD_MAX + 1];
	int words;
};

/* Takes a line that begins with @head, and cuts the rest of it into words. */
static int model_line(struct amanda_model *m, const char *head)
{
	char *end = strchr(m->rest, '\n'), *at = m->rest + strlen(head);

	if (strncmp(m->rest, head, strlen(head)) != 0 || !end)
		return 0;
	*end = '\0';
	m->rest = end + 1;
	m->words = 0;
	while (at)
		m->word[m->words++] = strsep(&at, " ");
	return 1;
}

static int model_consists(const char *word, const char *bytes)
{
	return *word && strspn(word, bytes) == strlen(word);
}

static int model_graphic(const char *word)
{
	const char *at;

	for (at = word; *at; at++)
		if (*at <= ' ' || *at >= 0x7f)
			return 0;
	return at > word;
}

static int model_index(const char *word, const char * const *words, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (!strcmp(word, words[i]))
			break;
	return i;
}

static int model_version(char *word)
{
	char *major = strsep(&word, ".");

	return word && model_consists(major, MODEL_DIGITS) &&
	       model_consists(word, MODEL_DIGITS);
}

static int model_header(struct amanda_model *m, struct amanda_packet *pkt)
{
	static const char * const types[] = {
		"REQ", "REP", "PREP", "ACK", "NAK",
	};

	if (!model_line(m, "Amanda ") || m->words != 6)
		return 0;
	pkt->type = (uint8_t)model_index(m->word[1], types, 5);
	return model_version(m->word[0]) && pkt->type < 5 &&
	       !strcmp(m->word[2], "HANDLE") && model_graphic(m->word[3]) &&
	       !strcmp(m->word[4], "SEQ") &&
	       model_consists(m->word[5], MODEL_DIGITS);
}

static void model_service(struct amanda_model *m, struct amanda_packet *pkt)
{
	static const char * const names[] = {
		"noop", "sendsize", "sendbackup", "selfcheck", "amindexd",
		"amidxtaped", "amdumpd", "senddiscover", "restore",
		"ambackupd",
	};

	model_line(m, "SECURITY ");
	if (model_line(m, "SERVICE ") && m->words == 1 &&
	    model_graphic(m->word[0]))
		pkt->service = (uint8_t)model_index(m->word[0], names, 10);
}

static int model_stream(const struct amanda_model *m, const char *word,
			struct amanda_stream *stream)
{
	long number = atol(word);

	if (!model_consists(word, MODEL_DIGITS) || strlen(word) > 6 ||
	    (*word == '0' && word[1]) || (number > 65535 && number < 100000))
		return 0;
	stream->off = (uint16_t)(word - m->text);
	stream->len = (uint16_t)strlen(word);
	stream->handle = number > 65535;
	stream->port = stream->handle ? 0 : (uint16_t)number;
	return 1;
}

static enum amanda_error model_streams(struct amanda_model *m,
				       struct amanda_packet *pkt)
{
	static const char * const names[] = {
		"DATA", "MESG", "INDEX", "STATE", "CTL",
	};
	int i, name, seen[5] = { 0 };

	if (strncmp(m->rest, "CONNECT ", 8) != 0)
		return AMANDA_OK;
	if (!model_line(m, "CONNECT ") || m->words % 2 || m->words > 8)
		return AMANDA_BAD_CONNECT;
	for (i = 0; i < m->words; i += 2) {
		name = model_index(m->word[i], names, 5);
		if (name == 5 || seen[name]++ ||
		    !model_stream(m, m->word[i + 1],
				  &pkt->stream[pkt->streams++]))
			return AMANDA_BAD_CONNECT;
	}
	return AMANDA_OK;
}

static enum amanda_error amanda_model(const uint8_t *data, size_t len,
				      struct amanda_packet *pkt)
{
	struct amanda_model m = { .words = 0 };
	size_t i;

	if (len > AMANDA_HEAD_MAX)
		len = AMANDA_HEAD_MAX;
	/* Text ends at a NUL; to amanda_parse() it is a byte of a line. */
	for (i = 0; i < len; i++)
		m.text[i] = data[i] ? (char)data[i] : '\1';
	m.text[len] = '\0';
	m.rest = m.text;

	memset(pkt, 0, sizeof(*pkt));
	pkt->service = AMANDA_NO_SERVICE;
	if (!model_header(&m, pkt))
		return AMANDA_BAD_HEADER;
	if (pkt->type == AMANDA_REQ)
		model_service(&m, pkt);
	if (pkt->type == AMANDA_REP)
		return model_streams(&m, pkt);
	return AMANDA_OK;
}

static int amanda_same(const struct amanda_packet *a,
		       const struct amanda_packet *b)
{
	int i;

	if (a->type != b->type || a->service != b->service ||
	    a->streams != b->streams)
		return 0;
	for (i = 0; i < a->streams; i++)
		if (a->stream[i].off != b->stream[i].off ||
		    a->stream[i].len != b->stream[i].len ||
		    a->stream[i].port != b->stream[i].port ||
		    a->stream[i].handle != b->stream[i].handle)
			return 0;
	return 1;
}

#endif /* POM_AMANDA_PARSER_MODEL_H */
