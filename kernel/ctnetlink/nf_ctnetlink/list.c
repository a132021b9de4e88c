// SPDX-License-Identifier: GPL-2.0-only
/* The command LIST: records of connections. */
#include <linux/prefetch.h>
#include <linux/skbuff.h>

#include "compat/conntrack.h"
#include "ctnetlink/nf_ctnetlink/internal.h"

enum {
	/* If fewer surely fit, the next message is begun. */
	RECORDS_LEAST = 8,
	/* The length of an attribute has 16 bits. */
	ATTR_LEN_MAX = 65535,
	/* Connections whose counters are fetched ahead. */
	LIST_AHEAD = 4,
};

/* The skb has space for @record_len of the request. */
static void list_put(struct sk_buff *skb, const struct nf_conn *ct, u32 blocks)
{
	/* Without the reference of the batch. */
	skb_put(skb, pom_ctn_record_write(skb_tail_pointer(skb), ct, blocks,
					  pom_ct_uses(ct) - 1));
}

/* How many records surely fit behind @attr, with the last counters. */
static unsigned int records_room(const struct ctn_request *req,
				 const struct sk_buff *skb,
				 const struct nlattr *attr)
{
	int used = skb_tail_pointer(skb) - (unsigned char *)attr;
	int room = skb_tailroom(skb) - (int)CTN_COUNTERS_LEN;

	room = min_t(int, room, ATTR_LEN_MAX - used);
	if (room < 0)
		return 0;
	return min_t(unsigned int, room / req->record_len, CTN_BATCH);
}

static void batch_put(const struct ctn_request *req, struct sk_buff *skb)
{
	const struct ctn_scan *scan = &req->scan;
	unsigned int i;

	for (i = 0; i < scan->found; i++) {
		if (i + LIST_AHEAD < scan->found)
			prefetch(scan->batch[i + LIST_AHEAD]->ext);
		list_put(skb, scan->batch[i], req->blocks);
	}
}

static int list_fill(struct ctn_request *req, struct sk_buff *skb,
		     struct nlattr *attr)
{
	struct ctn_scan *scan = &req->scan;
	unsigned int room;
	int err;

	scan->nodes = 0;
	while (!scan->done && scan->nodes < CTN_PART_NODES) {
		room = records_room(req, skb, attr);
		if (room < RECORDS_LEAST)
			break;
		err = pom_ctn_scan_next(scan, room);
		if (err)
			return err;
		batch_put(req, skb);
		pom_ctn_scan_put(scan);
	}
	return 0;
}

/* The message of a dump always has space for this. */
static int list_part(struct ctn_request *req, struct sk_buff *skb)
{
	struct nlattr *attr = nla_reserve(skb, NF_CTNETLINK_A_RECORDS, 0);
	int err;

	if (!attr || records_room(req, skb, attr) < RECORDS_LEAST)
		return -EMSGSIZE;
	err = list_fill(req, skb, attr);
	if (err)
		return err;
	attr->nla_len = skb_tail_pointer(skb) - (unsigned char *)attr;
	if (!req->scan.done)
		return 0;
	req->finished = true;
	return ctn_put_counts(skb, &req->scan.counts);
}

static int list_begin(struct ctn_request *req, struct nlattr **attrs,
		      struct netlink_ext_ack *extack)
{
	req->scan.hold = true;
	if (attrs[NF_CTNETLINK_A_BLOCKS])
		req->blocks = nla_get_u32(attrs[NF_CTNETLINK_A_BLOCKS]);
	req->record_len = pom_ctn_record_len(req->blocks);
	return 0;
}

const struct ctn_command ctn_list = {
	.cmd	= NF_CTNETLINK_CMD_LIST,
	.begin	= list_begin,
	.part	= list_part,
};
