// SPDX-License-Identifier: GPL-2.0-only
/* Search for one string in bytes that come in pieces. */
#include "proto/string.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define WORD	sizeof(unsigned long)
#define EVERY	(~0UL / 0xff)	/* 1 in each byte of a word */
#define NONE	((size_t)-1)

enum {
	/*
	 * What looking closer at a place costs beside the bytes compared, and
	 * how much of that is free, in bytes of text that could have been
	 * searched in the same time.
	 */
	CANDIDATE = 8,
	FREE_CANDIDATES = 64,

	/* Strings from this length on are searched for by leaps. */
	LEAP_FROM = 14,
	/* What a leap costs that is shorter than it could be. */
	SHORT_LEAP = 4,
};

/*
 * Bytes that are frequent in what networks carry, the most frequent first:
 * text, markup, lengths and small numbers of binary protocols.
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

/* Where the rarest byte is, at @but and of the value there excepted. */
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

	/* All the same: then two that are far apart. */
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
 * One byte of text: how much of the string it completes, when the text before
 * it ended with the first @k bytes of the string, @k under len.
 */
static unsigned int step(const struct string_pattern *p, const uint8_t *text,
			 unsigned int k, uint8_t c)
{
	while (k && text[k] != c)
		k = p->border[k - 1];
	return k + (text[k] == c);
}

/* Of the two bytes at @at; letters are taken for the same in either case. */
static unsigned int pair_hash(const uint8_t *at)
{
	uint32_t pair = at[0] | 0x20U | (at[1] | 0x20U) << 8;

	return (pair * 0x9e3779b1U) >> 23 & (STRING_LEAPS - 1);
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

/* The next three are the inner loop of skim(); calls would cost it a third more. */
static __always_inline unsigned long load(const uint8_t *at)
{
	unsigned long word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* 0 where both rare bytes stand as they do when the string begins at @at. */
static __always_inline unsigned long differ(const struct string_pattern *p, const uint8_t *at)
{
	return ((load(at + p->rare[0]) | p->fold[0]) ^ p->byte[0]) |
	       ((load(at + p->rare[1]) | p->fold[1]) ^ p->byte[1]);
}

/* Not 0 if a byte of @word is 0. */
static __always_inline unsigned long any_zero(unsigned long word)
{
	return (word - EVERY) & ~word & (EVERY * 0x80);
}

/* How many bytes of the string stand at @at. */
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
 * Looks closer at the @count places from @at on. Returns the first one where
 * the string is, or NONE, and adds to @spent what it cost.
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
 * As skim(), by leaps. @end is that of the last pair of a place where the string
 * may be.
 */
static size_t leap(const struct string_pattern *p, const uint8_t *data,
		   size_t len, size_t *clear)
{
	size_t end = p->len, spent = 0, found;
	unsigned int by;

	while (end <= len) {
		by = p->leaps[pair_hash(data + end - 2)];
		/* Foretold by the processor, so that leaps overlap. */
		if (by == p->longest) {
			end += p->longest;
			continue;
		}
		if (by) {
			spent += SHORT_LEAP;
			end += by;
		} else {
			found = look(p, data, end - p->len, 1, &spent);
			if (found != NONE)
				return found;
			spent += SHORT_LEAP;
			end++;
		}
		if (spent > end - p->len + FREE_CANDIDATES)
			break;
	}
	*clear = end - p->len;
	return NONE;
}

/*
 * Searches for the string wholly inside @data by its rare bytes. Returns where
 * it begins, or NONE; then it does not begin before *@clear, and where that is
 * less than it could be, too much was spent on places that looked like it.
 */
static size_t skim(const struct string_pattern *p, const uint8_t *data,
		   size_t len, size_t *clear)
{
	size_t places, at = 0, spent = 0, found;

	*clear = 0;
	places = len - p->len + 1;

	for (; places - at >= 2 * WORD; at += 2 * WORD) {
		if (!(any_zero(differ(p, data + at)) |
		      any_zero(differ(p, data + at + WORD))))
			continue;
		found = look(p, data, at, 2 * WORD, &spent);
		if (found != NONE)
			return found;
		if (spent > at + FREE_CANDIDATES) {
			*clear = at + 2 * WORD;
			return NONE;
		}
	}
	*clear = places;
	if (places < WORD)
		return look(p, data, at, places - at, &spent);
	/* The last words overlap what is behind: nothing is there. */
	if (places - at > WORD) {
		if (any_zero(differ(p, data + at))) {
			found = look(p, data, at, WORD, &spent);
			if (found != NONE)
				return found;
		}
		at += WORD;
	}
	if (places == at || !any_zero(differ(p, data + places - WORD)))
		return NONE;
	return look(p, data, at, places - at, &spent);
}

/*
 * The same byte by byte, from *@at on; unless @all, only as long as it may be
 * completing what began before @data. Returns whether a match ended.
 */
static bool crawl(const struct string_pattern *p, unsigned int *matched,
		  const uint8_t *data, size_t len, bool all, size_t *at)
{
	const uint8_t *text = text_of(p);
	unsigned int k = *matched;
	size_t i = *at;

	while (i < len && (all || k > i)) {
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
	size_t at = 0, found = NONE, clear = 0;

	/* What began before this piece. */
	if (crawl(p, matched, data, len, false, &at))
		return at;
	if (at == len && *matched > at)
		return 0;
	at -= *matched;
	*matched = 0;

	if (p->len >= LEAP_FROM) {
		found = leap(p, data + at, len - at, &clear);
		if (found == NONE)
			at += clear;
	}
	if (found == NONE && len - at >= p->len) {
		found = skim(p, data + at, len - at, &clear);
		if (found == NONE)
			at += clear;
	}
	if (found != NONE) {
		*matched = p->border[p->len - 1];
		return at + found + p->len;
	}
	/* Too much looked like it; or no match ends any more, but one begins. */
	if ((len - at >= p->len || more) &&
	    crawl(p, matched, data, len, true, &at))
		return at;
	return 0;
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
