// SPDX-License-Identifier: GPL-2.0-only
/* The modules and shared objects of extensions on disk. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "../lib/cli.h"
#include "xtinfo.h"

#ifndef MODULES
#define MODULES "/lib/modules"
#endif

#define PATH_LEN 4096

/* What the kernel requests for a rule: PREFIX_NAME. */
static const char *const module_prefixes[FAMILIES] = {
	NULL, "ipt_", "ip6t_", "arpt_", "ebt_",
};

/* What libxtables looks for: its family's, then that of ANY. */
static const char *const object_prefixes[FAMILIES] = {
	"libxt_", "libipt_", "libip6t_", "libarpt_", "libebt_",
};

/* Splits a name at its prefix; FAMILIES where it has none of them. */
static enum family split(const char *name, const char *const prefixes[],
			 const char **rest)
{
	enum family f;
	size_t len;

	for (f = ANY; f < FAMILIES; f++) {
		if (!prefixes[f])
			continue;
		len = strlen(prefixes[f]);
		if (!strncmp(name, prefixes[f], len) && name[len]) {
			*rest = name + len;
			break;
		}
	}
	return f;
}

static void add_module(const char *alias, const char *module)
{
	const char *name;
	enum family f = split(alias, module_prefixes, &name);
	struct extension *e = f < FAMILIES ? get_named(f, name) : NULL;

	if (e && !e->module[f])
		e->module[f] = copy(module);
}

/* alias ipt_NAME MODULE */
static void read_alias(char *line)
{
	char *rest = line, *word = strtok_r(rest, "\n ", &rest);
	char *alias = word ? strtok_r(NULL, "\n ", &rest) : NULL;
	char *module = alias ? strtok_r(NULL, "\n ", &rest) : NULL;

	if (module && !strcmp(word, "alias"))
		add_module(alias, module);
}

/* kernel/net/ipv4/netfilter/ipt_REJECT.ko.xz: ... */
static void read_dep(char *line)
{
	char *end = strstr(line, ".ko"), *name;

	if (!end)
		return;
	*end = '\0';
	name = strrchr(line, '/');
	name = name ? name + 1 : line;
	add_module(name, name);
}

/* MODULE.alias=ipt_NAME, of a module that is built in */
static void read_modinfo(char *line)
{
	char *dot = strstr(line, ".alias=");

	if (!dot)
		return;
	*dot = '\0';
	add_module(dot + strlen(".alias="), line);
}

static bool read_lines(const char *file, int end, void (*take)(char *line))
{
	char path[PATH_LEN], *line = NULL;
	struct utsname kernel;
	size_t room = 0;
	FILE *f;

	uname(&kernel);
	snprintf(path, sizeof(path), "%s/%s/%s", MODULES, kernel.release, file);
	f = fopen(path, "re");
	if (!f) {
		/* Kernels before 5.2 do not have it. */
		if (end == '\0')
			return true;
		complain("%s: %s", path, strerror(errno));
		return false;
	}
	while (getdelim(&line, &room, end, f) > 0)
		take(line);
	free(line);
	fclose(f);
	return true;
}

bool read_modules(void)
{
	bool aliases = read_lines("modules.alias", '\n', read_alias);
	bool files = read_lines("modules.dep", '\n', read_dep);

	return read_lines("modules.builtin.modinfo", '\0', read_modinfo) &&
	       aliases && files;
}

static void add_object(const char *dir, const char *file)
{
	const char *name;
	enum family f = split(file, object_prefixes, &name);
	char path[PATH_LEN], base[NAME_MAX + 1];
	size_t len = f < FAMILIES ? strlen(name) : 0;
	struct extension *e;

	if (len <= 3 || strcmp(name + len - 3, ".so"))
		return;
	snprintf(base, sizeof(base), "%.*s", (int)(len - 3), name);
	e = get_named(f, base);
	if (!e || e->object[f])
		return;
	snprintf(path, sizeof(path), "%s/%s", dir, file);
	e->object[f] = copy(path);
}

static bool read_directory(const char *dir)
{
	struct dirent *entry;
	DIR *d = opendir(dir);

	if (!d) {
		complain("%s: %s", dir, strerror(errno));
		return false;
	}
	while ((entry = readdir(d)))
		add_object(dir, entry->d_name);
	closedir(d);
	return true;
}

/* The directories in which iptables looks, in its order. */
bool read_objects(void)
{
	const char *path = getenv("XTABLES_LIBDIR");
	char *dirs = copy(path && *path ? path : XTLIBDIR), *rest = dirs, *dir;
	bool complete = true;

	while ((dir = strtok_r(NULL, ":", &rest)))
		complete &= read_directory(dir);
	free(dirs);
	return complete;
}
