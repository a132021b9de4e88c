/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Search for many patterns at once, in bytes that come in pieces.
 *
 * The automaton is that of Aho and Corasick (CACM 18(6), 1975) over the tree of
 * all patterns, its states in the order of their depth: the children of a state
 * are adjacent. Where no pattern is under way, a table of triples of bytes
 * tells which places are worth entering the automaton at all; where no pattern
 * is short, not every triple has to be looked at (Wu and Manber, TR-94-17,
 * University of Arizona, 1994).
 *
 * Plain C: the same file serves the module, the tool, the unit tests and the
 * fuzzer.
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

/* Longest pattern, in bytes; most patterns; most bytes of all together. */
#define STRING_SET_LEN_MAX	4096
#define STRING_SET_MAX		100000
#define STRING_SET_BYTES_MAX	(32U << 20)

/* No pattern. */
#define STRING_SET_NONE		(~(uint32_t)0)

/* A pattern is in one of four automata, by its flags. */
enum string_set_flag {
	STRING_SET_ICASE = 1 << 0,	/* A to Z are the same as a to z */
	STRING_SET_PREFIX = 1 << 1,	/* only where a text begins */
	STRING_SET_KINDS = 1 << 2,
};

/**
 * struct string_set_pattern - one pattern
 * @off: where its bytes begin among those of all patterns
 * @len: bytes of it, 1 to STRING_SET_LEN_MAX
 * @flags: enum string_set_flag
 */
struct string_set_pattern {
	uint32_t off;
	uint16_t len;
	uint16_t flags;
};

/**
 * struct string_set_state - a beginning of patterns
 * @child: the first of the states that are one byte longer; they are adjacent,
 *	ordered by that byte. 0: none
 * @fail: the longest beginning that this one ends with, itself excepted
 * @found: the longest pattern that it ends with, or STRING_SET_NONE
 * @depth: its bytes
 * @more: how many there are at @child, 1 less
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
 * @states: of the automaton, the first is that of nothing
 * @last: by a state: its last byte
 * @pairs: by two bytes: the state behind them, or 0; NULL where few patterns
 *	make do without
 * @count: of @states
 * @ones: how many states of one byte there are; they come first
 * @flags: enum string_set_flag of these patterns
 * @shift: 32 less the binary logarithm of the bits of either of @tables
 * @stride: only one triple in so many bytes has to be looked at
 * @head_mask: bytes of a word that every pattern has, with @stride over 1
 * @head_fold: bits of these that are set before they are hashed
 * @first: by a byte: the state behind the first one, or 0
 * @tables: a bit for each hash of three bytes from one of the first @stride on
 *	of a pattern; then as many bits for hashes of what patterns begin with
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
 * @part: by kind; NULL where there are no patterns of that kind
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

/* Of a kind with STRING_SET_PREFIX: it is not where the text begins. */
#define STRING_SET_NOWHERE	(~(uint32_t)0)

/**
 * struct string_set_place - the state of a search between two pieces
 * @state: of each kind; all 0 before the first piece, STRING_SET_NOWHERE for
 *	kinds with STRING_SET_PREFIX where that is not the text's beginning
 */
struct string_set_place {
	uint32_t state[STRING_SET_KINDS];
};

/**
 * struct string_set_pause - what long work does now and then
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
 * @order: @count entries; the numbers of the patterns of that kind are left
 *	here, by their bytes, of the same bytes by number
 * @p: NULL for none
 *
 * Return: how many there are
 */
uint32_t string_set_sort(const struct string_set *set, uint32_t kind,
			 uint32_t *order, struct string_set_pause *p);

/* Bytes of a struct string_set_part for @n patterns, its states not counted. */
size_t string_set_part_size(uint32_t n);

/* Bytes of @states states and their tables, for @n patterns. */
size_t string_set_states_size(uint32_t n, uint32_t states);

/* How many states the automaton of these sorted patterns has. */
uint32_t string_set_count_states(const struct string_set *set, uint32_t kind,
				 const uint32_t *order, uint32_t n,
				 struct string_set_pause *p);

/**
 * string_set_build() - make the automaton of one kind
 * @set: with @patterns and @bytes
 * @part: string_set_part_size() bytes, zeroed, with @states,
 *	string_set_states_size() bytes, zeroed too, and @count
 * @kind: enum string_set_flag
 * @order: what string_set_sort() left
 * @n: what it returned, at least 1
 * @p: as above
 *
 * Of patterns that are the same the first one counts.
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
 * @found: the pattern that was found first: of those that end in @data the one
 *	that ends first, the longest of these, and of equals the case-sensitive
 *	one. STRING_SET_NONE: none
 *
 * Any context; writes only to @place and @found. Every byte costs a
 * bounded number of steps for each kind, over all pieces of a text.
 *
 * Return: bytes of @data up to its end, or @len when none was found. The search
 * may go on at that byte.
 */
size_t string_set_scan(const struct string_set *set,
		       struct string_set_place *place, const uint8_t *data,
		       size_t len, uint32_t *found);

/**
 * string_set_pass() - go on over bytes in which nothing more is to be found
 * @set: the patterns
 * @place: the state of the search; advanced to the end of @data
 * @data: the piece
 * @len: bytes of it
 *
 * Does what string_set_scan() does when it is called again and again until it
 * finds nothing, but takes no longer than it does once, however much is found.
 */
void string_set_pass(const struct string_set *set,
		     struct string_set_place *place, const uint8_t *data,
		     size_t len);

#endif
