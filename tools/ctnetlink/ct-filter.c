// SPDX-License-Identifier: GPL-2.0-only
/* ct(8): a filter in words, as terms for the kernel. */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>

#include "ct-filter.h"
#include "ct-names.h"

enum kind {
	KIND_ADDR,
	KIND_NUMBER,
	KIND_BYTES,
	KIND_SECONDS,
	KIND_FAMILY,
	KIND_PROTO,
	KIND_STATE,
	KIND_STATUS,
	KIND_MARK,
	KIND_HELPER,
};

static const struct key {
	const char *name;
	enum kind kind;
	uint8_t field;
	uint64_t max;		/* of a number */
} keys[] = {
	{ "family", KIND_FAMILY, NF_CTNETLINK_F_FAMILY, 0 },
	{ "proto", KIND_PROTO, NF_CTNETLINK_F_PROTO, 255 },
	{ "src", KIND_ADDR, NF_CTNETLINK_F_SRC, 0 },
	{ "dst", KIND_ADDR, NF_CTNETLINK_F_DST, 0 },
	{ "reply-src", KIND_ADDR, NF_CTNETLINK_F_REPLY_SRC, 0 },
	{ "reply-dst", KIND_ADDR, NF_CTNETLINK_F_REPLY_DST, 0 },
	{ "addr", KIND_ADDR, NF_CTNETLINK_F_ANY_ADDR, 0 },
	{ "sport", KIND_NUMBER, NF_CTNETLINK_F_SPORT, 65535 },
	{ "dport", KIND_NUMBER, NF_CTNETLINK_F_DPORT, 65535 },
	{ "reply-sport", KIND_NUMBER, NF_CTNETLINK_F_REPLY_SPORT, 65535 },
	{ "reply-dport", KIND_NUMBER, NF_CTNETLINK_F_REPLY_DPORT, 65535 },
	{ "port", KIND_NUMBER, NF_CTNETLINK_F_ANY_PORT, 65535 },
	{ "icmp-type", KIND_NUMBER, NF_CTNETLINK_F_ICMP_TYPE, 255 },
	{ "icmp-code", KIND_NUMBER, NF_CTNETLINK_F_ICMP_CODE, 255 },
	{ "state", KIND_STATE, 0, 0 },
	{ "status", KIND_STATUS, NF_CTNETLINK_F_STATUS, 0 },
	{ "mark", KIND_MARK, NF_CTNETLINK_F_MARK, 0 },
	{ "zone", KIND_NUMBER, NF_CTNETLINK_F_ZONE, 65535 },
	{ "left", KIND_SECONDS, NF_CTNETLINK_F_LEFT, UINT64_MAX },
	{ "helper", KIND_HELPER, NF_CTNETLINK_F_HELPER, 0 },
	{ "label", KIND_NUMBER, NF_CTNETLINK_F_LABEL, 127 },
	{ "age", KIND_SECONDS, NF_CTNETLINK_F_AGE, UINT64_MAX },
	{ "bytes", KIND_BYTES, NF_CTNETLINK_F_BYTES, UINT64_MAX },
	{ "orig-bytes", KIND_BYTES, NF_CTNETLINK_F_BYTES_ORIG, UINT64_MAX },
	{ "reply-bytes", KIND_BYTES, NF_CTNETLINK_F_BYTES_REPLY, UINT64_MAX },
	{ "packets", KIND_NUMBER, NF_CTNETLINK_F_PACKETS, UINT64_MAX },
	{ "orig-packets", KIND_NUMBER, NF_CTNETLINK_F_PACKETS_ORIG,
	  UINT64_MAX },
	{ "reply-packets", KIND_NUMBER, NF_CTNETLINK_F_PACKETS_REPLY,
	  UINT64_MAX },
};

struct reader {
	struct filter *filter;
	bool not;
	bool first;	/* the next term is the first of its key */
};

static char message[256];

static const char *wrong(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static const char *wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	return message;
}

/*
 * The next term of a key: several values are alternatives, and with "not" none
 * of them may hold. NULL if there are too many.
 */
static struct nf_ctnetlink_term *term_add(struct reader *r, uint8_t field,
					  bool not)
{
	struct nf_ctnetlink_term *term;

	if (r->filter->count == NF_CTNETLINK_TERMS_MAX)
		return NULL;
	term = &r->filter->term[r->filter->count++];
	memset(term, 0, sizeof(*term));
	term->field = field;
	if (not != r->not)
		term->flags |= NF_CTNETLINK_TERM_NOT;
	if (!r->first && !r->not)
		term->flags |= NF_CTNETLINK_TERM_OR;
	r->first = false;
	return term;
}

static bool add_range(struct reader *r, uint8_t field, uint64_t min,
		      uint64_t max)
{
	struct nf_ctnetlink_term *term = term_add(r, field, false);

	if (!term)
		return false;
	term->range.min = min;
	term->range.max = max;
	return true;
}

