// SPDX-License-Identifier: GPL-2.0-only
/* Records of connections, for lists and for events, and of expectations. */
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_labels.h>
#include <net/netfilter/nf_conntrack_timestamp.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "compat/conntrack.h"
#include "ctnetlink/nf_ctnetlink/internal.h"

enum {
	LABELS_LEN = 16,
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

/* All but @len and @blocks. Each member is set: clearing first costs time. */
static void record_fill(struct nf_ctnetlink_record *record,
			const struct nf_conn *ct, u32 uses)
{
	const struct nf_conntrack_zone *zone = nf_ct_zone(ct);
	const struct nf_conn_acct *acct = nf_conn_acct_find(ct);
	const struct nf_conn_counter *counter;
	const struct nf_conntrack_tuple *tuple;
	struct ctn_facts facts;
	unsigned int dir;

	facts.proto = nf_ct_protonum(ct);
	ctn_facts_state(&facts, ct);
	record->family = nf_ct_l3num(ct);
	record->proto = facts.proto;
	record->flags = facts.flags;
	record->state = facts.state;
	record->zone_dir = zone->dir;
	record->zone = zone->id;
	record->reserved = 0;
	record->id = record_id(ct);
	record->status = READ_ONCE(ct->status);
	record->mark = READ_ONCE(ct->mark);
	record->left = nf_ct_expires(ct) / HZ;
	record->uses = uses;
	if (acct)
		record->flags |= NF_CTNETLINK_RECORD_ACCT;
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		tuple = nf_ct_tuple(ct, dir);
		record->port[dir][0] = tuple->src.u.all;
		record->port[dir][1] = tuple->dst.u.all;
		counter = acct ? &acct->counter[dir] : NULL;
		record->packets[dir] =
			counter ? atomic64_read(&counter->packets) : 0;
		record->bytes[dir] =
			counter ? atomic64_read(&counter->bytes) : 0;
	}
}

/*
 * struct writer - a record that is being written
 * @to: its end
 * @record: its beginning, which is copied last
 */
struct writer {
	u8 *to;
	struct nf_ctnetlink_record record;
};

static __always_inline void writer_put(struct writer *w, const void *data,
				       unsigned int len)
{
	memcpy(w->to, data, len);
	w->to += len;
	w->record.len += len;
}

/* Copies of a known size need no call. */
static void addrs_put(struct writer *w, const struct nf_conntrack_tuple *tuple)
{
	if (w->record.family == NFPROTO_IPV4) {
		writer_put(w, &tuple->src.u3, 4);
		writer_put(w, &tuple->dst.u3, 4);
	} else {
		writer_put(w, &tuple->src.u3, 16);
		writer_put(w, &tuple->dst.u3, 16);
	}
}

static void block_put(struct writer *w, u32 bit, const void *data, u16 len)
{
	struct nf_ctnetlink_block block = {
		.len	= sizeof(block) + len,
		.type	= __ffs(bit),
	};

	writer_put(w, &block, sizeof(block));
	writer_put(w, data, len);
	w->record.blocks++;
}

/* Returns whether there is one. */
static bool helper_name(char name[NF_CTNETLINK_NAME_LEN],
			const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);
	const struct nf_conntrack_helper *helper;

	if (!help)
		return false;
	rcu_read_lock();
	helper = rcu_dereference(help->helper);
	if (helper)
		strscpy_pad(name, helper->name, NF_CTNETLINK_NAME_LEN);
	rcu_read_unlock();
	return helper && *name;
}

