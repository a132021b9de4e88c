// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helper for TFTP: a server answers a request from a port of
 * its own choice (RFC 1350 section 4), so each request raises one expectation
 * of a packet from the server to the port that the request came from.
 */

#include <linux/module.h>

#include "lib/helper_core.h"
#include "tftp/nf_conntrack_tftp.h"
#include "tftp/parser.h"

MODULE_DESCRIPTION("TFTP connection tracking helper");
MODULE_ALIAS_NFCT_HELPER("tftp");
MODULE_SOFTDEP("post: nf_nat_tftp");

/* A client without an answer retries, which restarts the timeout. */
static const struct nf_conntrack_expect_policy tftp_policy = {
	.max_expected	= 1,
	.timeout	= 30,	/* seconds */
};

static noinline_for_stack void read_request(const struct pom_packet *p)
{
	struct tftp_packet pkt;
	enum tftp_error error = tftp_parse(p->data, p->have, p->len, &pkt);

	if (error != TFTP_OK)
		pom_refuse(p, POM_MALFORMED, tftp_error_text(error));
	else if (tftp_is_request(&pkt))
		pom_expect_reply(p);
}

static int tftp_help(struct sk_buff *skb, unsigned int protoff,
		     struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct pom_packet p = {
		.helper	= &pom_tftp_helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
	};
	u8 buf[TFTP_REQUEST_MAX] pom_space;

	if (p.dir != IP_CT_DIR_ORIGINAL ||
	    !pom_packet_udp(&p, protoff, buf, sizeof(buf)))
		return NF_ACCEPT;
	if (!tftp_is_block(p.data, p.have))
		read_request(&p);
	return NF_ACCEPT;
}

struct pom_helper pom_tftp_helper = {
	.name		= "tftp",
	.l4proto	= IPPROTO_UDP,
	.default_port	= 69,
	.policy		= &tftp_policy,
	.help		= tftp_help,
	.me		= THIS_MODULE,
};
EXPORT_SYMBOL_GPL(pom_tftp_helper);
struct pom_helper *const pom_core_of = &pom_tftp_helper;
