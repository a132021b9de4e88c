// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes through quake3_parse() and quake3_take_server(): no access out of
 * bounds (the sanitizers see to that), and the same reading as the naive
 * model's.
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

/* The helper looks at one server at a time. */
static void read_servers(const uint8_t *data, size_t len)
{
	struct quake3_server server;
	unsigned int port;
	size_t off = 0, n;

	do {
		size_t left = len - off;
		size_t head = left < QUAKE3_SERVER_MAX ? left :
							 QUAKE3_SERVER_MAX;
		uint8_t *copy = exact_copy(data + off, head);

		n = quake3_take_server(copy, head, &server);
		demand(n == model_server(data + off, left, &port));
		demand(!n || server.port == port);
		free(copy);
		off += n;
	} while (n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t head = size < QUAKE3_HEAD_MAX ? size : QUAKE3_HEAD_MAX;
	uint8_t *copy = exact_copy(data, head);
	size_t after = 0;
	int want = model_message(data, size, &after);
	struct quake3_packet pkt;
	enum quake3_error error = quake3_parse(copy, head, &pkt);

	free(copy);
	demand(quake3_error_text(error) != NULL);
	if (error != QUAKE3_OK) {
		demand(want == -(int)error);
		return 0;
	}
	demand(pkt.message == want && pkt.after == after);
	read_servers(data + after, size - after);
	return 0;
}
