// SPDX-License-Identifier: GPL-2.0-only
/* A pattern set as text: one pattern a line. */
#include "string/setfile.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/* The rest of a line. */
struct rest {
	const char *at;
	const char *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(struct rest *r)
{
	while (r->at < r->end && is_blank(*r->at))
		r->at++;
}

/* Takes the next word off. */
static struct rest take_word(struct rest *r)
{
	struct rest word = *r;

	while (r->at < r->end && !is_blank(*r->at))
		r->at++;
	word.end = r->at;
	skip_blanks(r);
	return word;
}

static bool word_is(const struct rest *word, const char *what)
{
	size_t len = strlen(what);

	return (size_t)(word->end - word->at) == len &&
	       !memcmp(word->at, what, len);
}

/* 0 to 15, or 16 if @c is no hexadecimal digit. */
static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a' + 10) : 16;
}

/* Parses a decimal number, or a hexadecimal one after 0x. */
static bool take_number(struct rest *r, uint64_t max, uint64_t *number)
{
	struct rest word = take_word(r);
	unsigned int base = 10, d;

	if (word.end - word.at > 2 && word.at[0] == '0' && word.at[1] == 'x') {
		base = 16;
		word.at += 2;
	}
	if (word.at == word.end)
		return false;
	for (*number = 0; word.at < word.end; word.at++) {
		d = digit(*word.at);
		if (d >= base || *number >> 59)
			return false;
		*number = *number * base + d;
	}
	return *number <= max;
}

static const char *parse_option(struct rest *r, struct stringset_line *line,
				bool *last)
{
	struct rest word = take_word(r);
	uint32_t option = 0;
	uint64_t number;

	if (word_is(&word, "--")) {
		*last = true;
		return NULL;
	}
	if (word_is(&word, "--icase"))
		option = STRINGSET_ICASE;
	else if (word_is(&word, "--prefix"))
		option = STRINGSET_PREFIX;
	else if (word_is(&word, "--mark"))
		option = STRINGSET_MARK;
	else if (word_is(&word, "--hits"))
		option = STRINGSET_HITS;
	else if (word_is(&word, "--end"))
		option = STRINGSET_END;
	if (!option)
		return "an unknown option (write -- before a pattern that begins with dashes)";
	if (line->options & option)
		return "an option is given twice";
	line->options |= option;

	if (option == STRINGSET_MARK) {
		if (!take_number(r, 0xffffffff, &number))
			return "--mark needs a number, 0 to 0xffffffff";
		line->mark = (uint32_t)number;
	} else if (option == STRINGSET_HITS) {
		if (!take_number(r, (uint64_t)-1 >> 1, &line->hits))
			return "--hits needs a number";
	}
	return NULL;
}

static const char *parse_hex(struct rest *r, uint8_t *byte)
{
	unsigned int high, low;

	high = digit(*r->at++);
	low = r->at < r->end ? digit(*r->at++) : 16;
	if (high > 15 || low > 15)
		return "expected pairs of hexadecimal digits between bars (a bar itself is \\|)";
	*byte = (uint8_t)(high << 4 | low);
	return NULL;
}

static const char *parse_pattern(struct rest *r, struct stringset_line *line,
				 uint8_t *bytes)
{
	const char *wrong;
	bool hex = false;
	uint8_t byte;

	while (r->at < r->end) {
		if (*r->at == '|') {
			hex = !hex;
			r->at++;
			continue;
		}
		if (hex && is_blank(*r->at)) {
			r->at++;
			continue;
		}
		if (hex) {
			wrong = parse_hex(r, &byte);
			if (wrong)
				return wrong;
		} else {
			if (*r->at == '\\' && r->at + 1 < r->end)
				r->at++;
			byte = (uint8_t)*r->at++;
			if (!byte)
				return "a NUL (write it as |00|)";
		}
		if (line->len == STRINGSET_LEN_MAX)
			return "a pattern has more than 4096 bytes";
		bytes[line->len++] = byte;
	}
	return hex ? "the last | is missing (a bar itself is \\|)" : NULL;
}

const char *stringset_parse(const char *text, size_t len,
			    struct stringset_line *line, uint8_t *bytes)
{
	struct rest r = { .at = text, .end = text + len };
	const char *wrong;
	bool last = false;

	memset(line, 0, sizeof(*line));
	skip_blanks(&r);
	/* A blank after a backslash is part of the pattern. */
	while (r.end > r.at && is_blank(r.end[-1]) &&
	       !(r.end - r.at > 1 && r.end[-1] == ' ' && r.end[-2] == '\\'))
		r.end--;
	if (r.at == r.end || *r.at == '#')
		return NULL;

	while (!last && r.end - r.at > 1 && r.at[0] == '-' && r.at[1] == '-') {
		wrong = parse_option(&r, line, &last);
		if (wrong)
			return wrong;
	}
	wrong = parse_pattern(&r, line, bytes);
	if (wrong)
		return wrong;
	if (line->options & STRINGSET_END)
		return line->len || line->options != STRINGSET_END ?
			"--end must be the whole line" : NULL;
	return line->len ? NULL : "options without a pattern";
}

static bool is_plain(const uint8_t *bytes, size_t len, size_t i)
{
	uint8_t c = bytes[i];

	if (c == ' ')
		return i && i + 1 < len;
	if (!i && (c == '#' || c == '-'))
		return false;
	return c > ' ' && c <= '~' && c != '|' && c != '\\';
}

size_t stringset_format(const uint8_t *bytes, size_t len, char *text)
{
	static const char digits[] = "0123456789abcdef";
	char *at = text;
	bool hex = false;
	size_t i;

	for (i = 0; i < len; i++) {
		if (hex == is_plain(bytes, len, i)) {
			*at++ = '|';
			hex = !hex;
		}
		if (hex) {
			*at++ = digits[bytes[i] >> 4];
			*at++ = digits[bytes[i] & 15];
		} else {
			*at++ = (char)bytes[i];
		}
	}
	if (hex)
		*at++ = '|';
	*at = '\0';
	return (size_t)(at - text);
}
