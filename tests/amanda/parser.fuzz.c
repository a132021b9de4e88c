// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes through amanda_parse(): no access out of bounds (the sanitizers
 * see to that), every number of a stream inside the packet, and the same
 * reading as the naive model's.
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
	size_t head = size < AMANDA_HEAD_MAX ? size : AMANDA_HEAD_MAX;
	struct amanda_packet pkt, want;
	uint8_t *copy = exact_copy(data, head);
	enum amanda_error error;
	int i;

	error = amanda_parse(copy, head, &pkt);
	demand(error == amanda_model(data, size, &want));
	demand(amanda_error_text(error) != NULL);
	/* Bytes further on change nothing. */
	if (size > head)
		demand(amanda_parse(data, size, &pkt) == error);
	if (error == AMANDA_OK) {
		demand(amanda_same(&pkt, &want));
		for (i = 0; i < pkt.streams; i++)
			demand(pkt.stream[i].off + pkt.stream[i].len < head);
	}
	free(copy);
	return 0;
}
