// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helper for eggdrop: a bot that shares its file of users with
 * the bot at the other end of a link tells it where it waits for a second
 * connection. Either of them may have connected to the other, and share.
 */

#include <linux/module.h>

#include "eggdrop/nf_conntrack_eggdrop.h"
#include "eggdrop/parser.h"
#include "lib/helper_core.h"
#include "lib/helper_dcc.h"

MODULE_DESCRIPTION("eggdrop connection tracking helper");
MODULE_ALIAS_NFCT_HELPER("eggdrop");
MODULE_SOFTDEP("post: nf_nat_eggdrop");

/* Bits of struct pom_connection: the bot that sends in @dir has offered. */
#define EGG_OFFERED(dir)	(POM_DCC_BITS + (dir))
/* The other bot has accepted that offer. */
#define EGG_ACCEPTED(dir)	(POM_DCC_BITS + 2 + (dir))
/* The server has said EGG_HELLO; it has said EGG_VERSION after that. */
#define EGG_SAID_HELLO		(POM_DCC_BITS + 4)
#define EGG_GREETED		(POM_DCC_BITS + 5)

/* A bot shares one file at a time, and the other bot connects at once. */
static const struct nf_conntrack_expect_policy egg_policy = {
	.max_expected	= 1,
	.timeout	= 60,	/* seconds */
};

/* Lines in a connection of another protocol open nothing. */
static const struct pom_dcc_opening egg_opening = {
	.opens		= egg_opens,
	.may_open	= egg_may_open,
	.refusal	= "the first line is not the name of a bot",
};

static void read_send(struct pom_stream *s, struct pom_connection *c,
		      const struct egg_line *line)
{
	const struct pom_packet *p = s->p;

	if (!test_bit(POM_DCC_OPENED, &c->bits) ||
	    !test_bit(EGG_ACCEPTED(p->dir), &c->bits)) {
		pom_refuse(p, POM_WRONG_SIDE,
			   "the other bot has not accepted an offer");
		pom_stream_leave(s);
	} else if (!pom_dcc_is_own(p, &line->to)) {
		pom_refuse(p, POM_FOREIGN, "address is not the sender's");
	} else {
		pom_dcc_announce(s, &line->to, false);
	}
}

/*
 * An offer that is sent again stays accepted, so that the announcement behind
 * it names the same port again.
 */
static void read_share(struct pom_stream *s, struct pom_connection *c,
		       const struct egg_line *line)
{
	u8 dir = s->p->dir;

	switch (line->share) {
	case EGG_OFFER:
		set_bit(EGG_OFFERED(dir), &c->bits);
		break;
	case EGG_ACCEPT:
		if (test_bit(EGG_OFFERED(!dir), &c->bits))
			set_bit(EGG_ACCEPTED(!dir), &c->bits);
		break;
	case EGG_REFUSE:
		clear_bit(EGG_OFFERED(!dir), &c->bits);
		clear_bit(EGG_ACCEPTED(!dir), &c->bits);
		break;
	case EGG_SEND:
		read_send(s, c, line);
		break;
	}
}

static noinline_for_stack void read_line(struct pom_stream *s,
					 struct pom_connection *c)
{
	const struct pom_packet *p = s->p;
	struct egg_line line;
	enum egg_error error = egg_parse(p->data, p->have, &line);

	if (line.share == EGG_SEND && !pom_stream_admit(s))
		return;
	if (error != EGG_OK)
		pom_refuse(p, POM_MALFORMED, egg_error_text(error));
	else
		read_share(s, c, &line);
}

/*
 * A service that repeats its clients' text can say any line of a bot. Until it
 * greets like a bot, its lines are not read.
 *
 * Return: false after the whole segment is read.
 */
static bool has_greeted(struct pom_stream *s, struct pom_connection *c)
{
	const struct pom_packet *p = s->p;
	enum egg_greeting greeting;

	while (!test_bit(EGG_GREETED, &c->bits)) {
		if (!pom_stream_line(s)) {
			pom_stream_end(s, egg_may_greet);
			return false;
		}
		greeting = egg_greets(p->data, p->have);
		if (greeting == EGG_HELLO)
			set_bit(EGG_SAID_HELLO, &c->bits);
		else if (greeting == EGG_VERSION &&
			 test_bit(EGG_SAID_HELLO, &c->bits))
			set_bit(EGG_GREETED, &c->bits);
	}
	return true;
}

static int egg_help(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct pom_packet p = {
		.helper	= &pom_eggdrop_helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
	};
	struct pom_connection *c = nfct_help_data(ct);
	struct pom_stream s pom_space;

	BUILD_BUG_ON(EGG_GREETED >= POM_OWN_BITS_END);
	if (!pom_stream_begin(&s, &p, protoff, ctinfo, true) ||
	    test_bit(POM_DCC_REFUSED, &c->bits))
		return NF_ACCEPT;
	if (p.dir == IP_CT_DIR_ORIGINAL ?
	    !pom_dcc_is_opened(&s, c, &egg_opening) : !has_greeted(&s, c))
		return NF_ACCEPT;
	while (pom_stream_line(&s))
		read_line(&s, c);
	pom_stream_end(&s, egg_may_share);
	return NF_ACCEPT;
}

struct pom_helper pom_eggdrop_helper = {
	.name		= "eggdrop",
	.l4proto	= IPPROTO_TCP,
	.default_port	= 3333,
	.policy		= &egg_policy,
	.help		= egg_help,
	.me		= THIS_MODULE,
};
EXPORT_SYMBOL_GPL(pom_eggdrop_helper);
struct pom_helper *const pom_core_of = &pom_eggdrop_helper;
