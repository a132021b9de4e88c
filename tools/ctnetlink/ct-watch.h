/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): events of connections. */
#ifndef POM_CT_WATCH_H
#define POM_CT_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include "ct-filter.h"

/* Reads "KIND[,KIND]...". Returns 0 for others. */
uint32_t watch_kinds(const char *text);

/*
 * Prints the events at @data, of which @len bytes were read, but no more than
 * @most, and adds those that were lost to @lost. Returns how many it printed,
 * or a negative number where they are not complete.
 */
long watch_print(const void *data, size_t len, unsigned long most,
		 uint64_t *lost);

/*
 * Prints events until it is stopped: all, or those of a channel that is not
 * NULL. Returns the exit status.
 */
int watch(uint32_t kinds, const char *channel, const struct filter *filter);

#endif
