/* SPDX-License-Identifier: GPL-2.0-only */
/* How libxt_string prints strings and names of sets. */
#ifndef POM_STRING_SHOW_H
#define POM_STRING_SHOW_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <linux/types.h>
#include <xtables.h>

/*
 * Whether the string can be printed unchanged and read back. A backslash at the
 * end cannot. @bars: --string interprets bars and backslashes.
 */
static bool is_plain(const __u8 *pattern, size_t len, bool bars)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (pattern[i] < ' ' || pattern[i] > '~' ||
		    (bars && (pattern[i] == '|' || pattern[i] == '\\')))
			return false;
	return !len || pattern[len - 1] != '\\';
}

static void string_show(const __u8 *pattern, size_t len, bool plain)
{
	size_t i;

	printf(plain ? " \"" : " \"|");
	for (i = 0; i < len; i++) {
		if (!plain)
			printf("%02x", pattern[i]);
		else if (pattern[i] == '"' || pattern[i] == '\\')
			printf("\\%c", pattern[i]);
		else
			putchar(pattern[i]);
	}
	printf(plain ? "\"" : "|\"");
}

/*
 * Prints the string as options. iptables-restore cannot read a word of more
 * than 1023 bytes, so a long string is split.
 */
static void string_save_text(const __u8 *pattern, size_t len, bool bars)
{
	bool plain = is_plain(pattern, len, bars);
	size_t max = plain ? 1000 : 500;
	size_t part;

	do {
		part = len < max ? len : max;
		printf(plain ? " --string" : " --hex-string");
		string_show(pattern, part, plain);
		pattern += part;
		len -= part;
	} while (len);
}

/* Like xtables_save_string(), but quotes only where a shell needs quotes. */
static void string_save_set(const char *name)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.,:@%";

	printf(" --set");
	if (name[strspn(name, plain)])
		xtables_save_string(name);
	else
		printf(" %s", name);
}

#endif /* POM_STRING_SHOW_H */
