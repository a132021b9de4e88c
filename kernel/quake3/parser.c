// SPDX-License-Identifier: GPL-2.0-only
/* Connectionless messages: bytes in, facts out; see parser.h. */
#include "quake3/parser.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#include <strings.h>
#endif

#define MARK	4U

static const char *const words[QUAKE3_MESSAGES] = {
	[QUAKE3_OTHER]		= "",
	[QUAKE3_GETSERVERS]	= "getservers",
	[QUAKE3_GETSERVERS_EXT]	= "getserversExt",
	[QUAKE3_SERVERS]	= "getserversResponse",
	[QUAKE3_SERVERS_EXT]	= "getserversExtResponse",
	[QUAKE3_GETINFO]	= "getinfo",
	[QUAKE3_INFO]		= "infoResponse",
	[QUAKE3_GETSTATUS]	= "getstatus",
	[QUAKE3_STATUS]		= "statusResponse",
	[QUAKE3_GETCHALLENGE]	= "getchallenge",
	[QUAKE3_CHALLENGE]	= "challengeResponse",
	[QUAKE3_CONNECT]	= "connect",
	[QUAKE3_CONNECTED]	= "connectResponse",
	[QUAKE3_DISCONNECT]	= "disconnect",
	[QUAKE3_RCON]		= "rcon",
	[QUAKE3_PRINT]		= "print",
	[QUAKE3_HEARTBEAT]	= "heartbeat",
};

static bool is_letter(uint8_t c)
{
	c |= 0x20;
	return c >= 'a' && c <= 'z';
}

static uint8_t find_word(const uint8_t *word, size_t len)
{
	uint8_t i;

	for (i = QUAKE3_OTHER + 1; i < QUAKE3_MESSAGES; i++)
		if (strlen(words[i]) == len &&
		    !strncasecmp(words[i], (const char *)word, len))
			return i;
	return QUAKE3_OTHER;
}

enum quake3_error quake3_parse(const uint8_t *data, size_t have,
			       struct quake3_packet *pkt)
{
	size_t end = MARK;

	if (have < MARK || data[0] != 0xff || memcmp(data, data + 1, MARK - 1))
		return QUAKE3_NO_MARK;
	if (have > QUAKE3_HEAD_MAX)
		have = QUAKE3_HEAD_MAX;
	while (end < have && is_letter(data[end]))
		end++;
	if (end == MARK)
		return QUAKE3_NO_WORD;
	pkt->message = find_word(data + MARK, end - MARK);
	pkt->after = (uint8_t)end;
	return QUAKE3_OK;
}

const char *quake3_error_text(enum quake3_error error)
{
	switch (error) {
	case QUAKE3_OK:
		return "nothing wrong";
	case QUAKE3_NO_MARK:
		return "no connectionless message";
	case QUAKE3_NO_WORD:
		return "no word in the message";
	}
	return "unknown error";
}

size_t quake3_take_server(const uint8_t *data, size_t len,
			  struct quake3_server *to)
{
	size_t addr;

	if (!len || (data[0] != '\\' && data[0] != '/'))
		return 0;
	to->ipv6 = data[0] == '/';
	addr = to->ipv6 ? 16 : 4;
	if (len < 1 + addr + 2)
		return 0;
	memset(to->addr, 0, sizeof(to->addr));
	memcpy(to->addr, data + 1, addr);
	to->port = (uint16_t)(data[1 + addr] << 8 | data[2 + addr]);
	return to->port ? 1 + addr + 2 : 0;
}
