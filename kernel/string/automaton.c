// SPDX-License-Identifier: GPL-2.0-only
/* Search for many patterns at once, in bytes that come in pieces. */
#include "string/automaton.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

enum {
	/* Steps of a few instructions between two calls of pause(). */
	PAUSE = 1 << 16,

	/*
	 * Steps of the automaton before the next look-up in the table of
	 * triples: STEPS_MIN, or STEPS_MAX after PATIENCE look-ups in a row
	 * that skipped fewer than PAID bytes each.
	 */
	STEPS_MIN = 3,
	STEPS_MAX = 32,
	PAID = 4,
	PATIENCE = 4,

	/* The least number of patterns with a table of pairs. */
	PAIRS_FROM = 256,

	/* Bytes of a triple, bytes of a pattern's head, the longest stride. */
	TRIPLE = 3,
	HEAD = 8,
	STRIDE_MAX = 8,
};

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static uint8_t folded(uint32_t flags, uint8_t c)
{
	return flags & STRING_SET_ICASE ? lower(c) : c;
}

static const uint8_t *bytes_of(const struct string_set *set, uint32_t number)
{
	return set->bytes + set->patterns[number].off;
}

/* ---- sorting ---- */

static void work(struct string_set_pause *p, uint32_t steps)
{
	if (!p)
		return;
	p->steps += steps;
	if (p->steps < PAUSE)
		return;
	p->steps = 0;
	p->pause();
}

/* Whether pattern @a sorts before @b. */
static bool before(const struct string_set *set, uint32_t kind, uint32_t a,
		   uint32_t b, struct string_set_pause *p)
{
	const uint8_t *x = bytes_of(set, a), *y = bytes_of(set, b);
	unsigned int m = set->patterns[a].len, n = set->patterns[b].len;
	unsigned int i;

	for (i = 0; i < m && i < n; i++)
		if (folded(kind, x[i]) != folded(kind, y[i]))
			break;
	work(p, i + 1);
	if (i < m && i < n)
		return folded(kind, x[i]) < folded(kind, y[i]);
	return m != n ? m < n : a < b;
}

/* Restores the heap property below @top, where only @top violates it. */
static void sift(const struct string_set *set, uint32_t kind, uint32_t *order,
		 uint32_t top, uint32_t n, struct string_set_pause *p)
{
	uint32_t moved = order[top], below;

	for (; 2 * top + 1 < n; top = below) {
		below = 2 * top + 1;
		if (below + 1 < n &&
		    before(set, kind, order[below], order[below + 1], p))
			below++;
		if (!before(set, kind, moved, order[below], p))
			break;
		order[top] = order[below];
	}
	order[top] = moved;
}

uint32_t string_set_sort(const struct string_set *set, uint32_t kind,
			 uint32_t *order, struct string_set_pause *p)
{
	uint32_t n = 0, i, last;

	for (i = 0; i < set->count; i++)
		if (set->patterns[i].flags == kind)
			order[n++] = i;
	work(p, set->count);
	for (i = n / 2; i--;)
		sift(set, kind, order, i, n, p);
	for (i = n; i-- > 1;) {
		last = order[i];
		order[i] = order[0];
		order[0] = last;
		sift(set, kind, order, 0, i, p);
	}
	return n;
}

/* The length of the common prefix of two patterns of a kind. */
static unsigned int alike(const struct string_set *set, uint32_t kind,
			  uint32_t a, uint32_t b)
{
	const uint8_t *x = bytes_of(set, a), *y = bytes_of(set, b);
	unsigned int m = set->patterns[a].len, n = set->patterns[b].len;
	unsigned int i = 0;

	while (i < m && i < n && folded(kind, x[i]) == folded(kind, y[i]))
		i++;
	return i;
}

uint32_t string_set_count_states(const struct string_set *set, uint32_t kind,
				 const uint32_t *order, uint32_t n,
				 struct string_set_pause *p)
{
	uint32_t states = 1, i;

