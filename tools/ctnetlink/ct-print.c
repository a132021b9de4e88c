// SPDX-License-Identifier: GPL-2.0-only
/*
 * ct(8): records of the kernel, and how they are printed.
 *
 * A table may have a million lines, so most of a line is put together without
 * printf().
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>

#include "../lib/json.h"
#include "ct-names.h"
#include "ct-print.h"

/* Bits of enum ip_conntrack_status. */
#define SEEN_REPLY	(1u << 1)
#define ASSURED		(1u << 2)
#define OFFLOAD		(1u << 14)
#define HW_OFFLOAD	(1u << 15)

/* Bits of zone_dir. */
#define ZONE_ORIG	1
#define ZONE_REPLY	2

#define NSEC_PER_SEC	1000000000u

/* The columns of a protocol's name. */
#define NAME_WIDTH	8

/* ---- records ---- */

static bool block_read(struct connection *c, uint16_t type, const uint8_t *data,
		       size_t len)
{
	switch (1u << type) {
	case NF_CTNETLINK_BLOCK_HELPER:
		if (!len || data[len - 1])
			return false;
		c->helper = (const char *)data;
		break;
	case NF_CTNETLINK_BLOCK_LABELS:
		if (len < sizeof(c->labels))
			return false;
		memcpy(c->labels, data, sizeof(c->labels));
		c->has_labels = true;
		break;
	case NF_CTNETLINK_BLOCK_START:
		if (len < sizeof(c->start))
			return false;
		memcpy(&c->start, data, sizeof(c->start));
		c->has_start = true;
		break;
	case NF_CTNETLINK_BLOCK_MASTER:
		if (len < sizeof(c->master))
			return false;
		memcpy(&c->master, data, sizeof(c->master));
		c->has_master = true;
		break;
	}
	return true;
}

static bool blocks_read(struct connection *c, const uint8_t *at, size_t len)
{
	struct nf_ctnetlink_block block;
	unsigned int i;

	for (i = 0; i < c->record.blocks; i++) {
		if (len < sizeof(block))
			return false;
		memcpy(&block, at, sizeof(block));
		if (block.len < sizeof(block) || block.len > len ||
		    block.type > 31 ||
		    !block_read(c, block.type, at + sizeof(block),
				block.len - sizeof(block)))
			return false;
		at += block.len;
		len -= block.len;
	}
	return true;
}

size_t connection_read(struct connection *c, const void *data, size_t len)
{
	const uint8_t *at = data;
	size_t addr_len, i;

	memset(c, 0, sizeof(*c));
	if (len < sizeof(c->record))
		return 0;
	memcpy(&c->record, at, sizeof(c->record));
	addr_len = c->record.family == NFPROTO_IPV4 ? 4 : 16;
	if (c->record.len > len ||
	    c->record.len < sizeof(c->record) + 4 * addr_len)
		return 0;
	at += sizeof(c->record);
	for (i = 0; i < 4; i++, at += addr_len)
		c->addr[i / 2][i % 2] = at;
	if (!blocks_read(c, at, c->record.len -
			 (size_t)(at - (const uint8_t *)data)))
		return 0;
	return c->record.len;
}

/* ---- lines ---- */

/* Each puts something at @to, and returns the end. */
static char *put_text(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len);
	return to + len;
}

