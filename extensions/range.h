/* SPDX-License-Identifier: GPL-2.0-only */
/* Options that take a number or LOW:HIGH, for all extensions. */
#ifndef POM_RANGE_H
#define POM_RANGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xtables.h>

/* libxtables takes nothing for 0, and numbers with a zero in front as octal. */
static inline bool range_is_number(const char *text, size_t len)
{
	return len == 1 || (len && *text != '0');
}

/*
 * The range in @arg, which xtables_option_parse() has taken as one of
 * XTTYPE_UINT8RC or XTTYPE_UINT16RC. Exits with a message where it is empty, or
 * open at an end. @option is the extension and the option, e.g.
 * "rsh: --stderr-port".
 */
static inline void parse_range(const char *arg, const char *option,
			       uint16_t *low, uint16_t *high)
{
	size_t len = strcspn(arg, ":");
	const char *last = arg[len] ? arg + len + 1 : arg;
	size_t last_len = arg[len] ? strlen(last) : len;

	if (!range_is_number(arg, len) || !range_is_number(last, last_len))
		xtables_error(PARAMETER_PROBLEM,
			      "%s: \"%s\" is no range of decimal numbers",
			      option, arg);
	*low = (uint16_t)strtoul(arg, NULL, 10);
	*high = (uint16_t)strtoul(last, NULL, 10);
	if (*low > *high)
		xtables_error(PARAMETER_PROBLEM, "%s: %u is more than %u",
			      option, *low, *high);
}

static inline void print_range(unsigned int low, unsigned int high)
{
	printf(" %u", low);
	if (high != low)
		printf(":%u", high);
}

#endif /* POM_RANGE_H */