	for (i = 0; i < n; i++) {
		/* The previous pattern has counted the states of the prefix. */
		unsigned int same =
			i ? alike(set, kind, order[i - 1], order[i]) : 0;

		states += set->patterns[order[i]].len - same;
		work(p, same + 1);
	}
	return states;
}

/* ---- the tables of triples and heads ---- */

/* 64 bits for each pattern in either table, within bounds. */
static uint8_t triple_shift(uint32_t n)
{
	unsigned int log = 16;

	while (log < 21 && n * 64 > 1U << log)
		log++;
	return (uint8_t)(32 - log);
}

/* The words of either table. */
static size_t table_words(unsigned int shift)
{
	return (size_t)1 << (32 - shift - 5);
}

size_t string_set_part_size(uint32_t n)
{
	return sizeof(struct string_set_part) +
	       2 * sizeof(uint32_t) * table_words(triple_shift(n));
}

static size_t pairs_size(uint32_t n)
{
	return n < PAIRS_FROM ? 0 : sizeof(uint32_t) << 16;
}

size_t string_set_states_size(uint32_t n, uint32_t states)
{
	return pairs_size(n) +
	       states * (sizeof(struct string_set_state) + sizeof(uint8_t));
}

/* The next six are the inner loops of skip(). */
static __always_inline uint32_t load(const uint8_t *at)
{
	uint32_t word;

	/* In line everywhere: User Mode Linux calls memcpy(). */
	__builtin_memcpy(&word, at, sizeof(word));
	return word;
}

/*
 * The bits to set in the word of a triple before it is hashed, to ignore case.
 * Some other bytes get the same hash by this, which costs a little time.
 */
static __always_inline uint32_t triple_fold(uint32_t flags)
{
	static const uint8_t letters[] = { 0x20, 0x20, 0x20, 0 };

	return flags & STRING_SET_ICASE ? load(letters) : 0;
}

/* The hash of the first three of the four bytes at @at. */
static __always_inline uint32_t triple(const uint8_t *at, uint32_t fold)
{
	static const uint8_t three[] = { 0xff, 0xff, 0xff, 0 };

	return ((load(at) & load(three)) | fold) * 0x9e3779b1U;
}

/* The hash of the head: of those of the eight bytes that every pattern has. */
static __always_inline uint32_t head(const struct string_set_part *part,
				     const uint8_t *at)
{
	uint64_t word;

	__builtin_memcpy(&word, at, sizeof(word));
	word = (word & part->head_mask) | part->head_fold;
	return (uint32_t)(word * 0x9e3779b97f4a7c15ULL >> 32);
}

/* The lowest bit of the result is the bit of @hash. */
static __always_inline uint32_t look_up(const uint32_t *table,
					unsigned int shift, uint32_t hash)
{
	uint32_t bit = hash >> shift;

	return table[bit / 32] >> bit % 32;
}

/* The same for the triple at @at: whether a pattern may begin there. */
static __always_inline uint32_t may_begin(const uint32_t *triples,
					  unsigned int shift, const uint8_t *at,
					  uint32_t fold)
{
	return look_up(triples, shift, triple(at, fold));
}

/*
 * Returns the first byte, from @i on, at which a pattern may begin, or one of
 * the last three. Each turn does four independent look-ups.
 */
static size_t skip_by_ones(const struct string_set_part *part,
			   const uint8_t *data, size_t i, size_t len)
{
	const uint32_t *triples = part->tables;
	const unsigned int shift = part->shift;
	const uint32_t fold = triple_fold(part->flags);

	for (; i + 7 <= len; i += 4)
		if ((may_begin(triples, shift, data + i, fold) |
		     may_begin(triples, shift, data + i + 1, fold) |
		     may_begin(triples, shift, data + i + 2, fold) |
		     may_begin(triples, shift, data + i + 3, fold)) & 1)
			break;
	while (i + 4 <= len && !(may_begin(triples, shift, data + i, fold) & 1))
		i++;
	return i;
}

