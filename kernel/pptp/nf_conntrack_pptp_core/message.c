// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a message does to a call. A call of a PNS:
 *
 *	PNS: PPTP_OUT_REQUEST	its own id
 *	PAC: PPTP_OUT_REPLY	both ids; GRE may flow
 *
 * A call of a PAC:
 *
 *	PAC: PPTP_IN_REQUEST	its own id
 *	PNS: PPTP_IN_REPLY	both ids
 *	PAC: PPTP_IN_CONNECTED	the id of the PNS; GRE may flow
 *
 * Either side may be the client of TCP. Nothing opens unless both sides have
 * announced their own ids.
 */

#include "pptp/nf_conntrack_pptp_core/internal.h"

/**
 * pptp_refuse() - count a message that is refused, and log the first one
 * @g: its segment, in which a limited number of messages is handled
 * @reason: POM_MALFORMED or later
 * @text: the reason in words
 */
void pptp_refuse(struct pptp_segment *g, enum pom_count reason,
		 const char *text)
{
	g->work += PPTP_WORK_REFUSED;
	if (g->refused)
		nf_autohelper_count(g->p->helper, g->p->ct, reason);
	else
		pom_refuse(g->p, reason, text);
	g->refused = true;
}

static bool translate_own(struct pptp_segment *g,
			  const struct pptp_message *msg,
			  const struct pptp_call *call)
{
	return pptp_stream_rewrite(g, msg->own_off, msg->own,
				   call->end[g->p->dir].seen);
}

static bool translate_peer(struct pptp_segment *g,
			   const struct pptp_message *msg,
			   const struct pptp_call *call)
{
	return pptp_stream_rewrite(g, msg->peer_off, msg->peer,
				   call->end[!g->p->dir].own);
}

/* An id that was seen in an earlier segment has been forwarded as it was. */
static bool claim(struct pptp_segment *g, const struct pptp_message *msg,
		  struct pptp_call *call)
{
	bool fixed = g->at + msg->own_off < g->fresh;

	return pptp_call_claim(g, call, msg->own, fixed) &&
	       translate_own(g, msg, call);
}

/* A side uses an id again: it has forgotten the call that had it. */
static void forget(struct pptp_segment *g, u16 id,
		   const struct pptp_call *except)
{
	struct pptp_call *old = pptp_call_find_own(g, id);

	if (old && old != except)
		pptp_call_remove(g->pn, g->s, old);
}

static void read_request(struct pptp_segment *g, const struct pptp_message *msg,
			 bool incoming)
{
	struct pptp_call *call;

	forget(g, msg->own, NULL);
	call = pptp_call_create(g, incoming);
	if (call && !claim(g, msg, call))
		pptp_call_remove(g->pn, g->s, call);
}

static void accept(struct pptp_segment *g, const struct pptp_message *msg,
		   struct pptp_call *call)
{
	forget(g, msg->own, call);
	if (!claim(g, msg, call))
		pptp_call_remove(g->pn, g->s, call);
	else if (call->incoming)
		pptp_call_answered(g->pn, call);
	/* The caller may have cleared it meanwhile. */
	else if (READ_ONCE(call->state) == PPTP_REQUESTED &&
		 !pptp_gre_open(g, call))
		pptp_call_remove(g->pn, g->s, call);
}

static void read_reply(struct pptp_segment *g, const struct pptp_message *msg,
		       bool incoming)
{
	struct pptp_call *call = pptp_call_find_peer(g, msg->peer);
	bool again;

	if (!call || call->caller == g->p->dir || call->incoming != incoming) {
		pptp_refuse(g, POM_WRONG_SIDE, "an answer to no request");
		return;
	}
	if (!translate_peer(g, msg, call) || msg->result != PPTP_RESULT_OK) {
		pptp_call_remove(g->pn, g->s, call);
		return;
	}
	again = call->end[g->p->dir].known;
	if (!again)
		accept(g, msg, call);
	else if (msg->own == call->end[g->p->dir].own)
		translate_own(g, msg, call);
	else
		pptp_refuse(g, POM_WRONG_SIDE, "a second answer");
}

