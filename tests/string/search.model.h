/* SPDX-License-Identifier: GPL-2.0-only */
/* A search too simple to be wrong, and the search core compared with it. */
#ifndef POM_STRING_SEARCH_MODEL_H
#define POM_STRING_SEARCH_MODEL_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "string/search.h"

/* In the locale of C, which these programs run in. */
static bool string_model_same(const uint8_t *a, const uint8_t *b, size_t len,
			      bool icase)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (icase ? tolower(a[i]) != tolower(b[i]) : a[i] != b[i])
			return false;
	return true;
}

/* Where the first match ends that ends after @after; 0 where none does. */
static size_t string_model_next(const uint8_t *pattern, size_t m, bool icase,
				const uint8_t *text, size_t n, size_t after)
{
	size_t end;

	for (end = after + 1 > m ? after + 1 : m; end <= n; end++)
		if (string_model_same(text + end - m, pattern, m, icase))
			return end;
	return 0;
}

/* A text and how it is cut: @cuts are lengths of pieces, in turn, 0 allowed. */
struct string_case {
	const uint8_t *pattern;
	size_t m;
	bool icase;
	const uint8_t *text;
	size_t n;
	const uint8_t *cuts;
	size_t cut_count;
	size_t align;	/* what pieces are shifted by, 0 to 15 */
};

/* A piece in memory of its own, so that one byte too far is seen. */
static uint8_t *string_piece(const struct string_case *c, size_t at, size_t len)
{
	uint8_t *memory = malloc(c->align + len + 1);

	if (!memory)
		abort();
	memmove(memory + c->align + 1, c->text + at, len);
	return memory;
}

/* Every match in a piece that begins at @at; @end is the last one's end. */
static const char *string_check_piece(const struct string_case *c,
				      const struct string_pattern *p,
				      unsigned int *matched, size_t at,
				      size_t len, size_t *end)
{
	unsigned int passed = *matched;
	bool more = at + len < c->n;
	uint8_t *memory = string_piece(c, at, len);
	const uint8_t *data = memory + c->align + 1;
	const char *wrong = NULL;
	size_t done = 0, got, want;

	do {
		got = string_scan(p, matched, data + done, len - done, more);
		want = string_model_next(c->pattern, c->m, c->icase, c->text,
					 at + len, *end);
		done += got;
		if (!got && want)
			wrong = "a match was missed";
		else if (got && at + done != want)
			wrong = "a match where there is none";
		else if (got)
			*end = want;
	} while (got && !wrong);
	string_pass(p, &passed, data, len);
	if (!wrong && more && passed != *matched)
		wrong = "to pass over a piece leads elsewhere";
	free(memory);
	return wrong;
}

static struct string_pattern *string_prepare(const struct string_case *c)
{
	struct string_pattern *p = malloc(string_pattern_size(c->m));

	if (!p)
		abort();
	string_pattern_init(p, c->pattern, c->m, c->icase);
	return p;
}

/* The first match in the whole. */
static const char *string_check_whole(const struct string_case *c,
				      const struct string_pattern *p)
{
	uint8_t *memory = string_piece(c, 0, c->n);
	size_t got = string_find(p, memory + c->align + 1, c->n);

	free(memory);
	return got == string_model_next(c->pattern, c->m, c->icase, c->text,
					c->n, 0) ?
		NULL : "not the first match in the whole";
}

/* What is wrong with all matches in all pieces; NULL for nothing. */
static const char *string_check(const struct string_case *c)
{
	struct string_pattern *p = string_prepare(c);
	unsigned int matched = 0, start = 0;
	const char *wrong = NULL;
	size_t at = 0, end = 0, len, i = 0;
	int state = 1;

	do {
		len = i < c->cut_count ? c->cuts[i++] : c->n - at;
		if (len > c->n - at)
			len = c->n - at;
		wrong = string_check_piece(c, p, &matched, at, len, &end);
		if (state == 1)
			state = string_at_start(p, &start, c->text + at, len);
		at += len;
	} while (!wrong && at < c->n);

	if (!wrong && (state == 2) !=
	    (c->n >= c->m &&
	     string_model_same(c->text, c->pattern, c->m, c->icase)))
		wrong = "not the right beginning";
	if (!wrong)
		wrong = string_check_whole(c, p);
	free(p);
	return wrong;
}

#endif
