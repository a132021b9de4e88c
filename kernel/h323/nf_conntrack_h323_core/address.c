// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of calls. A speaker opens ports of his own only. NAT rewrites each
 * address that it translates, also those that open nothing: the speaker's own,
 * and the peer's, as the speaker knows him.
 */

#include <net/netfilter/nf_conntrack.h>

#include "h323/nf_conntrack_h323_core/internal.h"

unsigned int h323_addr_len(const struct pom_packet *p)
{
	return nf_ct_l3num(p->ct) == NFPROTO_IPV6 ? 16 : 4;
}

/**
 * h323_admit() - whether a packet may have one more address
 * @g: the packet
 *
 * For each address that opens something or is rewritten. Return: false after
 * H323_ADDRESSES_MAX of them; counts, and logs the first one.
 */
bool h323_admit(struct h323_segment *g)
{
	const struct pom_packet *p = g->p;

	if (g->addresses++ < H323_ADDRESSES_MAX)
		return true;
	if (g->addresses == H323_ADDRESSES_MAX + 1)
		pom_refuse(p, POM_NOT_EXPECTED, "too many addresses");
	else
		nf_autohelper_count(p->helper, p->ct, POM_NOT_EXPECTED);
	return false;
}

/**
 * h323_get_address() - the bytes of an address
 * @g: the packet
 * @data: the message that has it
 * @fact: from h323_next()
 * @a: the result
 *
 * Return: false for an address of a different family than the packet's.
 */
bool h323_get_address(const struct h323_segment *g, const u8 *data,
		      const struct per_fact *fact, struct h323_address *a)
{
	if (fact->len != h323_addr_len(g->p))
		return false;
	a->fact = *fact;
	memset(&a->to, 0, sizeof(a->to));
	memcpy(a->to.addr, data + fact->off, fact->len);
	a->to.port = fact->port;
	return true;
}

/*
 * A connection keeps its master until it ends. Calls that are forwarded again
 * and again, and gatekeepers that name new addresses of theirs, would make a
 * chain of them that has no end.
 */
static bool has_many_masters(const struct nf_conn *ct)
{
	unsigned int n = 0;

	while (ct->master && n < H323_MASTERS_MAX) {
		ct = ct->master;
		n++;
	}
	return n == H323_MASTERS_MAX;
}

/**
 * h323_assign() - a helper for connections to come
 * @p: a packet of the connection that expects them
 * @h: the helper
 *
 * Return: NULL where the connection has H323_MASTERS_MAX masters already. What
 * is expected then has no helper.
 */
struct nf_conntrack_helper *h323_assign(const struct pom_packet *p,
					const struct pom_helper *h)
{
	if (has_many_masters(p->ct))
		return NULL;
	return h->registered[nf_ct_l3num(p->ct) == NFPROTO_IPV6];
}

/* Whether it names no place, for example in a channel on hold. */
bool h323_is_unset(const struct h323_address *a)
{
	return !a->to.port || !memchr_inv(a->to.addr, 0, sizeof(a->to.addr));
}

/* Whether it is the peer, as the sender knows him. */
bool h323_is_peer(const struct pom_packet *p, const struct pom_endpoint *to)
{
	return !memcmp(to->addr, &p->ct->tuplehash[p->dir].tuple.dst.u3,
		       h323_addr_len(p));
}

static const struct h323_port *find_port(const struct h323_stream *st,
					 u16 own, u16 seen)
{
	unsigned int i;

	for (i = 0; i < H323_PORTS; i++)
		if (st->port[i].own && (st->port[i].own == own ||
					st->port[i].seen == seen))
			return &st->port[i];
	return NULL;
}

static struct h323_port *find_own(const struct h323_segment *g, u16 own,
				  u8 l4proto)
{
	struct h323_port *port;
	unsigned int i;

	for (i = 0; i < H323_PORTS; i++) {
		port = &g->st->port[i];
		if (port->own == own && port->l4proto == l4proto)
			return port;
	}
	return NULL;
}

/* Which port NAT should try first, so that pairs stay pairs. */
static u16 wanted_port(const struct h323_segment *g, u16 own, u8 l4proto)
{
	const struct h323_port *port = find_own(g, own, l4proto);

	if (port)
		return port->seen;
	if (l4proto != IPPROTO_UDP)
		return 0;
	port = find_own(g, own ^ 1, l4proto);
	return port ? port->seen ^ 1 : 0;
}

static void remember_port(struct h323_segment *g,
			  const struct pom_announced *a)
{
	struct h323_port *port = find_own(g, a->port, a->l4proto);
	struct h323_stream *st = g->st;

	if (!port) {
		port = &st->port[st->oldest_port];
		st->oldest_port = (st->oldest_port + 1) % H323_PORTS;
	}
	*port = (struct h323_port) {
		.own	 = a->port,
		.seen	 = a->seen.port,
		.l4proto = a->l4proto,
	};
}