static void read_connected(struct pptp_segment *g,
			   const struct pptp_message *msg)
{
	struct pptp_call *call = pptp_call_find_peer(g, msg->peer);

	if (!call || call->caller != g->p->dir || !call->incoming ||
	    READ_ONCE(call->state) == PPTP_REQUESTED) {
		pptp_refuse(g, POM_WRONG_SIDE, "no call was answered");
		return;
	}
	if (!translate_peer(g, msg, call) ||
	    (READ_ONCE(call->state) == PPTP_ANSWERED &&
	     !pptp_gre_open(g, call)))
		pptp_call_remove(g->pn, g->s, call);
}

/*
 * The answer to a request to clear a call is a notification with the other id,
 * which has to be translated.
 */
static void read_end(struct pptp_segment *g, const struct pptp_message *msg)
{
	struct pptp_call *call = pptp_call_find_own(g, msg->own);

	if (!call)
		return;
	translate_own(g, msg, call);
	if (msg->control == PPTP_CLEAR_REQUEST)
		pptp_call_close(g->pn, call);
	else
		pptp_call_remove(g->pn, g->s, call);
}

static void read_link(struct pptp_segment *g, const struct pptp_message *msg)
{
	struct pptp_call *call = pptp_call_find_peer(g, msg->peer);

	if (call)
		translate_peer(g, msg, call);
}

static void read_call(struct pptp_segment *g, const struct pptp_message *msg)
{
	switch (msg->control) {
	case PPTP_OUT_REQUEST:
	case PPTP_IN_REQUEST:
		read_request(g, msg, msg->control == PPTP_IN_REQUEST);
		break;
	case PPTP_OUT_REPLY:
	case PPTP_IN_REPLY:
		read_reply(g, msg, msg->control == PPTP_IN_REPLY);
		break;
	case PPTP_IN_CONNECTED:
		read_connected(g, msg);
		break;
	case PPTP_CLEAR_REQUEST:
	case PPTP_DISCONNECT:
		read_end(g, msg);
		break;
	case PPTP_WAN_ERROR:
	case PPTP_SET_LINK:
		read_link(g, msg);
		break;
	}
}

static void read_start(struct pptp_segment *g, const struct pptp_message *msg)
{
	struct pptp_session *s = g->s;
	bool client = g->p->dir == IP_CT_DIR_ORIGINAL;
	bool request = msg->control == PPTP_START_REQUEST;

	if (request != client) {
		pptp_refuse(g, POM_WRONG_SIDE, "start from the wrong side");
		return;
	}
	if (client) {
		pptp_calls_remove(g->pn, s, UINT_MAX);
		s->asked = true;
		s->started = false;
	} else if (s->asked) {
		s->started = msg->result == PPTP_RESULT_OK;
	}
}

static void read_stop(struct pptp_segment *g)
{
	pptp_calls_remove(g->pn, g->s, UINT_MAX);
	g->s->started = false;
}

/**
 * pptp_message_read() - handle a message
 * @g: the segment; @g->at is where the message begins
 * @msg: what it says
 *
 * Messages beyond PPTP_WORK_MAX are passed over.
 *
 * Return: false where the conversation is no PPTP.
 */
bool pptp_message_read(struct pptp_segment *g, const struct pptp_message *msg)
{
	struct pptp_session *s = g->s;

	if (g->work >= PPTP_WORK_MAX)
		return true;
	g->work++;
	if (!s->asked && msg->control != PPTP_START_REQUEST) {
		pptp_refuse(g, POM_MALFORMED,
			    "the first message is no request to start");
		return false;
	}
	switch (msg->control) {
	case PPTP_START_REQUEST:
	case PPTP_START_REPLY:
		read_start(g, msg);
		break;
	case PPTP_STOP_REQUEST:
	case PPTP_STOP_REPLY:
		read_stop(g);
		break;
	case PPTP_ECHO:
	case PPTP_ECHO_ANSWER:
		break;
	default:
		if (s->started)
			read_call(g, msg);
		else
			pptp_refuse(g, POM_WRONG_SIDE,
				    "a call before the start");
	}
	return true;
}
