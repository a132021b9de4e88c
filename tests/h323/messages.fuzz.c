// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes through h323_begin() and h323_next(): no access out of bounds (the
 * sanitizers see to that), every address inside the message, and the same facts
 * as the naive model's. Each beginning of the message tells a beginning of the
 * facts.
 *
 * The message comes first, as packet-fuzz sends seeds to ports of helpers. The
 * two bytes behind it choose the protocol, and where the message is cut.
 */
#include "messages.model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int truth)
{
	if (!truth)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct facts whole, cut;
	enum h323_protocol protocol;
	size_t have, i;

	if (size < 2 || size - 2 > PER_MESSAGE_MAX)
		return 0;
	size -= 2;
	protocol = data[size] % 3;
	have = size * data[size + 1] / 256;
	read_facts(&whole, protocol, data, size, size);
	demand(whole.inside && h323_error_text(whole.result));
	demand(model_has(&whole, protocol, data, size));
	read_facts(&cut, protocol, data, have, size);
	demand(cut.inside && h323_error_text(cut.result));
	demand(cut.n <= whole.n || whole.result == PER_TOO_LONG);
	for (i = 0; i < cut.n && i < whole.n; i++)
		demand(model_same(&cut.fact[i], &whole.fact[i]));
	return 0;
}
