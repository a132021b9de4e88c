// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) as conntrack(8): protocols of layer 4, and the options that -p adds. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <arpa/inet.h>

#include "ct-conntrack-proto.h"

static const char *const tcp_states[] = {
	"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
	"LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2", NULL,
};

static const char *const sctp_states[] = {
	"NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED",
	"SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT",
	"HEARTBEAT_SENT", "HEARTBEAT_ACKED", NULL,
};

static const char *const dccp_states[] = {
	"NONE", "REQUEST", "RESPOND", "PARTOPEN", "OPEN", "CLOSEREQ", "CLOSING",
	"TIMEWAIT", "IGNORE", "INVALID", NULL,
};

static const char *const dccp_roles[] = { "client", "server", NULL };

#define FILTERS	"LUDE"

static const struct field ports[PAIR_FIELDS] = {
	{ "orig-port-src", "sport", FIELD_PORT, OF_CONNECTION,
	  ATTR_ORIG_PORT_SRC, FILTERS "IAGidg", "idg", NULL },
	{ "orig-port-dst", "dport", FIELD_PORT, OF_CONNECTION,
	  ATTR_ORIG_PORT_DST, FILTERS "IAGidg", "idg", NULL },
	{ "reply-port-src", NULL, FIELD_PORT, OF_CONNECTION,
	  ATTR_REPL_PORT_SRC, FILTERS "IAGdg", "dg", NULL },
	{ "reply-port-dst", NULL, FIELD_PORT, OF_CONNECTION,
	  ATTR_REPL_PORT_DST, FILTERS "IAGdg", "dg", NULL },
	{ "mask-port-src", NULL, FIELD_PORT, OF_MASK,
	  ATTR_ORIG_PORT_SRC, "i", "i", NULL },
	{ "mask-port-dst", NULL, FIELD_PORT, OF_MASK,
	  ATTR_ORIG_PORT_DST, "i", "i", NULL },
	{ "tuple-port-src", NULL, FIELD_PORT, OF_TUPLE,
	  ATTR_ORIG_PORT_SRC, "i", "i", NULL },
	{ "tuple-port-dst", NULL, FIELD_PORT, OF_TUPLE,
	  ATTR_ORIG_PORT_DST, "i", "i", NULL },
};

static const struct field keys[PAIR_FIELDS] = {
	{ "orig-key-src", "srckey", FIELD_KEY, OF_CONNECTION,
	  ATTR_ORIG_PORT_SRC, FILTERS "IAGidg", "idg", NULL },
	{ "orig-key-dst", "dstkey", FIELD_KEY, OF_CONNECTION,
	  ATTR_ORIG_PORT_DST, FILTERS "IAGidg", "idg", NULL },
	{ "reply-key-src", NULL, FIELD_KEY, OF_CONNECTION,
	  ATTR_REPL_PORT_SRC, FILTERS "IAGdg", "dg", NULL },
	{ "reply-key-dst", NULL, FIELD_KEY, OF_CONNECTION,
	  ATTR_REPL_PORT_DST, FILTERS "IAGdg", "dg", NULL },
	{ "mask-key-src", NULL, FIELD_KEY, OF_MASK,
	  ATTR_ORIG_PORT_SRC, "i", "i", NULL },
	{ "mask-key-dst", NULL, FIELD_KEY, OF_MASK,
	  ATTR_ORIG_PORT_DST, "i", "i", NULL },
	{ "tuple-key-src", NULL, FIELD_KEY, OF_TUPLE,
	  ATTR_ORIG_PORT_SRC, "i", "i", NULL },
	{ "tuple-key-dst", NULL, FIELD_KEY, OF_TUPLE,
	  ATTR_ORIG_PORT_DST, "i", "i", NULL },
};

static const struct field tcp_fields[] = {
	{ "state", NULL, FIELD_NAME, OF_CONNECTION, ATTR_TCP_STATE,
	  FILTERS "IAG", "IA", tcp_states },
	{ .name = NULL },
};

static const struct field sctp_fields[] = {
	{ "state", NULL, FIELD_NAME, OF_CONNECTION, ATTR_SCTP_STATE,
	  FILTERS "IAG", "IA", sctp_states },
	{ "orig-vtag", NULL, FIELD_TAG, OF_CONNECTION, ATTR_SCTP_VTAG_ORIG,
	  "UGIA", "IA", NULL },
	{ "reply-vtag", NULL, FIELD_TAG, OF_CONNECTION, ATTR_SCTP_VTAG_REPL,
	  "UGIA", "IA", NULL },
	{ .name = NULL },
};

