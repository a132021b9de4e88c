// SPDX-License-Identifier: GPL-2.0-only
/* Lists extensions: in the kernel, as modules, and as shared objects. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/cli.h"
#include "../lib/json.h"
#include "../lib/table.h"
#include "xtinfo.h"

struct extensions extensions;
const char *const family_names[FAMILIES] = {
	"any", "ip", "ip6", "arp", "bridge",
};

char *copy(const char *text)
{
	char *copied = strdup(text);

	if (!copied)
		die("not enough memory");
	return copied;
}

/* Rules cannot name these. */
static bool is_internal(const char *name)
{
	return !*name || !strcmp(name, "standard") || !strcmp(name, "ERROR");
}

struct extension *get_extension(bool target, const char *name)
{
	struct extension *e = extensions.all;
	size_t i;

	if (is_internal(name))
		return NULL;
	for (i = 0; i < extensions.count; i++)
		if (e[i].target == target && !strcmp(e[i].name, name))
			return &e[i];
	e = realloc(e, (i + 1) * sizeof(*e));
	if (!e)
		die("not enough memory");
	extensions.all = e;
	extensions.count++;
	e[i] = (struct extension) { .target = target, .name = copy(name) };
	return &e[i];
}

struct extension *get_named(enum family family, const char *name)
{
	/* All others are in upper case. */
	static const char *const targets[] = {
		"arpreply", "dnat", "log", "mangle", "mark", "nflog",
		"redirect", "snat",
	};
	const char *c;
	bool target = false;
	size_t i;

	for (c = name; *c; c++)
		target |= isupper((unsigned char)*c);
	if (family == ARP || family == BRIDGE)
		for (i = 0; i < sizeof(targets) / sizeof(*targets); i++)
			target |= !strcmp(name, targets[i]);
	return get_extension(target, name);
}

static int compare(const void *a, const void *b)
{
	const struct extension *one = a, *two = b;
	int order = strcmp(one->name, two->name);

	return order ? order : one->target - two->target;
}

void sort_extensions(void)
{
	if (extensions.count)
		qsort(extensions.all, extensions.count,
		      sizeof(*extensions.all), compare);
}

/* An extension in a family. */
struct row {
	const struct extension *e;
	enum family family;
	const struct revision *registered;
	const char *module, *object;	/* or NULL */
};

/*
 * Whether rules of the family can have the extension. What all families share
 * counts for ip and ip6, and for others that have a part of their own.
 */
static bool get_row(const struct extension *e, enum family f, struct row *row)
{
	bool own = e->registered[f] || e->module[f] || e->object[f];
	bool inet = f == IP || f == IP6, modules = e->registered[ANY];
	const struct revision *r;
	enum family g;

	*row = (struct row) {
		.e		= e,
		.family		= f,
		.registered	= e->registered[f],
		.module		= e->module[f],
		.object		= e->object[f] ? e->object[f] : e->object[ANY],
	};
	if (!row->registered && (inet || own))
		row->registered = e->registered[ANY];
	for (r = row->registered; r; r = r->next)
		if (strcmp(r->module, "?") && strcmp(r->module, "-"))
			row->module = r->module;
	/* libxt_NAME.so serves those families that have a module. */
	for (g = ANY; g < FAMILIES; g++)
		modules |= e->registered[g] || e->module[g];
	return own || (inet && (e->registered[ANY] ||
				(e->object[ANY] && !modules)));
}

static bool lacks_module(const struct row *row)
{
	return !row->registered && !row->module;
}

static void print_hooks(const char *hooks)
{
	char *text = copy(hooks), *rest = text, *hook;
	const char *comma = "";

	putchar('[');
	while ((hook = strtok_r(NULL, ",", &rest))) {
		printf("%s", comma);
		json_string(hook);
		comma = ",";
	}
	putchar(']');
	free(text);
}

/* A string, or null. */
static void print_field(const char *name, const char *value)
{
	printf(",\"%s\":", name);
	if (value && strcmp(value, "?"))
		json_string(value);
	else
		printf("null");
}

static void print_revision(const struct revision *r)
{
	bool sized = isdigit((unsigned char)*r->size);

	printf("{\"revision\":%u,\"any_family\":%s,\"hooks\":", r->number,
	       r->any ? "true" : "false");
	if (strcmp(r->hooks, "?"))
		print_hooks(r->hooks);
	else
		printf("null");
	print_field("table", r->table);
	print_field("protocol", r->protocol);
	printf(",\"size\":%s}", sized ? r->size : "null");
}

static void print_json(const struct row *row, bool first)
{
	const struct revision *r;

	printf("%s\n  {\"kind\":\"%s\",\"name\":", first ? "[" : ",",
	       row->e->target ? "target" : "match");
	json_string(row->e->name);
	printf(",\"family\":\"%s\",\"registered\":[",
	       family_names[row->family]);
	for (r = row->registered; r; r = r->next) {
		print_revision(r);
		if (r->next)
			putchar(',');
	}
	putchar(']');
	print_field("module", row->module);
	print_field("shared_object", row->object);
	printf(",\"missing\":[%s%s%s]}",
	       lacks_module(row) ? "\"module\"" : "",
	       lacks_module(row) && !row->object ? "," : "",
	       row->object ? "" : "\"shared_object\"");
}

#define LIST_LEN 64

/* Revisions or sizes, with commas. A list that is too long is cut. */
static void list_revisions(const struct revision *r, bool sizes, char *text)
{
	char number[16];
	size_t len = 0;

	snprintf(text, LIST_LEN, "-");
	for (; r && len < LIST_LEN; r = r->next) {
		snprintf(number, sizeof(number), "%u", r->number);
		len += (size_t)snprintf(text + len, LIST_LEN - len, "%s%s",
					len ? "," : "",
					sizes ? r->size : number);
	}
}

