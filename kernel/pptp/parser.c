// SPDX-License-Identifier: GPL-2.0-only
/* Messages of PPTP: bytes in, facts out. */
#include "pptp/parser.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/*
 * By control type: bytes of the message, and offsets of the sender's id, the
 * peer's id and the result, 0 where there is none.
 */
static const struct {
	uint8_t len;
	uint8_t own;
	uint8_t peer;
	uint8_t result;
} forms[PPTP_CONTROLS] = {
	[PPTP_START_REQUEST]	= { 156, 0, 0, 0 },
	[PPTP_START_REPLY]	= { 156, 0, 0, 14 },
	[PPTP_STOP_REQUEST]	= { 16, 0, 0, 0 },
	[PPTP_STOP_REPLY]	= { 16, 0, 0, 12 },
	[PPTP_ECHO]		= { 16, 0, 0, 0 },
	[PPTP_ECHO_ANSWER]	= { 20, 0, 0, 16 },
	[PPTP_OUT_REQUEST]	= { 168, 12, 0, 0 },
	[PPTP_OUT_REPLY]	= { 32, 12, 14, 16 },
	[PPTP_IN_REQUEST]	= { 220, 12, 0, 0 },
	[PPTP_IN_REPLY]		= { 24, 12, 14, 16 },
	[PPTP_IN_CONNECTED]	= { 28, 0, 12, 0 },
	[PPTP_CLEAR_REQUEST]	= { 16, 12, 0, 0 },
	[PPTP_DISCONNECT]	= { 148, 12, 0, 14 },
	[PPTP_WAN_ERROR]	= { 40, 0, 12, 0 },
	[PPTP_SET_LINK]		= { 24, 0, 12, 0 },
};

static uint16_t be16(const uint8_t *data)
{
	return (uint16_t)(data[0] << 8 | data[1]);
}

/* The cookie may be there in part. */
static bool is_cookie(const uint8_t *data, size_t have)
{
	static const uint8_t cookie[4] = {
		PPTP_COOKIE >> 24, PPTP_COOKIE >> 16 & 0xff,
		PPTP_COOKIE >> 8 & 0xff, PPTP_COOKIE & 0xff,
	};

	return !memcmp(data, cookie, have < 4 ? have : 4);
}

static enum pptp_error check_head(const uint8_t *data, size_t have)
{
	if (have >= 2 && (be16(data) < 16 || be16(data) > PPTP_LEN_MAX))
		return PPTP_BAD_LENGTH;
	if (have >= 4 && be16(data + 2) != 1)
		return PPTP_BAD_TYPE;
	if (have > 4 && !is_cookie(data + 4, have - 4))
		return PPTP_BAD_COOKIE;
	if (have < 10)
		return PPTP_MORE;
	if (!be16(data + 8) || be16(data + 8) >= PPTP_CONTROLS)
		return PPTP_BAD_CONTROL;
	if (be16(data) < forms[be16(data + 8)].len)
		return PPTP_BAD_LENGTH;
	return have < PPTP_HEAD ? PPTP_MORE : PPTP_OK;
}

static size_t end_of(uint8_t off, size_t len, size_t end)
{
	return off && off + len > end ? off + len : end;
}

enum pptp_error pptp_parse(const uint8_t *data, size_t have,
			   struct pptp_message *to)
{
	enum pptp_error error = check_head(data, have);
	uint8_t control, own, peer, result;
	size_t end = PPTP_HEAD;

	if (error != PPTP_OK)
		return error;
	control = (uint8_t)be16(data + 8);
	own = forms[control].own;
	peer = forms[control].peer;
	result = forms[control].result;
	end = end_of(own, 2, end);
	end = end_of(peer, 2, end);
	end = end_of(result, 1, end);
	if (have < end)
		return PPTP_MORE;
	memset(to, 0, sizeof(*to));
	to->len = be16(data);
	to->control = control;
	to->own_off = own;
	to->peer_off = peer;
	to->has_result = result;
	to->own = own ? be16(data + own) : 0;
	to->peer = peer ? be16(data + peer) : 0;
	to->result = result ? data[result] : 0;
	return PPTP_OK;
}

bool pptp_is_echo(const uint8_t *data, size_t len)
{
	static const uint8_t request[10] = {
		0, 16, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, PPTP_ECHO,
	};
	static const uint8_t answer[10] = {
		0, 20, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, PPTP_ECHO_ANSWER,
	};

	if (len == 16)
		return !memcmp(data, request, sizeof(request));
	return len == 20 && !memcmp(data, answer, sizeof(answer));
}

unsigned int pptp_gre_parse(const uint8_t *data, size_t have,
			    uint8_t *version, uint16_t *call_id)
{
	if (have < 4)
		return 0;
	*version = data[1] & 7;
	if (*version != 1)
		return 1;
	/* The key, which has the call id, is always there. */
	if (!(data[0] & 0x20) || be16(data + 2) != 0x880b ||
	    have < PPTP_GRE_READ)
		return 1;
	*call_id = be16(data + 6);
	return 2;
}

const char *pptp_error_text(enum pptp_error error)
{
	switch (error) {
	case PPTP_OK:
		return "nothing wrong";
	case PPTP_MORE:
		return "incomplete message";
	case PPTP_BAD_LENGTH:
		return "bad length";
	case PPTP_BAD_TYPE:
		return "no control message";
	case PPTP_BAD_COOKIE:
		return "bad cookie";
	case PPTP_BAD_CONTROL:
		return "unknown control type";
	}
	return "unknown error";
}
