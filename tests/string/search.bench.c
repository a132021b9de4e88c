// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long a search for one string takes, compared with Boyer-Moore and
 * Knuth-Morris-Pratt as the kernel's textsearch has them: both tables of the
 * one, byte by byte through a function pointer for the next block of both.
 *
 *	make bench-programs && build/bench/string/search
 *
 * Prints a line a case: nanoseconds of each, and ratios. Only ratios of one run
 * mean anything. Each figure is the least of several tries.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "string/search.h"

#define TEXT_MAX	65536
#define TRIES		9

struct text {
	const uint8_t *data;
	size_t len;
};

typedef size_t (*next_block)(const struct text *t, size_t at,
			     const uint8_t **block);

static size_t whole(const struct text *t, size_t at, const uint8_t **block)
{
	*block = t->data + at;
	return at < t->len ? t->len - at : 0;
}

/* Where the block comes from is not known when this file is compiled. */
static next_block volatile get_block = whole;

struct kmp {
	size_t m;
	const uint8_t *pattern;
	unsigned int border[STRING_LEN_MAX];
};

static void kmp_init(struct kmp *k, const uint8_t *pattern, size_t m)
{
	size_t i, q = 0;

	k->m = m;
	k->pattern = pattern;
	k->border[0] = 0;
	for (i = 1; i < m; i++) {
		while (q && pattern[q] != pattern[i])
			q = k->border[q - 1];
		q += pattern[q] == pattern[i];
		k->border[i] = (unsigned int)q;
	}
}

static size_t kmp_find(const struct kmp *k, const struct text *t)
{
	next_block next = get_block;
	size_t at = 0, i, len, q = 0;
	const uint8_t *block;

	while ((len = next(t, at, &block))) {
		for (i = 0; i < len; i++) {
			while (q && k->pattern[q] != block[i])
				q = k->border[q - 1];
			q += k->pattern[q] == block[i];
			if (q == k->m)
				return at + i + 1;
		}
		at += len;
	}
	return 0;
}

struct bm {
	size_t m;
	const uint8_t *pattern;
	unsigned int bad[256];
	unsigned int good[STRING_LEN_MAX + 1];
};

static void bm_init(struct bm *b, const uint8_t *pattern, size_t m)
{
	static unsigned int border[STRING_LEN_MAX + 1];
	size_t i = m, j = m + 1;

	b->m = m;
	b->pattern = pattern;
	for (size_t c = 0; c < 256; c++)
		b->bad[c] = (unsigned int)m;
	for (size_t c = 0; c + 1 < m; c++)
		b->bad[pattern[c]] = (unsigned int)(m - 1 - c);

	/* The good suffix, by the borders of the string's ends. */
	memset(b->good, 0, sizeof(b->good));
	border[m] = (unsigned int)j;
	while (i) {
		while (j <= m && pattern[i - 1] != pattern[j - 1]) {
			if (!b->good[j])
				b->good[j] = (unsigned int)(j - i);
			j = border[j];
		}
		border[--i] = (unsigned int)--j;
	}
	for (i = 0, j = border[0]; i <= m; i++) {
		if (!b->good[i])
			b->good[i] = (unsigned int)j;
		if (i == j)
			j = border[j];
	}
}

static size_t bm_find(const struct bm *b, const struct text *t)
{
	next_block next = get_block;
	const uint8_t *block;
	size_t at = 0, len;

	while ((len = next(t, at, &block))) {
		size_t end = b->m - 1;

		while (end < len) {
			size_t i = 0;
			long bad;

			while (i < b->m &&
			       block[end - i] == b->pattern[b->m - 1 - i])
				i++;
			if (i == b->m)
				return at + end + 1;
			bad = (long)b->bad[block[end - i]] - (long)i;
			end += bad > (long)b->good[b->m - i] ? (size_t)bad :
							       b->good[b->m - i];
		}
		at += len;
	}
	return 0;
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static volatile size_t sink;

/* The least nanoseconds a call took. */
#define TIME(call) ({						\
	double best_ = 1e18, start_;				\
	size_t rounds_ = 4000000 / (t.len + 64), r_, try_;	\
								\
	for (try_ = 0; try_ < TRIES; try_++) {			\
		start_ = now_ns();				\
		for (r_ = 0; r_ < rounds_; r_++)		\
			sink = (call);				\
		start_ = (now_ns() - start_) / (double)rounds_;	\
		if (start_ < best_)				\
			best_ = start_;				\
	}							\
	best_;							\
})

