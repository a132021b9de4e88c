// SPDX-License-Identifier: GPL-2.0-only
/* stringset(8): the patterns that are found most often, live. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "string/setfile.h"

#include "../lib/cli.h"
#include "../lib/top.h"
#include "stringset-files.h"
#include "stringset-top.h"

struct counted {
	char *set;
	char *text;		/* the pattern with its options */
	uint64_t hits;
	double rate;		/* a second, since the round before */
};

/* The patterns of one round, in the order of set and text. */
struct round {
	struct counted *patterns;
	size_t n, room;
	struct timespec at;
};

struct top {
	const char *only;	/* the set that was asked for, or NULL: all */
	struct round now, before;
	const struct counted **busiest;	/* of now */
};

static void *checked(void *memory)
{
	if (!memory)
		die("no memory");
	return memory;
}

static void round_free(struct round *round)
{
	size_t i;

	for (i = 0; i < round->n; i++) {
		free(round->patterns[i].set);
		free(round->patterns[i].text);
	}
	free(round->patterns);
}

static void round_add(struct round *round, const char *set,
		      const struct stringset_line *line, const uint8_t *bytes)
{
	struct counted *larger;

	if (round->n == round->room) {
		round->room = round->room ? 2 * round->room : 1024;
		larger = realloc(round->patterns,
				 round->room * sizeof(*larger));
		if (!larger)
			die("no memory");
		round->patterns = larger;
	}
	round->patterns[round->n++] = (struct counted){
		.set = copy_of(set),
		.text = pattern_text(line, bytes),
		.hits = line->hits,
	};
}

/* Passes over a set that is removed meanwhile, if nobody named it. */
static void read_one(struct top *top, const char *name)
{
	uint8_t bytes[STRINGSET_LEN_MAX];
	struct stringset_line line;
	char path[PATH_LEN], *text;
	FILE *f;
	int kind;

	set_path(path, name);
	f = fopen(path, "r");
	if (!f && errno == ENOENT && !top->only)
		return;
	if (!f)
		die_of_errno(path);
	while ((kind = read_line(f, path, 0, &line, bytes, &text)) >= 0)
		if (kind)
			round_add(&top->now, name, &line, bytes);
	fclose(f);
	if (kind == -2)
		die("%s: unknown format", path);
}

static int by_name(const void *a, const void *b)
{
	const struct counted *x = a, *y = b;
	int order = strcmp(x->set, y->set);

	return order ? order : strcmp(x->text, y->text);
}

static int by_rate(const void *a, const void *b)
{
	const struct counted *x = *(const struct counted *const *)a;
	const struct counted *y = *(const struct counted *const *)b;

	if (x->rate > y->rate || x->rate < y->rate)
		return x->rate > y->rate ? -1 : 1;
	if (x->hits != y->hits)
		return x->hits > y->hits ? -1 : 1;
	return by_name(x, y);
}

/* A set that was loaded again may count from a lower number: rate 0. */
static void find_rates(struct round *now, const struct round *before)
{
	double seconds = (double)(now->at.tv_sec - before->at.tv_sec) +
			 (double)(now->at.tv_nsec - before->at.tv_nsec) / 1e9;
	size_t i, old = 0;
	int order;

	for (i = 0; i < now->n && old < before->n;) {
		struct counted *c = &now->patterns[i];
		const struct counted *o = &before->patterns[old];

		order = by_name(o, c);
		if (!order && c->hits > o->hits && seconds > 0)
			c->rate = (double)(c->hits - o->hits) / seconds;
		old += order <= 0;
		i += order >= 0;
	}
}

static void read_sets_of(struct top *top)
{
	struct dirent **entries;
	int i, n;

	if (top->only) {
		read_one(top, top->only);
		return;
	}
	n = read_sets(&entries);
	for (i = 0; i < n; i++) {
		read_one(top, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

static int top_read(void *data)
{
	struct top *top = data;
	size_t i;

	round_free(&top->before);
	top->before = top->now;
	top->now = (struct round){ 0 };
	clock_gettime(CLOCK_MONOTONIC, &top->now.at);
	read_sets_of(top);
	if (!top->now.n)
		return 0;
	qsort(top->now.patterns, top->now.n, sizeof(*top->now.patterns),
	      by_name);
	find_rates(&top->now, &top->before);
	top->busiest = checked(realloc(top->busiest,
				       top->now.n * sizeof(*top->busiest)));
	for (i = 0; i < top->now.n; i++)
		top->busiest[i] = &top->now.patterns[i];
	qsort(top->busiest, top->now.n, sizeof(*top->busiest), by_rate);
	return 0;
}

/* Cuts a pattern that is too long for the terminal. */
static void print_row(const struct top *top, const struct counted *c,
		      unsigned int columns)
{
	int used = printf("%10.1f %12" PRIu64 "  ", c->rate, c->hits);

	if (!top->only)
		used += printf("%-15s ", c->set);
	if (columns)
		printf("%.*s\n", (int)columns > used ? (int)columns - used : 0,
		       c->text);
	else
		printf("%s\n", c->text);
}

static void top_print(const void *data, unsigned int rows, unsigned int columns)
{
	const struct top *top = data;
	size_t i;

	printf("%s: %zu patterns, the busiest first\n",
	       top->only ? top->only : "all sets", top->now.n);
	printf("%10s %12s  %s%s\n", "HITS/S", "HITS",
	       top->only ? "" : "SET             ", "PATTERN");
	for (i = 0; i < top->now.n && i < rows; i++)
		print_row(top, top->busiest[i], columns);
}

int cmd_top(int argc, char **argv)
{
	static const struct top_table table = { top_read, top_print };
	struct top top = { .only = argc ? argv[0] : NULL };
	int status = top_run(&table, &top);

	round_free(&top.before);
	round_free(&top.now);
	free(top.busiest);
	return status;
}
