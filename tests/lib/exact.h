/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes in memory of exactly their length, so that the address sanitizer sees
 * a parser read one byte too many. For unit tests and fuzzers.
 */
#ifndef POM_EXACT_H
#define POM_EXACT_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * A copy of @len bytes, for the caller to free. With 0, no byte is readable.
 * Not with malloc(): gcc would warn of unset bytes.
 */
static inline void *exact_copy(const void *bytes, size_t len)
{
	void *copy = calloc(1, len);

	if (!copy)
		abort();
	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

/*
 * Runs what follows for each beginning of @bytes, from none of the @len bytes
 * to all but one: @copy holds @n of them, and must not be left by break.
 */
#define for_each_truncation(copy, n, bytes, len) \
	for ((n) = 0; (n) < (len) && ((copy) = exact_copy(bytes, n)); \
	     free(copy), (n)++)

#endif
