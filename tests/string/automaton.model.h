/* SPDX-License-Identifier: GPL-2.0-only */
/* A set of patterns, and what a loop over all of them would find. */
#ifndef POM_STRING_AUTOMATON_MODEL_H
#define POM_STRING_AUTOMATON_MODEL_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "string/automaton.h"

static void *set_alloc(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		abort();
	return memory;
}

/* Makes all that is searched with of patterns, bytes and count. */
static inline void set_prepare(struct string_set *set,
			       struct string_set_pause *pause)
{
	uint32_t *order = set_alloc(set->count + 1U, sizeof(*order));
	struct string_set_part *part;
	uint32_t kind, n;

	for (kind = 0; kind < STRING_SET_KINDS; kind++) {
		n = string_set_sort(set, kind, order, pause);
		set->part[kind] = NULL;
		if (!n)
			continue;
		part = set_alloc(1, string_set_part_size(n));
		part->count = string_set_count_states(set, kind, order, n,
						       pause);
		part->states =
			set_alloc(1, string_set_states_size(n, part->count));
		string_set_build(set, part, kind, order, n, pause);
		set->part[kind] = part;
	}
	free(order);
}

static inline void set_discard(struct string_set *set)
{
	uint32_t kind;

	for (kind = 0; kind < STRING_SET_KINDS; kind++)
		if (set->part[kind]) {
			free(set->part[kind]->states);
			free(set->part[kind]);
		}
}

static inline size_t set_memory(const struct string_set *set)
{
	size_t size = 0;
	uint32_t kind, i;

	for (kind = 0; kind < STRING_SET_KINDS; kind++)
		if (set->part[kind])
			size += string_set_part_size(set->count) +
				string_set_states_size(set->count,
						       set->part[kind]->count);
	for (i = 0; i < set->count; i++)
		size += set->patterns[i].len + sizeof(set->patterns[i]);
	return size;
}

static inline bool set_ends_here(const struct string_set *set, uint32_t number,
				 const uint8_t *text, size_t end)
{
	const struct string_set_pattern *p = set->patterns + number;
	const uint8_t *bytes = set->bytes + p->off;
	size_t i;

	if (end < p->len || (p->flags & STRING_SET_PREFIX && end != p->len))
		return false;
	for (i = 0; i < p->len; i++) {
		uint8_t a = bytes[i], b = text[end - p->len + i];

		if (a != b && !(p->flags & STRING_SET_ICASE &&
				tolower(a) == tolower(b)))
			return false;
	}
	return true;
}

/* Which of two that end at the same byte is reported. */
static inline bool set_better(const struct string_set *set, uint32_t a,
			      uint32_t b)
{
	const struct string_set_pattern *x = set->patterns + a;
	const struct string_set_pattern *y = set->patterns + b;

	if (x->len != y->len)
		return x->len > y->len;
	return x->flags != y->flags ? x->flags < y->flags : a < b;
}

/* The first match that ends after @after; returns its end, 0 for none. */
static inline size_t set_next(const struct string_set *set, const uint8_t *text,
			      size_t n, size_t after, uint32_t *found)
{
	size_t end;
	uint32_t i;

	for (end = after + 1; end <= n; end++) {
		*found = STRING_SET_NONE;
		for (i = 0; i < set->count; i++)
			if (set_ends_here(set, i, text, end) &&
			    (*found == STRING_SET_NONE ||
			     set_better(set, i, *found)))
				*found = i;
		if (*found != STRING_SET_NONE)
			return end;
	}
	*found = STRING_SET_NONE;
	return 0;
}

/* All matches in all pieces; returns what is wrong, or NULL. */
static inline const char *set_check(const struct string_set *set,
				    const uint8_t *text, size_t n,
				    const uint8_t *cuts, size_t cut_count)
{
	struct string_set_place place = { { 0 } }, passed = { { 0 } };
	size_t at = 0, end = 0, done = 0, len, i = 0, want;
	uint32_t found, wanted;
	uint8_t *piece;

	do {
		len = i < cut_count ? cuts[i++] : n - at;
		if (len > n - at)
			len = n - at;
		piece = set_alloc(len + 1, 1);
		/* At the end of its memory, but for an odd one. */
		memmove(piece + 1, text + at, len);
		done = 0;
		do {
			want = set_next(set, text, at + len, end, &wanted);
			done += string_set_scan(set, &place, piece + 1 + done,
						len - done, &found);
			if (found != wanted)
				return "not the right pattern";
			if (want && at + done != want)
				return "not at the right place";
			if (want)
				end = want;
		} while (found != STRING_SET_NONE);
		string_set_pass(set, &passed, piece + 1, len);
		free(piece);
		if (done != len)
			return "not all of a piece was searched";
		if (memcmp(&place, &passed, sizeof(place)))
			return "to pass over a piece leads elsewhere";
		at += len;
	} while (at < n);
	return NULL;
}

#endif
