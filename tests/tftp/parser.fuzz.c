// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes through tftp_parse(): no access out of bounds (the sanitizers
 * see to that), every text inside the packet, and the same reading as the
 * naive model's.
 */
#include <stdlib.h>

#include "exact.h"
#include "parser.model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int truth)
{
	if (!truth)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t head = size < TFTP_REQUEST_MAX ? size : TFTP_REQUEST_MAX;
	struct tftp_packet pkt, want, again;
	enum tftp_error error, expected;
	uint8_t *copy = exact_copy(data, head);

	expected = tftp_model(data, size, &want);
	error = tftp_parse(data, size, size, &pkt);
	demand(error == expected);
	demand(tftp_error_text(error) != NULL);
	if (tftp_is_block(data, size))
		demand(error == TFTP_OK && !tftp_is_request(&pkt));

	/* The first TFTP_REQUEST_MAX bytes alone say the same. */
	demand(tftp_parse(copy, head, size, &again) == error);

	if (error == TFTP_OK) {
		demand(tftp_same(&pkt, &want));
		demand(tftp_same(&again, &want));
		demand(pkt.text.off + pkt.text.len <= head);
		if (tftp_is_request(&pkt))
			demand(!copy[pkt.text.off + pkt.text.len]);
	}
	free(copy);
	return 0;
}
