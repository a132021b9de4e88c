/* SPDX-License-Identifier: GPL-2.0-only */
/* Times of the timeout match and the TIMEOUT target. */
#ifndef POM_TIMEOUT_TIME_H
#define POM_TIMEOUT_TIME_H

#include <stdint.h>
#include <stdio.h>
#include <xtables.h>

static const struct {
	char letter;
	unsigned int seconds;
} time_units[] = {
	{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1},
};

#define TIME_UNITS (sizeof(time_units) / sizeof(*time_units))

/* Seconds in the unit; 0 where there is no such unit. */
static inline unsigned int time_unit(char letter)
{
	size_t i;

	for (i = 0; i < TIME_UNITS; i++)
		if (time_units[i].letter == letter)
			return time_units[i].seconds;
	return 0;
}

/*
 * The seconds in @text, which has @len bytes: a decimal number, and perhaps s,
 * m, h or d. Exits with a message that begins with @option where it is
 * malformed or not @min to @max.
 */
static inline uint32_t parse_time(const char *text, size_t len, uint32_t min,
				  uint32_t max, const char *option)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < len && text[i] >= '0' && text[i] <= '9'; i++)
		if (value <= UINT32_MAX)
			value = value * 10 + (text[i] - '0');
	if (i && i + 1 == len && time_unit(text[i]))
		value *= time_unit(text[i++]);
	if (!i || i < len)
		xtables_error(PARAMETER_PROBLEM,
			      "%s: \"%.*s\" is no time; write seconds, or a number with s, m, h or d",
			      option, (int)len, text);
	if (value < min || value > max)
		xtables_error(PARAMETER_PROBLEM,
			      "%s: \"%.*s\" is not %u to %u seconds", option,
			      (int)len, text, min, max);
	return value;
}

/* As users would write it: in the largest unit that divides it. */
static inline void print_time(uint32_t seconds)
{
	size_t i = 0;

	if (!seconds) {
		putchar('0');
		return;
	}
	while (seconds % time_units[i].seconds)
		i++;
	printf("%u%c", seconds / time_units[i].seconds, time_units[i].letter);
}

#endif /* POM_TIMEOUT_TIME_H */
