// SPDX-License-Identifier: GPL-2.0-only
/* Which connections a request selects, see filter.h. */
#include "ctnetlink/filter.h"

#ifdef __KERNEL__
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/netfilter.h>
#include <linux/string.h>
#else
#include <limits.h>
#include <string.h>
#include <linux/netfilter.h>
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define BITS_PER_LONG		(CHAR_BIT * sizeof(long))
#define __no_kcsan
#endif

#define MAX_8	0xff
#define MAX_16	0xffff
#define MAX_64	(~(uint64_t)0)

/* Which member of its union a term uses. */
enum kind { NONE, RANGE, ADDR, BITS, NAME };

static const struct {
	uint8_t kind;
	uint8_t needs;
	uint64_t max;	/* the most that a range can have */
} fields[] = {
	[NF_CTNETLINK_F_FAMILY]		= { RANGE, 0, MAX_8 },
	[NF_CTNETLINK_F_PROTO]		= { RANGE, 0, MAX_8 },
	[NF_CTNETLINK_F_SRC]		= { ADDR },
	[NF_CTNETLINK_F_DST]		= { ADDR },
	[NF_CTNETLINK_F_REPLY_SRC]	= { ADDR },
	[NF_CTNETLINK_F_REPLY_DST]	= { ADDR },
	[NF_CTNETLINK_F_ANY_ADDR]	= { ADDR },
	[NF_CTNETLINK_F_SPORT]		= { RANGE, 0, MAX_16 },
	[NF_CTNETLINK_F_DPORT]		= { RANGE, 0, MAX_16 },
	[NF_CTNETLINK_F_REPLY_SPORT]	= { RANGE, 0, MAX_16 },
	[NF_CTNETLINK_F_REPLY_DPORT]	= { RANGE, 0, MAX_16 },
	[NF_CTNETLINK_F_ANY_PORT]	= { RANGE, 0, MAX_16 },
	[NF_CTNETLINK_F_ICMP_TYPE]	= { RANGE, 0, MAX_8 },
	[NF_CTNETLINK_F_ICMP_CODE]	= { RANGE, 0, MAX_8 },
	[NF_CTNETLINK_F_TCP_STATE]	= { RANGE, 0, MAX_8 },
	[NF_CTNETLINK_F_SCTP_STATE]	= { RANGE, 0, MAX_8 },
	[NF_CTNETLINK_F_STATUS]		= { BITS },
	[NF_CTNETLINK_F_MARK]		= { BITS },
	[NF_CTNETLINK_F_ZONE]		= { RANGE, 0, MAX_16 },
	[NF_CTNETLINK_F_LEFT]		= { RANGE, 0, MAX_64 },
	[NF_CTNETLINK_F_HELPER]		= { NAME, CTN_HAS_MORE },
	[NF_CTNETLINK_F_LABEL]		= { RANGE, CTN_HAS_MORE, 127 },
	[NF_CTNETLINK_F_AGE]		= { RANGE, CTN_HAS_TSTAMP, MAX_64 },
	[NF_CTNETLINK_F_BYTES]		= { RANGE, CTN_HAS_ACCT, MAX_64 },
	[NF_CTNETLINK_F_BYTES_ORIG]	= { RANGE, CTN_HAS_ACCT, MAX_64 },
	[NF_CTNETLINK_F_BYTES_REPLY]	= { RANGE, CTN_HAS_ACCT, MAX_64 },
	[NF_CTNETLINK_F_PACKETS]	= { RANGE, CTN_HAS_ACCT, MAX_64 },
	[NF_CTNETLINK_F_PACKETS_ORIG]	= { RANGE, CTN_HAS_ACCT, MAX_64 },
	[NF_CTNETLINK_F_PACKETS_REPLY]	= { RANGE, CTN_HAS_ACCT, MAX_64 },
};

static const char *check_addr(const struct nf_ctnetlink_term *term)
{
	unsigned int len = term->family == NFPROTO_IPV4 ? 4 : 16, i;

	if (term->family != NFPROTO_IPV4 && term->family != NFPROTO_IPV6)
		return "the family of an address is IPv4 or IPv6";
	if (term->prefix > 8 * len)
		return "the prefix is longer than the address";
	for (i = len; i < sizeof(term->addr); i++)
		if (term->addr[i])
			return "bytes behind an address must be 0";
	return NULL;
}

