// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search for many patterns, compared with a loop over all, in any pieces.
 *
 *	octet 0	number of patterns, 0 to 63
 *	octet 1	number of cuts; as many octets of piece lengths follow
 *	then	each pattern: an octet with its kind in bits 0-1 and its length
 *		less 1 in the others; its bytes
 *	then	the text
 */
#include "automaton.model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct string_set_pattern patterns[64];
	struct string_set set = { .patterns = patterns, .bytes = data };
	const uint8_t *cuts;
	size_t at = 2, len;
	const char *wrong;
	uint32_t count;

	if (size < 2 || size < 2U + data[1])
		return 0;
	cuts = data + at;
	at += data[1];
	for (count = data[0] % 64; set.count < count; at += len) {
		if (at >= size)
			return 0;
		len = 1 + (data[at] >> 2);
		if (size - ++at < len)
			return 0;
		patterns[set.count++] = (struct string_set_pattern){
			.off = (uint32_t)at,
			.len = (uint16_t)len,
			.flags = data[at - 1] & (STRING_SET_KINDS - 1),
		};
	}
	set_prepare(&set, NULL);
	wrong = set_check(&set, data + at, size - at, cuts, data[1]);
	if (wrong) {
		fprintf(stderr, "%s\n", wrong);
		abort();
	}
	set_discard(&set);
	return 0;
}
