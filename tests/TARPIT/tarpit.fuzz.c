// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two octets of setting, then a segment: no access out of bounds (the
 * sanitizers see to that), and no answer that breaks a law.
 *
 *	octet 0	bits 0-1 variant, 2-3 standing, 4 scaled, 5 ECN
 *	octet 1	options that the listener agrees to; bits 4-7 its scale
 */
#include <stdio.h>

#include "exact.h"
#include "tarpit.laws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tarpit_setting set = {
		.host = { .tsval = 1, .space = 65536, .mss = 1460 },
	};
	const char *broken;
	uint8_t *segment;

	if (size < 2 || (data[0] & 3) > TARPIT_VARIANT_RESET)
		return 0;
	set.variant = data[0] & 3;
	set.standing = data[0] >> 2 & 3;
	set.host.scaled = data[0] >> 4 & 1;
	set.host.ecn = data[0] >> 5 & 1;
	set.host.options = (data[1] & 15) | TARPIT_OPT_MSS;
	set.host.wscale = (data[1] >> 4) % 15;

	/* A copy, so that one octet too far is seen. */
	size -= 2;
	segment = exact_copy(data + 2, size);
	broken = tarpit_broken_law(&set, segment, size, size);
	if (broken) {
		fprintf(stderr, "broken law: %s\n", broken);
		abort();
	}
	free(segment);
	return 0;
}