/* What NAT has made of a port of the sender; 0 where it has not. */
static u16 seen_port(const struct h323_segment *g, u16 own)
{
	const struct h323_port *port;

	if (!g->s)
		return pom_announced_port(g->p, g->p->dir, own);
	port = find_port(g->st, own, 0);
	return port ? port->seen : 0;
}

/* The port of the peer that NAT shows to the sender as @seen; 0 for none. */
static u16 peer_port(const struct h323_segment *g, u16 seen)
{
	const struct h323_port *port;

	if (!g->s)
		return pom_announced_port(g->p, !g->p->dir, seen);
	port = find_port(&g->s->dir[!g->p->dir], 0, seen);
	return port ? port->own : 0;
}

/* An address of the sender becomes what the peer sees. */
static void see_own(const struct h323_segment *g, const struct h323_address *a,
		    struct pom_endpoint *to)
{
	const struct pom_packet *p = g->p;
	const struct nf_conntrack_tuple_hash *h = p->ct->tuplehash;
	u16 own = a->to.port, port = seen_port(g, own);

	if (!port && htons(own) == h[p->dir].tuple.src.u.all)
		port = ntohs(h[!p->dir].tuple.dst.u.all);
	pom_see(p, port ?: own, to);
}

/* The peer, as the sender knows him, becomes the peer as he is. */
static void see_peer(const struct h323_segment *g, const struct h323_address *a,
		     struct pom_endpoint *to)
{
	const struct pom_packet *p = g->p;
	const struct nf_conntrack_tuple_hash *h = p->ct->tuplehash;
	u16 port = peer_port(g, a->to.port);

	if (!port && htons(a->to.port) == h[p->dir].tuple.dst.u.all)
		port = ntohs(h[!p->dir].tuple.src.u.all);
	*to = a->to;
	memcpy(to->addr, &h[!p->dir].tuple.src.u3, h323_addr_len(p));
	to->port = port ?: a->to.port;
}

/**
 * h323_translate() - rewrite an address that opens nothing
 * @g: the packet
 * @a: the address
 */
void h323_translate(struct h323_segment *g, const struct h323_address *a)
{
	struct pom_endpoint to;

	if (!pom_is_mapped(g->p))
		return;
	if (pom_is_own(g->p, a->to.addr))
		see_own(g, a, &to);
	else if (h323_is_peer(g->p, &a->to))
		see_peer(g, a, &to);
	else
		return;
	if (memcmp(&to, &a->to, sizeof(to)) && h323_admit(g))
		h323_write(g, a, &to);
}

static void announce(struct h323_segment *g, const struct h323_address *a,
		     struct pom_announced *to)
{
	bool keep;

	if (!h323_admit(g))
		return;
	to->want = wanted_port(g, to->port, to->l4proto);
	if (!pom_expect_port(g->p, to))
		return;
	keep = !pom_is_mapped(g->p) || h323_write(g, a, &to->seen);
	if (keep && pom_is_mapped(g->p))
		remember_port(g, to);
	pom_expected(to, keep);
}

static void open_own(struct h323_segment *g, const struct h323_address *a)
{
	struct pom_announced to = {
		.port = a->to.port,
		.low = POM_PORT_USER,
		.high = POM_PORT_LAST,
		.l4proto = IPPROTO_TCP,
		.class = H323_CLASS_SIGNAL,
	};

	if (a->fact.what == H323_CONTROL) {
		to.assign = h323_assign(g->p, &pom_h323_control_helper);
	} else if (a->fact.what == H323_ALTERNATIVE) {
		to.assign = h323_assign(g->p, &pom_h323_call_helper);
	} else if (a->fact.what == H323_DATA) {
		to.class = H323_CLASS_DATA;
		/* T.120 has several connections to one port. */
		to.flags = NF_CT_EXPECT_PERMANENT;
	} else {
		to.l4proto = IPPROTO_UDP;
		to.class = H323_CLASS_MEDIA;
		to.pair = true;
	}
	announce(g, a, &to);
}

static bool opens(u8 what)
{
	return what == H323_CONTROL || what == H323_ALTERNATIVE ||
	       what == H323_MEDIA || what == H323_MEDIA_CONTROL ||
	       what == H323_DATA;
}

/**
 * h323_open() - open what an address of a call announces
 * @g: the packet, of TCP
 * @a: the address
 *
 * Of those of others, H323_ALTERNATIVE may be opened later: h323_forward().
 */
void h323_open(struct h323_segment *g, const struct h323_address *a)
{
	const struct pom_packet *p = g->p;

	if (h323_is_unset(a))
		return;
	if (!opens(a->fact.what))
		h323_translate(g, a);
	else if (pom_is_own(p, a->to.addr))
		open_own(g, a);
	else if (h323_is_peer(p, &a->to))
		h323_translate(g, a);
	else if (a->fact.what != H323_ALTERNATIVE && h323_admit(g))
		pom_refuse(p, POM_FOREIGN, "address is not the sender's");
}
