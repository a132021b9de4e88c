// SPDX-License-Identifier: GPL-2.0-only
/* ct(8): what list prints on a terminal. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>

#include "ct-names.h"
#include "ct-table.h"

/* Bits of enum ip_conntrack_status. */
#define SEEN_REPLY	(1u << 1)
#define ASSURED		(1u << 2)
#define OFFLOAD		(1u << 14)

/* An IPv6 address, brackets, a port and a few letters. */
#define END_LEN		(INET6_ADDRSTRLEN + 16)

struct table *connections_table(void)
{
	static const struct table_column columns[] = {
		{ "PROTOCOL", TABLE_TEXT },
		{ "STATE", TABLE_TEXT },
		{ "FROM", TABLE_TEXT },
		{ "TO", TABLE_TEXT },
		{ "ANSWERS FROM", TABLE_TEXT },
		{ "ANSWERS TO", TABLE_TEXT },
		{ "LEFT", TABLE_SECONDS },
		{ "AGE", TABLE_SECONDS },
		{ "PACKETS", TABLE_NUMBER },
		{ "BYTES", TABLE_BYTES },
		{ "STATUS", TABLE_TEXT },
		{ "MARK", TABLE_NUMBER },
		{ "ZONE", TABLE_NUMBER },
		{ "HELPER", TABLE_TEXT },
	};

	return TABLE_BEGIN(columns);
}

/* An address, with its port where the protocol has some. */
static const char *end_text(const struct connection *c, unsigned int dir,
			    unsigned int end, char text[END_LEN])
{
	bool v6 = c->record.family != NFPROTO_IPV4;
	char addr[INET6_ADDRSTRLEN];

	inet_ntop(v6 ? AF_INET6 : AF_INET, c->addr[dir][end], addr,
		  sizeof(addr));
	if (connection_has_ports(c))
		snprintf(text, END_LEN, v6 ? "[%s]:%u" : "%s:%u", addr,
			 ntohs(c->record.port[dir][end]));
	else
		snprintf(text, END_LEN, "%s", addr);
	return text;
}

static const char *status_of(const struct nf_ctnetlink_record *r)
{
	if (r->status & OFFLOAD)
		return "offload";
	if (!(r->status & SEEN_REPLY))
		return "unreplied";
	return r->status & ASSURED ? "assured" : "";
}

/* What NAT has changed: an end of the answers that is not its counterpart. */
static void answer_cell(struct table *table, const struct connection *c,
			unsigned int end)
{
	char answer[END_LEN], original[END_LEN];

	end_text(c, NF_CTNETLINK_REPLY, end, answer);
	end_text(c, NF_CTNETLINK_ORIG, !end, original);
	table_text(table, strcmp(answer, original) ? answer : "");
}

void connection_row(struct table *table, const struct connection *c,
		    uint64_t now)
{
	const struct nf_ctnetlink_record *r = &c->record;
	bool counted = r->flags & NF_CTNETLINK_RECORD_ACCT;
	uint64_t start = c->start / 1000000000u;
	const char *state = connection_state(c);
	char text[END_LEN];

	table_text(table, name_of(protocols, r->proto, "unknown"));
	table_text(table, state ? state : "");
	table_text(table, end_text(c, NF_CTNETLINK_ORIG, 0, text));
	table_text(table, end_text(c, NF_CTNETLINK_ORIG, 1, text));
	answer_cell(table, c, 0);
	answer_cell(table, c, 1);
	table_number(table, r->status & OFFLOAD ? TABLE_NONE : r->left);
	table_number(table, !c->has_start ? TABLE_NONE :
		     now > start ? now - start : 0);
	table_number(table, counted ? r->packets[0] + r->packets[1] :
		     TABLE_NONE);
	table_number(table, counted ? r->bytes[0] + r->bytes[1] : TABLE_NONE);
	table_text(table, status_of(r));
	table_number(table, r->mark ? r->mark : TABLE_NONE);
	table_number(table, r->zone ? r->zone : TABLE_NONE);
	table_text(table, c->helper ? c->helper : "");
}

void connections_table_end(struct table *table)
{
	table_end(table, 0, false, UINT_MAX);
}