static const char *check_term(const struct nf_ctnetlink_term *term)
{
	enum kind kind;

	if (term->field >= ARRAY_SIZE(fields))
		return "a term has an unknown field";
	if (term->flags & ~(NF_CTNETLINK_TERM_NOT | NF_CTNETLINK_TERM_OR) ||
	    term->reserved)
		return "a term has unknown flags";
	kind = fields[term->field].kind;
	if (kind == ADDR)
		return check_addr(term);
	if (term->family || term->prefix)
		return "only addresses have a family and a prefix";
	if (kind == RANGE) {
		if (term->range.min > term->range.max)
			return "the end of a range is before its beginning";
		if (term->range.max > fields[term->field].max)
			return "a number is too large for its field";
		return NULL;
	}
	if (kind == BITS)
		return term->bits.value & ~term->bits.mask ?
		       "a value has bits that are not compared" : NULL;
	if (kind == NAME)
		return memchr(term->name, 0, sizeof(term->name)) ?
		       NULL : "a name is too long";
	return "a term has an unknown field";
}

const char *ctn_filter_check(struct ctn_filter *filter, unsigned int *bad)
{
	const char *wrong;
	unsigned int i;

	filter->needs = 0;
	for (i = 0; i < filter->count; i++) {
		wrong = check_term(&filter->term[i]);
		if (!wrong && !i &&
		    filter->term[i].flags & NF_CTNETLINK_TERM_OR)
			wrong = "the first term has none before it";
		if (wrong) {
			*bad = i;
			return wrong;
		}
		filter->needs |= fields[filter->term[i].field].needs;
	}
	return NULL;
}

/*
 * The functions below also read connections without a reference, which other
 * CPUs may use for a new connection: see accept_quick() in scan.c.
 */
static __no_kcsan bool within(const struct nf_ctnetlink_term *term,
			      uint64_t number)
{
	return number >= term->range.min && number <= term->range.max;
}

static __no_kcsan bool addr_is(const struct nf_ctnetlink_term *term,
			       const struct ctn_facts *facts,
			       const uint8_t *addr)
{
	unsigned int bytes = term->prefix / 8, bits = term->prefix % 8;

	if (facts->family != term->family ||
	    memcmp(addr, term->addr, bytes) != 0)
		return false;
	return !bits || !((addr[bytes] ^ term->addr[bytes]) >> (8 - bits));
}

static __no_kcsan bool any_addr_is(const struct nf_ctnetlink_term *term,
				   const struct ctn_facts *facts)
{
	return addr_is(term, facts, facts->addr[0][0]) ||
	       addr_is(term, facts, facts->addr[0][1]) ||
	       addr_is(term, facts, facts->addr[1][0]) ||
	       addr_is(term, facts, facts->addr[1][1]);
}

static bool port_is(const struct nf_ctnetlink_term *term,
		    const struct ctn_facts *facts, unsigned int dir,
		    unsigned int side)
{
	return facts->has_ports && within(term, facts->port[dir][side]);
}

static bool any_port_is(const struct nf_ctnetlink_term *term,
			const struct ctn_facts *facts)
{
	return port_is(term, facts, 0, 0) || port_is(term, facts, 0, 1) ||
	       port_is(term, facts, 1, 0) || port_is(term, facts, 1, 1);
}

static bool state_is(const struct nf_ctnetlink_term *term,
		     const struct ctn_facts *facts, uint8_t flag)
{
	return facts->flags & flag && within(term, facts->state);
}

static bool bits_are(const struct nf_ctnetlink_term *term, uint32_t number)
{
	return (number & term->bits.mask) == term->bits.value;
}

static bool helper_is(const struct nf_ctnetlink_term *term, const char *helper)
{
	return !strncmp(helper ? helper : "", term->name, sizeof(term->name));
}

/* A label is a bit, and the range has those that are asked for. */
static bool label_is(const struct nf_ctnetlink_term *term,
		     const unsigned long *labels)
{
	unsigned int bit;

	if (!labels)
		return false;
	for (bit = (unsigned int)term->range.min; bit <= term->range.max; bit++)
		if (labels[bit / BITS_PER_LONG] >> bit % BITS_PER_LONG & 1)
			return true;
	return false;
}

