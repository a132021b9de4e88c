// SPDX-License-Identifier: GPL-2.0-only
/* The command LIST: records of connections. */
#include <linux/bitops.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_timestamp.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "compat/conntrack.h"
#include "ctnetlink/nf_ctnetlink/internal.h"

enum {
	LABELS_LEN = 16,
	/* If fewer surely fit, the next message is begun. */
	RECORDS_LEAST = 8,
	/* The length of an attribute has 16 bits. */
	ATTR_LEN_MAX = 65535,
};

static unsigned int addr_len(u8 family)
{
	return family == NFPROTO_IPV4 ? 4 : 16;
}

/* ctnetlink says that the bytes of the kernel's number are in network order. */
static u32 record_id(const struct nf_conn *ct)
{
	return be32_to_cpu((__force __be32)nf_ct_get_id(ct));
}

static void record_fill(struct nf_ctnetlink_record *record,
			const struct nf_conn *ct)
{
	const struct nf_conntrack_zone *zone = nf_ct_zone(ct);
	const struct nf_conntrack_tuple *tuple;
	struct nf_conn_acct *acct = nf_conn_acct_find(ct);
	struct ctn_facts facts;
	unsigned int dir;

	memset(record, 0, sizeof(*record));
	ctn_facts_basic(&facts, ct);
	record->family = facts.family;
	record->proto = facts.proto;
	record->flags = facts.flags;
	record->state = facts.state;
	record->zone = facts.zone;
	record->zone_dir = zone->dir;
	record->id = record_id(ct);
	record->status = facts.status;
	record->mark = facts.mark;
	record->left = facts.left;
	/* Without the reference of the batch. */
	record->uses = pom_ct_uses(ct) - 1;
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		tuple = nf_ct_tuple(ct, dir);
		record->port[dir][0] = tuple->src.u.all;
		record->port[dir][1] = tuple->dst.u.all;
		if (!acct)
			continue;
		record->flags |= NF_CTNETLINK_RECORD_ACCT;
		record->packets[dir] =
			atomic64_read(&acct->counter[dir].packets);
		record->bytes[dir] = atomic64_read(&acct->counter[dir].bytes);
	}
}

/*
 * struct writer - a record that is being written
 * @skb: to its end
 * @record: at its beginning; it may be at any multiple of 4
 */
struct writer {
	struct sk_buff *skb;
	struct nf_ctnetlink_record record;
};

static void block_put(struct writer *w, u32 bit, const void *data, u16 len)
{
	struct nf_ctnetlink_block block = {
		.len	= sizeof(block) + len,
		.type	= __ffs(bit),
	};

	skb_put_data(w->skb, &block, sizeof(block));
	skb_put_data(w->skb, data, len);
	w->record.blocks++;
	w->record.len += block.len;
}

static void block_helper(struct writer *w, const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);
	const struct nf_conntrack_helper *helper;
	char name[NF_CTNETLINK_NAME_LEN] = "";

	if (!help)
		return;
	rcu_read_lock();
	helper = rcu_dereference(help->helper);
	if (helper)
		strscpy_pad(name, helper->name, sizeof(name));
	rcu_read_unlock();
	if (*name)
		block_put(w, NF_CTNETLINK_BLOCK_HELPER, name, sizeof(name));
}

/* The kernel's words have 32 or 64 bits, those of the block 32. */
static void block_labels(struct writer *w, const struct nf_conn *ct)
{
	const struct nf_conn_labels *labels = nf_ct_labels_find(ct);
	u32 words[LABELS_LEN / sizeof(u32)];
	unsigned int i;

	if (!labels)
		return;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = READ_ONCE(labels->bits[BIT_WORD(32 * i)]) >>
			   32 * i % BITS_PER_LONG;
	block_put(w, NF_CTNETLINK_BLOCK_LABELS, words, sizeof(words));
}

static void block_start(struct writer *w, const struct nf_conn *ct)
{
	const struct nf_conn_tstamp *tstamp = nf_conn_tstamp_find(ct);
	u64 start;

	if (!tstamp)
		return;
	start = tstamp->start;
	block_put(w, NF_CTNETLINK_BLOCK_START, &start, sizeof(start));
}

