/* SPDX-License-Identifier: GPL-2.0-only */
/* The parsers of libxt_string for the bytes of a string. */
#ifndef POM_STRING_PARSE_H
#define POM_STRING_PARSE_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <xtables.h>

/* Adds a byte to the string, or exits with an error message. */
static void string_add(__u8 *pattern, size_t *len, size_t max, char c)
{
	if (*len == max)
		xtables_error(PARAMETER_PROBLEM,
			      "string: the string has more than %zu bytes\n",
			      max);
	pattern[(*len)++] = (__u8)c;
}

static void __attribute__((noreturn)) string_no_bar(void)
{
	xtables_error(PARAMETER_PROBLEM,
		      "string: the last | is missing (a bar itself is \\|)\n");
}

static unsigned int hex_digit(char c)
{
	if (!isxdigit((unsigned char)c))
		xtables_error(PARAMETER_PROBLEM,
			      "string: expected pairs of hexadecimal digits between bars (a bar itself is \\|)\n");
	return isdigit((unsigned char)c) ?
		(unsigned int)(c - '0') :
		(unsigned int)(tolower((unsigned char)c) - 'a' + 10);
}

/*
 * --hex-string as in iptables: a bar begins or ends hexadecimal digits, and the
 * byte after a bar that ends them is taken literally. One space may follow two
 * digits. A bar at the end of the string is ignored.
 */
static size_t string_parse_hex(__u8 *pattern, size_t len, size_t max,
			       const char *text)
{
	bool hex = false, literal;

	while (*text) {
		literal = false;
		if (*text == '|') {
			hex = !hex;
			literal = !hex;
			text++;
			while (hex && *text == ' ')
				text++;
			if (!*text)
				break;
		}
		if (hex) {
			unsigned int high = hex_digit(text[0]);
			unsigned int low = hex_digit(text[1]);

			string_add(pattern, &len, max,
				   (char)(high << 4 | low));
			text += 2;
			if (!*text)
				string_no_bar();
			text += *text == ' ';
			continue;
		}
		if (*text == '\\' && !literal && !*++text)
			xtables_error(PARAMETER_PROBLEM,
				      "string: nothing follows the last \\\n");
		string_add(pattern, &len, max, *text++);
	}
	return len;
}

/*
 * The same for --string without --algo, as in 2003: spaces between bars are
 * ignored, and a backslash always quotes the next byte.
 */
static size_t string_parse_bars(__u8 *pattern, size_t len, size_t max,
				const char *text)
{
	bool hex = false;

	for (; *text; text++) {
		if (*text == '|') {
			hex = !hex;
		} else if (hex && *text == ' ') {
			continue;
		} else if (hex) {
			unsigned int high = hex_digit(*text++);

			string_add(pattern, &len, max,
				   (char)(high << 4 | hex_digit(*text)));
		} else {
			if (*text == '\\' && text[1])
				text++;
			string_add(pattern, &len, max, *text);
		}
	}
	if (hex)
		string_no_bar();
	return len;
}

static size_t string_parse_plain(__u8 *pattern, size_t len, size_t max,
				 const char *text)
{
	for (; *text; text++)
		string_add(pattern, &len, max, *text);
	return len;
}

#endif /* POM_STRING_PARSE_H */
