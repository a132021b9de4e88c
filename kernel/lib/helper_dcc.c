// SPDX-License-Identifier: GPL-2.0-only
/* Announcements of addresses and ports in text, see helper_dcc.h. */

#include <net/netfilter/nf_conntrack.h>

#include "lib/helper_dcc.h"
#include "lib/helper_tcp.h"

/*
 * Until the line is whole, only segments that have a part of it move the place
 * in the stream. So no later line can take its place, if the first segment is
 * lost and comes after others.
 */
bool pom_dcc_is_opened(struct pom_stream *s, struct pom_connection *c,
		       const struct pom_dcc_opening *opening)
{
	const struct pom_packet *p = s->p;

	if (test_bit(POM_DCC_OPENED, &c->bits))
		return true;
	if (!s->fresh && !s->in_order)
		return false;
	if (pom_stream_line(s)) {
		if (p->off <= 0 && opening->opens(p->data, p->have)) {
			set_bit(POM_DCC_OPENED, &c->bits);
			return true;
		}
	} else if (s->line.len &&
		   opening->may_open(s->line.bytes, s->line.len)) {
		pom_stream_end(s, opening->may_open);
		return false;
	}
	set_bit(POM_DCC_REFUSED, &c->bits);
	pom_refuse(p, POM_MALFORMED, opening->refusal);
	return false;
}

static bool is_ipv6(const struct pom_packet *p)
{
	return nf_ct_l3num(p->ct) == NFPROTO_IPV6;
}

bool pom_dcc_is_own(const struct pom_packet *p, const struct pom_named *named)
{
	return named->ipv6 == is_ipv6(p) && pom_is_own(p, named->at.addr);
}

/* The address and port of a line as they are seen from outside. */
static bool write_endpoint(struct pom_stream *s, const struct pom_named *named,
			   const struct pom_endpoint *seen)
{
	const struct pom_field field[] = {
		{
			.off = named->addr.off,
			.len = named->addr.len,
			.encoding = is_ipv6(s->p) ? POM_IPV6_TEXT :
						    POM_IPV4_DECIMAL,
			.to = *seen,
		},
		{
			.off = named->port.off,
			.len = named->port.len,
			.encoding = POM_PORT_DECIMAL,
			.to = *seen,
		},
	};

	return pom_stream_rewrite(s, field, ARRAY_SIZE(field));
}

void pom_dcc_announce(struct pom_stream *s, const struct pom_named *named,
		      bool any_peer)
{
	const bool long_port = named->at.port > 9999;
	struct pom_announced a = {
		.port		= named->at.port,
		.low		= long_port ? 10000 : POM_PORT_USER,
		.high		= long_port ? POM_PORT_LAST : 9999,
		.l4proto	= IPPROTO_TCP,
		.any_peer	= any_peer,
	};

	if (!pom_stream_can_rewrite(s))
		return;
	if (pom_expect_port(s->p, &a))
		pom_expected(&a, write_endpoint(s, named, &a.seen));
	else
		pom_stream_leave(s);
}