/*
 * The same if no pattern is short. A pattern that begins in a stride contains
 * the triple at the stride's last byte. Only if that triple is in the table
 * the bytes of the stride are checked one by one.
 */
static size_t skip(const struct string_set_part *part, const uint8_t *data,
		   size_t i, size_t len)
{
	const uint32_t *triples = part->tables;
	const unsigned int shift = part->shift, stride = part->stride;
	const uint32_t *heads = triples + table_words(shift);
	const uint32_t fold = triple_fold(part->flags);
	size_t end;

	for (; stride > 1 && i + stride + HEAD <= len; i = end) {
		end = i + stride;
		if (!(may_begin(triples, shift, data + end - 1, fold) & 1))
			continue;
		for (; i < end; i++)
			if (look_up(heads, shift, head(part, data + i)) & 1)
				return i;
	}
	return skip_by_ones(part, data, i, len);
}

static void enter(uint32_t *table, unsigned int shift, uint32_t hash)
{
	uint32_t bit = hash >> shift;

	table[bit / 32] |= 1U << bit % 32;
}

/* Adds all triples of a pattern, and of a short one with any bytes after it. */
static void add_triples(struct string_set_part *part, uint8_t text[4],
			unsigned int len)
{
	unsigned int b = len > 1 ? text[1] : 0, b_end = len > 1 ? b : 255;
	const uint32_t fold = triple_fold(part->flags);
	unsigned int c;

	for (; b <= b_end; b++)
		for (c = 0; c <= 255; c++) {
			text[1] = (uint8_t)b;
			if (len < TRIPLE)
				text[2] = (uint8_t)c;
			enter(part->tables, part->shift, triple(text, fold));
			if (len >= TRIPLE)
				break;
		}
}

static void add_pattern(struct string_set_part *part, const uint8_t *bytes,
			unsigned int len)
{
	unsigned int i, j;

	for (i = 0; i < part->stride; i++) {
		uint8_t text[4] = { 0 };

		for (j = 0; j < TRIPLE && i + j < len; j++)
			text[j] = folded(part->flags, bytes[i + j]);
		add_triples(part, text, len - i);
	}
	if (part->stride > 1) {
		uint8_t text[HEAD] = { 0 };

		for (j = 0; j < HEAD && j < len; j++)
			text[j] = folded(part->flags, bytes[j]);
		enter(part->tables + table_words(part->shift), part->shift,
		      head(part, text));
	}
}

/* Chooses the distance between triples, and the length of a head. */
static void choose_stride(const struct string_set *set,
			  struct string_set_part *part, const uint32_t *order,
			  uint32_t n)
{
	uint8_t mask[HEAD] = { 0 }, fold[HEAD] = { 0 };
	uint32_t least = STRIDE_MAX + TRIPLE - 1, i;

	for (i = 0; i < n; i++)
		if (set->patterns[order[i]].len < least)
			least = set->patterns[order[i]].len;
	part->stride = least < TRIPLE ? 1 : (uint8_t)(least - TRIPLE + 1);
	for (i = 0; i < least && i < HEAD; i++) {
		mask[i] = 0xff;
		fold[i] = part->flags & STRING_SET_ICASE ? 0x20 : 0;
	}
	memcpy(&part->head_mask, mask, sizeof(mask));
	memcpy(&part->head_fold, fold, sizeof(fold));
}

/* ---- the automaton ---- */

/* The state one byte longer than @state, or 0. */
static uint32_t child_of(const struct string_set_part *part, uint32_t state,
			 uint8_t byte)
{
	const struct string_set_state *s = part->states + state;
	uint32_t low, high, middle;

	if (!state)
		return part->first[byte];
	if (state <= part->ones && part->pairs)
		return part->pairs[part->last[state] << 8 | byte];
	if (!s->child)
		return 0;
	low = s->child;
	high = low + s->more;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (part->last[middle] < byte)
			low = middle + 1;
		else
			high = middle;
	}
	return part->last[low] == byte ? low : 0;
}

