// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) without nf_ctnetlink: one request to ctnetlink for each change. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "../lib/cli.h"
#include "ct-conntrack.h"
#include "ct-fallback.h"

#define LONG_BITS	(CHAR_BIT * sizeof(long))
#define LABELS		128u

/* Bits of enum ip_conntrack_status. */
#define FIXED_TIMEOUT	(1u << 10)
#define OFFLOAD		(1u << 14)

static uint32_t number_of(const struct nlattr *attr, uint32_t other)
{
	return attr ? mnl_attr_get_u32(attr) : other;
}

void fallback_change_read(struct fallback_change *change,
			  const struct nlattr **attrs)
{
	const struct nlattr *labels = attrs[NF_CTNETLINK_A_LABELS];
	const struct nlattr *mask = attrs[NF_CTNETLINK_A_LABELS_MASK];

	change->delete = attrs[NF_CTNETLINK_A_DELETE];
	change->set_mark = attrs[NF_CTNETLINK_A_MARK];
	change->mark = number_of(attrs[NF_CTNETLINK_A_MARK], 0);
	change->mark_mask = number_of(attrs[NF_CTNETLINK_A_MARK_MASK],
				      UINT32_MAX);
	change->set_timeout = attrs[NF_CTNETLINK_A_TIMEOUT];
	change->seconds = number_of(attrs[NF_CTNETLINK_A_TIMEOUT], 0);
	change->set_labels = labels && mask;
	if (!change->set_labels)
		return;
	memcpy(change->labels, mnl_attr_get_payload(labels),
	       sizeof(change->labels));
	memcpy(change->labels_mask, mnl_attr_get_payload(mask),
	       sizeof(change->labels_mask));
}

/* The kernel takes words as they are in its memory. */
static void put_labels(struct nlmsghdr *request, uint16_t type,
		       const uint32_t *labels)
{
	unsigned long words[LABELS / LONG_BITS] = { 0 };
	unsigned int i;

	for (i = 0; i < LABELS; i++)
		if (labels[i / 32] >> i % 32 & 1)
			words[i / LONG_BITS] |= 1ul << i % LONG_BITS;
	mnl_attr_put(request, type, sizeof(words), words);
}

/* The kernel's own are below: a tuple has up to 100 bytes. */
#define COPIED_MOST	1024

/* A request about the connection of @nlh. */
static struct nlmsghdr *request_for(uint16_t type, const struct nlmsghdr *nlh)
{
	const struct nfgenmsg *header = mnl_nlmsg_get_payload(nlh);
	struct nlmsghdr *request;
	const struct nlattr *attr;
	uint16_t what;

	request = conntrack_message(NFNL_SUBSYS_CTNETLINK, type, 0,
				    header->nfgen_family);
	mnl_attr_for_each(attr, nlh, sizeof(*header)) {
		what = mnl_attr_get_type(attr);
		if (what == CTA_TUPLE_ORIG || what == CTA_ZONE ||
		    (what == CTA_ID && type == IPCTNL_MSG_CT_DELETE))
			mnl_attr_put_check(request, COPIED_MOST, attr->nla_type,
					   mnl_attr_get_payload_len(attr),
					   mnl_attr_get_payload(attr));
	}
	return request;
}

static int change_labels(const struct fallback_change *change,
			 const struct nlmsghdr *nlh)
{
	struct nlmsghdr *request = request_for(IPCTNL_MSG_CT_NEW, nlh);

	put_labels(request, CTA_LABELS, change->labels);
	put_labels(request, CTA_LABELS_MASK, change->labels_mask);
	return conntrack_converse(change->nl, request, NULL, NULL);
}

static int change_rest(const struct fallback_change *change,
		       const struct nlmsghdr *nlh)
{
	struct nlmsghdr *request = request_for(IPCTNL_MSG_CT_NEW, nlh);

	if (change->set_mark) {
		mnl_attr_put_u32(request, CTA_MARK, htonl(change->mark));
		mnl_attr_put_u32(request, CTA_MARK_MASK,
				 htonl(change->mark_mask));
	}
	if (change->set_timeout)
		mnl_attr_put_u32(request, CTA_TIMEOUT, htonl(change->seconds));
	return conntrack_converse(change->nl, request, NULL, NULL);
}

/* Labels alone can be refused now, so they are the first. */
static int change_one(const struct fallback_change *change,
		      const struct nlmsghdr *nlh)
{
	int err = 0;

	if (change->delete)
		return conntrack_converse(change->nl,
					  request_for(IPCTNL_MSG_CT_DELETE,
						      nlh), NULL, NULL);
	if (change->set_labels)
		err = change_labels(change, nlh);
	if (!err && (change->set_mark || change->set_timeout))
		err = change_rest(change, nlh);
	return err;
}

/* What counts an error of the kernel; 0 for one that ends the program. */
static unsigned int refusal(const struct fallback_change *change, int err)
{
	if (err == ENOENT || err == ETIME)
		return NF_CTNETLINK_A_SKIPPED_DYING;
	if (err == EPERM && change->set_timeout)
		return NF_CTNETLINK_A_FAILED;
	if (err == EBUSY && change->delete)
		return NF_CTNETLINK_A_SKIPPED_OFFLOAD;
	if ((err == ENOSPC || err == EOPNOTSUPP) && change->set_labels)
		return NF_CTNETLINK_A_SKIPPED_LABELS;
	return 0;
}

void fallback_change(const struct fallback_change *change,
		     const struct connection *c, const struct nlmsghdr *nlh,
		     uint64_t *number)
{
	unsigned int refused;
	int err;

	if ((change->delete || change->set_timeout) &&
	    c->record.status & OFFLOAD) {
		number[NF_CTNETLINK_A_SKIPPED_OFFLOAD]++;
		return;
	}
	if (change->set_timeout && c->record.status & FIXED_TIMEOUT) {
		number[NF_CTNETLINK_A_FAILED]++;
		return;
	}
	err = change_one(change, nlh);
	refused = refusal(change, err);
	if (err && !refused)
		die("ctnetlink: %s", cli_strerror(err));
	number[err ? refused : NF_CTNETLINK_A_CHANGED]++;
}