static void block_helper(struct writer *w, const struct nf_conn *ct)
{
	char name[NF_CTNETLINK_NAME_LEN];

	if (helper_name(name, ct))
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

/* @to is zero. */
static void master_fill(struct nf_ctnetlink_master *to,
			const struct nf_conn *master)
{
	const struct nf_conntrack_tuple *tuple =
		nf_ct_tuple(master, IP_CT_DIR_ORIGINAL);

	to->id = record_id(master);
	to->family = tuple->src.l3num;
	to->proto = tuple->dst.protonum;
	to->zone = nf_ct_zone(master)->id;
	to->port[0] = tuple->src.u.all;
	to->port[1] = tuple->dst.u.all;
	memcpy(to->addr[0], &tuple->src.u3, addr_len(to->family));
	memcpy(to->addr[1], &tuple->dst.u3, addr_len(to->family));
}

/* A connection holds its master. */
static void block_master(struct writer *w, const struct nf_conn *ct)
{
	struct nf_ctnetlink_master master = {};

	if (!ct->master)
		return;
	master_fill(&master, ct->master);
	block_put(w, NF_CTNETLINK_BLOCK_MASTER, &master, sizeof(master));
}

/**
 * pom_ctn_record_write() - write a record
 * @to: space for pom_ctn_record_len(); a multiple of 4
 * @ct: the connection, with a reference, or in an event of it
 * @blocks: which blocks it gets, of NF_CTNETLINK_BLOCK_*
 * @uses: what the record shows as its references
 *
 * Return: its length, a multiple of 4
 */
unsigned int pom_ctn_record_write(void *to, const struct nf_conn *ct,
				  u32 blocks, u32 uses)
{
	struct writer w;

	record_fill(&w.record, ct, uses);
	w.record.len = sizeof(w.record);
	w.record.blocks = 0;
	w.to = to + sizeof(w.record);
	addrs_put(&w, nf_ct_tuple(ct, IP_CT_DIR_ORIGINAL));
	addrs_put(&w, nf_ct_tuple(ct, IP_CT_DIR_REPLY));
	if (blocks & NF_CTNETLINK_BLOCK_HELPER)
		block_helper(&w, ct);
	if (blocks & NF_CTNETLINK_BLOCK_LABELS)
		block_labels(&w, ct);
	if (blocks & NF_CTNETLINK_BLOCK_START)
		block_start(&w, ct);
	if (blocks & NF_CTNETLINK_BLOCK_MASTER)
		block_master(&w, ct);
	memcpy(to, &w.record, sizeof(w.record));
	return w.record.len;
}
EXPORT_SYMBOL_GPL(pom_ctn_record_write);

/**
 * pom_ctn_record_len() - the most bytes of a record
 * @blocks: which blocks it may have
 */
unsigned int pom_ctn_record_len(u32 blocks)
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
EXPORT_SYMBOL_GPL(pom_ctn_record_len);

/**
 * pom_ctn_expect_write() - write what is known of an expectation
 * @to: space for it
 * @exp: the expectation, in an event of it
 *
 * The name of the helper is that of the master: the kernel removes the
 * expectations of a helper before it unloads it.
 */
void pom_ctn_expect_write(struct nf_ctnetlink_expect *to,
			  const struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *tuple = &exp->tuple;
	unsigned int len = addr_len(tuple->src.l3num);

	memset(to, 0, sizeof(*to));
	to->len = sizeof(*to);
	to->family = tuple->src.l3num;
	to->proto = tuple->dst.protonum;
	to->flags = exp->flags & (NF_CT_EXPECT_PERMANENT |
				  NF_CT_EXPECT_INACTIVE |
				  NF_CT_EXPECT_USERSPACE);
	to->class = exp->class;
	to->left = max(pom_expect_left(exp), 0L);
	to->zone = nf_ct_zone(exp->master)->id;
	to->src_mask_port = exp->mask.src.u.all;
	to->port[0] = tuple->src.u.all;
	to->port[1] = tuple->dst.u.all;
	memcpy(to->addr[0], &tuple->src.u3, len);
	memcpy(to->addr[1], &tuple->dst.u3, len);
	memcpy(to->src_mask, &exp->mask.src.u3, len);
	helper_name(to->helper, exp->master);
	master_fill(&to->master, exp->master);
}
EXPORT_SYMBOL_GPL(pom_ctn_expect_write);
