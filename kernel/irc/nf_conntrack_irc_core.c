// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helper for IRC: a client that offers a file or a chat tells the
 * other client through the server where it waits for a connection (DCC). Each
 * announcement raises one expectation of a connection from anywhere to that
 * address and port.
 */

#include <linux/module.h>

#include "irc/nf_conntrack_irc.h"
#include "irc/parser.h"
#include "lib/helper_core.h"
#include "lib/helper_dcc.h"

MODULE_DESCRIPTION("IRC connection tracking helper");
MODULE_ALIAS_NFCT_HELPER("irc");
MODULE_SOFTDEP("post: nf_nat_irc");

/* nf_conntrack_irc has parameters for both. */
static const struct nf_conntrack_expect_policy irc_policy = {
	.max_expected	= 8,
	.timeout	= 300,	/* seconds */
};

/* The sender of this line waits at an address and port of his own. */
static void announce(struct pom_stream *s, const struct irc_line *line)
{
	if (!pom_dcc_is_own(s->p, &line->to))
		pom_refuse(s->p, POM_FOREIGN, "address is not the sender's");
	else
		pom_dcc_announce(s, &line->to, true);
}

/*
 * RESUME and ACCEPT name a transfer by the port that was announced for it,
 * which NAT may have replaced.
 */
static void translate(struct pom_stream *s, const struct irc_line *line)
{
	u16 port = pom_announced_port(s->p, IP_CT_DIR_ORIGINAL,
				      line->to.at.port);
	struct pom_field field = {
		.off		= line->to.port.off,
		.len		= line->to.port.len,
		.encoding	= POM_PORT_DECIMAL,
		.to.port	= port,
	};

	/* Of a passive transfer: nothing waits at a port of this side. */
	if (!line->to.at.port)
		return;
	if (!port)
		pom_stream_leave(s);
	else if (port != line->to.at.port && pom_stream_can_rewrite(s))
		pom_stream_rewrite(s, &field, 1);
}

/* From the client. A request with port 0 asks the other client to announce. */
static void from_client(struct pom_stream *s, const struct irc_line *line)
{
	if (irc_announces(line) && !irc_is_passive(line))
		announce(s, line);
	else if (line->dcc == IRC_DCC_ACCEPT)
		translate(s, line);
}

static noinline_for_stack void read_request(struct pom_stream *s)
{
	const struct pom_packet *p = s->p;
	struct irc_line line;
	enum irc_error error;

	error = irc_parse(p->data, p->have, &line);
	if (line.dcc == IRC_DCC_NONE || !pom_stream_admit(s))
		return;
	if (error != IRC_OK)
		pom_refuse(p, POM_MALFORMED, irc_error_text(error));
	else if (p->dir == IP_CT_DIR_ORIGINAL)
		from_client(s, &line);
	else if (line.dcc == IRC_DCC_RESUME)
		translate(s, &line);
}

/* Lines in a connection of another protocol open nothing. */
static const struct pom_dcc_opening irc_opening = {
	.opens		= irc_opens,
	.may_open	= irc_may_open,
	.refusal	= "the first line is not one of IRC",
};

/*
 * The server passes on what others announce. That opens nothing: the client may
 * connect to them, or not, like to any other address.
 */
static int irc_help(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct pom_packet p = {
		.helper	= &pom_irc_helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
	};
	bool from_client = p.dir == IP_CT_DIR_ORIGINAL;
	struct pom_connection *c = nfct_help_data(ct);
	struct pom_stream s pom_space;

	/*
	 * In the server's direction a wrong guess replaces a number that is
	 * the same as that of one of the client's own ports.
	 */
	if (!pom_stream_begin(&s, &p, protoff, ctinfo, from_client))
		return NF_ACCEPT;
	if (test_bit(POM_DCC_REFUSED, &c->bits) ||
	    (from_client ? !pom_dcc_is_opened(&s, c, &irc_opening) :
			   !pom_is_mapped(&p)))
		return NF_ACCEPT;
	pom_stream_pass(&s, IRC_CTCP);
	while (pom_stream_line(&s))
		if (irc_may_announce(p.data, p.have))
			read_request(&s);
	pom_stream_end(&s, irc_may_announce);
	return NF_ACCEPT;
}

struct pom_helper pom_irc_helper = {
	.name		= "irc",
	.l4proto	= IPPROTO_TCP,
	.default_port	= 6667,
	.policy		= &irc_policy,
	.help		= irc_help,
	.me		= THIS_MODULE,
};
EXPORT_SYMBOL_GPL(pom_irc_helper);
struct pom_helper *const pom_core_of = &pom_irc_helper;