/* A connection holds its master. */
static void block_master(struct writer *w, const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *tuple;
	struct nf_ctnetlink_master master = {};

	if (!ct->master)
		return;
	tuple = nf_ct_tuple(ct->master, IP_CT_DIR_ORIGINAL);
	master.id = record_id(ct->master);
	master.family = tuple->src.l3num;
	master.proto = tuple->dst.protonum;
	master.zone = nf_ct_zone(ct->master)->id;
	master.port[0] = tuple->src.u.all;
	master.port[1] = tuple->dst.u.all;
	memcpy(master.addr[0], &tuple->src.u3, addr_len(master.family));
	memcpy(master.addr[1], &tuple->dst.u3, addr_len(master.family));
	block_put(w, NF_CTNETLINK_BLOCK_MASTER, &master, sizeof(master));
}

/* The skb has space for @record_len of the request. */
static void record_put(struct sk_buff *skb, const struct nf_conn *ct,
		       u32 blocks)
{
	struct writer w = { .skb = skb };
	const struct nf_conntrack_tuple *tuple;
	unsigned int dir, len;
	void *at;

	record_fill(&w.record, ct);
	at = skb_put(skb, sizeof(w.record));
	len = addr_len(w.record.family);
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		tuple = nf_ct_tuple(ct, dir);
		skb_put_data(skb, &tuple->src.u3, len);
		skb_put_data(skb, &tuple->dst.u3, len);
	}
	w.record.len = sizeof(w.record) + 4 * len;
	if (blocks & NF_CTNETLINK_BLOCK_HELPER)
		block_helper(&w, ct);
	if (blocks & NF_CTNETLINK_BLOCK_LABELS)
		block_labels(&w, ct);
	if (blocks & NF_CTNETLINK_BLOCK_START)
		block_start(&w, ct);
	if (blocks & NF_CTNETLINK_BLOCK_MASTER)
		block_master(&w, ct);
	memcpy(at, &w.record, sizeof(w.record));
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

static int list_fill(struct ctn_request *req, struct sk_buff *skb,
		     struct nlattr *attr)
{
	struct ctn_scan *scan = &req->scan;
	unsigned int room, i;
	int err;

	scan->nodes = 0;
	while (!scan->done && scan->nodes < CTN_PART_NODES) {
		room = records_room(req, skb, attr);
		if (room < RECORDS_LEAST)
			break;
		err = pom_ctn_scan_next(scan, room);
		if (err)
			return err;
		for (i = 0; i < scan->found; i++)
			record_put(skb, scan->batch[i], req->blocks);
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

static unsigned int record_len(u32 blocks)
{
	unsigned int len = sizeof(struct nf_ctnetlink_record) + 4 * 16;

	len += hweight32(blocks) * sizeof(struct nf_ctnetlink_block);
	if (blocks & NF_CTNETLINK_BLOCK_HELPER)
		len += NF_CTNETLINK_NAME_LEN;
	if (blocks & NF_CTNETLINK_BLOCK_LABELS)
		len += LABELS_LEN;
	if (blocks & NF_CTNETLINK_BLOCK_START)
		len += sizeof(u64);
	if (blocks & NF_CTNETLINK_BLOCK_MASTER)
		len += sizeof(struct nf_ctnetlink_master);
	return len;
}

static int list_begin(struct ctn_request *req, struct nlattr **attrs,
		      struct netlink_ext_ack *extack)
{
	req->scan.hold = true;
	if (attrs[NF_CTNETLINK_A_BLOCKS])
		req->blocks = nla_get_u32(attrs[NF_CTNETLINK_A_BLOCKS]);
	req->record_len = record_len(req->blocks);
	return 0;
}

const struct ctn_command ctn_list = {
	.cmd	= NF_CTNETLINK_CMD_LIST,
	.begin	= list_begin,
	.part	= list_part,
};
