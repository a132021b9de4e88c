// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes through autohelper_parse(): what is understood, written down
 * again, is what was read, so nothing was overlooked or invented.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "autohelper/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int write_down(char *to, size_t len, const struct autohelper_cmd *o)
{
	static const char * const verbs[] = {
		[AUTOHELPER_ADD] = "+",
		[AUTOHELPER_SET] = "",
		[AUTOHELPER_DEL] = "-",
	};

	return snprintf(to, len, "%s%s:%" PRIu16 "%s%s", verbs[o->verb],
			o->l4proto == 6 ? "tcp" : "udp", o->port,
			o->verb == AUTOHELPER_DEL ? "" : "=", o->helper);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct autohelper_cmd cmd;
	char again[64];
	int len;

	if (autohelper_parse((const char *)data, size, &cmd))
		return 0;
	len = write_down(again, sizeof(again), &cmd);
	if ((size_t)len != size || memcmp(again, data, size) || !cmd.port)
		abort();
	return 0;
}