static const struct revision *newest(const struct row *row)
{
	const struct revision *last = row->registered;

	while (last && last->next)
		last = last->next;
	return last;
}

static const char *missing_part(const struct row *row)
{
	return lacks_module(row) ? "module" : row->object ? "-" : "object";
}

/* NULL if the output is not a table of tools/lib. */
static struct table *begin_table(void)
{
	static const struct table_column columns[] = {
		{ "KIND", TABLE_TEXT },
		{ "NAME", TABLE_TEXT },
		{ "FAMILY", TABLE_TEXT },
		{ "REVISIONS", TABLE_TEXT },
		{ "SIZES, BYTES", TABLE_TEXT },
		{ "TABLES", TABLE_TEXT },
		{ "MISSING", TABLE_TEXT },
		{ "MODULE", TABLE_TEXT },
		{ "SHARED OBJECT", TABLE_TEXT },
		{ "HOOKS", TABLE_TEXT },
	};

	return table_fits() ? TABLE_BEGIN(columns) : NULL;
}

static void add_row(struct table *table, const struct row *row)
{
	const struct revision *last = newest(row);
	char text[LIST_LEN];

	table_text(table, row->e->target ? "target" : "match");
	table_text(table, row->e->name);
	table_text(table, family_names[row->family]);
	list_revisions(row->registered, false, text);
	table_text(table, text);
	list_revisions(row->registered, true, text);
	table_text(table, text);
	table_text(table, last ? last->table : "-");
	table_text(table, missing_part(row));
	table_text(table, row->module ? row->module : "-");
	table_text(table, row->object ? row->object : "-");
	table_text(table, last ? last->hooks : "-");
}

static void print_text(const struct row *row, bool first)
{
	const struct revision *last = newest(row);
	char revisions[LIST_LEN], sizes[LIST_LEN];

	list_revisions(row->registered, false, revisions);
	list_revisions(row->registered, true, sizes);
	if (first)
		printf("%-6s %-14s %-6s %-9s %-12s %-8s %-9s %-18s %s\n",
		       "KIND", "NAME", "FAMILY", "REVISIONS", "SIZES", "TABLES",
		       "MISSING", "MODULE", "SHARED OBJECT, HOOKS");
	printf("%-6s %-14s %-6s %-9s %-12s %-8s %-9s %-18s %s %s\n",
	       row->e->target ? "target" : "match", row->e->name,
	       family_names[row->family], revisions, sizes,
	       last ? last->table : "-",
	       missing_part(row),
	       row->module ? row->module : "-",
	       row->object ? row->object : "-", last ? last->hooks : "-");
}

static bool read_all(void)
{
	bool kernel = read_kernel(), modules = read_modules();
	bool objects = read_objects();

	sort_extensions();
	return kernel && modules && objects;
}

static bool is_named(const char *name, int argc, char **argv)
{
	int i;

	for (i = 0; i < argc; i++)
		if (!strcmp(name, argv[i]))
			return true;
	return !argc;
}

static int list(int argc, char **argv, bool only_missing)
{
	int status = read_all() ? EXIT_SUCCESS : EXIT_FAILURE;
	struct table *table = begin_table();
	bool first = true;
	struct row row;
	enum family f;
	size_t i;

	for (i = 0; i < extensions.count; i++) {
		if (!is_named(extensions.all[i].name, argc, argv))
			continue;
		for (f = IP; f < FAMILIES; f++) {
			if (!get_row(&extensions.all[i], f, &row))
				continue;
			if (only_missing && !lacks_module(&row) && row.object)
				continue;
			if (table)
				add_row(table, &row);
			else
				(cli.json ? print_json : print_text)(&row,
								     first);
			first = false;
		}
	}
	if (table)
		table_end(table, TABLE_UNSORTED, false, UINT_MAX);
	if (cli.json)
		printf("%s\n]\n", first ? "[" : "");
	return status;
}

static int cmd_list(int argc, char **argv)
{
	return list(argc, argv, false);
}

static int cmd_missing(int argc, char **argv)
{
	return list(argc, argv, true);
}

static int cmd_names(int argc, char **argv)
{
	int status = read_all() ? EXIT_SUCCESS : EXIT_FAILURE;
	const char *prefix = argc ? argv[0] : "", *last = "";
	const char *name;
	size_t i;

	for (i = 0; i < extensions.count; i++) {
		name = extensions.all[i].name;
		if (strncmp(name, prefix, strlen(prefix)) ||
		    !strcmp(name, last))
			continue;
		puts(name);
		last = name;
	}
	return status;
}

static const char usage[] =
"usage: xtinfo list [NAME]...       revisions, sizes, tables, hooks, module and\n"
"                                   shared object of matches and targets\n"
"       xtinfo missing [NAME]...    only those that lack one of the two\n"
"       xtinfo names [PREFIX]       only the names\n"
"An extension needs a module for the kernel and a shared object for iptables.\n"
"XTABLES_LIBDIR names the directories of shared objects, as for iptables.\n"
CLI_OPTIONS
"Examples:\n"
"    xtinfo list recent string\n"
"    xtinfo missing --json\n";

static const struct cli_command commands[] = {
	{ "list", "[NAME]...", 0, -1, CLI_JSON, cmd_list },
	{ "missing", "[NAME]...", 0, -1, CLI_JSON, cmd_missing },
	{ "names", "[PREFIX]", 0, 1, 0, cmd_names },
	{ NULL },
};

struct cli cli = {
	.program = "xtinfo",
	.usage = usage,
	.commands = commands,
};

int main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
