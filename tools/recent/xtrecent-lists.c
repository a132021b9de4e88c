// SPDX-License-Identifier: GPL-2.0-only
/* xtrecent(8): the names of lists, and what the kernel tells of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xtrecent-lists.h"
#include "xtrecent-netlink.h"

void names_add(struct names *names, const char *name)
{
	size_t size = strlen(name) + 1;
	struct named *named = malloc(sizeof(*named) + size);

	if (!named)
		die("no memory");
	memcpy(named->name, name, size);
	named->next = NULL;
	if (names->first)
		*names->last = named;
	else
		names->first = named;
	names->last = &named->next;
}

void names_free(struct names *names)
{
	struct named *named;

	while ((named = names->first)) {
		names->first = named->next;
		free(named);
	}
}

const char *name_text(const char *name, char text[NAME_TEXT_LEN])
{
	char *to = text;

	for (; *name && to < text + NAME_TEXT_LEN - 4; name++) {
		unsigned char c = (unsigned char)*name;

		if (c <= ' ' || c == '\\' || c == '"' || c == 0x7f)
			to += sprintf(to, "\\%03o", c);
		else
			*to++ = (char)c;
	}
	*to = '\0';
	return text;
}

void print_name(const char *name)
{
	char text[NAME_TEXT_LEN];

	fputs(name_text(name, text), stdout);
}

/*
 * The addresses of a list, each to @cb. Returns 0, or the error, which has been
 * reported if @what is not NULL.
 */
int dump_as(const char *name, mnl_cb_t cb, void *data, const char *what)
{
	struct nlmsghdr *nlh = genl_request(XT_RECENT_CMD_GET, NLM_F_DUMP);

	mnl_attr_put_strz(nlh, XT_RECENT_A_NAME, name);
	return genl_converse(nlh, cb, data, what);
}

/* The same, reported with the list's name. Returns 0 or 1. */
int dump(const char *name, mnl_cb_t cb, void *data)
{
	return dump_as(name, cb, data, name) != 0;
}

/* All lists, each to @cb. Returns 0 or 1. */
int dump_lists(mnl_cb_t cb, void *data, const char *what)
{
	return genl_converse(genl_request(XT_RECENT_CMD_LISTS, NLM_F_DUMP), cb,
			     data, what) != 0;
}
