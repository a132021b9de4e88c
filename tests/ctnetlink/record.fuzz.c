// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes as records and as events of nf_ctnetlink, for example of a module
 * of a different version: ct(8) reads nothing behind them, and prints what it
 * has read in each form.
 */
#include <stdio.h>
#include <stdlib.h>

#include "exact.h"

#include "../../tools/ctnetlink/ct-expectation.c"
#include "../../tools/ctnetlink/ct-names.c"
#include "../../tools/ctnetlink/ct-print.c"
#include "../../tools/ctnetlink/ct-watch.c"
#include "../../tools/lib/json.c"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What ct-watch.c needs of tools/lib/cli.c. Nothing here fails. */
struct cli cli = { .program = "ct" };

void complain(const char *format, ...)
{
	(void)format;
	abort();
}

const char *cli_strerror(int err)
{
	(void)err;
	abort();
}

/* The fuzzer writes to standard error. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return freopen("/dev/null", "w", stdout) ? 0 : 1;
}

static void records(const uint8_t *data, size_t size)
{
	struct connection c;
	size_t used;

	for (; size; data += used, size -= used) {
		used = connection_read(&c, data, size);
		if (used > size)
			abort();
		if (!used)
			return;
		connection_line(&c, 1000000060);
		connection_json(&c, 1000000060);
	}
}

static void events(const uint8_t *data, size_t size)
{
	uint64_t lost = 0;
	int json;
	long count;

	for (json = 0; json < 2; json++) {
		cli.json = json;
		count = watch_print(data, size, 1000, &lost);
		if (count > (long)(size / sizeof(struct nf_ctnetlink_event)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = exact_copy(data, size);

	records(copy, size);
	events(copy, size);
	free(copy);
	return 0;
}
