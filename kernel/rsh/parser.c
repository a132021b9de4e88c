// SPDX-License-Identifier: GPL-2.0-only
/* The first bytes of a client of rsh, see parser.h. */
#include "rsh/parser.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define PORT_LAST	65535

enum rsh_error rsh_parse_port(const uint8_t *data, size_t len,
			      struct rsh_port *to)
{
	uint32_t number = 0;
	size_t i;

	for (i = 0; i < len && i < RSH_PORT_SIZE && data[i]; i++) {
		if (i == RSH_PORT_SIZE - 1 || data[i] < '0' || data[i] > '9')
			return RSH_BAD_PORT;
		number = number * 10 + data[i] - '0';
	}
	if (number > PORT_LAST)
		return RSH_BAD_PORT;
	if (i == len)
		return RSH_MORE;
	to->number = (uint16_t)number;
	to->len = (uint8_t)i;
	return RSH_OK;
}

bool rsh_may_announce(const uint8_t *data, size_t len)
{
	struct rsh_port port;

	return rsh_parse_port(data, len, &port) == RSH_MORE;
}

/* Finds texts from @at on, up to the one that does not end. */
static void find_texts(const uint8_t *data, size_t len, size_t at,
		       struct rsh_head *to)
{
	const uint8_t *end;
	int i;

	for (i = RSH_USER; i < RSH_FIELDS && at < len; i++) {
		end = memchr(data + at, '\0', len - at);
		if (!end)
			return;
		to->at[i] = (uint16_t)at;
		to->has |= (uint8_t)(1 << i);
		at = (size_t)(end - data) + 1;
	}
}

/* Three texts that are not empty; the last one ends with the payload. */
static bool are_names(const uint8_t *data, size_t len,
		      const struct rsh_head *head)
{
	int i;

	if (!rsh_has(head, RSH_COMMAND) ||
	    head->at[RSH_COMMAND] + strlen((const char *)data +
					   head->at[RSH_COMMAND]) + 1 != len)
		return false;
	for (i = RSH_USER; i < RSH_FIELDS; i++)
		if (!data[head->at[i]])
			return false;
	return true;
}

bool rsh_parse(const uint8_t *data, size_t len, bool whole,
	       struct rsh_head *to)
{
	memset(to, 0, sizeof(*to));
	if (rsh_parse_port(data, len, &to->port) == RSH_OK) {
		to->has = 1 << RSH_PORT;
		find_texts(data, len, to->port.len + 1U, to);
		return true;
	}
	find_texts(data, len, 0, to);
	return whole && are_names(data, len, to);
}
