// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as lines through egg_parse(): no access out of bounds (the
 * sanitizers see to that), every text inside the line, and the same reading as
 * the naive model's. What egg_may_share(), egg_may_open() and egg_may_greet()
 * say of each beginning is true.
 */
#include "exact.h"
#include "fuzz-lines.h"
#include "parser.model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void one_line(const uint8_t *line, size_t len)
{
	uint8_t *copy = exact_copy(line, len);
	struct egg_line got, want;
	enum egg_error error = egg_parse(copy, len, &got);
	bool opens = egg_opens(copy, len);
	enum egg_greeting greeting = egg_greets(copy, len);
	size_t n;

	demand(error == egg_model(copy, len, &want));
	demand(egg_error_text(error) != NULL);
	demand(got.share == want.share);
	if (error == EGG_OK)
		demand(egg_same(&got, &want));
	demand_inside(got.to.addr, len);
	demand_inside(got.to.port, len);
	demand(opens == model_opens(copy, len));
	demand(greeting == model_greets(copy, len));
	for (n = 0; n < len; n += 1 + n / 16) {
		demand(!got.share || egg_may_share(copy, n));
		demand(!opens || egg_may_open(copy, n));
		demand(!greeting || egg_may_greet(copy, n));
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	each_line(data, size, one_line);
	return 0;
}
