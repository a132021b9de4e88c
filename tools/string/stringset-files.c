// SPDX-License-Identifier: GPL-2.0-only
/* stringset(8): the kernel's files, and the lines of a set. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "string/setfile.h"

#include "../lib/cli.h"
#include "stringset-files.h"

void set_path(char path[PATH_LEN], const char *name)
{
	if (!*name || strchr(name, '/') || !strcmp(name, ".") ||
	    !strcmp(name, "..") ||
	    snprintf(path, PATH_LEN, DIR_SETS "/%s", name) >= PATH_LEN)
		die("\"%s\" cannot be the name of a set", name);
}

FILE *open_text(const char *path)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "r") : stdin;

	if (!f)
		die("%s: %s", path, strerror(errno));
	return f;
}

int read_line(FILE *f, const char *path, unsigned int number,
	      struct stringset_line *line, uint8_t *bytes, char **text)
{
	static char *buffer;
	static size_t size;
	ssize_t len = getline(&buffer, &size, f);
	const char *wrong;

	if (len < 0)
		return -1;
	if (len && buffer[len - 1] == '\n')
		buffer[--len] = '\0';
	*text = buffer;
	if (len > STRINGSET_LINE_MAX) {
		if (!cli.quiet)
			fprintf(stderr,
				"%s:%u: a line has more than %d bytes\n", path,
				number, STRINGSET_LINE_MAX);
		return -2;
	}
	wrong = stringset_parse(buffer, (size_t)len, line, bytes);
	if (!wrong && line->options & STRINGSET_END)
		wrong = "--end is not allowed in a file";
	if (wrong) {
		if (!cli.quiet)
			fprintf(stderr, "%s:%u: %s\n", path, number, wrong);
		return -2;
	}
	return line->len != 0;
}

noreturn void die_of_errno(const char *path)
{
	/* No module, or not in this network namespace. */
	if (errno == ENOENT && access(CONTROL, F_OK))
		die("%s does not exist; fix: modprobe xt_string", CONTROL);
	die("%s: %s", path, cli_strerror(errno));
}

FILE *open_set(const char *name, char path[PATH_LEN])
{
	FILE *f;

	set_path(path, name);
	f = fopen(path, "r");
	if (f)
		return f;
	die_of_errno(path);
}

static int is_set(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

int read_sets(struct dirent ***entries)
{
	int n = scandir(DIR_SETS, entries, is_set, alphasort);

	if (n < 0)
		die_of_errno(DIR_SETS);
	return n;
}

char *pattern_text(const struct stringset_line *line, const uint8_t *bytes)
{
	char mark[32] = "", pattern[4 * STRINGSET_LEN_MAX + 1];
	size_t size;
	char *text;

	if (line->options & STRINGSET_MARK)
		snprintf(mark, sizeof(mark), "--mark 0x%x ", line->mark);
	size = sizeof("--icase --prefix ") + strlen(mark) +
	       stringset_format(bytes, line->len, pattern);
	text = malloc(size);
	if (!text)
		die("no memory");
	snprintf(text, size, "%s%s%s%s",
		 line->options & STRINGSET_ICASE ? "--icase " : "",
		 line->options & STRINGSET_PREFIX ? "--prefix " : "", mark,
		 pattern);
	return text;
}

char *copy_of(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		die("no memory");
	return copy;
}