static char *put_number(char *to, uint64_t number)
{
	char digits[20];
	unsigned int n = 0;

	do {
		digits[n++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (n)
		*to++ = digits[--n];
	return to;
}

/* "name=number " */
static char *put_field(char *to, const char *name, uint64_t number)
{
	to = put_number(put_text(to, name), number);
	*to++ = ' ';
	return to;
}

static char *put_hex(char *to, const char *name, uint32_t number)
{
	return to + sprintf(to, "%s0x%x ", name, number);
}

static char *put_addr(char *to, const char *name, uint8_t family,
		      const uint8_t *addr)
{
	unsigned int i;

	to = put_text(to, name);
	if (family != NFPROTO_IPV4) {
		inet_ntop(AF_INET6, addr, to, INET6_ADDRSTRLEN);
		to += strlen(to);
		*to++ = ' ';
		return to;
	}
	for (i = 0; i < 4; i++) {
		to = put_number(to, addr[i]);
		*to++ = i < 3 ? '.' : ' ';
	}
	return to;
}

static bool is_icmp(const struct nf_ctnetlink_record *r)
{
	return r->proto == IPPROTO_ICMP || r->proto == IPPROTO_ICMPV6;
}

bool connection_has_ports(const struct connection *c)
{
	const struct nf_ctnetlink_record *r = &c->record;

	return r->proto == IPPROTO_TCP || r->proto == IPPROTO_UDP ||
	       r->proto == IPPROTO_UDPLITE || r->proto == IPPROTO_SCTP ||
	       r->proto == IPPROTO_DCCP;
}

static char *put_ports(char *to, const struct connection *c, unsigned int dir)
{
	const struct nf_ctnetlink_record *r = &c->record;
	uint16_t first = ntohs(r->port[dir][0]);
	uint16_t second = ntohs(r->port[dir][1]);

	if (is_icmp(r)) {
		to = put_field(to, "type=", second >> 8);
		to = put_field(to, "code=", second & 0xff);
		return put_field(to, "id=", first);
	}
	if (r->proto == IPPROTO_GRE)
		return put_hex(put_hex(to, "srckey=", first), "dstkey=",
			       second);
	if (!connection_has_ports(c))
		return to;
	return put_field(put_field(to, "sport=", first), "dport=", second);
}

static char *put_direction(char *to, const struct connection *c,
			   unsigned int dir)
{
	const struct nf_ctnetlink_record *r = &c->record;

	to = put_addr(to, "src=", r->family, c->addr[dir][0]);
	to = put_addr(to, "dst=", r->family, c->addr[dir][1]);
	to = put_ports(to, c, dir);
	if (r->zone && r->zone_dir == 1u << dir)
		to = put_field(to, dir ? "zone-reply=" : "zone-orig=", r->zone);
	if (r->flags & NF_CTNETLINK_RECORD_ACCT) {
		to = put_field(to, "packets=", r->packets[dir]);
		to = put_field(to, "bytes=", r->bytes[dir]);
	}
	return to;
}

const char *connection_state(const struct connection *c)
{
	const struct nf_ctnetlink_record *r = &c->record;

	if (r->flags & NF_CTNETLINK_RECORD_TCP)
		return name_of(tcp_states, r->state, "UNKNOWN");
	if (r->flags & NF_CTNETLINK_RECORD_SCTP)
		return name_of(sctp_states, r->state, "UNKNOWN");
	return NULL;
}

/* The kernel shows neither timeout nor state of what a flow table has. */
static char *put_head(char *to, const struct connection *c)
{
	const struct nf_ctnetlink_record *r = &c->record;
	const char *protocol = name_of(protocols, r->proto, "unknown");
	const char *state = connection_state(c);
	const char *end = to + NAME_WIDTH;

	to = put_text(to, protocol);
	while (to < end)
		*to++ = ' ';
	*to++ = ' ';
	to = put_field(to, "", r->proto);
	if (r->status & OFFLOAD)
		return to;
	to = put_field(to, "", r->left);
	if (state) {
		to = put_text(to, state);
		*to++ = ' ';
	}
	return to;
}

static char *put_rest(char *to, const struct connection *c, uint64_t now)
{
	const struct nf_ctnetlink_record *r = &c->record;
	uint64_t start = c->start / NSEC_PER_SEC;

	if (r->status & HW_OFFLOAD)
		to = put_text(to, "[HW_OFFLOAD] ");
	else if (r->status & OFFLOAD)
		to = put_text(to, "[OFFLOAD] ");
	if (r->status & ASSURED)
		to = put_text(to, "[ASSURED] ");
	to = put_field(to, "mark=", r->mark);
	if (r->zone && r->zone_dir == (ZONE_ORIG | ZONE_REPLY))
		to = put_field(to, "zone=", r->zone);
	if (c->has_start)
		to = put_field(to, "delta-time=",
			       now > start ? now - start : 0);
	if (c->helper) {
		to = put_text(put_text(to, "helper="), c->helper);
		*to++ = ' ';
	}
	return put_field(to, "use=", r->uses);
}

void connection_line(const struct connection *c, uint64_t now)
{
	char line[1024], *to = line;

	to = put_head(to, c);
	to = put_direction(to, c, NF_CTNETLINK_ORIG);
	if (!(c->record.status & SEEN_REPLY))
		to = put_text(to, "[UNREPLIED] ");
	to = put_direction(to, c, NF_CTNETLINK_REPLY);
	to = put_rest(to, c, now);
	to[-1] = '\n';
	fwrite(line, (size_t)(to - line), 1, stdout);
}

/* ---- JSON ---- */

static void json_direction(const struct connection *c, const char *name,
			   unsigned int dir)
{
	const struct nf_ctnetlink_record *r = &c->record;
	unsigned int first = ntohs(r->port[dir][0]);
	unsigned int second = ntohs(r->port[dir][1]);
	int af = r->family == NFPROTO_IPV4 ? AF_INET : AF_INET6;
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];

	inet_ntop(af, c->addr[dir][0], src, sizeof(src));
	inet_ntop(af, c->addr[dir][1], dst, sizeof(dst));
	printf(",\"%s\":{\"src\":\"%s\",\"dst\":\"%s\"", name, src, dst);
	if (is_icmp(r))
		printf(",\"type\":%u,\"code\":%u,\"id\":%u", second >> 8,
		       second & 0xff, first);
	else if (r->proto == IPPROTO_GRE)
		printf(",\"srckey\":%u,\"dstkey\":%u", first, second);
	else if (connection_has_ports(c))
		printf(",\"sport\":%u,\"dport\":%u", first, second);
	if (r->zone && r->zone_dir & 1u << dir)
		printf(",\"zone\":%u", r->zone);
	if (r->flags & NF_CTNETLINK_RECORD_ACCT)
		printf(",\"packets\":%" PRIu64 ",\"bytes\":%" PRIu64,
		       (uint64_t)r->packets[dir], (uint64_t)r->bytes[dir]);
	printf("}");
}

static void json_status(uint32_t status)
{
	const struct name *name;
	bool comma = false;

	printf(",\"status\":[");
	for (name = statuses; name->name; name++) {
		if (!(status & name->number))
			continue;
		printf("%s\"%s\"", comma ? "," : "", name->name);
		comma = true;
	}
	printf("]");
}

static void json_labels(const uint32_t labels[4])
{
	bool comma = false;
	unsigned int i;

	printf(",\"labels\":[");
	for (i = 0; i < 128; i++) {
		if (!(labels[i / 32] >> i % 32 & 1))
			continue;
		printf("%s%u", comma ? "," : "", i);
		comma = true;
	}
	printf("]");
}

void connection_json(const struct connection *c, uint64_t now)
{
	const struct nf_ctnetlink_record *r = &c->record;
	uint64_t start = c->start / NSEC_PER_SEC;
	const char *state = connection_state(c);

	printf("{\"id\":%u,\"family\":\"%s\",\"protocol\":\"%s\",\"protocol_number\":%u",
	       r->id, r->family == NFPROTO_IPV4 ? "ipv4" : "ipv6",
	       name_of(protocols, r->proto, "unknown"), r->proto);
	if (state)
		printf(",\"state\":\"%s\"", state);
	printf(",\"timeout\":%u", r->left);
	json_direction(c, "original", NF_CTNETLINK_ORIG);
	json_direction(c, "reply", NF_CTNETLINK_REPLY);
	json_status(r->status);
	printf(",\"mark\":%u,\"use\":%u", r->mark, r->uses);
	if (c->has_start)
		printf(",\"age\":%" PRIu64, now > start ? now - start : 0);
	if (c->helper) {
		printf(",\"helper\":");
		json_string(c->helper);
	}
	if (c->has_labels)
		json_labels(c->labels);
	if (c->has_master)
		printf(",\"master\":%u", c->master.id);
	printf("}");
}
