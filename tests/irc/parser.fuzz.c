// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as lines through irc_parse(): no access out of bounds (the
 * sanitizers see to that), every text inside the line, and the same reading as
 * the naive model's. What irc_may_announce() and irc_may_open() say of each
 * beginning is true.
 */
#include "exact.h"
#include "fuzz-lines.h"
#include "parser.model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void one_line(const uint8_t *line, size_t len)
{
	uint8_t *copy = exact_copy(line, len);
	struct irc_line got, want;
	enum irc_error error = irc_parse(copy, len, &got);
	size_t n;

	demand(error == irc_model(copy, len, &want));
	demand(irc_error_text(error) != NULL);
	demand(got.command == want.command && got.dcc == want.dcc);
	if (error == IRC_OK)
		demand(irc_same(&got, &want));
	demand_inside(got.file, len);
	demand_inside(got.to.addr, len);
	demand_inside(got.to.port, len);
	if (got.dcc)
		for (n = 0; n <= len; n += 1 + n / 16)
			demand(irc_may_announce(copy, n));
	demand(irc_opens(copy, len) == model_opens(copy, len));
	if (irc_opens(copy, len))
		for (n = 0; n < len; n += 1 + n / 16)
			demand(irc_may_open(copy, n));
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	each_line(data, size, one_line);
	return 0;
}