static const struct field dccp_fields[] = {
	{ "state", NULL, FIELD_NAME, OF_CONNECTION, ATTR_DCCP_STATE,
	  FILTERS "IAG", "IA", dccp_states },
	{ "role", NULL, FIELD_NAME, OF_CONNECTION, ATTR_DCCP_ROLE,
	  "IAi", "IAi", dccp_roles },
	{ .name = NULL },
};

static const struct field icmp_fields[] = {
	{ "icmp-type", NULL, FIELD_U8, OF_CONNECTION, ATTR_ICMP_TYPE,
	  FILTERS "IAG", "IAG", NULL },
	{ "icmp-code", NULL, FIELD_U8, OF_CONNECTION, ATTR_ICMP_CODE,
	  FILTERS "IAG", "IAG", NULL },
	{ "icmp-id", NULL, FIELD_PORT, OF_CONNECTION, ATTR_ICMP_ID,
	  FILTERS "IAG", "", NULL },
	{ .name = NULL },
};

static const struct field icmpv6_fields[] = {
	{ "icmpv6-type", NULL, FIELD_U8, OF_CONNECTION, ATTR_ICMP_TYPE,
	  FILTERS "IAG", "IAG", NULL },
	{ "icmpv6-code", NULL, FIELD_U8, OF_CONNECTION, ATTR_ICMP_CODE,
	  FILTERS "IAG", "IAG", NULL },
	{ "icmpv6-id", NULL, FIELD_PORT, OF_CONNECTION, ATTR_ICMP_ID,
	  FILTERS "IAG", "", NULL },
	{ .name = NULL },
};

static const struct proto protos[] = {
	{ "tcp", IPPROTO_TCP, ports, tcp_fields },
	{ "udp", IPPROTO_UDP, ports, NULL },
	{ "udplite", IPPROTO_UDPLITE, ports, NULL },
	{ "sctp", IPPROTO_SCTP, ports, sctp_fields },
	{ "dccp", IPPROTO_DCCP, ports, dccp_fields },
	{ "icmp", IPPROTO_ICMP, NULL, icmp_fields },
	{ "icmpv6", IPPROTO_ICMPV6, NULL, icmpv6_fields },
	{ "gre", IPPROTO_GRE, keys, NULL },
	{ .name = NULL },	/* all others */
};

#define PROTOS	(sizeof(protos) / sizeof(protos[0]))

const struct field *proto_field(const struct proto *proto, unsigned int i)
{
	if (proto->pairs && i < PAIR_FIELDS)
		return &proto->pairs[i];
	if (proto->pairs)
		i -= PAIR_FIELDS;
	return proto->own && proto->own[i].name ? &proto->own[i] : NULL;
}

const struct proto *proto_by_number(uint8_t number)
{
	const struct proto *proto = protos;

	while (proto->name && proto->number != number)
		proto++;
	return proto;
}

const struct proto *proto_find(const char *text, uint8_t *number)
{
	const struct protoent *entry;
	unsigned long value;
	unsigned int i;
	char *end;

	for (i = 0; i < PROTOS - 1; i++) {
		if (!strcasecmp(protos[i].name, text)) {
			*number = protos[i].number;
			return &protos[i];
		}
	}
	entry = getprotobyname(text);
	if (entry) {
		*number = (uint8_t)entry->p_proto;
		return &protos[PROTOS - 1];
	}
	value = strtoul(text, &end, 0);
	if (end == text || *end || value > UINT8_MAX)
		return NULL;
	*number = (uint8_t)value;
	return proto_by_number(*number);
}

/* ---- values ---- */

static uint8_t name_value(const struct field *field, const char *text)
{
	unsigned int i;

	/* What SYN_SENT2 was called before Linux 2.6.31. */
	if (field->attr == ATTR_TCP_STATE && !strcmp(text, "LISTEN"))
		text = "SYN_SENT2";
	for (i = 0; field->names[i]; i++)
		if (field->attr == ATTR_DCCP_ROLE ?
		    !strncasecmp(text, field->names[i], strlen(text)) :
		    !strcmp(text, field->names[i]))
			return (uint8_t)i;
	conntrack_usage("--%s %s: no such %s", field->name, text, field->name);
}

