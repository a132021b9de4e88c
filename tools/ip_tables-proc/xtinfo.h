/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of extensions: the kernel, modules and shared objects. */
#ifndef POM_TOOLS_XTINFO_H
#define POM_TOOLS_XTINFO_H

#include <stdbool.h>
#include <stddef.h>

enum family { ANY, IP, IP6, ARP, BRIDGE, FAMILIES };

/* A revision that the kernel has registered; "?" is not known. */
struct revision {
	struct revision *next;	/* newer ones of the same family */
	unsigned int number;
	bool any;		/* registered for all families at once */
	char *hooks, *table, *protocol, *size, *module;
};

struct extension {
	bool target;
	char *name;
	struct revision *registered[FAMILIES];
	char *module[FAMILIES];	/* that a rule of the family loads */
	char *object[FAMILIES];	/* ANY: libxt_NAME.so */
};

struct extensions {
	struct extension *all;
	size_t count;
};

/* In the order of name and kind after sort_extensions(). */
extern struct extensions extensions;
extern const char *const family_names[FAMILIES];

/* Finds an extension, or adds it. NULL: part of x_tables itself. */
struct extension *get_extension(bool target, const char *name);
/* The same by a name of a module or file, which does not tell the kind. */
struct extension *get_named(enum family family, const char *name);
void sort_extensions(void);
char *copy(const char *text);

/* Each reports what it cannot read, and then returns false. */
bool read_kernel(void);
bool read_modules(void);
bool read_objects(void);

#endif