/* Comparisons of what is in the connection itself. */
static __no_kcsan bool holds_basic(const struct nf_ctnetlink_term *term,
				   const struct ctn_facts *facts)
{
	switch (term->field) {
	case NF_CTNETLINK_F_FAMILY:
		return within(term, facts->family);
	case NF_CTNETLINK_F_PROTO:
		return within(term, facts->proto);
	case NF_CTNETLINK_F_SRC:
		return addr_is(term, facts, facts->addr[0][0]);
	case NF_CTNETLINK_F_DST:
		return addr_is(term, facts, facts->addr[0][1]);
	case NF_CTNETLINK_F_REPLY_SRC:
		return addr_is(term, facts, facts->addr[1][0]);
	case NF_CTNETLINK_F_REPLY_DST:
		return addr_is(term, facts, facts->addr[1][1]);
	case NF_CTNETLINK_F_ANY_ADDR:
		return any_addr_is(term, facts);
	case NF_CTNETLINK_F_SPORT:
		return port_is(term, facts, 0, 0);
	case NF_CTNETLINK_F_DPORT:
		return port_is(term, facts, 0, 1);
	case NF_CTNETLINK_F_REPLY_SPORT:
		return port_is(term, facts, 1, 0);
	case NF_CTNETLINK_F_REPLY_DPORT:
		return port_is(term, facts, 1, 1);
	case NF_CTNETLINK_F_ANY_PORT:
		return any_port_is(term, facts);
	case NF_CTNETLINK_F_ICMP_TYPE:
		return facts->is_icmp && within(term, facts->icmp >> 8);
	case NF_CTNETLINK_F_ICMP_CODE:
		return facts->is_icmp && within(term, facts->icmp & 0xff);
	case NF_CTNETLINK_F_TCP_STATE:
		return state_is(term, facts, NF_CTNETLINK_RECORD_TCP);
	case NF_CTNETLINK_F_SCTP_STATE:
		return state_is(term, facts, NF_CTNETLINK_RECORD_SCTP);
	case NF_CTNETLINK_F_STATUS:
		return bits_are(term, facts->status);
	case NF_CTNETLINK_F_MARK:
		return bits_are(term, facts->mark);
	case NF_CTNETLINK_F_ZONE:
		return within(term, facts->zone);
	/* NF_CTNETLINK_F_LEFT: ctn_filter_check() refuses unknown fields */
	default:
		return within(term, facts->left);
	}
}

/* Comparisons of what only a reference makes safe to read. */
static bool holds_more(const struct nf_ctnetlink_term *term,
		       const struct ctn_facts *facts)
{
	const uint64_t *packets = facts->packets, *bytes = facts->bytes;

	switch (term->field) {
	case NF_CTNETLINK_F_HELPER:
		return helper_is(term, facts->helper);
	case NF_CTNETLINK_F_LABEL:
		return label_is(term, facts->labels);
	case NF_CTNETLINK_F_AGE:
		return within(term, facts->age);
	case NF_CTNETLINK_F_BYTES:
		return within(term, bytes[0] + bytes[1]);
	case NF_CTNETLINK_F_BYTES_ORIG:
		return within(term, bytes[0]);
	case NF_CTNETLINK_F_BYTES_REPLY:
		return within(term, bytes[1]);
	case NF_CTNETLINK_F_PACKETS:
		return within(term, packets[0] + packets[1]);
	case NF_CTNETLINK_F_PACKETS_ORIG:
		return within(term, packets[0]);
	/* NF_CTNETLINK_F_PACKETS_REPLY */
	default:
		return within(term, packets[1]);
	}
}

static __no_kcsan enum ctn_result
match_term(const struct nf_ctnetlink_term *term, const struct ctn_facts *facts,
	   unsigned int *lacks)
{
	unsigned int needs = fields[term->field].needs;
	bool holds;

	if (needs & ~facts->has) {
		*lacks |= needs & ~facts->has;
		return CTN_UNKNOWN;
	}
	holds = needs ? holds_more(term, facts) : holds_basic(term, facts);
	return holds != !!(term->flags & NF_CTNETLINK_TERM_NOT) ? CTN_YES :
								   CTN_NO;
}

__no_kcsan enum ctn_result ctn_filter_match(const struct ctn_filter *filter,
					    const struct ctn_facts *facts,
					    unsigned int *lacks)
{
	const struct nf_ctnetlink_term *term = filter->term;
	const struct nf_ctnetlink_term *end = term + filter->count;
	enum ctn_result all = CTN_YES, any, one;
	unsigned int any_lacks;

	*lacks = 0;
	while (term < end) {
		any = CTN_NO;
		any_lacks = 0;
		do {
			one = any == CTN_YES ? CTN_YES :
			      match_term(term, facts, &any_lacks);
			if (one > any)
				any = one;
			term++;
		} while (term < end && term->flags & NF_CTNETLINK_TERM_OR);
		if (any == CTN_NO)
			return CTN_NO;
		if (any == CTN_UNKNOWN) {
			all = CTN_UNKNOWN;
			*lacks |= any_lacks;
		}
	}
	return all;
}
