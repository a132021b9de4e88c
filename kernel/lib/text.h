/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words of a line of text with blanks between them.
 *
 * Plain C: parsers share this file, in the modules and in their tests.
 */
#ifndef POM_LIB_TEXT_H
#define POM_LIB_TEXT_H

#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#endif

#include "lib/encoding.h"

/* A piece of text in a line. */
struct pom_text {
	uint16_t off;
	uint16_t len;
};

/* An address and a port in a line. */
struct pom_named {
	struct pom_text addr;
	struct pom_text port;
	bool ipv6;		/* @addr is one of IPv6 */
	struct pom_endpoint at;	/* what @addr and @port say */
};

/* What is left of a line to read: from @at to before @end. */
struct pom_rest {
	const uint8_t *line;
	size_t at;
	size_t end;
};

/* The line without CR and LF at its end. */
static inline struct pom_rest pom_rest_of(const uint8_t *line, size_t len)
{
	struct pom_rest r = { .line = line, .end = len };

	while (r.end && (line[r.end - 1] == '\n' || line[r.end - 1] == '\r'))
		r.end--;
	return r;
}

static inline bool pom_at_byte(const struct pom_rest *r, uint8_t byte)
{
	return r->at < r->end && r->line[r->at] == byte;
}

static inline void pom_skip_blanks(struct pom_rest *r)
{
	while (pom_at_byte(r, ' '))
		r->at++;
}

/* The bytes up to a blank, or to the end. */
static inline struct pom_text pom_take_word(struct pom_rest *r)
{
	struct pom_text word = { .off = (uint16_t)r->at };

	while (r->at < r->end && r->line[r->at] != ' ')
		r->at++;
	word.len = (uint16_t)(r->at - word.off);
	return word;
}

/*
 * Index in @names of a word, in either case; 0 where it is not there. The
 * first name is not looked at.
 */
static inline uint8_t pom_find_name(const struct pom_rest *r,
				    struct pom_text word,
				    const char * const *names, uint8_t count)
{
	uint8_t i;

	for (i = 1; i < count; i++)
		if (strlen(names[i]) == word.len &&
		    !strncasecmp((const char *)r->line + word.off, names[i],
				 word.len))
			return i;
	return 0;
}

/* The next word, if it is a number or an address and nothing else. */
static inline bool pom_take_field(struct pom_rest *r,
				  enum pom_encoding encoding,
				  struct pom_text *field,
				  struct pom_endpoint *at)
{
	pom_skip_blanks(r);
	*field = pom_take_word(r);
	return field->len && pom_decode(encoding, r->line + field->off,
					field->len, at) == field->len;
}

/* The next word, if it is an address as DCC writes them. */
static inline bool pom_take_address(struct pom_rest *r, struct pom_named *to)
{
	struct pom_rest word;

	pom_skip_blanks(r);
	word = *r;
	pom_take_word(&word);
	to->ipv6 = memchr(r->line + r->at, ':', word.at - r->at);
	return pom_take_field(r, to->ipv6 ? POM_IPV6_TEXT : POM_IPV4_DECIMAL,
			      &to->addr, &to->at);
}

#endif /* POM_LIB_TEXT_H */
