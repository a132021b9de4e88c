/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options that take NAME[,NAME...], each name a bit: one parser and one
 * printer for all extensions.
 */
#ifndef POM_WORDS_H
#define POM_WORDS_H

#include <stdio.h>
#include <string.h>
#include <xtables.h>

/* A name as users write it and its bit. A table ends with a NULL name. */
struct word {
	const char *name;
	unsigned int bit;
};

static inline unsigned int word_bit(const struct word *words, const char *name,
				    size_t len, const char *option)
{
	for (; words->name; words++)
		if (strlen(words->name) == len &&
		    !strncasecmp(words->name, name, len))
			return words->bit;
	xtables_error(PARAMETER_PROBLEM, "%s does not know \"%.*s\"", option,
		      (int)len, name);
	return 0;
}

/*
 * The bits of the names in @list, in any case; exits with a message where one
 * is unknown, empty or named twice. @option is the extension and the option,
 * e.g. "tftp: --mode".
 */
static inline unsigned int parse_words(const struct word *words,
				       const char *list, const char *option)
{
	unsigned int bits = 0, bit;

	for (;;) {
		size_t len = strcspn(list, ",");

		bit = word_bit(words, list, len, option);
		if (bits & bit)
			xtables_error(PARAMETER_PROBLEM,
				      "%s has \"%.*s\" twice", option,
				      (int)len, list);
		bits |= bit;
		if (!list[len])
			return bits;
		list += len + 1;
	}
}

/* The names of @bits, in the order of the table, with commas between. */
static inline void print_words(const struct word *words, unsigned int bits)
{
	const char *comma = "";

	for (; words->name; words++) {
		if (!(bits & words->bit))
			continue;
		printf("%s%s", comma, words->name);
		comma = ",";
	}
}

#endif /* POM_WORDS_H */
