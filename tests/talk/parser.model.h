/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second reading of talk messages, made to be obvious instead of quick, to
 * compare talk_parse() with: it copies the bytes over the structures that the
 * programs send. Shared by the unit test and the fuzzer.
 */
#ifndef POM_TALK_PARSER_MODEL_H
#define POM_TALK_PARSER_MODEL_H

#include <stddef.h>
#include <string.h>

#include "talk/parser.h"

struct model_addr {
	uint8_t family[2], port[2], addr[4], junk[8];
};

struct model_request {		/* of talk */
	uint8_t type;
	char l_name[9], r_name[9];
	uint8_t pad;
	uint8_t id[4], pid[4];
	char r_tty[16];
	struct model_addr addr, ctl_addr;
};

struct model_nrequest {		/* of ntalk */
	uint8_t vers, type, answer, extended;
	uint8_t id[4];
	struct model_addr addr, ctl_addr;
	uint8_t pid[4];
	char l_name[12], r_name[12], r_tty[16];
};

struct model_response {
	uint8_t type, answer, pad[2];
	uint8_t id[4];
	struct model_addr addr;
};

struct model_nresponse {
	uint8_t vers, type, answer, pad;
	uint8_t id[4];
	struct model_addr addr;
};

static void model_addr(struct talk_addr *to, const struct model_addr *from,
		       size_t off)
{
	to->off = (uint16_t)off;
	to->known = !from->family[0] && from->family[1] == 2;
	if (!to->known)
		return;
	to->to.port = (uint16_t)(from->port[0] * 256 + from->port[1]);
	memcpy(to->to.addr, from->addr, 4);
}

static void model_name(struct talk_name *to, const char *from, size_t size,
		       size_t off)
{
	to->off = (uint8_t)off;
	to->len = (uint8_t)strnlen(from, size);
}

static enum talk_error model_kind(struct talk_message *msg, int types,
				  int answers)
{
	if (msg->type >= types)
		return TALK_ERROR_TYPE;
	return msg->response && msg->answer >= answers ? TALK_ERROR_ANSWER :
							 TALK_OK;
}

static enum talk_error model_old(const uint8_t *data, size_t len,
				 struct talk_message *msg)
{
	struct model_response rsp;
	struct model_request req;

	if (len == sizeof(rsp)) {
		memcpy(&rsp, data, sizeof(rsp));
		msg->response = true;
		msg->type = rsp.type;
		msg->answer = rsp.answer;
		model_addr(&msg->addr, &rsp.addr, offsetof(typeof(rsp), addr));
		return model_kind(msg, 4, 9);
	}
	if (len != sizeof(req))
		return TALK_ERROR_LENGTH;
	memcpy(&req, data, sizeof(req));
	msg->type = req.type;
	model_addr(&msg->addr, &req.addr, offsetof(typeof(req), addr));
	model_addr(&msg->ctl_addr, &req.ctl_addr,
		   offsetof(typeof(req), ctl_addr));
	model_name(&msg->caller, req.l_name, 9, offsetof(typeof(req), l_name));
	model_name(&msg->callee, req.r_name, 9, offsetof(typeof(req), r_name));
	return model_kind(msg, 4, 9);
}

static enum talk_error model_new(const uint8_t *data, size_t len,
				 struct talk_message *msg)
{
	int two = len && data[0] == 2;
	struct model_nresponse rsp;
	struct model_nrequest req;

	if (len < sizeof(rsp))
		return TALK_ERROR_LENGTH;
	if (data[0] < 1 || data[0] > 2)
		return TALK_ERROR_VERSION;
	msg->version = data[0];
	if (len == sizeof(rsp) + (two ? 12 : 0)) {
		memcpy(&rsp, data, sizeof(rsp));
		msg->response = true;
		msg->type = rsp.type;
		msg->answer = rsp.answer;
		model_addr(&msg->addr, &rsp.addr, offsetof(typeof(rsp), addr));
		return model_kind(msg, two ? 5 : 4, two ? 12 : 9);
	}
	if (len < sizeof(req))
		return TALK_ERROR_LENGTH;
	memcpy(&req, data, sizeof(req));
	if (len - sizeof(req) != (two ? req.extended : 0))
		return TALK_ERROR_LENGTH;
	msg->type = req.type;
	model_addr(&msg->addr, &req.addr, offsetof(typeof(req), addr));
	model_addr(&msg->ctl_addr, &req.ctl_addr,
		   offsetof(typeof(req), ctl_addr));
	model_name(&msg->caller, req.l_name, 12, offsetof(typeof(req), l_name));
	model_name(&msg->callee, req.r_name, 12, offsetof(typeof(req), r_name));
	return model_kind(msg, two ? 5 : 4, two ? 12 : 9);
}

static enum talk_error talk_model(enum talk_protocol protocol,
				  const uint8_t *data, size_t len,
				  struct talk_message *msg)
{
	memset(msg, 0, sizeof(*msg));
	return protocol == TALK_OLD ? model_old(data, len, msg) :
				      model_new(data, len, msg);
}

static int talk_same_addr(const struct talk_addr *a, const struct talk_addr *b)
{
	return a->off == b->off && a->known == b->known &&
	       (!a->known || (a->to.port == b->to.port &&
			      !memcmp(a->to.addr, b->to.addr, 16)));
}

static int talk_same(const struct talk_message *a,
		     const struct talk_message *b)
{
	return a->response == b->response && a->version == b->version &&
	       a->type == b->type && a->answer == b->answer &&
	       talk_same_addr(&a->addr, &b->addr) &&
	       talk_same_addr(&a->ctl_addr, &b->ctl_addr) &&
	       a->caller.off == b->caller.off &&
	       a->caller.len == b->caller.len &&
	       a->callee.off == b->callee.off && a->callee.len == b->callee.len;
}

#endif /* POM_TALK_PARSER_MODEL_H */
