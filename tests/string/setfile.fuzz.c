// SPDX-License-Identifier: GPL-2.0-only
/* A line of a pattern set, any bytes: a parsed line survives a round trip. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "string/setfile.h"
#include "exact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[STRINGSET_LEN_MAX], again[STRINGSET_LEN_MAX];
	static char text[4 * STRINGSET_LEN_MAX + 1];
	struct stringset_line line, line_again;
	char *copy = exact_copy(data, size);
	const char *wrong;

	wrong = stringset_parse(copy, size, &line, bytes);
	free(copy);
	if (wrong || !line.len)
		return 0;
	stringset_format(bytes, line.len, text);
	wrong = stringset_parse(text, strlen(text), &line_again, again);
	if (wrong || line_again.options || line_again.len != line.len ||
	    memcmp(bytes, again, line.len)) {
		fprintf(stderr, "not read again: %s\n", text);
		abort();
	}
	return 0;
}
