// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) without nf_ctnetlink: requests that the program answers itself. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "ctnetlink/filter.h"

#include "../lib/cli.h"
#include "ct-conntrack.h"
#include "ct-fallback.h"

struct work {
	uint8_t cmd;
	struct answer *answer;
	struct ctn_filter *filter;
	struct fallback_groups groups;
	struct fallback_change change;
};

static int read_attr(const struct nlattr *attr, void *data)
{
	const struct nlattr **attrs = data;

	attrs[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

/* The program has made the terms itself. */
static struct ctn_filter *filter_create(const struct nlattr *terms)
{
	size_t len = terms ? mnl_attr_get_payload_len(terms) : 0;
	struct ctn_filter *filter = calloc(1, sizeof(*filter) + len);
	unsigned int bad;
	const char *wrong;

	if (!filter)
		die("no memory");
	if (len)
		memcpy(filter->term, mnl_attr_get_payload(terms), len);
	filter->count = (unsigned int)(len / sizeof(filter->term[0]));
	wrong = ctn_filter_check(filter, &bad);
	if (wrong)
		die("%s", wrong);
	return filter;
}

static bool selects(const struct work *work, const struct ctn_facts *facts)
{
	uint64_t *number = work->answer->number;
	enum ctn_result result;
	unsigned int lacks;

	result = ctn_filter_match(work->filter, facts, &lacks);
	if (result != CTN_UNKNOWN)
		return result == CTN_YES;
	if (lacks & CTN_HAS_ACCT)
		number[NF_CTNETLINK_A_NO_ACCT]++;
	if (lacks & CTN_HAS_TSTAMP)
		number[NF_CTNETLINK_A_NO_TSTAMP]++;
	return false;
}

static int got_connection(const struct nlmsghdr *nlh, void *data)
{
	struct work *work = data;
	struct answer *answer = work->answer;
	struct ctn_facts facts;
	struct connection c;

	if (!fallback_record(&c, nlh))
		return MNL_CB_OK;
	answer->number[NF_CTNETLINK_A_SEEN]++;
	fallback_facts(&facts, &c);
	if (!selects(work, &facts))
		return MNL_CB_OK;
	answer->number[NF_CTNETLINK_A_MATCHED]++;
	if (work->cmd == NF_CTNETLINK_CMD_LIST)
		answer->connection(&c, answer->data);
	else if (work->cmd == NF_CTNETLINK_CMD_CHANGE)
		fallback_change(&work->change, &c, nlh, answer->number);
	else if (work->groups.by)
		fallback_group_add(&work->groups, &c, &facts);
	return MNL_CB_OK;
}

static void begin(struct work *work, const struct nlattr **attrs)
{
	const struct nlattr *by = attrs[NF_CTNETLINK_A_GROUP];

	work->filter = filter_create(attrs[NF_CTNETLINK_A_TERMS]);
	if (by)
		work->groups.by = mnl_attr_get_u8(by);
	if (work->cmd != NF_CTNETLINK_CMD_CHANGE)
		return;
	fallback_change_read(&work->change, attrs);
	work->change.nl = conntrack_socket(0);
}

static void end(struct work *work)
{
	fallback_groups_end(&work->groups, work->answer);
	if (work->change.nl)
		mnl_socket_close(work->change.nl);
	free(work->filter);
}

int fallback_converse(const struct nlmsghdr *nlh, struct answer *answer,
		      const char *what)
{
	const struct genlmsghdr *header = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attrs[NF_CTNETLINK_A_MAX + 1] = { NULL };
	struct work work = { .cmd = header->cmd, .answer = answer };
	struct mnl_socket *nl = conntrack_socket(0);
	int err;

	mnl_attr_parse(nlh, sizeof(*header), read_attr, attrs);
	begin(&work, attrs);
	err = conntrack_converse(nl, conntrack_message(NFNL_SUBSYS_CTNETLINK,
						       IPCTNL_MSG_CT_GET,
						       NLM_F_DUMP, AF_UNSPEC),
				 got_connection, &work);
	mnl_socket_close(nl);
	end(&work);
	if (!err)
		return EXIT_SUCCESS;
	if (err == EINVAL || err == EOPNOTSUPP)
		complain("%s: this needs a module; fix: modprobe nf_ctnetlink",
			 what);
	else
		complain("%s: %s", what, cli_strerror(err));
	return EXIT_FAILURE;
}
