// SPDX-License-Identifier: GPL-2.0-only
/* xtrecent(8): the addresses that are seen most often, live. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/top.h"
#include "xtrecent-lists.h"
#include "xtrecent-netlink.h"
#include "xtrecent-top.h"

struct busy {
	const char *list;
	char addr[INET6_ADDRSTRLEN];
	unsigned int minute;	/* times in the last minute, of those kept */
	uint64_t hits;		/* since the address came */
	uint64_t age;
};

struct top {
	const char *only;	/* the list that was asked for, or NULL: all */
	const char *list;	/* the one that is being read */
	struct busy *busy;
	size_t n, room;
	struct names names;	/* of @busy, until the next round */
};

static int top_entry(const struct nlmsghdr *nlh, void *data)
{
	struct top *top = data;
	struct message m;
	struct busy *b;
	unsigned int i;

	take_apart(nlh, &m);
	if (top->n == top->room) {
		top->room = top->room ? 2 * top->room : 1024;
		top->busy = realloc(top->busy, top->room * sizeof(*top->busy));
		if (!top->busy)
			die("no memory");
	}
	b = &top->busy[top->n++];
	memset(b, 0, sizeof(*b));
	b->list = top->list;
	snprintf(b->addr, sizeof(b->addr), "%s", addr_of(&m));
	b->hits = u64_of(&m, XT_RECENT_A_HITS);
	b->age = ages_of(&m) ? age_of(&m, 0) : UINT64_MAX;
	for (i = 0; i < ages_of(&m) && age_of(&m, i) < 60000; i++)
		b->minute++;
	return MNL_CB_OK;
}

static int busier(const void *a, const void *b)
{
	const struct busy *x = a, *y = b;

	if (x->minute != y->minute)
		return x->minute > y->minute ? -1 : 1;
	if (x->hits != y->hits)
		return x->hits > y->hits ? -1 : 1;
	return x->age < y->age ? -1 : x->age > y->age;
}

static void top_print(const void *data, unsigned int rows,
		      unsigned int columns)
{
	const struct top *top = data;
	const struct busy *b;
	size_t i;

	(void)columns;
	if (top->only)
		print_name(top->only);
	else
		printf("all lists");
	printf(": %zu addresses, the busiest of the last minute first\n",
	       top->n);
	printf("%-39s %10s %10s %12s%s\n", "ADDRESS", "1 MINUTE", "HITS",
	       "LAST, S AGO", top->only ? "" : "  LIST");
	for (i = 0; i < top->n && i < rows; i++) {
		b = &top->busy[i];
		printf("%-39s %10u %10" PRIu64 " %12.1f", b->addr, b->minute,
		       b->hits, (double)b->age / 1000);
		if (!top->only) {
			printf("  ");
			print_name(b->list);
		}
		putchar('\n');
	}
}

static int top_name(const struct nlmsghdr *nlh, void *data)
{
	struct message m;

	take_apart(nlh, &m);
	names_add(data, name_of(&m));
	return MNL_CB_OK;
}

/* Reads all lists; skips one that is removed meanwhile. */
static int top_read_all(struct top *top)
{
	const struct named *named;
	int err;

	if (dump_lists(top_name, &top->names, "top"))
		return 1;
	for (named = top->names.first; named; named = named->next) {
		top->list = named->name;
		err = dump_as(named->name, top_entry, top, NULL);
		if (err && err != ENOENT) {
			complain("%s: %s", named->name, strerror(err));
			return 1;
		}
	}
	return 0;
}

/* One round; 0 or 1. */
static int top_read(void *data)
{
	struct top *top = data;
	int status;

	names_free(&top->names);
	top->n = 0;
	status = top->only ? dump(top->only, top_entry, top) :
			     top_read_all(top);
	if (!status && top->n)
		qsort(top->busy, top->n, sizeof(*top->busy), busier);
	return status;
}

int cmd_top(int argc, char **argv)
{
	static const struct top_table table = { top_read, top_print };
	struct top top = { .only = argc ? argv[0] : NULL };
	int status = top_run(&table, &top);

	names_free(&top.names);
	free(top.busy);
	return status;
}
