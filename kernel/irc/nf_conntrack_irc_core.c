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
#include "lib/helper_tcp.h"

MODULE_DESCRIPTION("IRC connection tracking helper");
MODULE_ALIAS_NFCT_HELPER("irc");
MODULE_SOFTDEP("post: nf_nat_irc");

/* nf_conntrack_irc has parameters for both. */
static const struct nf_conntrack_expect_policy irc_policy = {
	.max_expected	= 8,
	.timeout	= 300,	/* seconds */
};

static bool is_ipv6(const struct pom_packet *p)
{
	return nf_ct_l3num(p->ct) == NFPROTO_IPV6;
}

/* Bits of struct pom_connection. */
#define IRC_OPENED	(POM_OWN_BITS + 0) /* the first line is one of IRC */
#define IRC_NOT		(POM_OWN_BITS + 1) /* it is not: never look again */

/*
 * Under NAT the whole line must be in this segment. Its sender may send the
 * segments of a lost line again as one, which NAT could not change in the same
 * way.
 */
static bool can_rewrite(const struct pom_packet *p)
{
	if (!pom_is_mapped(p) || p->off >= 0)
		return true;
	pom_refuse(p, POM_SPLIT, "NAT cannot change an earlier segment");
	return false;
}

/* The address and port of @line as they are seen from outside. */
static bool write_endpoint(struct pom_stream *s, const struct irc_line *line,
			   const struct pom_endpoint *seen)
{
	const struct pom_field field[] = {
		{
			.off = line->to.addr.off,
			.len = line->to.addr.len,
			.encoding = line->to.ipv6 ? POM_IPV6_TEXT :
						    POM_IPV4_DECIMAL,
			.to = *seen,
		},
		{
			.off = line->to.port.off,
			.len = line->to.port.len,
			.encoding = POM_PORT_DECIMAL,
			.to = *seen,
		},
	};

	return pom_stream_rewrite(s, field, ARRAY_SIZE(field));
}

/* The sender of this line waits at an address and port of his own. */
static void announce(struct pom_stream *s, const struct irc_line *line)
{
	struct pom_announced a = {
		.port		= line->to.at.port,
		.low		= POM_PORT_USER,
		.high		= POM_PORT_LAST,
		.l4proto	= IPPROTO_TCP,
		.any_peer	= true,
	};
	const struct pom_packet *p = s->p;

	if (line->to.ipv6 != is_ipv6(p) || !pom_is_own(p, line->to.at.addr)) {
		pom_refuse(p, POM_FOREIGN, "address is not the sender's");
		return;
	}
	if (can_rewrite(p) && pom_expect_port(p, &a))
		pom_expected(&a, write_endpoint(s, line, &a.seen));
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

	if (port && port != line->to.at.port && can_rewrite(s->p))
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

static noinline_for_stack void read_line(struct pom_stream *s)
{
	const struct pom_packet *p = s->p;
	struct irc_line line;
	enum irc_error error;

	if (!irc_may_announce(p->data, p->have))
		return;
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

/*
 * Whether the client speaks IRC, as its first line shows. A browser can be made
 * to post lines of IRC to any port (NAT slipstreaming): nothing in a connection
 * that begins otherwise is an announcement.
 *
 * Until the line is whole, only segments that have a part of it move the place
 * in the stream. So no later line can take its place, if the first segment is
 * lost and comes after others.
 */
static bool is_irc(struct pom_stream *s, struct pom_connection *c)
{
	const struct pom_packet *p = s->p;

	if (test_bit(IRC_OPENED, &c->bits))
		return true;
	if (!s->fresh && !s->in_order)
		return false;
	if (pom_stream_line(s)) {
		if (p->off <= 0 && irc_opens(p->data, p->have)) {
			set_bit(IRC_OPENED, &c->bits);
			return true;
		}
	} else if (s->line.len && irc_may_open(s->line.bytes, s->line.len)) {
		pom_stream_end(s, irc_may_open);
		return false;
	}
	set_bit(IRC_NOT, &c->bits);
	pom_refuse(p, POM_MALFORMED, "the first line is not one of IRC");
	return false;
}

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
	struct pom_stream s;

	/*
	 * In the server's direction a wrong guess replaces a number that is
	 * the same as that of one of the client's own ports.
	 */
	if (!pom_stream_begin(&s, &p, protoff, ctinfo, from_client))
		return NF_ACCEPT;
	if (test_bit(IRC_NOT, &c->bits) ||
	    (from_client ? !is_irc(&s, c) : !pom_is_mapped(&p)))
		return NF_ACCEPT;
	while (pom_stream_line(&s))
		read_line(&s);
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
