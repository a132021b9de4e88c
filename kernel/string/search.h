/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Search for one string in bytes that come in pieces.
 *
 * A long string is searched for by leaps: two bytes of the text determine the
 * distance to the next place where it can end (Horspool, Softw. Pract. Exp.
 * 10(6), 1980, with pairs of bytes). For a short string, words of the text are
 * compared with its two rarest bytes, many places at a time. After too many
 * false candidates, and across the boundaries of pieces, the automaton of
 * Knuth, Morris and Pratt continues (SIAM J. Comput. 6(2), 1977). So every byte
 * costs a bounded number of steps for any string and text, and no match across
 * a boundary is missed.
 *
 * Plain C: the module, the unit tests, the fuzzer and the benchmark share this
 * file.
 */
#ifndef POM_STRING_SEARCH_H
#define POM_STRING_SEARCH_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Longest string, in bytes. */
#define STRING_LEN_MAX	4096

/* Entries of the table of leaps, a power of two. */
#define STRING_LEAPS	512

/**
 * struct string_pattern - a string made ready to be searched for
 * @len: bytes of it
 * @icase: letters A to Z equal a to z; no other bytes are folded
 * @rare: offsets of its two rarest bytes, in order
 * @byte: these two bytes, each in every byte of a word
 * @fold: bits of a word of text that are ignored at @rare
 * @leaps: for a long string, by a hash of two bytes: the distance of the last
 *	such pair from its end, at most 255
 * @longest: the leap over a pair that it does not contain
 * @border: for each prefix of the string, the length of the longest shorter
 *	prefix that it ends with; the string itself follows, in lower case
 *	if @icase
 */
struct string_pattern {
	uint16_t len;
	bool icase;
	uint16_t rare[2];
	unsigned long byte[2];
	unsigned long fold[2];
	uint8_t longest;
	uint8_t leaps[STRING_LEAPS];
	uint16_t border[];
};

/* The size of a struct string_pattern for a string of @len bytes. */
size_t string_pattern_size(size_t len);

/**
 * string_pattern_init() - make a string ready
 * @p: string_pattern_size() bytes
 * @text: the string, any bytes
 * @len: of @text, 1 to STRING_LEN_MAX
 * @icase: see struct string_pattern
 */
void string_pattern_init(struct string_pattern *p, const uint8_t *text,
			 size_t len, bool icase);

/**
 * string_scan() - search one piece of a text
 * @p: the string
 * @matched: how much of the string the text before this piece ends with: 0 at
 *	the beginning of a text, then the value of the previous call
 * @data: the piece
 * @len: bytes of it; may be 0
 * @more: a further piece will follow. Without it @matched is undefined
 *	afterwards, unless the string was found.
 *
 * Any context; writes only to @matched.
 *
 * Return: bytes of @data up to the end of the first match in it, or 0. After a
 * match, the search may continue at that byte with this @matched, for matches
 * that may overlap.
 */
size_t string_scan(const struct string_pattern *p, unsigned int *matched,
		   const uint8_t *data, size_t len, bool more);

/**
 * string_pass() - advance the search over bytes without reporting matches
 * @p: the string
 * @matched: as for string_scan() with @more
 * @data: the piece
 * @len: bytes of it
 *
 * Has the same effect as repeated calls of string_scan() until it finds
 * nothing, in linear time, however often the string occurs.
 */
void string_pass(const struct string_pattern *p, unsigned int *matched,
		 const uint8_t *data, size_t len);

/**
 * string_find() - search a text that is in one piece
 * @p: the string
 * @data: the text
 * @len: bytes of it; may be 0
 *
 * Any context.
 *
 * Return: bytes of @data up to the end of the first match, or 0
 */
size_t string_find(const struct string_pattern *p, const uint8_t *data,
		   size_t len);

/**
 * string_at_start() - whether a text begins with the string
 * @p: the string
 * @matched: bytes of the string that matched so far, 0 at the beginning
 * @data: the next piece of the text
 * @len: bytes of it
 *
 * Return: 0 if not; 1 if it may, and the next piece continues with @matched; 2
 * if it does
 */
int string_at_start(const struct string_pattern *p, unsigned int *matched,
		    const uint8_t *data, size_t len);

#endif
