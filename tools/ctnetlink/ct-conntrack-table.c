// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) as conntrack(8): commands on the table of connections. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/cli.h"
#include "ct-conntrack.h"

/* A command while it reads a dump. */
struct work {
	struct conntrack_command *c;
	struct mnl_socket *writer;	/* of requests within a dump */
	unsigned int count;		/* connections printed or changed */
};

/* Exits without memory; returns NULL if the message is no connection. */
static struct nf_conntrack *connection_of(const struct nlmsghdr *nlh)
{
	struct nf_conntrack *ct = nfct_new();

	if (!ct)
		die("no memory");
	if (nfct_nlmsg_parse(nlh, ct) >= 0)
		return ct;
	nfct_destroy(ct);
	return NULL;
}

static struct nlmsghdr *ctnetlink(uint16_t type, uint16_t flags, uint8_t family)
{
	return conntrack_message(NFNL_SUBSYS_CTNETLINK, type, flags, family);
}

/* CTA_STATUS_MASK, which headers of Linux 5.10 do not have. */
#define STATUS_MASK	26

static void put_masked(struct nlmsghdr *nlh, uint16_t attr, uint16_t mask_attr,
		       const struct masked *value)
{
	mnl_attr_put_u32(nlh, attr, htonl(value->val));
	mnl_attr_put_u32(nlh, mask_attr, htonl(value->mask));
}

/* A dump of what the kernel can select by family, mark and status. */
static int dump(struct work *work, uint16_t type, bool by_status, mnl_cb_t cb)
{
	const struct conntrack_command *c = work->c;
	struct nlmsghdr *nlh;

	nlh = ctnetlink(type, NLM_F_DUMP, c->family);
	if (given(c, OPT_MARK) && c->name != 'U')
		put_masked(nlh, CTA_MARK, CTA_MARK_MASK, &c->mark);
	if (given(c, OPT_STATUS) && by_status)
		put_masked(nlh, CTA_STATUS, STATUS_MASK, &c->status);
	return conntrack_converse(conntrack_dump_socket(), nlh, cb, work);
}

/* ---- -L and -G ---- */

static int list_one(const struct nlmsghdr *nlh, void *data)
{
	struct nf_conntrack *ct = connection_of(nlh);
	struct work *work = data;

	if (!ct)
		return MNL_CB_OK;
	if (match_connection(work->c, ct)) {
		if (!(work->c->output & OUT_SAVE))
			print_xml_head(work->c, "conntrack");
		print_connection(work->c, ct, NFCT_T_UNKNOWN);
		putchar('\n');
		work->count++;
	}
	nfct_destroy(ct);
	return MNL_CB_OK;
}

int conntrack_list(struct conntrack_command *c)
{
	struct work work = { .c = c };
	uint16_t type = given(c, OPT_ZERO) ? IPCTNL_MSG_CT_GET_CTRZERO :
					     IPCTNL_MSG_CT_GET;
	int err;

	if (c->table == TABLE_DYING)
		type = IPCTNL_MSG_CT_GET_DYING;
	else if (c->table == TABLE_UNCONFIRMED)
		type = IPCTNL_MSG_CT_GET_UNCONFIRMED;
	else if (given(c, OPT_ZERO) && match_compares(c))
		conntrack_usage("-z sets all counters to 0, and takes no filter");
	match_prepare(c);
	err = dump(&work, type, c->table == TABLE_CONNTRACK, list_one);
	print_xml_end("conntrack");
	if (err)
		conntrack_failed(c, err);
	conntrack_summary("%u flow entries have been shown.", work.count);
	return EXIT_SUCCESS;
}

