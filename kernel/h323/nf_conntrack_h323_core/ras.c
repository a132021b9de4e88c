// SPDX-License-Identifier: GPL-2.0-only
/*
 * RAS: an endpoint registers with a gatekeeper, and asks it before a call.
 *
 *	GCF	gatekeeper: it takes RAS at this address
 *	RRQ	endpoint: it takes calls and RAS at these addresses. They are
 *		reserved now, and open once the gatekeeper agrees
 *	RCF	gatekeeper: agrees, for some time
 *	UCF	the registration has ended
 *	ACF	gatekeeper: call this address. Its own one, where it routes
 *	LCF	calls, or that of a third party
 *
 * While an endpoint is registered, its connection to the gatekeeper is kept, as
 * all expectations end with it.
 */

#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>

#include "h323/messages.h"
#include "h323/nf_conntrack_h323_core/internal.h"
#include "lib/helper_server.h"
#include "lib/udp_payload.h"

/* Of struct pom_connection: the endpoint is registered. */
#define H323_REGISTERED	POM_OWN_BITS

/* Longest registration, in seconds. */
#define REGISTRATION_MAX	86400

/**
 * struct ras - a message that is being read
 * @g: the packet
 * @message: enum h323_ras
 * @time_to_live: of a registration, in seconds; 0 for none
 */
struct ras {
	struct h323_segment *g;
	u32 message;
	u32 time_to_live;
};

static struct pom_connection *data_of(const struct ras *r)
{
	return nfct_help_data(r->g->p->ct);
}

static void set_end(struct pom_connection *c, u32 end)
{
	WRITE_ONCE(c->dir[IP_CT_DIR_REPLY].next, end);
}

/* Jiffies until the registration ends; 0 if there is none. */
static u32 registered_for(struct pom_connection *c)
{
	u32 left = READ_ONCE(c->dir[IP_CT_DIR_REPLY].next) - (u32)jiffies;

	if (!test_bit(H323_REGISTERED, &c->bits) || (s32)left <= 0)
		return 0;
	return left;
}

/* A UDP connection would end after two or three minutes without a packet. */
static void keep_connection(const struct ras *r)
{
	struct nf_conn *ct = r->g->p->ct;
	u32 left = registered_for(data_of(r));

	if (left > nf_ct_expires(ct))
		pom_ct_refresh(ct, left);
}

static void announce(const struct ras *r, const struct h323_address *a,
		     struct pom_announced *to)
{
	const struct pom_packet *p = r->g->p;

	to->port = a->to.port;
	to->low = POM_PORT_USER;
	to->high = POM_PORT_LAST;
	if (!h323_admit(r->g) || !pom_expect_port(p, to))
		return;
	pom_expected(to, !pom_is_mapped(p) || h323_write(r->g, a, &to->seen));
}

static struct pom_announced way_to(const struct ras *r, u8 what)
{
	const struct pom_packet *p = r->g->p;
	bool ras = what == H323_RAS;

	return (struct pom_announced) {
		.l4proto = ras ? IPPROTO_UDP : IPPROTO_TCP,
		.assign = h323_assign(p, ras ? &pom_h323_ras_helper :
					       &pom_h323_call_helper),
	};
}

/* Whether the packet itself comes from there: that way is open. */
static bool is_source(const struct ras *r, const struct h323_address *a)
{
	const struct pom_packet *p = r->g->p;

	return htons(a->to.port) == p->ct->tuplehash[p->dir].tuple.src.u.all;
}

/* An endpoint asks to register. What is open already stays so. */
static void reserve(const struct ras *r, const struct h323_address *a)
{
	const struct pom_packet *p = r->g->p;
	struct pom_announced to = way_to(r, a->fact.what);

	if ((a->fact.what == H323_RAS && is_source(r, a)) ||
	    pom_announced_port(p, p->dir, a->to.port)) {
		h323_translate(r->g, a);
		return;
	}
	to.class = H323_CLASS_REGISTRATION;
	to.flags = NF_CT_EXPECT_PERMANENT | NF_CT_EXPECT_INACTIVE;
	to.any_peer = a->fact.what == H323_SIGNAL &&
		      !r->g->settings.gkrouted_only;
	announce(r, a, &to);
}

/* The gatekeeper names an address of its own, or a third party's. */
static void open_way(const struct ras *r, const struct h323_address *a)
{
	const struct pom_packet *p = r->g->p;
	struct pom_announced to = way_to(r, a->fact.what);
	struct pom_answer answer;

	if (a->fact.what == H323_RAS && is_source(r, a) &&
	    pom_is_own(p, a->to.addr)) {
		h323_translate(r->g, a);
	} else if (pom_is_own(p, a->to.addr)) {
		announce(r, a, &to);
	} else if (h323_is_peer(p, &a->to)) {
		h323_translate(r->g, a);
	} else if (h323_admit(r->g)) {
		pom_answer_begin(&answer, p);
		answer.l4proto = to.l4proto;
		answer.assign = to.assign;
		pom_expect_server(&answer, &a->to);
	}
}

