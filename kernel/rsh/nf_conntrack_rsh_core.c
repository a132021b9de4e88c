// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helper for rsh: the first bytes of a client are the port where
 * it waits for a second connection, which carries the standard error of its
 * command. The server connects to it from a reserved port.
 */

#include <linux/log2.h>
#include <linux/module.h>

#include "lib/helper_core.h"
#include "lib/helper_tcp.h"
#include "rsh/nf_conntrack_rsh.h"
#include "rsh/parser.h"

MODULE_DESCRIPTION("rsh connection tracking helper");
MODULE_ALIAS_NFCT_HELPER("rsh");
MODULE_SOFTDEP("post: nf_nat_rsh");

/* Bits of struct pom_connection. */
#define RSH_NOT		(POM_OWN_BITS + 0) /* not rsh: never look again */
#define RSH_SPLIT	(POM_OWN_BITS + 1) /* a part of the port has passed */
#define RSH_ANSWERED	(POM_OWN_BITS + 2) /* the server has sent something */

static unsigned int reserved_last = RSH_RESERVED_LAST;

void pom_rsh_set_range(unsigned int last)
{
	WRITE_ONCE(reserved_last, last);
}
EXPORT_SYMBOL_GPL(pom_rsh_set_range);

/* The server connects at once. */
static const struct nf_conntrack_expect_policy rsh_policy = {
	.max_expected	= 1,
	.timeout	= 5,	/* seconds */
};

/* As a mask: a range of ports from 0 to a power of two. */
static __be16 reserved_mask(unsigned int last)
{
	return htons((u16)~(roundup_pow_of_two(last + 1) - 1));
}

/*
 * The ports that the client may announce: a program that has no privilege to
 * bind to a port below 1024 itself must not open one.
 *
 * The ports that NAT may take instead: reserved ones, as rshd accepts no
 * others, with at most as many digits. Then a packet keeps its length, and
 * segments that are sent again or arrive late need no other sequence numbers.
 */
static void set_range(struct pom_announced *a, const struct rsh_port *port,
		      unsigned int client, unsigned int last)
{
	static const u16 digits_last[] = { 0, 9, 99, 999, 9999, U16_MAX };

	a->low = client > RSH_RESERVED_LAST ? POM_PORT_USER :
					      RSH_RESERVED_FIRST;
	a->high = last;
	if (a->port < a->low || a->port > a->high)
		return;
	if (a->port > RSH_RESERVED_LAST)
		a->low = POM_PORT_USER;
	else
		a->high = min_t(u16, a->high, RSH_RESERVED_LAST);
	a->high = min(a->high, digits_last[port->len]);
}

/* With leading zeros: each is a field that has port 0. */
static bool write_port(const struct pom_packet *p, const struct rsh_port *port,
		       const struct pom_endpoint *seen)
{
	struct pom_field field[RSH_PORT_SIZE] = { 0 };
	u8 text[POM_ENCODING_MAX];
	size_t len = pom_encode(POM_PORT_DECIMAL, seen, text);
	unsigned int i, zeros = port->len - len;

	/* The same port may have been announced with more zeros before. */
	if (len > port->len) {
		pom_refuse(p, POM_NOT_EXPECTED, "port needs more digits");
		return false;
	}
	for (i = 0; i < zeros; i++) {
		field[i].off = i;
		field[i].len = 1;
		field[i].encoding = POM_PORT_DECIMAL;
	}
	field[zeros].off = zeros;
	field[zeros].len = len;
	field[zeros].encoding = POM_PORT_DECIMAL;
	field[zeros].to = *seen;
	return pom_rewrite(p, field, zeros + 1);
}

static void announce(const struct pom_packet *p, const struct rsh_port *port,
		     unsigned int client, unsigned int last)
{
	struct pom_announced a = {
		.port		= port->number,
		.l4proto	= IPPROTO_TCP,
		.src_mask	= reserved_mask(last),
	};

	set_range(&a, port, client, last);
	if (pom_expect_port(p, &a))
		pom_expected(&a, write_port(p, port, &a.seen));
}