int conntrack_get(struct conntrack_command *c)
{
	struct nlmsghdr *nlh = ctnetlink(IPCTNL_MSG_CT_GET, 0, c->family);
	struct work work = { .c = c };
	int err;

	nfct_nlmsg_build(nlh, c->ct);
	err = conntrack_converse(conntrack_request_socket(), nlh, list_one,
				 &work);
	if (err)
		conntrack_failed(c, err);
	conntrack_summary("%u flow entries have been shown.", work.count);
	return work.count ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- -D ---- */

/* The library compares the bits that must be set only. */
static bool match_status(const struct conntrack_command *c,
			 const struct nf_conntrack *ct)
{
	return !given(c, OPT_STATUS) ||
	       (nfct_get_attr_u32(ct, ATTR_STATUS) & c->status.mask) ==
	       c->status.val;
}

static int delete_one(const struct nlmsghdr *nlh, void *data)
{
	struct nf_conntrack *ct = connection_of(nlh);
	struct work *work = data;
	struct nlmsghdr *request;
	int err;

	if (!ct)
		return MNL_CB_OK;
	if (match_connection(work->c, ct) && match_status(work->c, ct)) {
		request = ctnetlink(IPCTNL_MSG_CT_DELETE, 0,
				    nfct_get_attr_u8(ct, ATTR_ORIG_L3PROTO));
		nfct_nlmsg_build(request, ct);
		err = conntrack_converse(work->writer, request, NULL, NULL);
		if (err && err != ENOENT) /* it ended meanwhile */
			conntrack_failed(work->c, err);
		if (!err) {
			print_connection(work->c, ct, NFCT_T_UNKNOWN);
			putchar('\n');
			work->count++;
		}
	}
	nfct_destroy(ct);
	return MNL_CB_OK;
}

int conntrack_delete(struct conntrack_command *c)
{
	struct work work = { .c = c, .writer = conntrack_request_socket() };
	int err;

	match_prepare(c);
	err = dump(&work, IPCTNL_MSG_CT_GET, false, delete_one);
	if (err)
		conntrack_failed(c, err);
	conntrack_summary("%u flow entries have been deleted.", work.count);
	return work.count ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- -I and -A ---- */

static struct nfct_bitmask *mask_clone(const struct nfct_bitmask *mask)
{
	struct nfct_bitmask *clone = nfct_bitmask_clone(mask);

	if (!clone)
		die("no memory");
	return clone;
}

static void create_prepare(struct conntrack_command *c)
{
	bool original = given(c, OPT_SRC) || given(c, OPT_DST);
	bool reply = given(c, OPT_REPLY_SRC) || given(c, OPT_REPLY_DST);

	if (original && !reply)
		nfct_setobjopt(c->ct, NFCT_SOPT_SETUP_REPLY);
	else if (reply && !original)
		nfct_setobjopt(c->ct, NFCT_SOPT_SETUP_ORIGINAL);
	if (given(c, OPT_MARK))
		nfct_set_attr_u32(c->ct, ATTR_MARK, c->mark.val);
	if (c->changed_label)
		nfct_set_attr(c->ct, ATTR_CONNLABELS,
			      mask_clone(c->changed_label));
}

/* -A takes a connection that exists as success, and does not change it. */
int conntrack_create(struct conntrack_command *c)
{
	struct nlmsghdr *nlh;
	int err;

	create_prepare(c);
	nlh = ctnetlink(IPCTNL_MSG_CT_NEW, NLM_F_CREATE | NLM_F_EXCL,
			c->family);
	nfct_nlmsg_build(nlh, c->ct);
	err = conntrack_converse(conntrack_request_socket(), nlh, NULL, NULL);
	if (err && !(c->name == 'A' && err == EEXIST))
		conntrack_failed(c, err);
	conntrack_summary(c->name == 'A' ?
			  "%u flow entries have been added." :
			  "%u flow entries have been created.", !err);
	return EXIT_SUCCESS;
}

/* ---- -U ---- */

/*
 * The kernel keeps a label whose bit is clear in both masks, and compares
 * masks of equal length only.
 */
static void labels_change(const struct conntrack_command *c,
			  struct nf_conntrack *to,
			  const struct nf_conntrack *from)
{
	const struct nfct_bitmask *old = nfct_get_attr(from, ATTR_CONNLABELS);
	struct nfct_bitmask *labels, *mask;
	unsigned int i, last;

	if (!old && given(c, OPT_LABEL_ADD))
		nfct_set_attr(to, ATTR_CONNLABELS,
			      mask_clone(c->changed_label));
	if (!old)
		return;
	last = nfct_bitmask_maxbit(old);
	labels = nfct_bitmask_new(last);
	mask = nfct_bitmask_new(last);
	if (!labels || !mask)
		die("no memory");
	for (i = 0; i <= last; i++) {
		if (c->changed_label ?
		    nfct_bitmask_test_bit(c->changed_label, i) :
		    nfct_bitmask_test_bit(old, i)) {
			nfct_bitmask_set_bit(mask, i);
			if (given(c, OPT_LABEL_ADD))
				nfct_bitmask_set_bit(labels, i);
		}
	}
	nfct_set_attr(to, ATTR_CONNLABELS, labels);
	nfct_set_attr(to, ATTR_CONNLABELS_MASK, mask);
}

/* Returns what identifies the connection @ct, with its new values. */
static struct nf_conntrack *updated(const struct conntrack_command *c,
				    const struct nf_conntrack *ct)
{
	static const enum nf_conntrack_attr zones[] = {
		ATTR_ZONE, ATTR_ORIG_ZONE, ATTR_REPL_ZONE,
	};
	struct nf_conntrack *to = nfct_new();
	unsigned int i;

	if (!to)
		die("no memory");
	nfct_copy(to, ct, NFCT_CP_ORIG);
	nfct_copy(to, c->ct, NFCT_CP_META);
	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (nfct_attr_is_set(ct, zones[i]) > 0)
			nfct_copy_attr(to, ct, zones[i]);
	if (given(c, OPT_MARK))
		nfct_set_attr_u32(to, ATTR_MARK,
				  (nfct_get_attr_u32(ct, ATTR_MARK) &
				   ~c->mark.mask) ^ c->mark.val);
	if (given(c, OPT_STATUS)) /* a bit that is set stays */
		nfct_set_attr_u32(to, ATTR_STATUS,
				  nfct_get_attr_u32(ct, ATTR_STATUS) |
				  nfct_get_attr_u32(c->ct, ATTR_STATUS));
	if (given(c, OPT_LABEL_ADD) || given(c, OPT_LABEL_DEL))
		labels_change(c, to, ct);
	return to;
}

static int print_one(const struct nlmsghdr *nlh, void *data)
{
	struct nf_conntrack *ct = connection_of(nlh);
	const struct work *work = data;

	if (!ct)
		return MNL_CB_OK;
	print_connection(work->c, ct, NFCT_T_UNKNOWN);
	putchar('\n');
	nfct_destroy(ct);
	return MNL_CB_OK;
}

/* Returns 0 or an error; a connection that ended meanwhile has ENOENT. */
static int update(struct work *work, const struct nf_conntrack *to)
{
	uint8_t family = nfct_get_attr_u8(to, ATTR_ORIG_L3PROTO);
	struct nlmsghdr *nlh = ctnetlink(IPCTNL_MSG_CT_NEW, 0, family);
	int err;

	nfct_nlmsg_build(nlh, to);
	err = conntrack_converse(work->writer, nlh, NULL, NULL);
	if (err)
		return err;
	nlh = ctnetlink(IPCTNL_MSG_CT_GET, 0, family);
	nfct_nlmsg_build(nlh, to);
	return conntrack_converse(work->writer, nlh, print_one, work);
}

static int update_one(const struct nlmsghdr *nlh, void *data)
{
	struct nf_conntrack *ct = connection_of(nlh), *to;
	struct work *work = data;
	int err;

	if (!ct)
		return MNL_CB_OK;
	if (match_for_update(work->c, ct)) {
		to = updated(work->c, ct);
		if (!nfct_cmp(to, ct, NFCT_CMP_ALL | NFCT_CMP_MASK)) {
			err = update(work, to);
			if (!err)
				work->count++;
			else if (err != ENOENT && err != ENOSPC)
				conntrack_failed(work->c, err);
		}
		nfct_destroy(to);
	}
	nfct_destroy(ct);
	return MNL_CB_OK;
}

int conntrack_update(struct conntrack_command *c)
{
	struct work work = { .c = c, .writer = conntrack_request_socket() };
	int err;

	match_prepare(c);
	err = dump(&work, IPCTNL_MSG_CT_GET, false, update_one);
	if (err)
		conntrack_failed(c, err);
	conntrack_summary("%u flow entries have been updated.", work.count);
	return work.count ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- -F ---- */

int conntrack_flush(struct conntrack_command *c)
{
	struct nlmsghdr *nlh = ctnetlink(IPCTNL_MSG_CT_DELETE, 0, c->family);
	int err = conntrack_converse(conntrack_request_socket(), nlh, NULL,
				     NULL);

	if (err)
		conntrack_failed(c, err);
	conntrack_summary("connection tracking table has been emptied.", 0);
	return EXIT_SUCCESS;
}
