// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any bytes written to a file of xt_recent: cut in two anywhere they are the
 * same lines, and what is understood, written down again, is understood the
 * same.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recent/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(const struct recent_command *cmd)
{
	static const char * const signs[] = { "", "+", "-", "/" };
	char addr[INET6_ADDRSTRLEN] = "", text[80];
	struct recent_command other;
	int len;

	if (cmd->family)
		inet_ntop(cmd->family == 4 ? AF_INET : AF_INET6, cmd->addr,
			  addr, sizeof(addr));
	len = snprintf(text, sizeof(text), "%s%s", signs[cmd->verb], addr);
	if (cmd->verb == RECENT_DEL)
		len += snprintf(text + len, sizeof(text) - (size_t)len, "/%u",
				cmd->prefix);
	if (recent_parse(text, (size_t)len, &other) ||
	    memcmp(cmd, &other, sizeof(other)))
		abort();
}

static uint32_t feed(struct recent_lines *lines, const uint8_t *data,
		     size_t size)
{
	struct recent_command cmd;
	uint32_t sum = 0;
	size_t taken;

	while (size) {
		taken = recent_lines_feed(lines, (const char *)data, size);
		if (!taken || taken > size)
			abort();
		data += taken;
		size -= taken;
		if (!lines->ended || recent_line_parse(lines, &cmd))
			continue;
		again(&cmd);
		sum = sum * 31 + cmd.verb + lines->number;
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recent_lines whole = { 0 }, cut = { 0 };
	size_t where;

	if (!size)
		return 0;
	feed(&whole, data, size);
	where = data[0] % size;
	feed(&cut, data, where);
	feed(&cut, data + where, size - where);
	if (whole.number != cut.number || whole.len != cut.len ||
	    whole.ended != cut.ended || whole.overlong != cut.overlong ||
	    memcmp(whole.text, cut.text, whole.len))
		abort();
	return 0;
}
