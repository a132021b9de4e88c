/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Search for many patterns at once, in bytes that come in pieces.
 *
 * The automaton is that of Aho and Corasick (CACM 18(6), 1975) over the tree of
 * all patterns. Its states are in the order of their depth: the children of a
 * state are adjacent. While no pattern has begun, a hash table of triples of
 * bytes finds the places where one may begin. If no pattern is short, not every
 * triple is looked up (Wu and Manber, TR-94-17, University of Arizona, 1994).
 *
 * Plain C: the module, the tool, the unit tests and the fuzzer share this file.
 */
#ifndef POM_STRING_AUTOMATON_H
#define POM_STRING_AUTOMATON_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Maxima: bytes of a pattern, patterns, bytes of all patterns. */
#define STRING_SET_LEN_MAX	4096
#define STRING_SET_MAX		100000
#define STRING_SET_BYTES_MAX	(32U << 20)

/* No pattern. */
#define STRING_SET_NONE		(~(uint32_t)0)

/* The flags of a pattern select one of four automata (its kind). */
enum string_set_flag {
	STRING_SET_ICASE = 1 << 0,	/* A to Z are the same as a to z */
	STRING_SET_PREFIX = 1 << 1,	/* only where a text begins */
	STRING_SET_KINDS = 1 << 2,
};

/**
 * struct string_set_pattern - one pattern
 * @off: offset of its bytes in string_set.bytes
 * @len: bytes of it, 1 to STRING_SET_LEN_MAX
 * @flags: enum string_set_flag
 */
struct string_set_pattern {
	uint32_t off;
	uint16_t len;
	uint16_t flags;
};

/**
 * struct string_set_state - a prefix of patterns
 * @child: the first of the states that are one byte longer; they are adjacent,
 *	ordered by that byte. 0: none
 * @fail: the longest other prefix of patterns that this one ends with
 * @found: the longest pattern that it ends with, or STRING_SET_NONE
 * @depth: its bytes
 * @more: how many children it has, less 1
 * @reserved: 0
 */
struct string_set_state {
	uint32_t child;
	uint32_t fail;
	uint32_t found;
	uint16_t depth;
	uint8_t more;
	uint8_t reserved;
};

/**
 * struct string_set_part - the patterns of one kind
 * @states: of the automaton; the first is the empty prefix
 * @last: by state: its last byte
 * @pairs: by two bytes: the state after them, or 0; NULL with few patterns
 * @count: of @states
 * @ones: how many states have one byte; they come first
 * @flags: enum string_set_flag of these patterns
 * @shift: 32 less the binary logarithm of the bits of either of @tables
 * @stride: only one triple in so many bytes is looked up
 * @head_mask: bytes of a word that every pattern has, with @stride over 1
 * @head_fold: bits of these that are set before they are hashed
 * @first: by byte: the state after it, or 0
 * @tables: a bit for the hash of each triple that begins in the first @stride
 *	bytes of a pattern; then as many bits for the hashes of heads
 */
struct string_set_part {
	struct string_set_state *states;
	uint8_t *last;
	uint32_t *pairs;
	uint32_t count;
	uint32_t ones;
	uint16_t flags;
	uint8_t shift;
	uint8_t stride;
	uint64_t head_mask;
	uint64_t head_fold;
	uint32_t first[256];
	uint32_t tables[];
};

/**
 * struct string_set - patterns ready to be searched for
 * @part: by kind; NULL for a kind without patterns
 * @patterns: all, in the order in which they were given
 * @bytes: of all of them
 * @count: of @patterns
 */
struct string_set {
	struct string_set_part *part[STRING_SET_KINDS];
	const struct string_set_pattern *patterns;
	const uint8_t *bytes;
	uint32_t count;
};

/* The state of a STRING_SET_PREFIX kind that can no longer match. */
#define STRING_SET_NOWHERE	(~(uint32_t)0)

/**
 * struct string_set_place - the state of a search between two pieces
 * @state: of each kind; all 0 before the first piece. STRING_SET_NOWHERE for
 *	kinds with STRING_SET_PREFIX if the piece is not the text's beginning
 */
struct string_set_place {
	uint32_t state[STRING_SET_KINDS];
};

/**
 * struct string_set_pause - regular pauses of long work
 * @pause: called every 65,536 steps of a few instructions each; may sleep
 * @steps: since the last call; 0 before the first
 */
struct string_set_pause {
	void (*pause)(void);
	uint32_t steps;
};

/**
 * string_set_sort() - put the patterns of one kind in order
 * @set: with @patterns, @bytes and @count
 * @kind: enum string_set_flag
 * @order: space for @count entries; receives the numbers of the patterns of
 *	that kind, sorted by their bytes, and equal ones by number
 * @p: NULL for none
 *
 * Return: how many
 */
uint32_t string_set_sort(const struct string_set *set, uint32_t kind,
			 uint32_t *order, struct string_set_pause *p);

/* Bytes of a struct string_set_part for @n patterns, its states not counted. */
size_t string_set_part_size(uint32_t n);

/* Bytes of @states states and their tables, for @n patterns. */
size_t string_set_states_size(uint32_t n, uint32_t states);

/* The number of states of the automaton for these sorted patterns. */
uint32_t string_set_count_states(const struct string_set *set, uint32_t kind,
				 const uint32_t *order, uint32_t n,
				 struct string_set_pause *p);

/**
 * string_set_build() - make the automaton of one kind
 * @set: with @patterns and @bytes
 * @part: string_set_part_size() bytes, zeroed, with @states,
 *	string_set_states_size() bytes, zeroed too, and @count
 * @kind: enum string_set_flag
 * @order: the result of string_set_sort()
 * @n: its return value, at least 1
 * @p: as above
 *
 * Of equal patterns the first one is found.
 */
void string_set_build(const struct string_set *set,
		      struct string_set_part *part, uint32_t kind,
		      const uint32_t *order, uint32_t n,
		      struct string_set_pause *p);

/**
 * string_set_scan() - search one piece of a text
 * @set: the patterns
 * @place: the state of the search; 0 at the beginning of a text
 * @data: the piece
 * @len: bytes of it; may be 0
 * @found: the first pattern that ends in @data; if several end there, the
 *	longest; of equal ones the case-sensitive one. STRING_SET_NONE: none
 *
 * Any context; writes only to @place and @found. Over all pieces of a text,
 * every byte costs a bounded number of steps for each kind.
 *
 * Return: bytes of @data up to the end of the match, or @len without one. The
 * search may continue at that byte.
 */
size_t string_set_scan(const struct string_set *set,
		       struct string_set_place *place, const uint8_t *data,
		       size_t len, uint32_t *found);

/**
 * string_set_pass() - advance the search over bytes without reporting matches
 * @set: the patterns
 * @place: the state of the search; advanced to the end of @data
 * @data: the piece
 * @len: bytes of it
 *
 * Has the same effect as repeated calls of string_set_scan() until it finds
 * nothing, but takes the time of one call, however many patterns match.
 */
void string_set_pass(const struct string_set *set,
		     struct string_set_place *place, const uint8_t *data,
		     size_t len);

#endif
