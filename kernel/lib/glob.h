/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Patterns as in glob(7). The kernel's glob_match() reads behind the end of a
 * text in some stable kernels, 5.10 among them: there, [!a] matches the NUL.
 *
 * Plain C: the modules and the unit test share this file.
 */
#ifndef POM_LIB_GLOB_H
#define POM_LIB_GLOB_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#endif

/*
 * The first element of a pattern, which is not '*', and a byte of the text.
 * A bracket without its end is a byte like others.
 *
 * Return: the pattern behind the element, or NULL where it does not match.
 */
static inline const char *pom_glob_byte(const char *p, unsigned char c)
{
	const char *at = p + 1;
	bool invert, found = false;
	unsigned char low, high;

	if (*p == '?')
		return at;
	if (*p == '\\' && *at)
		return (unsigned char)*at == c ? at + 1 : NULL;
	if (*p != '[')
		return (unsigned char)*p == c ? at : NULL;
	invert = *at == '!';
	at += invert;
	do {
		low = (unsigned char)*at++;
		if (!low)
			return c == '[' ? p + 1 : NULL;
		high = low;
		if (*at == '-' && at[1] && at[1] != ']') {
			high = (unsigned char)at[1];
			at += 2;
		}
		found |= low <= c && c <= high;
	} while (*at != ']');
	return found != invert ? at + 1 : NULL;
}

/**
 * pom_glob() - whether the whole of a text matches a pattern
 * @p: the pattern: * ? [a-z] [!a-z], a backslash before a byte as it is
 * @text: the text
 *
 * Any context. At most pattern times text steps.
 */
static inline bool pom_glob(const char *p, const char *text)
{
	const char *star = NULL, *back = NULL, *next;

	while (*text) {
		if (*p == '*') {
			star = ++p;
			back = text;
			continue;
		}
		next = *p ? pom_glob_byte(p, (unsigned char)*text) : NULL;
		if (next) {
			p = next;
			text++;
		} else if (star) {
			p = star;
			text = ++back;
		} else {
			return false;
		}
	}
	while (*p == '*')
		p++;
	return !*p;
}

#endif /* POM_LIB_GLOB_H */
