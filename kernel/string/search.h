/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Search for one string in bytes that come in pieces.
 *
 * A long string is searched for by leaps: two bytes of the text tell how far
 * away the next place is where it could end (Horspool, Softw. Pract. Exp. 10(6),
 * 1980, with pairs of bytes). For a short one, words of the text are compared
 * with its two rarest bytes, many places at a time. Where these are led astray
 * too often, and across the seams of pieces, the automaton of Knuth, Morris and
 * Pratt continues (SIAM J. Comput. 6(2), 1977). So every byte costs a bounded
 * number of steps, whatever string and text are, and nothing is missed at a seam.
 *
 * Plain C: the same file serves the module, the unit tests, the fuzzer and the
 * benchmark.
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
 * @icase: letters A to Z are the same as a to z; other bytes, those over 127
 *	among them, are only the same as themselves
 * @rare: where its two rarest bytes are, the first one first
 * @byte: these two bytes, each in every byte of a word
 * @fold: bits of a word of text that do not matter at @rare
 * @leaps: for a long string, by a hash of two bytes: how many bytes before its
 *	end such a pair is in it, at most 255
 * @longest: the leap over a pair that it has not
 * @border: for each beginning of the string, how long the longest shorter
 *	beginning is that it also ends with; the string itself follows,
 *	in lower case if @icase
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

/* Bytes that a struct string_pattern takes for a string of @len bytes. */
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
 *	the beginning of a text, then what the call before left here
 * @data: the piece
 * @len: bytes of it; may be 0
 * @more: another piece will follow. Without it @matched is of no use
 *	afterwards, unless the string was found.
 *
 * Any context; writes only to @matched.
 *
 * Return: bytes of @data up to the end of the first match that ends in it, or 0
 * if none does. After a match the search may go on at that byte, for others that
 * may overlap it, with @matched as it is then.
 */
size_t string_scan(const struct string_pattern *p, unsigned int *matched,
		   const uint8_t *data, size_t len, bool more);

/**
 * string_pass() - go on over bytes in which nothing more is to be found
 * @p: the string
 * @matched: as for string_scan(), with another piece to follow
 * @data: the piece
 * @len: bytes of it
 *
 * Does what string_scan() does when it is called again and again until it finds
 * nothing, in the time of Knuth, Morris and Pratt, however often it occurs.
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
 * Return: bytes of @data up to the end of the first match, or 0: there is none
 */
size_t string_find(const struct string_pattern *p, const uint8_t *data,
		   size_t len);

/**
 * string_at_start() - is the string where a text begins?
 * @p: the string
 * @matched: bytes of the string that were there up to now, 0 at the beginning
 * @data: the next piece of the text
 * @len: bytes of it
 *
 * Return: 0 if it is not there; 1 if it may be when more comes, @matched is then
 * what to continue with; 2 if it was found
 */
int string_at_start(const struct string_pattern *p, unsigned int *matched,
		    const uint8_t *data, size_t len);

#endif
