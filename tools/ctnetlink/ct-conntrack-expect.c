// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) as conntrack(8): commands on the table of expectations. */
#include <stdio.h>
#include <stdlib.h>

#include "../lib/cli.h"
#include "ct-conntrack.h"

struct listing {
	const struct conntrack_command *c;
	unsigned int count;
	bool silent;	/* -C only counts */
};

static struct nlmsghdr *ctnetlink(uint16_t type, uint16_t flags, uint8_t family)
{
	return conntrack_message(NFNL_SUBSYS_CTNETLINK_EXP, type, flags,
				 family);
}

static int list_one(const struct nlmsghdr *nlh, void *data)
{
	struct nf_expect *expect = nfexp_new();
	struct listing *listing = data;

	if (!expect)
		die("no memory");
	if (nfexp_nlmsg_parse(nlh, expect) >= 0) {
		if (!listing->silent) {
			print_xml_head(listing->c, "expect");
			print_expectation(listing->c, expect, NFCT_T_UNKNOWN);
			putchar('\n');
		}
		listing->count++;
	}
	nfexp_destroy(expect);
	return MNL_CB_OK;
}

/* Sends a request, reads its answer, and exits if it failed. */
static void converse(const struct conntrack_command *c, struct nlmsghdr *nlh,
		     struct listing *listing)
{
	int err = conntrack_converse(conntrack_request_socket(), nlh,
				     listing ? list_one : NULL, listing);

	print_xml_end("expect");
	if (err)
		conntrack_failed(c, err);
}

int expect_list(struct conntrack_command *c)
{
	struct listing listing = { .c = c, .silent = c->name == 'c' };

	converse(c, ctnetlink(IPCTNL_MSG_EXP_GET, NLM_F_DUMP, c->family),
		 &listing);
	if (listing.silent)
		printf("%u\n", listing.count);
	else
		conntrack_summary("%u expectations have been shown.",
				  listing.count);
	return EXIT_SUCCESS;
}

/* The kernel finds an expectation by the tuple that it expects. */
int expect_get(struct conntrack_command *c)
{
	struct nlmsghdr *nlh = ctnetlink(IPCTNL_MSG_EXP_GET, 0, c->family);
	struct listing listing = { .c = c };

	nfexp_set_attr(c->expect, ATTR_EXP_MASTER, c->ct);
	nfexp_nlmsg_build(nlh, c->expect);
	converse(c, nlh, &listing);
	return EXIT_SUCCESS;
}

int expect_create(struct conntrack_command *c)
{
	struct nlmsghdr *nlh = ctnetlink(IPCTNL_MSG_EXP_NEW,
					 NLM_F_CREATE | NLM_F_EXCL, c->family);

	nfexp_set_attr(c->expect, ATTR_EXP_MASTER, c->ct);
	nfexp_set_attr(c->expect, ATTR_EXP_EXPECTED, c->tuple);
	nfexp_set_attr(c->expect, ATTR_EXP_MASK, c->mask);
	nfexp_nlmsg_build(nlh, c->expect);
	converse(c, nlh, NULL);
	return EXIT_SUCCESS;
}

int expect_delete(struct conntrack_command *c)
{
	struct nlmsghdr *nlh = ctnetlink(IPCTNL_MSG_EXP_DELETE, 0, c->family);

	nfexp_set_attr(c->expect, ATTR_EXP_EXPECTED, c->ct);
	nfexp_nlmsg_build(nlh, c->expect);
	converse(c, nlh, NULL);
	conntrack_summary("%u expectations have been deleted.", 1);
	return EXIT_SUCCESS;
}

int expect_flush(struct conntrack_command *c)
{
	converse(c, ctnetlink(IPCTNL_MSG_EXP_DELETE, 0, c->family), NULL);
	conntrack_summary("expectation table has been emptied.", 0);
	return EXIT_SUCCESS;
}
