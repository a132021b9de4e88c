/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pattern set as text: one pattern a line.
 *
 *	# a comment
 *	text of the pattern |0d 0a| bytes between bars are hexadecimal
 *	--icase --prefix --mark 0x10 GET /admin
 *	-- --a pattern that begins with dashes
 *	--end
 *
 * Blanks at both ends of a line and after an option are ignored. Outside of
 * bars, a backslash quotes the next byte.
 *
 * Plain C: the module, the tool, the unit tests and the fuzzer share this file.
 */
#ifndef POM_STRING_SETFILE_H
#define POM_STRING_SETFILE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif

/* Longest line, in bytes; longest pattern. */
#define STRINGSET_LINE_MAX	16384
#define STRINGSET_LEN_MAX	4096

enum stringset_option {
	STRINGSET_ICASE = 1 << 0,	/* --icase */
	STRINGSET_PREFIX = 1 << 1,	/* --prefix */
	STRINGSET_MARK = 1 << 2,	/* --mark NUMBER */
	STRINGSET_HITS = 1 << 3,	/* --hits NUMBER */
	STRINGSET_END = 1 << 4,		/* --end, alone */
};

/**
 * struct stringset_line - the contents of a line
 * @options: enum stringset_option
 * @mark: 0 without STRINGSET_MARK
 * @hits: 0 without STRINGSET_HITS
 * @len: bytes of the pattern; 0 for a line without one: a comment, --end
 */
struct stringset_line {
	uint32_t options;
	uint32_t mark;
	uint64_t hits;
	uint16_t len;
};

/**
 * stringset_parse() - read a line
 * @text: the line, without its newline
 * @len: bytes of it, at most STRINGSET_LINE_MAX
 * @line: its contents
 * @bytes: the pattern, STRINGSET_LEN_MAX bytes
 *
 * Return: NULL, or an error message
 */
const char *stringset_parse(const char *text, size_t len,
			    struct stringset_line *line, uint8_t *bytes);

/**
 * stringset_format() - write a pattern so that stringset_parse() reads it
 * @bytes: the pattern
 * @len: of it
 * @text: 4 * @len + 1 bytes; a NUL follows the text
 *
 * Return: how many, without the NUL
 */
size_t stringset_format(const uint8_t *bytes, size_t len, char *text);

#endif