/*
 * A browser can be made to send any bytes to any port (NAT slipstreaming), but
 * not from a reserved one. Clients of rsh always do, or rshd refuses them.
 */
static bool is_reserved(unsigned int port, unsigned int last)
{
	return port >= RSH_RESERVED_FIRST && port <= last;
}

static void handle(const struct pom_packet *p, struct pom_connection *c,
		   const struct rsh_port *port)
{
	unsigned int last = READ_ONCE(reserved_last);
	unsigned int client = ntohs(nf_ct_tuple(p->ct, IP_CT_DIR_ORIGINAL)->
				    src.u.tcp.port);

	if (!port->number)
		return;
	if (!is_reserved(client, last))
		pom_refuse(p, POM_WRONG_SIDE, "client is at no reserved port");
	else if (pom_is_mapped(p) && test_bit(RSH_SPLIT, &c->bits))
		pom_refuse(p, POM_SPLIT, "NAT cannot change a sent segment");
	else
		announce(p, port, client, last);
}

/* The port, as far as it has come; earlier segments' bytes are in s->line. */
static enum rsh_error read_port(struct pom_stream *s, struct rsh_port *port)
{
	struct pom_packet *p = s->p;
	struct pom_line *l = &s->line;
	unsigned int n = min_t(unsigned int, s->payload.len,
			       RSH_PORT_SIZE - l->len);

	if (skb_copy_bits(p->skb, s->payload.off, l->bytes + l->len, n) < 0)
		return RSH_BAD_PORT;
	l->len += n;
	p->data = l->bytes;
	p->have = l->len;
	return rsh_parse_port(p->data, p->have, port);
}

/*
 * Only the first bytes of a connection count, whose place the SYN has shown. A
 * client that sends them again announces again: the server may have lost them.
 */
static void from_client(struct pom_stream *s, struct pom_connection *c)
{
	struct rsh_port port;

	if (!s->fresh && !s->line.len)
		return;
	switch (read_port(s, &port)) {
	case RSH_OK:
		handle(s->p, c, &port);
		break;
	case RSH_MORE:
		set_bit(RSH_SPLIT, &c->bits);
		pom_stream_end(s, rsh_may_announce);
		break;
	case RSH_BAD_PORT:
		set_bit(RSH_NOT, &c->bits);
		pom_refuse(s->p, POM_MALFORMED, "no port at the beginning");
		break;
	}
}

/* A server answers when it is connected to the port; then nothing opens. */
static void from_server(struct pom_stream *s, struct pom_connection *c)
{
	struct rsh_port port;

	set_bit(RSH_ANSWERED, &c->bits);
	if (s->fresh && read_port(s, &port) == RSH_OK && port.number)
		pom_refuse(s->p, POM_WRONG_SIDE, "the server announces a port");
}

static int rsh_help(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct pom_packet p = {
		.helper	= &pom_rsh_helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
	};
	struct pom_connection *c = nfct_help_data(ct);
	struct pom_stream s pom_space;

	if (!pom_stream_begin(&s, &p, protoff, ctinfo, true))
		return NF_ACCEPT;
	if (test_bit(RSH_NOT, &c->bits) || test_bit(RSH_ANSWERED, &c->bits))
		return NF_ACCEPT;
	if (p.dir == IP_CT_DIR_ORIGINAL)
		from_client(&s, c);
	else
		from_server(&s, c);
	return NF_ACCEPT;
}

struct pom_helper pom_rsh_helper = {
	.name		= "rsh",
	.l4proto	= IPPROTO_TCP,
	.default_port	= 514,
	.policy		= &rsh_policy,
	.help		= rsh_help,
	.me		= THIS_MODULE,
};
EXPORT_SYMBOL_GPL(pom_rsh_helper);
struct pom_helper *const pom_core_of = &pom_rsh_helper;
