// SPDX-License-Identifier: GPL-2.0-only
/*
 * Segments in any order: plans stay inside their segments, and what is in one
 * segment is always found, as is what comes in order.
 *
 *	octets 0-63	the text; "ab" is searched for
 *	then	segments: octet 0 its offset (bit 7: SYN), octet 1 its length
 */
#include "segments.model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool holds(const uint8_t *text, uint32_t from, uint32_t to)
{
	for (; from + 2 <= to; from++)
		if (!memcmp(text + from, "ab", 2))
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct model model = { .pattern = (const uint8_t *)"ab", .m = 2 };
	const uint8_t *text = data;
	uint32_t from, len, before, head = 0;
	const char *wrong;
	bool found;

	if (size < 64)
		return 0;
	for (data += 64, size -= 64; size > 1; data += 2, size -= 2) {
		bool syn = data[0] & 0x80;

		from = data[0] % 64;
		len = data[1] % (65 - from);
		before = model.stream.started ? model.stream.next :
						0xffffffe0U + from;
		found = model_segment(&model, 0xffffffe0U + from, text + from,
				      len, syn, &wrong);
		if (wrong) {
			fprintf(stderr, "%s\n", wrong);
			abort();
		}
		if (!found && holds(text, from, from + len)) {
			fprintf(stderr, "missed in one segment\n");
			abort();
		}
		/* A search that was in order continues. */
		if (!syn && len && head && head == from && !found &&
		    holds(text, from - 1, from + 1)) {
			fprintf(stderr, "missed over an edge\n");
			abort();
		}
		/* Did the last byte of this segment become the newest? */
		head = 0;
		if (!syn && len && model.stream.next != before &&
		    model.stream.next == 0xffffffe0U + from + len)
			head = from + len;
	}
	return 0;
}
