// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) without nf_ctnetlink: connections as ctnetlink sends them. */
#include <endian.h>
#include <limits.h>
#include <string.h>
#include <time.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "ct-fallback.h"

#define LONG_BITS	(CHAR_BIT * sizeof(long))
#define LABELS		128u
#define NSEC_PER_SEC	1000000000u

/* Bits of zone_dir. */
#define ZONE_ORIG	1
#define ZONE_REPLY	2

static uint16_t get_be16(const struct nlattr *attr)
{
	return ntohs(mnl_attr_get_u16(attr));
}

static uint32_t get_be32(const struct nlattr *attr)
{
	return ntohl(mnl_attr_get_u32(attr));
}

static uint64_t get_be64(const struct nlattr *attr)
{
	return be64toh(mnl_attr_get_u64(attr));
}

/* The attribute of a type in a nested one, of at least @len bytes, or NULL. */
static const struct nlattr *nested(const struct nlattr *outer, uint16_t type,
				   size_t len)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, outer)
		if (mnl_attr_get_type(attr) == type &&
		    mnl_attr_get_payload_len(attr) >= len)
			return attr;
	return NULL;
}

static bool read_addresses(struct connection *c, const struct nlattr *ip,
			   unsigned int dir)
{
	static const uint16_t types[2][2] = {
		{ CTA_IP_V4_SRC, CTA_IP_V4_DST },
		{ CTA_IP_V6_SRC, CTA_IP_V6_DST },
	};
	bool v6 = c->record.family == NFPROTO_IPV6;
	const struct nlattr *attr;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		attr = nested(ip, types[v6][i], v6 ? 16 : 4);
		if (!attr)
			return false;
		c->addr[dir][i] = mnl_attr_get_payload(attr);
	}
	return true;
}

/* Numbers of 16 bits. */
static void read_port(__be16 *port, const struct nlattr *attr)
{
	if (mnl_attr_get_payload_len(attr) >= sizeof(*port))
		*port = mnl_attr_get_u16(attr);
}

/* Of ICMP, the id is the source, and type and code are the destination. */
static void read_protocol(struct connection *c, const struct nlattr *attr,
			  unsigned int dir)
{
	__be16 *port = c->record.port[dir];
	uint8_t byte = mnl_attr_get_payload_len(attr) ?
		       mnl_attr_get_u8(attr) : 0;

	switch (mnl_attr_get_type(attr)) {
	case CTA_PROTO_NUM:
		c->record.proto = byte;
		break;
	case CTA_PROTO_SRC_PORT:
	case CTA_PROTO_ICMP_ID:
	case CTA_PROTO_ICMPV6_ID:
		read_port(&port[0], attr);
		break;
	case CTA_PROTO_DST_PORT:
		read_port(&port[1], attr);
		break;
	case CTA_PROTO_ICMP_TYPE:
	case CTA_PROTO_ICMPV6_TYPE:
		port[1] |= htons((uint16_t)(byte << 8));
		break;
	case CTA_PROTO_ICMP_CODE:
	case CTA_PROTO_ICMPV6_CODE:
		port[1] |= htons(byte);
		break;
	}
}

static bool read_tuple(struct connection *c, const struct nlattr *tuple,
		       unsigned int dir)
{
	const struct nlattr *ip = nested(tuple, CTA_TUPLE_IP, 0);
	const struct nlattr *proto = nested(tuple, CTA_TUPLE_PROTO, 0);
	const struct nlattr *zone = nested(tuple, CTA_TUPLE_ZONE, 2);
	const struct nlattr *attr;

	if (!ip || !proto || !read_addresses(c, ip, dir))
		return false;
	mnl_attr_for_each_nested(attr, proto) {
		read_protocol(c, attr, dir);
	}
	if (zone) {
		c->record.zone = get_be16(zone);
		c->record.zone_dir |= dir ? ZONE_REPLY : ZONE_ORIG;
	}
	return true;
}

static void read_counters(struct connection *c, const struct nlattr *counters,
			  unsigned int dir)
{
	const struct nlattr *packets = nested(counters, CTA_COUNTERS_PACKETS,
					      8);
	const struct nlattr *bytes = nested(counters, CTA_COUNTERS_BYTES, 8);

	if (!packets || !bytes)
		return;
	c->record.flags |= NF_CTNETLINK_RECORD_ACCT;
	c->record.packets[dir] = get_be64(packets);
	c->record.bytes[dir] = get_be64(bytes);
}

static void read_state(struct connection *c, const struct nlattr *info)
{
	const struct nlattr *tcp = nested(info, CTA_PROTOINFO_TCP, 0);
	const struct nlattr *sctp = nested(info, CTA_PROTOINFO_SCTP, 0);
	const struct nlattr *state = NULL;

	if (tcp)
		state = nested(tcp, CTA_PROTOINFO_TCP_STATE, 1);
	else if (sctp)
		state = nested(sctp, CTA_PROTOINFO_SCTP_STATE, 1);
	if (state)
		c->record.state = mnl_attr_get_u8(state);
}

/* The kernel sends its words as they are in memory. */
static void read_labels(struct connection *c, const struct nlattr *attr)
{
	unsigned long words[LABELS / LONG_BITS] = { 0 };
	size_t len = mnl_attr_get_payload_len(attr);
	unsigned int i;

	memcpy(words, mnl_attr_get_payload(attr),
	       len < sizeof(words) ? len : sizeof(words));
	c->has_labels = true;
	for (i = 0; i < LABELS; i++)
		if (words[i / LONG_BITS] >> i % LONG_BITS & 1)
			c->labels[i / 32] |= 1u << i % 32;
}