/* The state after one more byte: the longest prefix that the text ends with. */
static uint32_t step(const struct string_set_part *part, uint32_t state,
		     uint8_t byte)
{
	uint32_t child;

	while (!(child = child_of(part, state, byte)) && state)
		state = part->states[state].fail;
	return child;
}

/*
 * A state that is not visited yet stores the range of sorted patterns with its
 * prefix: the first one in child, the one after the last in found.
 */
static void add_child(struct string_set_part *part, uint32_t state,
		      uint32_t child, uint8_t byte, uint32_t low,
		      struct string_set_pause *p)
{
	struct string_set_state *s = part->states + state;
	struct string_set_state *c = part->states + child;

	if (s->child)
		s->more++;
	else
		s->child = child;
	part->last[child] = byte;
	c->depth = s->depth + 1;
	c->child = low;
	if (!state) {
		part->first[byte] = child;
		part->ones = child;
		return;
	}
	if (s->depth == 1 && part->pairs)
		part->pairs[part->last[state] << 8 | byte] = child;
	if (part->flags & STRING_SET_PREFIX)
		return;
	c->fail = step(part, s->fail, byte);
	/* Each step has shortened the prefix by a byte or more. */
	work(p, 1 + c->depth - part->states[c->fail].depth);
}

static uint8_t folded_at(const struct string_set *set,
			 const struct string_set_part *part, uint32_t pattern,
			 uint32_t depth)
{
	return folded(part->flags, bytes_of(set, pattern)[depth]);
}

/*
 * Appends the children of @state behind @end. Every shorter state already has
 * its children.
 */
static uint32_t expand(const struct string_set *set,
		       struct string_set_part *part, const uint32_t *order,
		       uint32_t state, uint32_t end,
		       struct string_set_pause *p)
{
	struct string_set_state *s = part->states + state;
	uint32_t low = s->child, high = s->found, i;
	uint8_t byte;

	s->child = 0;
	s->found = state ? part->states[s->fail].found : STRING_SET_NONE;
	if (low < high && set->patterns[order[low]].len == s->depth)
		s->found = order[low];
	for (; low < high && set->patterns[order[low]].len == s->depth; low++)
		work(p, 1);

	for (i = low; i < high; end++) {
		byte = folded_at(set, part, order[i], s->depth);
		add_child(part, state, end, byte, i, p);
		for (; i < high; i++) {
			if (folded_at(set, part, order[i], s->depth) != byte)
				break;
			work(p, 1);
		}
		part->states[end].found = i;
	}
	return end;
}

/* Adds patterns to the tables, without duplicates. */
static void add_patterns(const struct string_set *set,
			 struct string_set_part *part, const uint32_t *order,
			 uint32_t n, struct string_set_pause *p)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		unsigned int len = set->patterns[order[i]].len;

		work(p, HEAD);
		if (i && len == set->patterns[order[i - 1]].len &&
		    alike(set, part->flags, order[i - 1], order[i]) == len) {
			work(p, len);
			continue;
		}
		add_pattern(part, bytes_of(set, order[i]), len);
		/* Any byte may follow a pattern of one or two bytes. */
		if (len < TRIPLE)
			work(p, len == 1 ? 1 << 16 : 1 << 8);
	}
}

void string_set_build(const struct string_set *set,
		      struct string_set_part *part, uint32_t kind,
		      const uint32_t *order, uint32_t n,
		      struct string_set_pause *p)
{
	uint32_t state, end = 1;

	part->flags = (uint16_t)kind;
	part->shift = triple_shift(n);
	if (pairs_size(n))
		part->pairs = (uint32_t *)(part->states + part->count);
	part->last = (uint8_t *)(part->states + part->count) + pairs_size(n);
	choose_stride(set, part, order, n);
	part->states[0].child = 0;
	part->states[0].found = n;
	for (state = 0; state < end; state++) {
		end = expand(set, part, order, state, end, p);
		work(p, 1);
	}
	add_patterns(set, part, order, n, p);
}