static void bench(const char *name, const uint8_t *pattern, size_t m,
		  const uint8_t *text, size_t n)
{
	struct string_pattern *p = malloc(string_pattern_size(m));
	static struct kmp kmp;
	static struct bm bm;
	struct text t = { .data = text, .len = n };
	double ours, with_kmp, with_bm;

	string_pattern_init(p, pattern, m, false);
	kmp_init(&kmp, pattern, m);
	bm_init(&bm, pattern, m);
	sink = string_find(p, text, n);
	if (sink != kmp_find(&kmp, &t) || sink != bm_find(&bm, &t)) {
		fprintf(stderr, "%s: they do not agree\n", name);
		exit(1);
	}
	ours = TIME(string_find(p, text, n));
	with_kmp = TIME(kmp_find(&kmp, &t));
	with_bm = TIME(bm_find(&bm, &t));
	printf("%-34s %5zu in %5zu: ours %8.1f bm %8.1f kmp %8.1f ns; ours/bm %.3f ours/kmp %.3f\n",
	       name, m, n, ours, with_bm, with_kmp, ours / with_bm,
	       ours / with_kmp);
	free(p);
}

int main(void)
{
	static const char words[] =
		"the quick brown fox GET /index.html HTTP/1.1 Host: example.org ";
	static uint8_t plain[TEXT_MAX], same[TEXT_MAX], noise[TEXT_MAX];
	static uint8_t rare[TEXT_MAX], pattern[STRING_LEN_MAX];
	static const size_t sizes[] = { 64, 512, 1400, 16384 };
	size_t i;

	srand(1);
	for (i = 0; i < TEXT_MAX; i++) {
		plain[i] = (uint8_t)words[i % (sizeof(words) - 1)];
		noise[i] = (uint8_t)rand();
		same[i] = 'a';
		rare[i] = i % 16 ? 'a' : 'Q';
	}
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		size_t n = sizes[i];

		bench("absent, text", (const uint8_t *)"zqXWJKQZ", 8, plain, n);
		bench("absent, text",
		      (const uint8_t *)"cmd.exe?/c+dir+c:\\winnt\\system32", 32,
		      plain, n);
		bench("absent, text, frequent bytes", (const uint8_t *)"e a ",
		      4, plain, n);
		bench("absent, noise",
		      (const uint8_t *)"\x7f"
				       "ELF\2\1\1\0",
		      8, noise, n);
	}
	bench("--to 60 of 1400", (const uint8_t *)"zqXWJKQZ", 8, plain, 60);

	/* Worst cases: the string is nearly there, at every place. */
	memset(pattern, 'a', sizeof(pattern));
	bench("worst: a..ab in a..a", (const uint8_t *)"aaaaaaaaaaaaaaab", 16,
	      same, 1400);
	bench("worst: ba..a in a..a", (const uint8_t *)"baaaaaaaaaaaaaaa", 16,
	      same, 1400);
	pattern[20] = 'Q';
	bench("worst: rare bytes everywhere", pattern, 32, rare, 1400);
	memcpy(pattern, rare, 128);
	pattern[127] = 'b';
	bench("worst: periodic on periodic", pattern, 128, rare, 1400);
	memset(pattern, 'a', sizeof(pattern));
	bench("worst: 512 a, text 511 a and b", pattern, 512, same, 511);
	for (i = 511; i < TEXT_MAX; i += 512)
		same[i] = 'b';
	bench("worst: 512 a, text 511 a and b", pattern, 512, same, 16384);
	return 0;
}
