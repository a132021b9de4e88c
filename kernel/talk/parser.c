// SPDX-License-Identifier: GPL-2.0-only
/* Messages of talk and ntalk: bytes in, facts out; see parser.h. */
#include "talk/parser.h"

#include "lib/encoding.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

/* Where the fields of one protocol are, and how long its messages. */
struct layout {
	uint8_t type;		/* place of the type; an answer follows it */
	uint8_t request_len;
	uint8_t request_addr;
	uint8_t ctl_addr;
	uint8_t caller;
	uint8_t callee;
	uint8_t name_size;
};

static const struct layout layouts[] = {
	[TALK_OLD] = {
		.type = 0,
		.request_len = 76,
		.request_addr = 44,
		.ctl_addr = 60,
		.caller = 1,
		.callee = 10,
		.name_size = 9,
	},
	[TALK_NEW] = {
		.type = 1,
		.request_len = 84,
		.request_addr = 8,
		.ctl_addr = 24,
		.caller = 44,
		.callee = 56,
		.name_size = 12,
	},
};

/* The same in both protocols. */
#define RESPONSE_LEN	24
#define RESPONSE_ADDR	8

/* Version 2. */
#define RESPONSE2_LEN	36
#define EXTENDED	3

static void read_addr(struct talk_addr *addr, const uint8_t *data, uint8_t off)
{
	addr->off = off;
	addr->known = pom_decode(POM_SOCKADDR_IN, data + off, 16, &addr->to);
}

static void read_name(struct talk_name *name, const uint8_t *data, uint8_t off,
		      uint8_t size)
{
	name->off = off;
	while (name->len < size && data[off + name->len])
		name->len++;
}

/* The length tells a request from a response. */
static bool is_length(const struct layout *l, const uint8_t *data, size_t len,
		      struct talk_message *msg)
{
	size_t extended = msg->version == 2 ? data[EXTENDED] : 0;

	msg->response = len == (msg->version == 2 ? RESPONSE2_LEN :
						    RESPONSE_LEN);
	return msg->response || len == l->request_len + extended;
}

static enum talk_error read_kind(const struct layout *l, const uint8_t *data,
				 struct talk_message *msg)
{
	msg->type = data[l->type];
	if (msg->type >= (msg->version == 2 ? TALK_TYPES : TALK_REPLY_QUERY))
		return TALK_ERROR_TYPE;
	if (!msg->response)
		return TALK_OK;
	msg->answer = data[l->type + 1];
	if (msg->answer >= (msg->version == 2 ? TALK_ANSWERS : TALK_NO_CALLER))
		return TALK_ERROR_ANSWER;
	return TALK_OK;
}

static void read_fields(const struct layout *l, const uint8_t *data,
			struct talk_message *msg)
{
	if (msg->response) {
		read_addr(&msg->addr, data, RESPONSE_ADDR);
		return;
	}
	read_addr(&msg->addr, data, l->request_addr);
	read_addr(&msg->ctl_addr, data, l->ctl_addr);
	read_name(&msg->caller, data, l->caller, l->name_size);
	read_name(&msg->callee, data, l->callee, l->name_size);
}

enum talk_error talk_parse(enum talk_protocol protocol, const uint8_t *data,
			   size_t len, struct talk_message *msg)
{
	const struct layout *l = &layouts[protocol];
	enum talk_error error;

	memset(msg, 0, sizeof(*msg));
	/* The shortest message. */
	if (len < RESPONSE_LEN)
		return TALK_ERROR_LENGTH;
	if (protocol == TALK_NEW) {
		msg->version = data[0];
		if (msg->version != 1 && msg->version != 2)
			return TALK_ERROR_VERSION;
	}
	if (!is_length(l, data, len, msg))
		return TALK_ERROR_LENGTH;
	error = read_kind(l, data, msg);
	if (error == TALK_OK)
		read_fields(l, data, msg);
	return error;
}

const char *talk_error_text(enum talk_error error)
{
	switch (error) {
	case TALK_OK:
		return "nothing wrong";
	case TALK_ERROR_LENGTH:
		return "length of no talk message";
	case TALK_ERROR_VERSION:
		return "unknown version of ntalk";
	case TALK_ERROR_TYPE:
		return "unknown type";
	case TALK_ERROR_ANSWER:
		return "unknown answer";
	}
	return "unknown error";
}