/* ---- searching ---- */

/*
 * Searches one piece for the patterns of a kind without STRING_SET_PREFIX.
 * Returns the end of the first match, or @len.
 */
static size_t scan_anywhere(const struct string_set_part *part, uint32_t *state,
			    const uint8_t *data, size_t len, uint32_t *found)
{
	const struct string_set_state *states = part->states;
	const uint32_t flags = part->flags;
	uint32_t s = *state, depth;
	size_t i = 0, from, stop;
	unsigned int unpaid = 0;

	while (i < len) {
		if (!s) {
			from = i;
			i = skip(part, data, i, len);
			unpaid = i - from < PAID ? unpaid + 1 : 0;
		}
		stop = i + (unpaid < PATIENCE ? STEPS_MIN : STEPS_MAX);
		while (i < len) {
			s = step(part, s, folded(flags, data[i++]));
			if (states[s].found != STRING_SET_NONE) {
				*found = states[s].found;
				*state = s;
				return i;
			}
			/* The prefix so far is short enough to search again. */
			depth = states[s].depth;
			if (i >= stop && depth < STEPS_MIN && depth <= i) {
				i -= depth;
				s = 0;
				break;
			}
		}
	}
	*state = s;
	return len;
}

/* The same for patterns with STRING_SET_PREFIX. */
static size_t scan_prefix(const struct string_set_part *part, uint32_t *state,
			  const uint8_t *data, size_t len, uint32_t *found)
{
	uint32_t s = *state;
	size_t i = 0;

	while (i < len && s != STRING_SET_NOWHERE) {
		s = child_of(part, s, folded(part->flags, data[i++]));
		if (!s) {
			s = STRING_SET_NOWHERE;
		} else if (part->states[s].found != STRING_SET_NONE) {
			*found = part->states[s].found;
			*state = s;
			return i;
		}
	}
	*state = s;
	return len;
}

static size_t scan_kind(const struct string_set *set,
			struct string_set_place *place, unsigned int kind,
			const uint8_t *data, size_t len, uint32_t *found)
{
	const struct string_set_part *part = set->part[kind];

	*found = STRING_SET_NONE;
	if (kind & STRING_SET_PREFIX)
		return scan_prefix(part, &place->state[kind], data, len, found);
	return scan_anywhere(part, &place->state[kind], data, len, found);
}

size_t string_set_scan(const struct string_set *set,
		       struct string_set_place *place, const uint8_t *data,
		       size_t len, uint32_t *found)
{
	const struct string_set_place start = *place;
	size_t end = len, got, looked[STRING_SET_KINDS];
	uint32_t other, ignored;
	unsigned int kind;

	*found = STRING_SET_NONE;
	for (kind = 0; kind < STRING_SET_KINDS; kind++) {
		if (!set->part[kind])
			continue;
		got = scan_kind(set, place, kind, data, end, &other);
		looked[kind] = got;
		if (other == STRING_SET_NONE)
			continue;
		if (*found == STRING_SET_NONE || got < end ||
		    set->patterns[other].len > set->patterns[*found].len)
			*found = other;
		end = got;
	}
	/* Other kinds have searched beyond the match. */
	for (kind = 0; *found != STRING_SET_NONE && kind < STRING_SET_KINDS;
	     kind++) {
		if (!set->part[kind] || looked[kind] == end)
			continue;
		place->state[kind] = start.state[kind];
		scan_kind(set, place, kind, data, end, &ignored);
	}
	return end;
}

void string_set_pass(const struct string_set *set,
		     struct string_set_place *place, const uint8_t *data,
		     size_t len)
{
	unsigned int kind;
	uint32_t found;
	size_t done;

	for (kind = 0; kind < STRING_SET_KINDS; kind++) {
		if (!set->part[kind])
			continue;
		done = 0;
		do
			done += scan_kind(set, place, kind, data + done,
					  len - done, &found);
		while (found != STRING_SET_NONE);
	}
}
