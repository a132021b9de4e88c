// SPDX-License-Identifier: GPL-2.0-only
/* ct(8): requests to the kernel, and their answers. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "../lib/cli.h"
#include "ct-fallback.h"
#include "ct-request.h"

/* Not at the start: a word that is wrong is reported without the kernel. */
bool request_possible(void)
{
	static bool asked, found;

	if (!asked)
		found = genl_find(NF_CTNETLINK_GENL_NAME,
				  NF_CTNETLINK_GENL_VERSION);
	asked = true;
	return found;
}

struct nlmsghdr *request(uint8_t cmd, const struct filter *filter)
{
	static bool said;
	struct nlmsghdr *nlh;

	if (!request_possible() && !said) {
		complain("this is slower without nf_ctnetlink; fix: modprobe nf_ctnetlink");
		said = true;
	}
	nlh = genl_request(cmd, NLM_F_DUMP);
	if (filter->count)
		mnl_attr_put(nlh, NF_CTNETLINK_A_TERMS,
			     filter->count * sizeof(filter->term[0]),
			     filter->term);
	return nlh;
}

static void got_records(const struct nlattr *attr, struct answer *answer)
{
	const char *at = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr), used;
	struct connection c;

	for (; len; at += used, len -= used) {
		used = connection_read(&c, at, len);
		if (!used)
			die("the kernel sent a record that is not complete");
		answer->connection(&c, answer->data);
	}
}

static void got_groups(const struct nlattr *attr, struct answer *answer)
{
	const char *at = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);
	struct nf_ctnetlink_group group;

	while (len >= sizeof(group)) {
		memcpy(&group, at, sizeof(group));
		answer->group(&group, answer->data);
		at += sizeof(group);
		len -= sizeof(group);
	}
}

static int got_message(const struct nlmsghdr *nlh, void *data)
{
	struct answer *answer = data;
	const struct nlattr *attr;
	uint16_t type;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		type = mnl_attr_get_type(attr);
		if (type == NF_CTNETLINK_A_RECORDS && answer->connection)
			got_records(attr, answer);
		else if (type == NF_CTNETLINK_A_GROUPS && answer->group)
			got_groups(attr, answer);
		else if (type >= NF_CTNETLINK_A_SEEN &&
			 type <= NF_CTNETLINK_A_MAX &&
			 mnl_attr_get_payload_len(attr) == sizeof(uint64_t))
			answer->number[type] = mnl_attr_get_u64(attr);
	}
	return MNL_CB_OK;
}

/* What a filter compares may be missing, and a sysctl adds it. */
static void report_missing(uint64_t count, const char *what, const char *name)
{
	if (count)
		complain("%" PRIu64 " connections have no %s; fix, for new ones: sysctl %s=1",
			 count, what, name);
}

int converse(struct nlmsghdr *nlh, struct answer *answer, const char *what)
{
	const uint64_t *number = answer->number;
	int status;

	memset(answer->number, 0, sizeof(answer->number));
	status = request_possible() ?
		 genl_converse(nlh, got_message, answer, what) :
		 fallback_converse(nlh, answer, what);
	if (status)
		return EXIT_FAILURE;
	report_missing(number[NF_CTNETLINK_A_NO_ACCT], "counters",
		       "net.netfilter.nf_conntrack_acct");
	report_missing(number[NF_CTNETLINK_A_NO_TSTAMP], "timestamp",
		       "net.netfilter.nf_conntrack_timestamp");
	return EXIT_SUCCESS;
}
