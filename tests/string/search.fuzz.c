// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search for one string, compared with a naive one, in any pieces.
 *
 *	octet 0	bit 0 icase, bits 4-7 alignment
 *	octet 1	bytes of the string, 1 less
 *	octet 2	number of cuts; as many octets of piece lengths follow
 *	then	the string, then the text
 */
#include "search.model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct string_case c;
	const char *wrong;

	if (size < 3)
		return 0;
	c.icase = data[0] & 1;
	c.align = data[0] >> 4;
	c.m = data[1] + 1U;
	c.cut_count = data[2];
	data += 3;
	size -= 3;
	if (size < c.m + c.cut_count)
		return 0;
	c.cuts = data;
	c.pattern = data + c.cut_count;
	c.text = c.pattern + c.m;
	c.n = size - c.cut_count - c.m;
	wrong = string_check(&c);
	if (wrong) {
		fprintf(stderr, "%s\n", wrong);
		abort();
	}
	return 0;
}
