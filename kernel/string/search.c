// SPDX-License-Identifier: GPL-2.0-only
/* Search for one string in bytes that come in pieces. */
#include "string/search.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#define noinline __attribute_noinline__
#endif

#define WORD	sizeof(unsigned long)
#define EVERY	(~0UL / 0xff)	/* 1 in each byte of a word */
#define NONE	((size_t)-1)

enum {
	/*
	 * The cost of checking a candidate, in addition to the bytes compared,
	 * and the allowance for it. The unit is the time to search one byte.
	 */
	CANDIDATE = 8,
	FREE_CANDIDATES = 64,

	/* The least length of strings that are searched for by leaps. */
	LEAP_FROM = 14,
	/* The cost of a leap shorter than the longest one. */
	SHORT_LEAP = 4,
};

/*
 * The most frequent bytes in network traffic, in this order: text, markup, and
 * lengths and small numbers of binary protocols.
 */
static const uint8_t frequent[] =
	"\0 etaoinsrlcdupmhgfbywvkTSACEIPRODMNLx/.-10\n\r\"=<>2,:;3_()4\xff";

static unsigned int frequency(uint8_t byte)
{
	const uint8_t *at = memchr(frequent, byte, sizeof(frequent) - 1);

	return at ? (unsigned int)(sizeof(frequent) - (size_t)(at - frequent)) :
		    0;
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool is_lower(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

static const uint8_t *text_of(const struct string_pattern *p)
{
	return (const uint8_t *)(p->border + p->len);
}

static uint8_t fold(const struct string_pattern *p, uint8_t c)
{
	return p->icase ? lower(c) : c;
}

size_t string_pattern_size(size_t len)
{
	return sizeof(struct string_pattern) + len * (sizeof(uint16_t) + 1);
}

/* The offset of the rarest byte whose value differs from that at @but. */
static uint16_t rarest(const uint8_t *text, size_t len, size_t but)
{
	unsigned int least = ~0U;
	size_t best = but, i;

	for (i = 0; i < len; i++) {
		unsigned int f = frequency(text[i]);

		if (i == but || f >= least ||
		    (but < len && text[i] == text[but]))
			continue;
		least = f;
		best = i;
	}
	return (uint16_t)best;
}

static void choose_rare(struct string_pattern *p, const uint8_t *text)
{
	uint16_t a = rarest(text, p->len, NONE);
	uint16_t b = rarest(text, p->len, a);
	unsigned int i;

	/* All bytes are equal: choose two that are far apart. */
	if (a == b)
		b = a ? 0 : (uint16_t)(p->len - 1);
	p->rare[0] = a < b ? a : b;
	p->rare[1] = a < b ? b : a;
	for (i = 0; i < 2; i++) {
		uint8_t c = text[p->rare[i]];

		p->byte[i] = EVERY * c;
		p->fold[i] = p->icase && is_lower(c) ? EVERY * 0x20 : 0;
	}
}

/*
 * Returns how many bytes of the string the text ends with after one more byte,
 * if it ended with the first @k bytes before, @k < len.
 */
static unsigned int step(const struct string_pattern *p, const uint8_t *text,
			 unsigned int k, uint8_t c)
{
	while (k && text[k] != c)
		k = p->border[k - 1];
	return k + (text[k] == c);
}

/* The hash of the two bytes at @at; it ignores case. */
static __always_inline unsigned int pair_hash(const uint8_t *at)
{
	uint16_t pair;

	/* In line everywhere: User Mode Linux calls memcpy(). */
	__builtin_memcpy(&pair, at, sizeof(pair));
	return (pair | 0x2020U) * 0x9e3779b1U >> 23 & (STRING_LEAPS - 1);
}

static void fill_leaps(struct string_pattern *p, const uint8_t *text)
{
	unsigned int i, last = p->len - 2U;

	p->longest = p->len - 1 < 255 ? (uint8_t)(p->len - 1) : 255;
	memset(p->leaps, p->longest, sizeof(p->leaps));
	for (i = 0; i < last; i++)
		if (last - i < p->longest)
			p->leaps[pair_hash(text + i)] = (uint8_t)(last - i);
	p->leaps[pair_hash(text + last)] = 0;
}

void string_pattern_init(struct string_pattern *p, const uint8_t *text,
			 size_t len, bool icase)
{
	uint8_t *own = (uint8_t *)(p->border + len);
	unsigned int k = 0;
	size_t i;

	p->len = (uint16_t)len;
	p->icase = icase;
	for (i = 0; i < len; i++)
		own[i] = fold(p, text[i]);
	choose_rare(p, own);
	if (len >= LEAP_FROM)
		fill_leaps(p, own);

	p->border[0] = 0;
	for (i = 1; i < len; i++) {
		k = step(p, own, k, own[i]);
		p->border[i] = (uint16_t)k;
	}
}

/* The next four are the inner loop of pass_as(); calls double its cost. */
static __always_inline unsigned long load(const uint8_t *at)
{
	unsigned long word;

	__builtin_memcpy(&word, at, sizeof(word));
	return word;
}

/* Not 0 if a byte of @word is 0: it has its highest bit set then. */
static __always_inline unsigned long zeros(unsigned long word)
{
	return (word - EVERY) & ~word;
}

/* 0 if both rare bytes match a string that begins at @at. */
static __always_inline unsigned long differ(const struct string_pattern *p,
					    const uint8_t *at, bool icase)
{
	unsigned long a = load(at + p->rare[0]), b = load(at + p->rare[1]);

	if (icase) {
		a |= p->fold[0];
		b |= p->fold[1];
	}
	return (a ^ p->byte[0]) | (b ^ p->byte[1]);
}

/* Whether the string may begin at one of the places of two words. */
static __always_inline bool may_begin(const struct string_pattern *p,
				      const uint8_t *at, bool icase)
{
	return (zeros(differ(p, at, icase)) |
		zeros(differ(p, at + WORD, icase))) & (EVERY * 0x80);
}

/*
 * Checks two words of places at a time, from @at on. Returns the first of two
 * words in which the string may begin, or @places. @places is at least two
 * words.
 */
static __always_inline size_t pass_as(const struct string_pattern *p,
				      const uint8_t *data, size_t at,
				      size_t places, bool icase)
{
	size_t last = places - 2 * WORD;

	for (; at < last; at += 2 * WORD)
		if (may_begin(p, data + at, icase))
			return at;
	/* The last two words overlap the ones before. */
	return may_begin(p, data + last, icase) ? last : places;
}

static __always_inline size_t pass(const struct string_pattern *p,
				   const uint8_t *data, size_t at,
				   size_t places)
{
	return p->icase ? pass_as(p, data, at, places, true) :
			  pass_as(p, data, at, places, false);
}

/*
 * Leaps from @at on to the first place where the string may begin; the result
 * may be @places or more. Adds the cost of short leaps to @spent, and stops
 * when that is too high.
 */
static __always_inline size_t leap(const struct string_pattern *p,
				   const uint8_t *data, size_t at,
				   size_t places, size_t *spent)
{
	const uint8_t *pairs = data + p->len - 2;
	const unsigned int longest = p->longest;
	unsigned int by;

	while (at < places) {
		by = p->leaps[pair_hash(pairs + at)];
		/* The CPU predicts this branch, so that jumps overlap. */
		if (by == longest) {
			at += longest;
			continue;
		}
		*spent += SHORT_LEAP;
		at += by;
		if (!by || *spent > at + FREE_CANDIDATES)
			break;
	}
	return at;
}

/* Returns how many bytes of the string match at @at. */
static unsigned int common(const struct string_pattern *p,
			   const uint8_t *text, const uint8_t *at)
{
	unsigned int n = 0;

	if (p->icase)
		while (n < p->len && lower(at[n]) == text[n])
			n++;
	else
		while (n < p->len && at[n] == text[n])
			n++;
	return n;
}

/*
 * Compares the string at the @count places from @at on. Returns the first
 * match, or NONE, and adds the cost to @spent.
 */
static size_t look(const struct string_pattern *p, const uint8_t *data,
		   size_t at, size_t count, size_t *spent)
{
	const uint8_t *text = text_of(p);
	const uint8_t first = text[p->rare[0]];
	unsigned int n;

	for (; count; at++, count--) {
		if (fold(p, data[at + p->rare[0]]) != first)
			continue;
		n = common(p, text, data + at);
		if (n == p->len)
			return at;
		*spent += n + CANDIDATE;
	}
	return NONE;
}

/*
 * The next two search from *@at on for the whole string in @data, where it may
 * begin at @places places. They return whether they found it, and set *@at to
 * its beginning. Otherwise the string does not begin before *@at; if that is
 * less than @places, too much time was spent on false candidates.
 */
static bool find_by_leaps(const struct string_pattern *p, const uint8_t *data,
			  size_t places, size_t *at)
{
	size_t spent = 0;

	while (*at < places) {
		*at = leap(p, data, *at, places, &spent);
		if (*at >= places || spent > *at + FREE_CANDIDATES)
			break;
		if (look(p, data, *at, 1, &spent) != NONE)
			return true;
		++*at;
	}
	return false;
}

static bool find_by_bytes(const struct string_pattern *p, const uint8_t *data,
			  size_t places, size_t *at)
{
	size_t spent = 0, count, found;

	while (*at < places && spent <= *at + FREE_CANDIDATES) {
		count = places - *at;
		if (count >= 2 * WORD) {
			*at = pass(p, data, *at, places);
			if (*at == places)
				break;
			count = 2 * WORD;
		}
		found = look(p, data, *at, count, &spent);
		if (found != NONE) {
			*at = found;
			return true;
		}
		*at += count;
	}
	return false;
}

static bool find(const struct string_pattern *p, const uint8_t *data,
		 size_t len, size_t *at)
{
	size_t places = len < p->len ? 0 : len - p->len + 1;

	return (p->len >= LEAP_FROM && find_by_leaps(p, data, places, at)) ||
	       find_by_bytes(p, data, places, at);
}

/* The next occurrence of the string's first byte, from @i on, or @len. */
static size_t first_byte(const struct string_pattern *p, const uint8_t *text,
			 const uint8_t *data, size_t i, size_t len)
{
	const unsigned long first = EVERY * text[0];
	const unsigned long letter =
		p->icase && is_lower(text[0]) ? EVERY * 0x20 : 0;

	while (len - i >= WORD &&
	       !(zeros((load(data + i) | letter) ^ first) & (EVERY * 0x80)))
		i += WORD;
	while (i < len && fold(p, data[i]) != text[0])
		i++;
	return i;
}

/*
 * Searches byte by byte from *@at on. Without @all, stops when it can no longer
 * complete a match that began before @data. Returns whether a match ended.
 */
static bool crawl(const struct string_pattern *p, unsigned int *matched,
		  const uint8_t *data, size_t len, bool all, size_t *at)
{
	const uint8_t *text = text_of(p);
	unsigned int k = *matched;
	size_t i = *at;

	while (i < len && (all || k > i)) {
		/* In most cases no match is in progress. */
		if (!k)
			i = first_byte(p, text, data, i, len);
		if (i == len)
			break;
		k = step(p, text, k, fold(p, data[i++]));
		if (k == p->len)
			break;
	}
	*at = i;
	*matched = k == p->len ? p->border[k - 1] : k;
	return k == p->len;
}

size_t string_scan(const struct string_pattern *p, unsigned int *matched,
		   const uint8_t *data, size_t len, bool more)
{
	size_t at = 0;

	/* Continue a match that began before this piece. */
	if (*matched) {
		if (crawl(p, matched, data, len, false, &at))
			return at;
		if (at == len && *matched > at)
			return 0;
		at -= *matched;
		*matched = 0;
	}
	if (find(p, data, len, &at)) {
		*matched = p->border[p->len - 1];
		return at + p->len;
	}
	/* Too many false candidates; or the end, where a match may begin. */
	if ((len - at >= p->len || more) &&
	    crawl(p, matched, data, len, true, &at))
		return at;
	return 0;
}

void string_pass(const struct string_pattern *p, unsigned int *matched,
		 const uint8_t *data, size_t len)
{
	size_t at, done = 0;

	while (done < len) {
		at = 0;
		crawl(p, matched, data + done, len - done, true, &at);
		done += at;
	}
}

/* The rare case of the next function, with its stack frame. */
static noinline size_t find_from(const struct string_pattern *p,
				 const uint8_t *data, size_t len, size_t at)
{
	unsigned int matched = 0;

	if (find(p, data, len, &at))
		return at + p->len;
	return crawl(p, &matched, data, len, true, &at) ? at : 0;
}

size_t string_find(const struct string_pattern *p, const uint8_t *data,
		   size_t len)
{
	size_t at = 0, spent = 0, places;

	if (len < p->len)
		return 0;
	places = len - p->len + 1;
	if (p->len >= LEAP_FROM)
		at = leap(p, data, 0, places, &spent);
	else if (places >= 2 * WORD)
		at = pass(p, data, 0, places);
	return at < places ? find_from(p, data, len, at) : 0;
}

int string_at_start(const struct string_pattern *p, unsigned int *matched,
		    const uint8_t *data, size_t len)
{
	const uint8_t *text = text_of(p);

	for (; len; len--)
		if (fold(p, *data++) != text[(*matched)++])
			return 0;
		else if (*matched == p->len)
			return 2;
	return 1;
}
