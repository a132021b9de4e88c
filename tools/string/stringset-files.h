/* SPDX-License-Identifier: GPL-2.0-only */
/* stringset(8): the kernel's files, and the lines of a set. */
#ifndef POM_STRINGSET_FILES_H
#define POM_STRINGSET_FILES_H

#include <dirent.h>
#include <stdio.h>
#include <stdnoreturn.h>

#include "string/setfile.h"

#define DIR_SETS	"/proc/net/nf_string/sets"
#define CONTROL		"/proc/net/nf_string/control"
#define PATH_LEN	128

/* The file of a set; exits if @name cannot be the name of one. */
void set_path(char path[PATH_LEN], const char *name);

/* The names of all sets, in order, as of scandir(); exits if it fails. */
int read_sets(struct dirent ***entries);

/* A file to read, - for standard input; exits if there is none. */
FILE *open_text(const char *path);

/* The file of a set, to read it; exits if there is none. */
FILE *open_set(const char *name, char path[PATH_LEN]);

/* Reports errno as that of one of the kernel's files. */
noreturn void die_of_errno(const char *path);

/*
 * Reads one line of a set: @line, @bytes (STRINGSET_LEN_MAX), and *text, which
 * is valid until the next call. Returns 1 for a pattern, 0 for none, -1 for the
 * end of the file, -2 for a fault, which was reported with @number.
 */
int read_line(FILE *f, const char *path, unsigned int number,
	      struct stringset_line *line, uint8_t *bytes, char **text);

/* A pattern with its options, as list shows it; allocated. */
char *pattern_text(const struct stringset_line *line, const uint8_t *bytes);

/* A copy, allocated. */
char *copy_of(const char *text);

#endif
