// SPDX-License-Identifier: GPL-2.0-only
/* The command CHANGE: deletes connections, or sets values of them. */
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include <net/netfilter/nf_conntrack_labels.h>

#include "ctnetlink/nf_ctnetlink/internal.h"

enum {
	/* A listener of ctnetlink makes a change cost 30 us. */
	CHANGE_BATCH = 64,
	/* The first part is done under the lock of generic netlink. */
	PART_CHANGES = 256,
};

/*
 * nf_connlabels_replace() takes words of 32 bits as they are in memory. Those
 * of a request are in the order of the labels.
 */
#if defined(__BIG_ENDIAN) && BITS_PER_LONG == 64
#define LABEL_WORD(i)	((i) ^ 1)
#else
#define LABEL_WORD(i)	(i)
#endif

static void change_mark(const struct ctn_change *change, struct nf_conn *ct)
{
	u32 old = READ_ONCE(ct->mark), mark;

	mark = (old & ~change->mark_mask) | change->mark;
	if (mark == old)
		return;
	WRITE_ONCE(ct->mark, mark);
	nf_conntrack_event_report(IPCT_MARK, ct, 0, 0);
}

static void change_labels(const struct ctn_change *change, struct nf_conn *ct)
{
#ifdef CONFIG_NF_CONNTRACK_LABELS
	nf_connlabels_replace(ct, change->labels, change->labels_mask,
			      ARRAY_SIZE(change->labels));
	/* It leaves the event to the next packet. */
	nf_ct_deliver_cached_events(ct);
#endif
}

/* An entry of a flow table is refreshed by it, and by no timeout. */
static bool change_refused(struct ctn_change *change, const struct nf_conn *ct)
{
	if (nf_ct_is_dying(ct)) {
		change->dying++;
		return true;
	}
	if ((change->delete || change->set_timeout) &&
	    test_bit(IPS_OFFLOAD_BIT, &ct->status)) {
		change->offload++;
		return true;
	}
	if (change->set_timeout &&
	    test_bit(IPS_FIXED_TIMEOUT_BIT, &ct->status)) {
		change->failed++;
		return true;
	}
	if (change->set_labels && !nf_ct_labels_find(ct)) {
		change->no_labels++;
		return true;
	}
	return false;
}

/* All or nothing: what can be refused is refused before anything is set. */
static void change_one(struct ctn_change *change, struct nf_conn *ct)
{
	if (change_refused(change, ct))
		return;
	if (change->delete) {
		if (nf_ct_delete(ct, 0, 0))
			change->changed++;
		else
			change->dying++;
		return;
	}
	if (change->set_mark)
		change_mark(change, ct);
	if (change->set_timeout)
		WRITE_ONCE(ct->timeout, nfct_time_stamp + change->timeout);
	if (change->set_labels)
		change_labels(change, ct);
	change->changed++;
}

static int change_walk(struct ctn_request *req)
{
	struct ctn_scan *scan = &req->scan;
	unsigned int i, changes = 0;
	int err;

	scan->nodes = 0;
	while (!scan->done && scan->nodes < CTN_PART_NODES &&
	       changes < PART_CHANGES) {
		err = pom_ctn_scan_next(scan, CHANGE_BATCH);
		if (err)
			return err;
		for (i = 0; i < scan->found; i++)
			change_one(&req->change, scan->batch[i]);
		changes += scan->found;
		pom_ctn_scan_put(scan);
	}
	return 0;
}

static int change_put(const struct ctn_request *req, struct sk_buff *skb)
{
	const struct ctn_change *change = &req->change;

	if (nla_put_u64_64bit(skb, NF_CTNETLINK_A_CHANGED, change->changed,
			      NF_CTNETLINK_A_PAD) ||
	    nla_put_u64_64bit(skb, NF_CTNETLINK_A_SKIPPED_DYING,
			      change->dying, NF_CTNETLINK_A_PAD) ||
	    nla_put_u64_64bit(skb, NF_CTNETLINK_A_SKIPPED_OFFLOAD,
			      change->offload, NF_CTNETLINK_A_PAD) ||
	    nla_put_u64_64bit(skb, NF_CTNETLINK_A_SKIPPED_LABELS,
			      change->no_labels, NF_CTNETLINK_A_PAD) ||
	    nla_put_u64_64bit(skb, NF_CTNETLINK_A_FAILED, change->failed,
			      NF_CTNETLINK_A_PAD))
		return -EMSGSIZE;
	return ctn_put_counts(skb, &req->scan.counts);
}

static int change_part(struct ctn_request *req, struct sk_buff *skb)
{
	int err = change_walk(req);

	if (err || !req->scan.done)
		return err;
	req->finished = true;
	return change_put(req, skb);
}

static void begin_labels(struct ctn_change *change, struct nlattr *labels,
			 struct nlattr *mask)
{
	u32 bits[4], masks[4] = { U32_MAX, U32_MAX, U32_MAX, U32_MAX };
	unsigned int i;

	change->set_labels = true;
	nla_memcpy(bits, labels, sizeof(bits));
	if (mask)
		nla_memcpy(masks, mask, sizeof(masks));
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		change->labels[LABEL_WORD(i)] = bits[i] & masks[i];
		change->labels_mask[LABEL_WORD(i)] = masks[i];
	}
}

static void begin_set(struct ctn_change *change, struct nlattr **attrs)
{
	u32 seconds;

	if (attrs[NF_CTNETLINK_A_MARK]) {
		change->set_mark = true;
		change->mark_mask = U32_MAX;
		if (attrs[NF_CTNETLINK_A_MARK_MASK])
			change->mark_mask =
				nla_get_u32(attrs[NF_CTNETLINK_A_MARK_MASK]);
		change->mark = nla_get_u32(attrs[NF_CTNETLINK_A_MARK]) &
			       change->mark_mask;
	}
	if (attrs[NF_CTNETLINK_A_TIMEOUT]) {
		seconds = nla_get_u32(attrs[NF_CTNETLINK_A_TIMEOUT]);
		change->set_timeout = true;
		change->timeout = min_t(u64, (u64)seconds * HZ, INT_MAX);
	}
	if (attrs[NF_CTNETLINK_A_LABELS])
		begin_labels(change, attrs[NF_CTNETLINK_A_LABELS],
			     attrs[NF_CTNETLINK_A_LABELS_MASK]);
}

static int change_begin(struct ctn_request *req, struct nlattr **attrs,
			struct netlink_ext_ack *extack)
{
	struct ctn_change *change = &req->change;
	bool set;

	change->delete = nla_get_flag(attrs[NF_CTNETLINK_A_DELETE]);
	begin_set(change, attrs);
	set = change->set_mark || change->set_timeout || change->set_labels;
	if (change->delete == set) {
		NL_SET_ERR_MSG(extack,
			       "a change deletes, or sets mark, timeout or labels");
		return -EINVAL;
	}
	req->scan.hold = true;
	return 0;
}

const struct ctn_command ctn_change = {
	.cmd	= NF_CTNETLINK_CMD_CHANGE,
	.begin	= change_begin,
	.part	= change_part,
};