static void read_helper(struct connection *c, const struct nlattr *help)
{
	const struct nlattr *name = nested(help, CTA_HELP_NAME, 1);

	if (name && mnl_attr_validate(name, MNL_TYPE_NUL_STRING) >= 0)
		c->helper = mnl_attr_get_str(name);
}

static void read_start(struct connection *c, const struct nlattr *timestamp)
{
	const struct nlattr *start = nested(timestamp, CTA_TIMESTAMP_START, 8);

	if (!start)
		return;
	c->start = get_be64(start);
	c->has_start = true;
}

/* Numbers of 32 bits. */
static uint32_t *number_of(struct connection *c, uint16_t type)
{
	switch (type) {
	case CTA_STATUS:
		return &c->record.status;
	case CTA_TIMEOUT:
		return &c->record.left;
	case CTA_MARK:
		return &c->record.mark;
	case CTA_USE:
		return &c->record.uses;
	case CTA_ID:
		return &c->record.id;
	}
	return NULL;
}

static void read_attribute(struct connection *c, const struct nlattr *attr)
{
	uint16_t type = mnl_attr_get_type(attr);
	uint32_t *number = number_of(c, type);

	if (number && mnl_attr_get_payload_len(attr) >= sizeof(*number))
		*number = get_be32(attr);
	switch (type) {
	case CTA_ZONE:
		if (mnl_attr_get_payload_len(attr) < sizeof(uint16_t))
			break;
		c->record.zone = get_be16(attr);
		c->record.zone_dir = ZONE_ORIG | ZONE_REPLY;
		break;
	case CTA_COUNTERS_ORIG:
	case CTA_COUNTERS_REPLY:
		read_counters(c, attr, type == CTA_COUNTERS_REPLY);
		break;
	case CTA_PROTOINFO:
		read_state(c, attr);
		break;
	case CTA_LABELS:
		read_labels(c, attr);
		break;
	case CTA_HELP:
		read_helper(c, attr);
		break;
	case CTA_TIMESTAMP:
		read_start(c, attr);
		break;
	}
}

bool fallback_record(struct connection *c, const struct nlmsghdr *nlh)
{
	const struct nfgenmsg *header = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	unsigned int tuples = 0;

	memset(c, 0, sizeof(*c));
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*header) ||
	    (header->nfgen_family != NFPROTO_IPV4 &&
	     header->nfgen_family != NFPROTO_IPV6))
		return false;
	c->record.family = header->nfgen_family;
	mnl_attr_for_each(attr, nlh, sizeof(*header)) {
		if (mnl_attr_get_type(attr) == CTA_TUPLE_ORIG)
			tuples += read_tuple(c, attr, NF_CTNETLINK_ORIG);
		else if (mnl_attr_get_type(attr) == CTA_TUPLE_REPLY)
			tuples += read_tuple(c, attr, NF_CTNETLINK_REPLY);
		else
			read_attribute(c, attr);
	}
	if (c->record.proto == IPPROTO_TCP)
		c->record.flags |= NF_CTNETLINK_RECORD_TCP;
	else if (c->record.proto == IPPROTO_SCTP)
		c->record.flags |= NF_CTNETLINK_RECORD_SCTP;
	return tuples == 2;
}

/* ---- */

static void facts_ports(struct ctn_facts *facts, const struct connection *c)
{
	unsigned int i;

	switch (facts->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		facts->has_ports = true;
		for (i = 0; i < 4; i++)
			facts->port[i / 2][i % 2] =
				ntohs(c->record.port[i / 2][i % 2]);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		facts->is_icmp = true;
		facts->icmp = ntohs(c->record.port[NF_CTNETLINK_ORIG][1]);
		break;
	}
}

static void facts_labels(struct ctn_facts *facts, const struct connection *c)
{
	static unsigned long words[LABELS / LONG_BITS];
	unsigned int i;

	memset(words, 0, sizeof(words));
	for (i = 0; i < LABELS; i++)
		if (c->labels[i / 32] >> i % 32 & 1)
			words[i / LONG_BITS] |= 1ul << i % LONG_BITS;
	facts->labels = words;
}

static void facts_age(struct ctn_facts *facts, const struct connection *c)
{
	struct timespec now;
	uint64_t ns;

	clock_gettime(CLOCK_REALTIME, &now);
	ns = (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
	/* The clock may have been set back. */
	facts->age = ns < c->start ? 0 : (ns - c->start) / NSEC_PER_SEC;
	facts->has |= CTN_HAS_TSTAMP;
}

void fallback_facts(struct ctn_facts *facts, const struct connection *c)
{
	memset(facts, 0, sizeof(*facts));
	facts->has = CTN_HAS_MORE;
	facts->family = c->record.family;
	facts->proto = c->record.proto;
	facts->flags = c->record.flags & (NF_CTNETLINK_RECORD_TCP |
					  NF_CTNETLINK_RECORD_SCTP);
	facts->state = c->record.state;
	facts->zone = c->record.zone;
	facts->status = c->record.status;
	facts->mark = c->record.mark;
	facts->left = c->record.left;
	memcpy(facts->addr, c->addr, sizeof(facts->addr));
	facts_ports(facts, c);
	facts->helper = c->helper;
	if (c->has_labels)
		facts_labels(facts, c);
	if (c->has_start)
		facts_age(facts, c);
	if (!(c->record.flags & NF_CTNETLINK_RECORD_ACCT))
		return;
	facts->has |= CTN_HAS_ACCT;
	memcpy(facts->packets, c->record.packets, sizeof(facts->packets));
	memcpy(facts->bytes, c->record.bytes, sizeof(facts->bytes));
}
