// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helper for Amanda: a host that is backed up answers a request
 * with the TCP ports of up to four streams, and the backup server connects to
 * each of them.
 */

#include <linux/module.h>

#include "amanda/nf_conntrack_amanda.h"
#include "amanda/parser.h"
#include "lib/helper_core.h"

MODULE_DESCRIPTION("Amanda connection tracking helper");
MODULE_ALIAS_NFCT_HELPER("amanda");
MODULE_SOFTDEP("post: nf_nat_amanda");

/* Of struct pom_connection: the backup server has asked for a service. */
#define ASKED	POM_OWN_BITS

/* A backup starts minutes after its request: the host estimates first. */
static const unsigned int default_timeout = 300; /* seconds */
static const unsigned int __rcu *timeout = RCU_INITIALIZER(&default_timeout);

void pom_amanda_set_timeout(const unsigned int *seconds)
{
	rcu_assign_pointer(timeout, seconds ?: &default_timeout);
}
EXPORT_SYMBOL_GPL(pom_amanda_set_timeout);

static const struct nf_conntrack_expect_policy amanda_policy = {
	.max_expected	= AMANDA_STREAMS,
	.timeout	= 180,	/* seconds */
};

/* All streams of one reply; what cannot be expected stays as it is written. */
static void announce(const struct pom_packet *p,
		     const struct amanda_packet *pkt)
{
	struct pom_announced a[AMANDA_STREAMS];
	struct pom_field field[AMANDA_STREAMS];
	unsigned int i, n = 0;
	bool keep;

	for (i = 0; i < pkt->streams; i++) {
		const struct amanda_stream *stream = &pkt->stream[i];

		if (stream->handle)
			continue;
		a[n] = (struct pom_announced) {
			.port = stream->port,
			.low = POM_PORT_USER,
			.high = POM_PORT_LAST,
			.l4proto = IPPROTO_TCP,
		};
		if (!pom_expect_port(p, &a[n]))
			continue;
		field[n] = (struct pom_field) {
			.off = stream->off,
			.len = stream->len,
			.encoding = POM_PORT_DECIMAL,
			.to = a[n].seen,
		};
		n++;
	}
	if (!n)
		return;
	keep = pom_rewrite(p, field, n);
	for (i = 0; i < n; i++)
		pom_expected(&a[i], keep);
}

static void keep_open(struct nf_conn *ct)
{
	pom_ct_refresh(ct, READ_ONCE(*rcu_dereference(timeout)) * HZ);
}

static void handle(const struct pom_packet *p, const struct amanda_packet *pkt)
{
	struct pom_connection *c = nfct_help_data(p->ct);

	if (p->dir == IP_CT_DIR_ORIGINAL && pkt->type == AMANDA_REQ)
		set_bit(ASKED, &c->bits);
	if (p->dir == IP_CT_DIR_REPLY && test_bit(ASKED, &c->bits)) {
		keep_open(p->ct);
		announce(p, pkt);
	} else if (pkt->streams) {
		pom_refuse(p, POM_WRONG_SIDE, "a reply to no request");
	}
}

static int amanda_help(struct sk_buff *skb, unsigned int protoff,
		       struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct pom_packet p = {
		.helper	= &pom_amanda_helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
	};
	struct amanda_packet pkt;
	enum amanda_error error;
	u8 buf[AMANDA_HEAD_MAX] pom_space;

	if (!pom_packet_udp(&p, protoff, buf, sizeof(buf)))
		return NF_ACCEPT;
	error = amanda_parse(p.data, p.have, &pkt);
	if (error != AMANDA_OK)
		pom_refuse(&p, POM_MALFORMED, amanda_error_text(error));
	else
		handle(&p, &pkt);
	return NF_ACCEPT;
}

struct pom_helper pom_amanda_helper = {
	.name		= "amanda",
	.l4proto	= IPPROTO_UDP,
	.default_port	= 10080,
	.policy		= &amanda_policy,
	.help		= amanda_help,
	.me		= THIS_MODULE,
};
EXPORT_SYMBOL_GPL(pom_amanda_helper);
struct pom_helper *const pom_core_of = &pom_amanda_helper;
