/* SPDX-License-Identifier: GPL-2.0-only */
/* For fuzzers of parsers of lines. */
#ifndef POM_FUZZ_LINES_H
#define POM_FUZZ_LINES_H

#include <stdlib.h>

#include "lib/lines.h"
#include "lib/text.h"

static inline void demand(int truth)
{
	if (!truth)
		abort();
}

static inline void demand_inside(struct pom_text text, size_t len)
{
	demand(text.off + text.len <= len);
}

/*
 * The lines of any bytes. The last one may lack its LF; those that are too long
 * are left out.
 */
static inline void each_line(const uint8_t *data, size_t size,
			     void (*one)(const uint8_t *line, size_t len))
{
	struct pom_line l = { 0 };
	const uint8_t *line;
	size_t off = 0, len = 0;

	while (off < size) {
		off += pom_line_cut(&l, data + off, size - off, &line, &len);
		if (line)
			one(line, len);
	}
	if (l.len)
		one(l.bytes, l.len);
}

#endif
