// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes through talk_parse(): no access out of bounds (the sanitizers see
 * to that), everything found inside the message, and the same reading as the
 * naive model's. The lowest bit of the first byte chooses the protocol.
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

static void is_inside(size_t off, size_t len, size_t size)
{
	demand(off + len <= size && off + len <= TALK_HEAD_MAX);
}

static void check(const struct talk_message *msg, size_t len)
{
	is_inside(msg->addr.off, 16, len);
	is_inside(msg->ctl_addr.off, msg->response ? 0 : 16, len);
	is_inside(msg->caller.off, msg->caller.len, len);
	is_inside(msg->callee.off, msg->callee.len, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum talk_protocol protocol = size && *data & 1 ? TALK_NEW : TALK_OLD;
	size_t len = size ? size - 1 : 0;
	size_t head = len < TALK_HEAD_MAX ? len : TALK_HEAD_MAX;
	uint8_t *copy = exact_copy(size ? data + 1 : data, head);
	struct talk_message msg, want;
	enum talk_error error;

	error = talk_parse(protocol, copy, len, &msg);
	demand(error == talk_model(protocol, copy, len, &want));
	demand(talk_error_text(error) != NULL);
	if (error == TALK_OK) {
		demand(talk_same(&msg, &want));
		check(&msg, len);
	}
	free(copy);
	return 0;
}