static bool opens(u32 message, u8 what)
{
	switch (message) {
	case H323_GCF:
		return what == H323_RAS;
	case H323_RCF:
		return what == H323_SIGNAL;
	case H323_ACF:
	case H323_ACS:
		return what == H323_DEST;
	case H323_LCF:
		return what == H323_SIGNAL || what == H323_RAS;
	}
	return false;
}

static void handle_address(const struct ras *r, const struct h323_address *a)
{
	const struct pom_packet *p = r->g->p;
	u8 what = a->fact.what;

	if (h323_is_unset(a))
		return;
	if (r->message == H323_RRQ && pom_is_own(p, a->to.addr) &&
	    (what == H323_SIGNAL || what == H323_RAS))
		reserve(r, a);
	else if (p->dir == IP_CT_DIR_REPLY && opens(r->message, what))
		open_way(r, a);
	else
		h323_translate(r->g, a);
}

/* What the endpoint has reserved is open for as long as it is registered. */
static void open_reserved(const struct pom_packet *p, u32 delay)
{
	const struct nf_conn_help *help = nfct_help(p->ct);
	struct nf_conntrack_expect *exp;

	spin_lock_bh(&nf_conntrack_expect_lock);
	hlist_for_each_entry(exp, &help->expectations, lnode) {
		if (exp->dir != p->dir ||
		    !(exp->flags & NF_CT_EXPECT_PERMANENT))
			continue;
		WRITE_ONCE(exp->flags, exp->flags & ~NF_CT_EXPECT_INACTIVE);
		pom_expect_set_timeout(exp, delay);
	}
	spin_unlock_bh(&nf_conntrack_expect_lock);
}

static void registered(const struct ras *r)
{
	const struct pom_packet *p = r->g->p;
	struct pom_connection *c = data_of(r);
	u32 ttl = r->time_to_live;

	if (!pom_has_asked(c)) {
		pom_refuse(p, POM_WRONG_SIDE, "an answer to no registration");
		return;
	}
	if (!ttl)
		ttl = r->g->settings.default_rrq_ttl;
	ttl = min_t(u32, ttl, REGISTRATION_MAX);
	if (!ttl)
		return;
	set_end(c, (u32)jiffies + ttl * HZ);
	set_bit(H323_REGISTERED, &c->bits);
	open_reserved(p, ttl * HZ);
}

static void unregistered(const struct ras *r)
{
	clear_bit(H323_REGISTERED, &data_of(r)->bits);
	nf_ct_remove_expectations(r->g->p->ct);
}

/* After all addresses of the message. */
static void handle_message(const struct ras *r)
{
	bool answer = r->g->p->dir == IP_CT_DIR_REPLY;

	switch (r->message) {
	case H323_RRQ:
		if (!answer)
			pom_set_asked(data_of(r));
		break;
	case H323_RCF:
		if (answer)
			registered(r);
		break;
	case H323_UCF:
		unregistered(r);
		break;
	}
	keep_connection(r);
}

static void handle_fact(struct ras *r, const u8 *data,
			const struct per_fact *fact)
{
	struct h323_address a;

	if (fact->what == H323_RAS_MESSAGE)
		r->message = fact->value;
	else if (fact->what == H323_TIME_TO_LIVE)
		r->time_to_live = fact->value;
	else if (fact->len && h323_get_address(r->g, data, fact, &a))
		handle_address(r, &a);
}

static noinline_for_stack void read_message(struct ras *r, const u8 *data,
					    bool in_head)
{
	struct h323_segment *g = r->g;
	struct h323_reader reader pom_space;
	struct per_fact fact;
	enum per_result ret;

	ret = h323_begin(&reader, H323_PROTOCOL_RAS, data, g->payload.len,
			 g->payload.len);
	while (ret == PER_FACT) {
		ret = h323_next(&reader, &fact);
		if (ret != PER_FACT)
			break;
		handle_fact(r, data, &fact);
		if (in_head) {
			data = g->p->skb->data + g->payload.off;
			h323_move(&reader, data);
		}
	}
	if (ret == PER_END)
		handle_message(r);
	else
		pom_refuse(g->p, POM_MALFORMED, h323_error_text(ret));
}

int h323_ras_help(struct sk_buff *skb, unsigned int protoff, struct nf_conn *ct,
		  enum ip_conntrack_info ctinfo)
{
	struct pom_packet p = {
		.helper	= &pom_h323_ras_helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
	};
	struct h323_segment g = { .p = &p, .protocol = H323_PROTOCOL_RAS };
	struct ras r = { .g = &g };
	const u8 *data;
	u8 buf, *copy;

	/* One byte is enough to know where the payload is. */
	if (!pom_packet_udp(&p, protoff, &buf, sizeof(buf)) || !p.len)
		return NF_ACCEPT;
	h323_read_settings(&g.settings);
	g.payload.off = protoff + sizeof(struct udphdr);
	g.payload.len = p.len;
	data = h323_look(&g, 0, p.len, &copy);
	if (data)
		read_message(&r, data, !copy);
	kfree(copy);
	return NF_ACCEPT;
}
