// SPDX-License-Identifier: GPL-2.0-only
/* The extensions that x_tables knows, from nf_ip_tables_proc. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/cli.h"
#include "xtinfo.h"

#ifndef PROC_FILE
#define PROC_FILE "/proc/net/x_tables_extensions"
#endif

enum {
	KIND, NAME, FAMILY, REVISION, HOOKS, TABLE, PROTOCOL, SIZE, MODULE,
	FIELDS,
};

static enum family find_family(const char *name)
{
	enum family f;

	for (f = ANY; f < FAMILIES; f++)
		if (!strcmp(name, family_names[f]))
			break;
	return f;
}

static void add_revision(char *const field[])
{
	enum family f = find_family(field[FAMILY]);
	struct extension *e;
	struct revision *r, **end;

	if (f == FAMILIES)
		return;
	e = get_extension(!strcmp(field[KIND], "target"), field[NAME]);
	if (!e)
		return;
	for (end = &e->registered[f]; *end; end = &(*end)->next)
		;
	r = calloc(1, sizeof(*r));
	if (!r)
		die("not enough memory");
	*end = r;
	r->number = (unsigned int)strtoul(field[REVISION], NULL, 10);
	r->any = f == ANY;
	r->hooks = copy(field[HOOKS]);
	r->table = copy(field[TABLE]);
	r->protocol = copy(field[PROTOCOL]);
	r->size = copy(field[SIZE]);
	r->module = copy(field[MODULE]);
}

bool read_kernel(void)
{
	FILE *f = fopen(PROC_FILE, "re");
	char *line = NULL, *field[FIELDS + 1], *rest;
	size_t room = 0;
	int i, err;

	if (!f) {
		complain("%s: %s%s", PROC_FILE, cli_strerror(errno),
			 errno == ENOENT ?
			 "; fix: modprobe nf_ip_tables_proc" : "");
		return false;
	}
	while (getline(&line, &room, f) > 0) {
		rest = line;
		for (i = 0; i <= FIELDS; i++)
			field[i] = strtok_r(NULL, "\n ", &rest);
		if (field[FIELDS - 1] && !field[FIELDS])
			add_revision(field);
	}
	err = ferror(f) ? errno : 0;
	if (err)
		complain("%s: %s", PROC_FILE, strerror(err));
	free(line);
	fclose(f);
	return !err;
}