static bool add_bits(struct reader *r, uint8_t field, uint32_t value,
		     uint32_t mask, bool not)
{
	struct nf_ctnetlink_term *term = term_add(r, field, not);

	if (!term)
		return false;
	term->bits.value = value;
	term->bits.mask = mask;
	return true;
}

/* A number at *text, which is moved behind it and its unit. */
static bool read_number(const char **text, enum kind kind, uint64_t *number)
{
	static const struct {
		enum kind kind;
		char unit;
		uint64_t factor;
	} units[] = {
		{ KIND_BYTES, 'k', 1ULL << 10 },
		{ KIND_BYTES, 'K', 1ULL << 10 },
		{ KIND_BYTES, 'M', 1ULL << 20 },
		{ KIND_BYTES, 'G', 1ULL << 30 },
		{ KIND_BYTES, 'T', 1ULL << 40 },
		{ KIND_SECONDS, 's', 1 },
		{ KIND_SECONDS, 'm', 60 },
		{ KIND_SECONDS, 'h', 3600 },
		{ KIND_SECONDS, 'd', 86400 },
	};
	char *end;
	size_t i;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*number = strtoull(*text, &end, 0);
	if (errno)
		return false;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].kind != kind || units[i].unit != *end)
			continue;
		if (__builtin_mul_overflow(*number, units[i].factor, number))
			return false;
		end++;
		break;
	}
	*text = end;
	return true;
}

bool read_seconds(const char *text, uint64_t *seconds)
{
	return read_number(&text, KIND_SECONDS, seconds) && !*text;
}

/* "N", "N-M", "<N", "<=N", ">N" or ">=N". */
static bool read_range(const char *text, const struct key *key, uint64_t *min,
		       uint64_t *max)
{
	char sign = *text == '<' || *text == '>' ? *text++ : 0;
	bool equal = sign && *text == '=';

	text += equal;
	if (!read_number(&text, key->kind, min))
		return false;
	*max = *min;
	if (!sign && *text == '-') {
		text++;
		if (!read_number(&text, key->kind, max))
			return false;
	}
	if (*text || *max > key->max || *min > *max)
		return false;
	if (sign == '<') {
		if (!equal && !(*max)--)
			return false;
		*min = 0;
	} else if (sign == '>') {
		if (!equal && (*min)++ == key->max)
			return false;
		*max = key->max;
	}
	return true;
}

static const char *value_number(struct reader *r, const struct key *key,
				const char *text)
{
	uint64_t min, max;

	if (!read_range(text, key, &min, &max))
		return wrong("%s %s: wanted N, N-M, '<N' or '>N'%s", key->name,
			     text, key->kind == KIND_BYTES ?
			     ", N with K, M, G or T" :
			     key->kind == KIND_SECONDS ?
			     ", N with s, m, h or d" : "");
	return add_range(r, key->field, min, max) ? NULL : "";
}

static const char *value_addr(struct reader *r, const struct key *key,
			      const char *text)
{
	char copy[INET6_ADDRSTRLEN + sizeof("/128")], *slash, *end;
	struct nf_ctnetlink_term *term;
	unsigned long prefix;
	uint8_t addr[16] = { 0 };
	bool v6;

	snprintf(copy, sizeof(copy), "%s", text);
	slash = strchr(copy, '/');
	if (slash)
		*slash++ = '\0';
	v6 = strchr(copy, ':');
	prefix = v6 ? 128 : 32;
	if (strlen(text) >= sizeof(copy) ||
	    inet_pton(v6 ? AF_INET6 : AF_INET, copy, addr) != 1)
		return wrong("%s %s: wanted an address, or ADDRESS/LENGTH",
			     key->name, text);
	if (slash) {
		unsigned long most = prefix;

		prefix = strtoul(slash, &end, 10);
		if (*slash < '0' || *slash > '9' || *end || prefix > most)
			return wrong("%s %s: wanted a length up to %lu",
				     key->name, text, most);
	}
	term = term_add(r, key->field, false);
	if (!term)
		return "";
	term->family = v6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	term->prefix = (uint8_t)prefix;
	memcpy(term->addr, addr, sizeof(addr));
	return NULL;
}

static const char *value_family(struct reader *r, const struct key *key,
				const char *text)
{
	uint8_t family = !strcmp(text, "ipv4") ? NFPROTO_IPV4 :
			 !strcmp(text, "ipv6") ? NFPROTO_IPV6 : 0;

	if (!family)
		return wrong("family %s: wanted ipv4 or ipv6", text);
	return add_range(r, key->field, family, family) ? NULL : "";
}

static const char *value_proto(struct reader *r, const struct key *key,
			       const char *text)
{
	const struct name *name = name_find(protocols, text);

	if (!name && (*text < '0' || *text > '9'))
		return wrong("proto %s: wanted a name such as tcp, see ct(8), or a number",
			     text);
	if (!name)
		return value_number(r, key, text);
	return add_range(r, key->field, name->number, name->number) ? NULL : "";
}

