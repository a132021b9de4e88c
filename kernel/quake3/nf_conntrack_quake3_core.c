// SPDX-License-Identifier: GPL-2.0-only
/*
 * The conntrack helper for Quake III Arena and games that share its protocol:
 * a client asks a master server, which answers with the addresses and ports of
 * game servers, and the client sends to each of them.
 */

#include <linux/module.h>
#include <linux/udp.h>

#include "lib/helper_core.h"
#include "lib/helper_server.h"
#include "quake3/nf_conntrack_quake3.h"
#include "quake3/parser.h"

MODULE_DESCRIPTION("Quake III connection tracking helper");
MODULE_ALIAS_NFCT_HELPER("quake3");
MODULE_SOFTDEP("post: nf_nat_quake3");

/* A player reads the list before he joins a game; the kernel's most. */
static const struct nf_conntrack_expect_policy quake3_policy = {
	.max_expected	= NF_CT_EXPECT_MAX_CNT,
	.timeout	= 240,	/* seconds */
};

static bool wants_servers(const struct quake3_packet *pkt)
{
	return pkt->message == QUAKE3_GETSERVERS ||
	       pkt->message == QUAKE3_GETSERVERS_EXT;
}

static bool has_servers(const struct quake3_packet *pkt)
{
	return pkt->message == QUAKE3_SERVERS ||
	       pkt->message == QUAKE3_SERVERS_EXT;
}

/* The server at @off of the payload, which need not be linear. */
static unsigned int server_at(const struct pom_packet *p, unsigned int off,
			      struct quake3_server *server)
{
	unsigned int len = min_t(unsigned int, p->len - off,
				 QUAKE3_SERVER_MAX);
	u8 buf[QUAKE3_SERVER_MAX];
	const u8 *data;

	data = skb_header_pointer(p->skb,
				  p->protoff + sizeof(struct udphdr) + off,
				  len, buf);
	return data ? quake3_take_server(data, len, server) : 0;
}

/* Servers of the other family are out of reach of what is tracked here. */
static void expect_servers(const struct pom_packet *p, unsigned int off)
{
	bool ipv6 = nf_ct_l3num(p->ct) == NFPROTO_IPV6;
	struct quake3_server server;
	struct pom_endpoint to;
	struct pom_answer a;
	unsigned int n;

	pom_answer_begin(&a, p);
	while ((n = server_at(p, off, &server))) {
		off += n;
		if (server.ipv6 != ipv6)
			continue;
		if (!pom_answer_more(&a))
			break;
		memcpy(to.addr, server.addr, sizeof(to.addr));
		to.port = server.port;
		pom_expect_server(&a, &to);
	}
	if (a.expected)
		pom_ct_refresh(p->ct, quake3_policy.timeout * HZ);
}

static void handle(const struct pom_packet *p, const struct quake3_packet *pkt)
{
	struct pom_connection *c = nfct_help_data(p->ct);

	if (wants_servers(pkt) && p->dir == IP_CT_DIR_ORIGINAL)
		pom_set_asked(c);
	if (!has_servers(pkt))
		return;
	if (p->dir != IP_CT_DIR_REPLY || !pom_has_asked(c))
		pom_refuse(p, POM_WRONG_SIDE, "an answer to no question");
	else
		expect_servers(p, pkt->after);
}

static int quake3_help(struct sk_buff *skb, unsigned int protoff,
		       struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct pom_packet p = {
		.helper	= &pom_quake3_helper,
		.skb	= skb,
		.ct	= ct,
		.dir	= CTINFO2DIR(ctinfo),
	};
	struct quake3_packet pkt;
	enum quake3_error error;
	u8 buf[QUAKE3_HEAD_MAX] pom_space;

	if (!pom_packet_udp(&p, protoff, buf, sizeof(buf)))
		return NF_ACCEPT;
	error = quake3_parse(p.data, p.have, &pkt);
	if (error != QUAKE3_OK)
		pom_refuse(&p, POM_MALFORMED, quake3_error_text(error));
	else
		handle(&p, &pkt);
	return NF_ACCEPT;
}

struct pom_helper pom_quake3_helper = {
	.name		= "quake3",
	.l4proto	= IPPROTO_UDP,
	.default_port	= 27950,
	.policy		= &quake3_policy,
	.help		= quake3_help,
	.me		= THIS_MODULE,
};
EXPORT_SYMBOL_GPL(pom_quake3_helper);
struct pom_helper *const pom_core_of = &pom_quake3_helper;
