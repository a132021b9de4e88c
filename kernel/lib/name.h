/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of lists, conditions and sets. A name is a file name in /proc, a word
 * of a rule and a part of log lines, so all modules accept the same names.
 *
 * Plain C: the module and the unit test share this file.
 */
#ifndef POM_LIB_NAME_H
#define POM_LIB_NAME_H

#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#endif

/*
 * Terminals obey U+0080 to U+009F as they obey the ASCII control characters;
 * UTF-8 encodes them as C2 80 to C2 9F. Other bytes above 7F are left to the
 * user's encoding.
 */
static inline bool pom_name_control(const char *p)
{
	unsigned char c = p[0], next = c ? p[1] : 0;

	return c < ' ' || c == 0x7f || (c == 0xc2 && next >= 0x80 &&
					next <= 0x9f);
}

static inline const char *pom_name_bad_byte(const char *p, const char *reject)
{
	if (*p == '/')
		return "has a slash in it";
	if (pom_name_control(p))
		return "has a control character in it";
	if (!strchr(reject, *p))
		return NULL;
	switch (*p) {
	case ' ':
		return "has a space in it";
	case ',':
		return "has a comma in it";
	}
	return "has a reserved character in it";
}

/**
 * pom_name_error() - why a string cannot be a name
 * @name: the string, from a rule, a file or a netlink message
 * @size: bytes at @name, the NUL among them
 * @reject: bytes that the caller accepts in no name, or ""
 *
 * Return: NULL where @name is valid: 1 to @size - 1 bytes, neither "." nor
 * "..", no slash, no control character, no byte of @reject. Otherwise the
 * reason, to be printed after the name.
 */
static inline const char *pom_name_error(const char *name, size_t size,
					 const char *reject)
{
	const char *p, *error;

	if (strnlen(name, size) == size)
		return "is too long";
	if (!*name)
		return "is empty";
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return "is the name of a directory";
	for (p = name; *p; p++) {
		error = pom_name_bad_byte(p, reject);
		if (error)
			return error;
	}
	return NULL;
}

#endif /* POM_LIB_NAME_H */