/* A name may be a state of two protocols. */
static const char *value_state(struct reader *r, const struct key *key,
			       const char *text)
{
	const struct name *tcp = name_find(tcp_states, text);
	const struct name *sctp = name_find(sctp_states, text);

	if (!tcp && !sctp)
		return wrong("%s %s: wanted a state of TCP or SCTP, such as ESTABLISHED",
			     key->name, text);
	if (tcp && !add_range(r, NF_CTNETLINK_F_TCP_STATE, tcp->number,
			      tcp->number))
		return "";
	if (sctp && !add_range(r, NF_CTNETLINK_F_SCTP_STATE, sctp->number,
			       sctp->number))
		return "";
	return NULL;
}

static const char *value_status(struct reader *r, const struct key *key,
				const char *text)
{
	const struct name *name = name_find(statuses, text);
	uint32_t bit;

	if (!strcmp(text, "nat"))
		return add_bits(r, key->field, 1u << 4, 1u << 4, false) &&
		       add_bits(r, key->field, 1u << 5, 1u << 5, false) ?
		       NULL : "";
	if (!strcmp(text, "unreplied"))
		return add_bits(r, key->field, 1u << 1, 1u << 1, true) ?
		       NULL : "";
	if (!name)
		return wrong("status %s: wanted assured, unreplied, nat or others, see ct(8)",
			     text);
	bit = name->number;
	return add_bits(r, key->field, bit, bit, false) ? NULL : "";
}

bool read_masked(const char *text, uint32_t *value, uint32_t *mask)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || errno || number > UINT32_MAX)
		return false;
	*value = (uint32_t)number;
	*mask = UINT32_MAX;
	if (!*end)
		return true;
	text = end + 1;
	if (*end != '/' || *text < '0' || *text > '9')
		return false;
	number = strtoull(text, &end, 0);
	*mask = (uint32_t)number;
	return !errno && !*end && number <= UINT32_MAX;
}

static const char *value_mark(struct reader *r, const struct key *key,
			      const char *text)
{
	uint32_t value, mask;

	if (!read_masked(text, &value, &mask) || value & ~mask)
		return wrong("mark %s: wanted N or N/MASK, N within MASK",
			     text);
	return add_bits(r, key->field, value, mask, false) ? NULL : "";
}

static const char *value_helper(struct reader *r, const struct key *key,
				const char *text)
{
	struct nf_ctnetlink_term *term;

	if (strlen(text) >= NF_CTNETLINK_NAME_LEN)
		return wrong("helper %s: a name has up to %d characters", text,
			     NF_CTNETLINK_NAME_LEN - 1);
	term = term_add(r, key->field, false);
	if (!term)
		return "";
	if (strcmp(text, "none"))
		memcpy(term->name, text, strlen(text));
	return NULL;
}

static const char *value_read(struct reader *r, const struct key *key,
			      const char *text)
{
	switch (key->kind) {
	case KIND_ADDR:
		return value_addr(r, key, text);
	case KIND_FAMILY:
		return value_family(r, key, text);
	case KIND_PROTO:
		return value_proto(r, key, text);
	case KIND_STATE:
		return value_state(r, key, text);
	case KIND_STATUS:
		return value_status(r, key, text);
	case KIND_MARK:
		return value_mark(r, key, text);
	case KIND_HELPER:
		return value_helper(r, key, text);
	case KIND_NUMBER:
	case KIND_BYTES:
	case KIND_SECONDS:
		break;
	}
	return value_number(r, key, text);
}

static const struct key *key_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

/* All values of a key, which a comma separates. */
static const char *values_read(struct reader *r, const struct key *key,
			       const char *values)
{
	char copy[256], *rest = copy, *value;
	const char *error;

	if (strlen(values) >= sizeof(copy))
		return wrong("%s: the list is longer than 255 characters",
			     key->name);
	memcpy(copy, values, strlen(values) + 1);
	r->first = true;
	while ((value = strsep(&rest, ","))) {
		error = value_read(r, key, value);
		if (error && !*error)
			return wrong("the filter has more than %d terms",
				     NF_CTNETLINK_TERMS_MAX);
		if (error)
			return error;
	}
	return NULL;
}

const char *filter_read(struct filter *filter, int argc, char **argv)
{
	struct reader r = { .filter = filter };
	const struct key *key;
	const char *error;
	int i;

	filter->count = 0;
	for (i = 0; i < argc; i++) {
		r.not = !strcmp(argv[i], "not") || !strcmp(argv[i], "!");
		if (r.not && ++i == argc)
			return wrong("what follows \"not\" is missing");
		key = key_find(argv[i]);
		if (!key)
			return wrong("\"%s\" is nothing that a filter compares; see ct(8)",
				     argv[i]);
		if (++i == argc)
			return wrong("%s has no value", key->name);
		error = values_read(&r, key, argv[i]);
		if (error)
			return error;
	}
	return NULL;
}
