// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cost of a pattern set: memory, build time, time per byte; compared with a
 * loop over as many single searches.
 *
 *	make bench-programs && build/bench/string/automaton
 *
 * Times are the least of several tries; only ratios of one run mean anything.
 */
#include <time.h>

#include "string/search.h"
#include "automaton.model.h"

#define TEXT	1400
#define TRIES	7

static struct string_set_pattern patterns[STRING_SET_MAX];
static uint8_t bytes[STRING_SET_MAX * 40];

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void make_patterns(struct string_set *set, uint32_t count)
{
	uint32_t off = 0, i, j, len;

	*set = (struct string_set){ .patterns = patterns, .bytes = bytes };
	for (i = 0; i < count; i++) {
		len = 8 + (uint32_t)rand() % 25;
		for (j = 0; j < len; j++)
			bytes[off + j] = (uint8_t)(' ' + rand() % 95);
		patterns[i] = (struct string_set_pattern){
			.off = off, .len = (uint16_t)len,
		};
		off += len;
	}
	set->count = count;
}

static volatile uint32_t sink;

static double time_set(const struct string_set *set, const uint8_t *text)
{
	double best = 1e18, start;
	uint32_t found;
	int t, r;

	for (t = 0; t < TRIES; t++) {
		start = now_ns();
		for (r = 0; r < 1000; r++) {
			struct string_set_place place = { { 0 } };

			string_set_scan(set, &place, text, TEXT, &found);
			sink = found;
		}
		start = (now_ns() - start) / 1000;
		best = start < best ? start : best;
	}
	return best;
}

static double time_loop(const struct string_set *set, const uint8_t *text)
{
	struct string_pattern **p = set_alloc(set->count, sizeof(*p));
	double best = 1e18, start;
	unsigned int matched;
	uint32_t i;
	int t;

	for (i = 0; i < set->count; i++) {
		p[i] = set_alloc(1, string_pattern_size(patterns[i].len));
		string_pattern_init(p[i], bytes + patterns[i].off,
				    patterns[i].len, false);
	}
	for (t = 0; t < TRIES; t++) {
		start = now_ns();
		for (i = 0; i < set->count; i++) {
			matched = 0;
			sink = (uint32_t)string_scan(p[i], &matched, text, TEXT,
						     false);
		}
		start = now_ns() - start;
		best = start < best ? start : best;
	}
	for (i = 0; i < set->count; i++)
		free(p[i]);
	free(p);
	return best;
}

/* Text all but patterns: beginnings of them, one after the other. */
static void make_worst(const struct string_set *set, uint8_t *text,
		       unsigned int part)
{
	unsigned int at = 0, len;

	while (at < TEXT) {
		uint32_t i = (uint32_t)rand() % set->count;

		len = part < patterns[i].len ? part : patterns[i].len - 1U;
		len = len < TEXT - at ? len : TEXT - at;
		memcpy(text + at, bytes + patterns[i].off, len);
		at += len;
	}
}

int main(void)
{
	static const char words[] =
		"the quick brown fox GET /index.html HTTP/1.1 Host: example.org ";
	static const uint32_t counts[] = { 10, 100, 1000, 10000, 100000 };
	static uint8_t plain[TEXT], noise[TEXT], worst[TEXT];
	struct string_set set;
	double build, ours;
	unsigned int i;

	srand(1);
	for (i = 0; i < TEXT; i++) {
		plain[i] = (uint8_t)words[i % (sizeof(words) - 1)];
		noise[i] = (uint8_t)rand();
	}
	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		make_patterns(&set, counts[i]);
		build = now_ns();
		set_prepare(&set, NULL);
		build = now_ns() - build;
		ours = time_set(&set, plain);
		printf("%6u patterns: %6.2f MiB, built in %7.1f ms; ns a byte: text %.2f",
		       counts[i], (double)set_memory(&set) / (1 << 20),
		       build / 1e6, ours / TEXT);
		printf(", noise %.2f", time_set(&set, noise) / TEXT);
		make_worst(&set, worst, 12);
		printf(", beginnings of patterns %.2f",
		       time_set(&set, worst) / TEXT);
		make_worst(&set, worst, 3);
		printf(", triples %.2f", time_set(&set, worst) / TEXT);
		if (counts[i] <= 10000)
			printf("; a loop takes %.0f times as long",
			       time_loop(&set, plain) / ours);
		printf("\n");
		set_discard(&set);
	}
	return 0;
}
