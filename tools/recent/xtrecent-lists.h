/* SPDX-License-Identifier: GPL-2.0-only */
/* xtrecent(8): the names of lists, and what the kernel tells of them. */
#ifndef POM_XTRECENT_LISTS_H
#define POM_XTRECENT_LISTS_H

#include <libmnl/libmnl.h>
#include <linux/netfilter/xt_recent.h>

struct named {
	struct named *next;
	char name[];
};

/* The names of lists, in the order of their making. */
struct names {
	struct named *first;
	struct named **last;
};

void names_add(struct names *names, const char *name);
void names_free(struct names *names);

/* A name as a word: what would end a word, or JSON's strings, as \ooo. */
#define NAME_TEXT_LEN	(4 * XT_RECENT_NAME_LEN)
const char *name_text(const char *name, char text[NAME_TEXT_LEN]);
void print_name(const char *name);

int dump_as(const char *name, mnl_cb_t cb, void *data, const char *what);
int dump(const char *name, mnl_cb_t cb, void *data);
int dump_lists(mnl_cb_t cb, void *data, const char *what);

#endif
