// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes through rsh_parse_port() and rsh_parse(): no access out of bounds
 * (the sanitizers see to that), every text inside the payload, and the same
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

static void read_port(const uint8_t *data, size_t len)
{
	struct rsh_port got, want;
	enum rsh_error error = rsh_parse_port(data, len, &got);

	demand(error == model_port(data, len, &want));
	demand(rsh_may_announce(data, len) == (error == RSH_MORE));
	if (error == RSH_OK)
		demand(got.number == want.number && got.len == want.len);
}

static void read_head(const uint8_t *data, size_t len, bool whole)
{
	struct rsh_head got, want;
	bool is_head = rsh_parse(data, len, whole, &got);
	int i;

	demand(is_head == model_parse(data, len, whole, &want));
	if (!is_head)
		return;
	demand(rsh_same(&got, &want));
	for (i = RSH_USER; i < RSH_FIELDS; i++)
		if (rsh_has(&got, (enum rsh_field)i))
			demand(memchr(data + got.at[i], '\0',
				      len - got.at[i]) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len = size < RSH_HEAD_MAX ? size : RSH_HEAD_MAX;
	uint8_t *copy = exact_copy(data, len);
	size_t n;

	for (n = 0; n <= len && n <= RSH_PORT_SIZE; n++)
		read_port(copy, n);
	read_port(copy, len);
	read_head(copy, len, len == size);
	read_head(copy, len, false);
	free(copy);
	return 0;
}
