// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes through pptp_parse() and pptp_gre_parse(): no access out of bounds
 * (the sanitizers see to that), and the same reading as the naive model's. Each
 * beginning of a message is incomplete, or has the same error.
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

/* Return: bytes of the message, or 0. */
static size_t read_message(const uint8_t *data, size_t size)
{
	size_t have = size < PPTP_READ_MAX ? size : PPTP_READ_MAX, n;
	struct pptp_message want, got;
	enum pptp_error error, first = PPTP_MORE;

	for (n = 0; n <= have; n++) {
		uint8_t *copy = exact_copy(data, n);

		error = pptp_parse(copy, n, &got);
		free(copy);
		demand(error == model_parse(data, n, &want));
		demand(error != PPTP_OK || model_same(&got, &want));
		demand(first == PPTP_MORE || first == error);
		first = error;
	}
	demand(pptp_error_text(first) != NULL);
	demand(have < PPTP_READ_MAX || first != PPTP_MORE);
	return first == PPTP_OK ? want.len : 0;
}

/* Only what is a whole echo without anything behind it. */
static void read_echo(const uint8_t *data, size_t size)
{
	size_t have = size < PPTP_READ_MAX ? size : PPTP_READ_MAX;
	uint8_t *copy = exact_copy(data, size);
	struct pptp_message msg;
	int want = model_parse(data, have, &msg) == PPTP_OK &&
		   msg.len == size &&
		   ((msg.control == PPTP_ECHO && size == 16) ||
		    (msg.control == PPTP_ECHO_ANSWER && size == 20));

	demand(pptp_is_echo(copy, size) == want);
	free(copy);
}

static void read_gre(const uint8_t *data, size_t size)
{
	size_t have = size < PPTP_GRE_READ ? size : PPTP_GRE_READ;
	uint8_t *copy = exact_copy(data, have);
	int want_version = 0, want_id = 0;
	uint8_t version = 0;
	uint16_t id = 0;

	demand(pptp_gre_parse(copy, have, &version, &id) ==
	       model_gre(data, have, &want_version, &want_id));
	demand(version == want_version && id == want_id);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len;

	read_gre(data, size);
	read_echo(data, size);
	while ((len = read_message(data, size)) && len <= size) {
		data += len;
		size -= len;
	}
	return 0;
}