static void field_set(const struct field *field, struct nf_conntrack *ct,
		      const char *text)
{
	unsigned long number = field->kind == FIELD_KEY ?
			       strtoul(text, NULL, 0) :
			       (unsigned long)strtol(text, NULL, 10);

	switch (field->kind) {
	case FIELD_PORT:
	case FIELD_KEY:
		nfct_set_attr_u16(ct, field->attr, htons((uint16_t)number));
		break;
	case FIELD_U8:
		nfct_set_attr_u8(ct, field->attr, (uint8_t)number);
		break;
	case FIELD_TAG:
		nfct_set_attr_u32(ct, field->attr, htonl((uint32_t)number));
		break;
	case FIELD_NAME:
		nfct_set_attr_u8(ct, field->attr, name_value(field, text));
		break;
	}
}

/* The layer 4 protocol of a tuple is set with its first port or key. */
static void proto_set(const struct conntrack_command *c,
		      const struct field *field, struct nf_conntrack *ct)
{
	bool reply = field->attr == ATTR_REPL_PORT_SRC ||
		     field->attr == ATTR_REPL_PORT_DST;

	if (field->kind == FIELD_PORT || field->kind == FIELD_KEY)
		nfct_set_attr_u8(ct, reply ? ATTR_REPL_L4PROTO :
				 ATTR_ORIG_L4PROTO, c->proto_number);
}

void proto_read(struct conntrack_command *c, const char *name,
		const char *value)
{
	struct nf_conntrack *const object[] = { c->ct, c->mask, c->tuple };
	const struct field *field;
	unsigned int i;

	for (i = 0; (field = proto_field(c->proto, i)); i++) {
		if (strcmp(field->name, name) &&
		    (!field->alias || strcmp(field->alias, name)))
			continue;
		field_set(field, object[field->of], value);
		proto_set(c, field, object[field->of]);
		c->fields |= 1u << i;
		return;
	}
	conntrack_usage("--%s has no meaning for the last -p", name);
}

/* ---- rules ---- */

/* The first four fields are two pairs: original direction and reply. */
static void pairs_check(const struct conntrack_command *c)
{
	const struct field *pairs = c->proto->pairs;
	unsigned int pair = c->fields & 3 || !(c->fields & 12) ? 0 : 2;

	if (!pairs || !strchr("IAG", c->name) ||
	    (c->fields & 3) == 3 || (c->fields & 12) == 12)
		return;
	conntrack_usage("-%c needs --%s and --%s", c->name, pairs[pair].name,
			pairs[pair + 1].name);
}

void proto_check(const struct conntrack_command *c)
{
	const struct field *field;
	unsigned int i;

	if (!c->proto || !c->name || c->name == 'h')
		return;
	for (i = 0; (field = proto_field(c->proto, i)); i++) {
		if (!(c->fields & 1u << i) && strchr(field->needs, c->name))
			conntrack_usage("--%s is missing", field->name);
		if (c->fields & 1u << i && !strchr(field->takes, c->name))
			conntrack_usage("--%s has no meaning for this command",
					field->name);
	}
	pairs_check(c);
}

/* ---- -o save ---- */

/* A kernel may have more states than the names here. */
static void name_save(const struct field *field, uint8_t value)
{
	unsigned int i;

	for (i = 0; field->names[i]; i++) {
		if (i == value) {
			fputs(field->names[i], stdout);
			return;
		}
	}
	printf("%u", value);
}

static void field_save(const struct field *field, const struct nf_conntrack *ct)
{
	printf(" --%s ", field->alias ? field->alias : field->name);
	switch (field->kind) {
	case FIELD_PORT:
	case FIELD_KEY:
		printf("%u", ntohs(nfct_get_attr_u16(ct, field->attr)));
		break;
	case FIELD_U8:
		printf("%u", nfct_get_attr_u8(ct, field->attr));
		break;
	case FIELD_TAG:
		printf("%u", ntohl(nfct_get_attr_u32(ct, field->attr)));
		break;
	case FIELD_NAME:
		name_save(field, nfct_get_attr_u8(ct, field->attr));
		break;
	}
}

void proto_save(const struct proto *proto, const struct nf_conntrack *ct)
{
	const struct field *field;
	unsigned int i;

	for (i = 0; (field = proto_field(proto, i)); i++)
		if (field->of == OF_CONNECTION &&
		    nfct_attr_is_set(ct, field->attr) > 0)
			field_save(field, ct);
}
