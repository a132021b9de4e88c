// SPDX-License-Identifier: GPL-2.0-only
/* The command expect of ct(8): connections that helpers expect. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "../lib/cli.h"
#include "../lib/table.h"
#include "ct-conntrack.h"
#include "ct-expect.h"
#include "ct-expectation.h"
#include "ct-names.h"

struct listing {
	const char *helper;	/* or NULL: all */
	unsigned int count;
	struct table *table;	/* on a terminal, or NULL */
};

static bool is_zero(const void *data, size_t len)
{
	const uint8_t *byte = data;

	while (len && !*byte) {
		byte++;
		len--;
	}
	return !len;
}

/* One end of a tuple. Without a mask, all of it counts. */
static void end_read(struct expectation_end *end,
		     const struct nf_conntrack *tuple,
		     const struct nf_conntrack *mask, bool source)
{
	bool v6 = nfct_get_attr_u8(tuple, ATTR_ORIG_L3PROTO) == AF_INET6;
	enum nf_conntrack_attr port = source ? ATTR_ORIG_PORT_SRC :
					       ATTR_ORIG_PORT_DST;
	enum nf_conntrack_attr addr;
	const void *bytes;

	if (v6)
		addr = source ? ATTR_ORIG_IPV6_SRC : ATTR_ORIG_IPV6_DST;
	else
		addr = source ? ATTR_ORIG_IPV4_SRC : ATTR_ORIG_IPV4_DST;
	memset(end, 0, sizeof(*end));
	bytes = nfct_get_attr(tuple, addr);
	if (bytes)
		inet_ntop(v6 ? AF_INET6 : AF_INET, bytes, end->addr,
			  sizeof(end->addr));
	end->port = ntohs(nfct_get_attr_u16(tuple, port));
	if (!mask)
		return;
	bytes = nfct_get_attr(mask, addr);
	end->any_addr = !bytes || is_zero(bytes, v6 ? 16 : 4);
	end->any_port = !nfct_get_attr_u16(mask, port);
}

static const void *part_of(const struct nf_expect *expect,
			   enum nf_expect_attr attr)
{
	return nfexp_attr_is_set(expect, attr) > 0 ?
	       nfexp_get_attr(expect, attr) : NULL;
}

static bool expectation_read(struct expectation *e,
			     const struct nf_expect *expect)
{
	const struct nf_conntrack *tuple = part_of(expect, ATTR_EXP_EXPECTED);
	const struct nf_conntrack *mask = part_of(expect, ATTR_EXP_MASK);
	const struct nf_conntrack *master = part_of(expect, ATTR_EXP_MASTER);

	memset(e, 0, sizeof(*e));
	if (!tuple || !mask || !master)
		return false;
	e->helper = part_of(expect, ATTR_EXP_HELPER_NAME);
	if (!e->helper)
		e->helper = "";
	e->proto = nfct_get_attr_u8(tuple, ATTR_ORIG_L4PROTO);
	e->protocol = name_of(protocols, e->proto, "unknown");
	e->left = nfexp_get_attr_u32(expect, ATTR_EXP_TIMEOUT);
	e->flags = nfexp_get_attr_u32(expect, ATTR_EXP_FLAGS);
	e->class = nfexp_get_attr_u32(expect, ATTR_EXP_CLASS);
	e->zone = nfexp_get_attr_u16(expect, ATTR_EXP_ZONE);
	end_read(&e->from, tuple, mask, true);
	end_read(&e->to, tuple, mask, false);
	end_read(&e->client, master, NULL, true);
	end_read(&e->server, master, NULL, false);
	return true;
}

static struct table *expectations_table(void)
{
	static const struct table_column columns[] = {
		{ "HELPER", TABLE_TEXT },
		{ "PROTOCOL", TABLE_TEXT },
		{ "LEFT", TABLE_SECONDS },
		{ "FROM", TABLE_TEXT },
		{ "TO", TABLE_TEXT },
		{ "CLIENT", TABLE_TEXT },
		{ "SERVER", TABLE_TEXT },
		{ "FLAGS", TABLE_TEXT },
		{ "ZONE", TABLE_NUMBER },
	};

	return TABLE_BEGIN(columns);
}

static void expectation_row(struct table *table, const struct expectation *e)
{
	char text[64], flags[64];

	table_text(table, e->helper);
	table_text(table, e->protocol);
	table_number(table, e->left);
	table_text(table, expectation_end_text(&e->from, text, sizeof(text)));
	table_text(table, expectation_end_text(&e->to, text, sizeof(text)));
	table_text(table, expectation_end_text(&e->client, text, sizeof(text)));
	table_text(table, expectation_end_text(&e->server, text, sizeof(text)));
	table_text(table, expectation_flags(e, flags, sizeof(flags)));
	table_number(table, e->zone ? e->zone : TABLE_NONE);
}

static void expectation_print(struct listing *listing,
			      const struct nf_expect *expect)
{
	struct expectation e;

	if (!expectation_read(&e, expect) ||
	    (listing->helper && strcmp(listing->helper, e.helper)))
		return;
	if (cli.json) {
		fputs(listing->count ? ",\n " : "\n ", stdout);
		expectation_json(&e);
	} else if (listing->table) {
		expectation_row(listing->table, &e);
	} else {
		if (!listing->count)
			printf("%-8s %-8s %6s %-21s %-21s %s\n", "HELPER",
			       "PROTOCOL", "LEFT", "FROM", "TO", "OF");
		expectation_line(&e);
	}
	listing->count++;
}

static int got_expectation(const struct nlmsghdr *nlh, void *data)
{
	struct nf_expect *expect = nfexp_new();

	if (!expect)
		die("no memory");
	if (nfexp_nlmsg_parse(nlh, expect) >= 0)
		expectation_print(data, expect);
	nfexp_destroy(expect);
	return MNL_CB_OK;
}

int cmd_expect(int argc, char **argv)
{
	struct listing listing = { .helper = argc ? argv[0] : NULL };
	struct mnl_socket *nl = conntrack_socket(0);
	struct nlmsghdr *nlh;
	int err;

	nlh = conntrack_message(NFNL_SUBSYS_CTNETLINK_EXP, IPCTNL_MSG_EXP_GET,
				NLM_F_DUMP, AF_UNSPEC);
	if (table_fits())
		listing.table = expectations_table();
	if (cli.json)
		fputs("[", stdout);
	err = conntrack_converse(nl, nlh, got_expectation, &listing);
	mnl_socket_close(nl);
	if (listing.table)
		table_end(listing.table, 0, false, UINT_MAX);
	if (cli.json)
		fputs("\n]\n", stdout);
	if (err)
		die("expect: %s", cli_strerror(err));
	return EXIT_SUCCESS;
}
