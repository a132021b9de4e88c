// SPDX-License-Identifier: GPL-2.0-only
/* ct(8) as conntrack(8): the command line. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <arpa/inet.h>

#include "../lib/cli.h"
#include "ct-conntrack-proto.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* ---- commands and rules ---- */

struct command {
	const char *name;
	int letter;
	int argument;	/* as of struct option; optional ones are ignored */
	const char *letters;	/* for connections, and for expectations */
};

static const struct command commands[] = {
	{ "dump", 'L', optional_argument, "Ll" },
	{ "create", 'I', optional_argument, "Ii" },
	{ "add", 'A', optional_argument, "A" },
	{ "delete", 'D', optional_argument, "Dd" },
	{ "update", 'U', optional_argument, "U" },
	{ "get", 'G', optional_argument, "Gg" },
	{ "flush", 'F', optional_argument, "Ff" },
	{ "event", 'E', optional_argument, "Ee" },
	{ "counter", 'C', optional_argument, "Cc" },
	{ "stats", 'S', no_argument, "Ss" },
	{ "version", 'V', no_argument, "VV" },
	{ "help", 'h', no_argument, "hh" },
};

/* Which commands an option has a meaning for, and which of them need it. */
struct rule {
	const char *name;
	int letter;
	int argument;
	const char *takes, *needs;
};

static const struct rule rules[OPT_MAX] = {
	[OPT_SRC] = { "src", 's', required_argument, "LIAUDGEidg", "idg" },
	[OPT_DST] = { "dst", 'd', required_argument, "LIAUDGEidg", "idg" },
	[OPT_REPLY_SRC] = { "reply-src", 'r', required_argument, "LIAUDGEidg",
			    "" },
	[OPT_REPLY_DST] = { "reply-dst", 'q', required_argument, "LIAUDGEidg",
			    "" },
	[OPT_PROTO] = { "protonum", 'p', required_argument, "LIAUDGEhidg",
			"IAGidg" },
	[OPT_TIMEOUT] = { "timeout", 't', required_argument, "IAUDi", "IAi" },
	[OPT_STATUS] = { "status", 'u', required_argument, "LIAUDi", "" },
	[OPT_ZERO] = { "zero", 'z', no_argument, "L", "" },
	[OPT_EVENTS] = { "event-mask", 'e', required_argument, "E", "" },
	[OPT_TUPLE_SRC] = { "tuple-src", '[', required_argument, "i", "i" },
	[OPT_TUPLE_DST] = { "tuple-dst", ']', required_argument, "i", "i" },
	[OPT_MASK_SRC] = { "mask-src", '{', required_argument, "LUDEi", "i" },
	[OPT_MASK_DST] = { "mask-dst", '}', required_argument, "LUDEi", "i" },
	[OPT_MARK] = { "mark", 'm', required_argument, "LIAUDE", "" },
	[OPT_ID] = { "id", 'i', required_argument, "UDG", "" },
	[OPT_FAMILY] = { "family", 'f', required_argument, "LUDFEl", "" },
	[OPT_SNAT] = { "src-nat", 'n', optional_argument, "LIAUDE", "" },
	[OPT_DNAT] = { "dst-nat", 'g', optional_argument, "LIAUDE", "" },
	[OPT_OUTPUT] = { "output", 'o', required_argument, "LUDGEle", "" },
	[OPT_SECMARK] = { "secmark", 'c', required_argument, "LE", "" },
	[OPT_BUFFER] = { "buffer-size", 'b', required_argument, "E", "" },
	[OPT_ANY_NAT] = { "any-nat", 'j', optional_argument, "LE", "" },
	[OPT_ZONE] = { "zone", 'w', required_argument, "LIADE", "" },
	[OPT_LABEL] = { "label", 'l', required_argument, "LUDGE", "" },
	[OPT_LABEL_ADD] = { "label-add", '<', required_argument, "IAU", "" },
	[OPT_LABEL_DEL] = { "label-del", '>', optional_argument, "U", "" },
	[OPT_ORIG_ZONE] = { "orig-zone", '(', required_argument, "LIADE", "" },
	[OPT_REPLY_ZONE] = { "reply-zone", ')', required_argument, "LIADE",
			     "" },
};

/* Other names of options; nat-range is ignored. */
static const struct rule aliases[] = {
	{ "orig-src", 's', required_argument, NULL, NULL },
	{ "orig-dst", 'd', required_argument, NULL, NULL },
	{ "nat-range", 'a', required_argument, NULL, NULL },
};

static void rules_check(const struct conntrack_command *c)
{
	unsigned int i;

	for (i = 0; i < OPT_MAX; i++) {
		if (given(c, i) &&
		    (!c->name || !strchr(rules[i].takes, c->name)))
			conntrack_usage("--%s has no meaning for this command",
					rules[i].name);
		if (!given(c, i) && c->name && strchr(rules[i].needs, c->name))
			conntrack_usage("--%s is missing", rules[i].name);
	}
	if (given(c, OPT_ANY_NAT) && (given(c, OPT_SNAT) || given(c, OPT_DNAT)))
		conntrack_usage("--any-nat has --src-nat and --dst-nat in it");
	if (!c->name || !strchr("IAG", c->name) ||
	    (given(c, OPT_SRC) && given(c, OPT_DST)) ||
	    (given(c, OPT_REPLY_SRC) && given(c, OPT_REPLY_DST)))
		return;
	conntrack_usage("-%c needs --src and --dst, or --reply-src and --reply-dst",
			c->name);
}

/* ---- names for getopt_long() ---- */

#define PROTO_OPTION	256	/* + index: an option of a protocol */
#define LONG_MAX_COUNT	(ARRAY_SIZE(commands) + OPT_MAX + ARRAY_SIZE(aliases))
/* Each protocol once, with two names for some of its options. */
#define PROTO_LONG_MAX	(8 * PROTO_FIELDS_MAX * 2)

static struct option long_options[LONG_MAX_COUNT + PROTO_LONG_MAX + 1];
static unsigned int long_count;

static void long_add(const char *name, int argument, int value)
{
	unsigned int i;

	for (i = 0; i < long_count; i++)
		if (!strcmp(long_options[i].name, name))
			return;
	if (long_count < ARRAY_SIZE(long_options) - 1)
		long_options[long_count++] = (struct option) {
			name, argument, NULL, value
		};
	long_options[long_count] = (struct option) { NULL, 0, NULL, 0 };
}

/* The options of a protocol are known from its -p on. */
static void long_add_proto(const struct proto *proto)
{
	const struct field *field;
	unsigned int i;

	for (i = 0; (field = proto_field(proto, i)); i++) {
		long_add(field->name, required_argument,
			 PROTO_OPTION + (int)long_count);
		if (field->alias)
			long_add(field->alias, required_argument,
				 PROTO_OPTION + (int)long_count);
	}
}

static char *short_add(char *to, int letter, int argument)
{
	*to++ = (char)letter;
	while (argument--)
		*to++ = ':';
	*to = '\0';
	return to;
}

/* Returns the letters for getopt_long(), which do not change. */
static const char *options_begin(void)
{
	static char letters[4 * LONG_MAX_COUNT + 2];
	char *to = letters;
	unsigned int i;

	long_count = 0;
	*to++ = ':'; /* a missing value is reported as ':' */
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		long_add(commands[i].name, commands[i].argument,
			 commands[i].letter);
		to = short_add(to, commands[i].letter, commands[i].argument);
	}
	for (i = 0; i < OPT_MAX; i++) {
		long_add(rules[i].name, rules[i].argument, rules[i].letter);
		to = short_add(to, rules[i].letter, rules[i].argument);
	}
	for (i = 0; i < ARRAY_SIZE(aliases); i++)
		long_add(aliases[i].name, aliases[i].argument,
			 aliases[i].letter);
	short_add(to, 'a', required_argument);
	return letters;
}

/*
 * The word behind an option whose value is optional, or NULL. As conntrack(8)
 * does, this ignores a value that is written in the same word.
 */
static const char *optional_word(int argc, char **argv)
{
	if (optarg || optind >= argc || argv[optind][0] == '-' ||
	    argv[optind][0] == '!')
		return NULL;
	return argv[optind++];
}

/* ---- values ---- */

struct word {
	const char *name;
	uint32_t value;
};

static const struct word status_words[] = {
	{ "ASSURED", IPS_ASSURED }, { "SEEN_REPLY", IPS_SEEN_REPLY },
	{ "UNSET", 0 }, { "FIXED_TIMEOUT", IPS_FIXED_TIMEOUT },
	{ "EXPECTED", IPS_EXPECTED }, { "OFFLOAD", 1u << 14 },
	{ "HW_OFFLOAD", 1u << 15 }, { NULL, 0 },
};

static const struct word event_words[] = {
	{ "ALL", EVENT_ALL }, { "NEW", EVENT_NEW }, { "UPDATES", EVENT_UPDATE },
	{ "DESTROY", EVENT_DESTROY }, { NULL, 0 },
};

static const struct word output_words[] = {
	{ "xml", OUT_XML }, { "extended", OUT_EXTENDED },
	{ "timestamp", OUT_TIME }, { "id", OUT_ID },
	{ "ktimestamp", OUT_KERNEL_TIME }, { "labels", OUT_LABELS },
	{ "userspace", 0 }, { "save", OUT_SAVE }, { NULL, 0 },
};

/* The beginning of a word is enough, without case. */
static uint32_t word_value(const struct word *words, const char *text,
			   size_t len)
{
	if (len && (!strncasecmp(text, "SRC_NAT", len) ||
		    !strncasecmp(text, "DST_NAT", len))) {
		complain("%.*s is ignored; use --src-nat or --dst-nat",
			 (int)len, text);
		return 0;
	}
	for (; len && words->name; words++)
		if (!strncasecmp(text, words->name, len))
			return words->value;
	conntrack_usage("no such word: \"%.*s\"", (int)len, text);
}

static uint32_t words_read(const struct word *words, const char *text)
{
	uint32_t value = 0;
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, ",");
		value |= word_value(words, text, len);
		if (!text[len])
			return value;
	}
}

/* -u: "!WORD" must not be set, nor must SEEN_REPLY with UNREPLIED. */
static void status_read(struct conntrack_command *c, const char *text)
{
	uint32_t value = nfct_get_attr_u32(c->ct, ATTR_STATUS);
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, ",");
		if (*text == '!')
			c->status.mask |= word_value(status_words, text + 1,
						     len - 1);
		else if (!strncmp(text, "UNREPLIED", 9))
			c->status.mask |= IPS_SEEN_REPLY;
		else
			value |= word_value(status_words, text, len);
		if (!text[len])
			break;
	}
	nfct_set_attr_u32(c->ct, ATTR_STATUS, value);
	c->status.val = value;
	if (!c->status.mask)
		c->status.mask = value;
}

static void mark_read(struct conntrack_command *c, const char *text)
{
	char *end;

	c->mark.val = (uint32_t)strtoul(text, &end, 0);
	c->mark.mask = *end == '/' ? (uint32_t)strtoul(end + 1, NULL, 0) :
				     UINT32_MAX;
}

static void output_read(struct conntrack_command *c, const char *text)
{
	c->output |= words_read(output_words, text);
	if (c->output & OUT_SAVE && c->output != OUT_SAVE)
		die("-o save cannot be combined with other formats");
}

static void family_set(struct conntrack_command *c, uint8_t family)
{
	if (c->family != AF_UNSPEC && c->family != family)
		conntrack_usage("addresses of two families");
	c->family = family;
}

static void family_read(struct conntrack_command *c, const char *text)
{
	if (!strncmp(text, "ipv4", 4))
		family_set(c, AF_INET);
	else if (!strncmp(text, "ipv6", 4))
		family_set(c, AF_INET6);
	else
		conntrack_usage("-f %s: needs ipv4 or ipv6", text);
}

/* ---- addresses ---- */

union address {
	struct in_addr v4;
	struct in6_addr v6;
};

/* Returns the family. Exits if the text is no address. */
static uint8_t address_read(const char *text, union address *address)
{
	if (inet_aton(text, &address->v4))
		return AF_INET;
	if (inet_pton(AF_INET6, text, &address->v6) == 1)
		return AF_INET6;
	conntrack_usage("%s: no IP address", text);
}

static void address_set(struct nf_conntrack *ct, uint8_t family,
			enum nf_conntrack_attr v4, enum nf_conntrack_attr v6,
			const union address *address)
{
	if (family == AF_INET)
		nfct_set_attr_u32(ct, v4, address->v4.s_addr);
	else
		nfct_set_attr(ct, v6, &address->v6);
}

static void mask_fill(union address *mask, uint8_t family, unsigned long len)
{
	uint8_t *byte = (uint8_t *)mask;
	unsigned int i, bytes = family == AF_INET ? 4 : 16;

	for (i = 0; i < bytes; i++, len = len > 8 ? len - 8 : 0)
		byte[i] = len >= 8 ? 0xff : (uint8_t)(0xff00 >> len);
}

/* Where the address of an option is stored. */
struct place {
	enum conntrack_option option, mask;	/* mask: of ADDRESS/LEN */
	enum nf_conntrack_attr v4, v6, l3;
};

static const struct place places[] = {
	{ OPT_SRC, OPT_MASK_SRC, ATTR_ORIG_IPV4_SRC, ATTR_ORIG_IPV6_SRC,
	  ATTR_ORIG_L3PROTO },
	{ OPT_DST, OPT_MASK_DST, ATTR_ORIG_IPV4_DST, ATTR_ORIG_IPV6_DST,
	  ATTR_ORIG_L3PROTO },
	{ OPT_REPLY_SRC, OPT_MAX, ATTR_REPL_IPV4_SRC, ATTR_REPL_IPV6_SRC,
	  ATTR_REPL_L3PROTO },
	{ OPT_REPLY_DST, OPT_MAX, ATTR_REPL_IPV4_DST, ATTR_REPL_IPV6_DST,
	  ATTR_REPL_L3PROTO },
	{ OPT_TUPLE_SRC, OPT_MASK_SRC, ATTR_ORIG_IPV4_SRC, ATTR_ORIG_IPV6_SRC,
	  ATTR_ORIG_L3PROTO },
	{ OPT_TUPLE_DST, OPT_MASK_DST, ATTR_ORIG_IPV4_DST, ATTR_ORIG_IPV6_DST,
	  ATTR_ORIG_L3PROTO },
	{ OPT_MASK_SRC, OPT_MAX, ATTR_ORIG_IPV4_SRC, ATTR_ORIG_IPV6_SRC,
	  ATTR_ORIG_L3PROTO },
	{ OPT_MASK_DST, OPT_MAX, ATTR_ORIG_IPV4_DST, ATTR_ORIG_IPV6_DST,
	  ATTR_ORIG_L3PROTO },
};

static const struct place *place_of(enum conntrack_option option)
{
	const struct place *place = places;

	while (place->option != option)
		place++;
	return place;
}

static struct nf_conntrack *object_of(const struct conntrack_command *c,
				      enum conntrack_option option)
{
	if (option == OPT_TUPLE_SRC || option == OPT_TUPLE_DST)
		return c->tuple;
	return option == OPT_MASK_SRC || option == OPT_MASK_DST ? c->mask :
								  c->ct;
}

static void place_set(struct conntrack_command *c, const struct place *place,
		      uint8_t family, const union address *address)
{
	struct nf_conntrack *ct = object_of(c, place->option);

	address_set(ct, family, place->v4, place->v6, address);
	nfct_set_attr_u8(ct, place->l3, family);
	c->given |= BIT_OF(place->option);
}

/* ADDRESS or ADDRESS/LEN; the mask of a whole address is left out. */
static void addresses_read(struct conntrack_command *c,
			   enum conntrack_option option, const char *text)
{
	const struct place *place = place_of(option);
	char *copy = strdup(text), *slash, *end;
	union address address;
	unsigned long bits;
	uint8_t family;
	long len = -1;

	if (!copy)
		die("no memory");
	slash = strchr(copy, '/');
	if (slash)
		*slash++ = '\0';
	family = address_read(copy, &address);
	family_set(c, family);
	bits = family == AF_INET ? 32 : 128;
	if (slash) {
		len = strtol(slash, &end, 10);
		if (place->mask == OPT_MAX)
			conntrack_usage("--%s %s: no prefix is possible",
					rules[option].name, text);
		if (len < 0 || (unsigned long)len > bits || *end)
			conntrack_usage("%s: no such prefix", text);
	}
	free(copy);
	place_set(c, place, family, &address);
	if (len < 0 || (unsigned long)len == bits)
		return;
	mask_fill(&address, family, (unsigned long)len);
	place_set(c, place_of(place->mask), family, &address);
}

/* ---- NAT ---- */

/*
 * Splits ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT in place. Returns the port, or
 * NULL.
 */
static char *port_split(char **text)
{
	char *colon, *close;

	if (**text == '[') {
		close = strchr(++*text, ']');
		if (close && (!close[1] || close[1] == ':')) {
			*close = '\0';
			return close[1] ? close + 2 : NULL;
		}
		conntrack_usage("[%s: no address in brackets", *text);
	}
	colon = strchr(*text, ':');
	if (!colon || strchr(colon + 1, ':'))
		return NULL;
	*colon = '\0';
	return colon + 1;
}

static void nat_set(struct conntrack_command *c, bool source, uint8_t family,
		    const union address *address, const char *port)
{
	address_set(c->ct, family, source ? ATTR_SNAT_IPV4 : ATTR_DNAT_IPV4,
		    source ? ATTR_SNAT_IPV6 : ATTR_DNAT_IPV6, address);
	if (port)
		nfct_set_attr_u16(c->ct, source ? ATTR_SNAT_PORT :
				  ATTR_DNAT_PORT,
				  htons((uint16_t)strtoul(port, NULL, 10)));
}

static void nat_read(struct conntrack_command *c, enum conntrack_option option,
		     const char *text)
{
	char *copy, *at, *port;
	union address address;
	uint8_t family;

	c->given |= BIT_OF(option);
	if (!text)
		return;
	copy = strdup(text);
	if (!copy)
		die("no memory");
	at = copy;
	port = port_split(&at);
	if (port && (!*port || port[strspn(port, "0123456789")] ||
		     strtoul(port, NULL, 10) > UINT16_MAX))
		conntrack_usage("%s: no such port", text);
	family = address_read(at, &address);
	family_set(c, family);
	nfct_set_attr_u8(c->ct, ATTR_ORIG_L3PROTO, family);
	if (option != OPT_DNAT)
		nat_set(c, true, family, &address, port);
	if (option != OPT_SNAT)
		nat_set(c, false, family, &address, port);
	free(copy);
}

/* ---- labels ---- */

static void labels_open(struct conntrack_command *c)
{
	if (!c->labels)
		c->labels = nfct_labelmap_new(NULL);
	if (!c->labels)
		complain("%s: %s", nfct_labels_get_path(), strerror(errno));
}

/* The number of a name that ends before @len; the text is not changed. */
static unsigned int label_bit(const struct conntrack_command *c,
			      const char *text, size_t len)
{
	char *name = strndup(text, len);
	int bit;

	if (!name)
		die("no memory");
	bit = c->labels ? nfct_labelmap_get_bit(c->labels, name) : -1;
	if (bit < 0)
		conntrack_usage("there is no label \"%s\"", name);
	free(name);
	return (unsigned int)bit;
}

/* A mask is as long as its last bit requires, which the kernel compares. */
static struct nfct_bitmask *mask_with(struct nfct_bitmask *old,
				      unsigned int bit)
{
	unsigned int i, last = old ? nfct_bitmask_maxbit(old) : 0;
	struct nfct_bitmask *mask = nfct_bitmask_new(bit > last ? bit : last);

	if (!mask)
		die("no memory");
	for (i = 0; old && i <= last; i++)
		if (nfct_bitmask_test_bit(old, i))
			nfct_bitmask_set_bit(mask, i);
	nfct_bitmask_set_bit(mask, bit);
	if (old)
		nfct_bitmask_destroy(old);
	return mask;
}

static void labels_read(struct conntrack_command *c,
			enum conntrack_option option, const char *text)
{
	struct nfct_bitmask **mask = option == OPT_LABEL ? &c->label :
							   &c->changed_label;
	size_t len;

	c->given |= BIT_OF(option);
	if (given(c, OPT_LABEL_ADD) && given(c, OPT_LABEL_DEL))
		die("--label-add and --label-del exclude each other");
	labels_open(c);
	for (; text; text = text[len] ? text + len + 1 : NULL) {
		len = strcspn(text, ",");
		*mask = mask_with(*mask, label_bit(c, text, len));
	}
}

/* ---- options ---- */

static enum conntrack_option option_of(int letter)
{
	unsigned int i = 0;

	while (i < OPT_MAX && rules[i].letter != letter)
		i++;
	return i;
}

static void number_read(struct conntrack_command *c,
			enum conntrack_option option, const char *text)
{
	unsigned long number = strtoul(text, NULL, 0);

	switch (option) {
	case OPT_ZONE:
		nfct_set_attr_u16(c->ct, ATTR_ZONE, (uint16_t)number);
		break;
	case OPT_ORIG_ZONE:
		nfct_set_attr_u16(c->ct, ATTR_ORIG_ZONE, (uint16_t)number);
		break;
	case OPT_REPLY_ZONE:
		nfct_set_attr_u16(c->ct, ATTR_REPL_ZONE, (uint16_t)number);
		break;
	case OPT_ID:
		nfct_set_attr_u32(c->ct, ATTR_ID, (uint32_t)number);
		break;
	case OPT_SECMARK:
		nfct_set_attr_u32(c->ct, ATTR_SECMARK, (uint32_t)number);
		break;
	case OPT_TIMEOUT:
		number = (unsigned long)strtol(text, NULL, 10);
		nfct_set_attr_u32(c->ct, ATTR_TIMEOUT, (uint32_t)number);
		nfexp_set_attr_u32(c->expect, ATTR_EXP_TIMEOUT,
				   (uint32_t)number);
		break;
	default:
		c->buffer = (int)strtol(text, NULL, 10);
	}
}

static void proto_option(struct conntrack_command *c, const char *text)
{
	const struct proto *before = c->proto;

	c->proto = proto_find(text, &c->proto_number);
	if (!c->proto)
		conntrack_usage("-p %s: there is no such protocol", text);
	if (c->fields && c->proto != before)
		conntrack_usage("-p %s: options of a different protocol precede it",
				text);
	nfct_set_attr_u8(c->ct, ATTR_L4PROTO, c->proto_number);
	if (!c->proto->pairs) /* else it is set with a port of the reply */
		nfct_set_attr_u8(c->ct, ATTR_REPL_L4PROTO, c->proto_number);
	long_add_proto(c->proto);
}

static void option_read(struct conntrack_command *c,
			enum conntrack_option option, int argc, char **argv)
{
	c->given |= BIT_OF(option);
	switch (option) {
	case OPT_SRC:
	case OPT_DST:
	case OPT_REPLY_SRC:
	case OPT_REPLY_DST:
	case OPT_TUPLE_SRC:
	case OPT_TUPLE_DST:
	case OPT_MASK_SRC:
	case OPT_MASK_DST:
		addresses_read(c, option, optarg);
		break;
	case OPT_PROTO:
		proto_option(c, optarg);
		break;
	case OPT_STATUS:
		status_read(c, optarg);
		break;
	case OPT_EVENTS:
		c->events |= words_read(event_words, optarg);
		break;
	case OPT_OUTPUT:
		output_read(c, optarg);
		break;
	case OPT_MARK:
		mark_read(c, optarg);
		break;
	case OPT_FAMILY:
		family_read(c, optarg);
		break;
	case OPT_SNAT:
	case OPT_DNAT:
	case OPT_ANY_NAT:
		nat_read(c, option, optional_word(argc, argv));
		break;
	case OPT_LABEL_DEL:
		labels_read(c, option, optional_word(argc, argv));
		break;
	case OPT_LABEL:
	case OPT_LABEL_ADD:
		labels_read(c, option, optarg);
		break;
	case OPT_ZERO:
		break;
	default:
		number_read(c, option, optarg);
	}
}

/* The name of a table may be shortened. */
static enum conntrack_table table_read(const char *text)
{
	static const char *const names[] = {
		[TABLE_CONNTRACK] = "conntrack", [TABLE_EXPECT] = "expect",
		[TABLE_DYING] = "dying", [TABLE_UNCONFIRMED] = "unconfirmed",
	};
	/* "" is the beginning of each of them; expect is the first tried. */
	static const enum conntrack_table order[] = {
		TABLE_EXPECT, TABLE_CONNTRACK, TABLE_DYING, TABLE_UNCONFIRMED,
	};
	unsigned int i;

	if (!text)
		return TABLE_CONNTRACK;
	for (i = 0; i < ARRAY_SIZE(order); i++)
		if (!strncmp(names[order[i]], text, strlen(text)))
			return order[i];
	conntrack_usage("there is no table \"%s\"", text);
}

/* Returns whether the letter is that of a command. */
static bool command_read(struct conntrack_command *c, int letter, int argc,
			 char **argv)
{
	const struct command *command = commands;
	const struct command *end = command + ARRAY_SIZE(commands);
	unsigned int index;

	while (command < end && command->letter != letter)
		command++;
	if (command == end)
		return false;
	c->table = table_read(optional_word(argc, argv));
	index = c->table == TABLE_EXPECT;
	if (index >= strlen(command->letters) ||
	    (letter != 'L' && c->table > TABLE_EXPECT))
		conntrack_usage("--%s is not possible in this table",
				command->name);
	if (c->name)
		conntrack_usage("more than one command");
	c->name = command->letters[index];
	return true;
}

static void objects_create(struct conntrack_command *c)
{
	c->ct = nfct_new();
	c->tuple = nfct_new();
	c->mask = nfct_new();
	c->expect = nfexp_new();
	if (!c->ct || !c->tuple || !c->mask || !c->expect)
		die("no memory");
}

/* Of several letters in a word, getopt_long() has the one that is unknown. */
static noreturn void unknown_option(const char *letters, const char *word)
{
	if (optopt && !strchr(letters, optopt))
		conntrack_usage("there is no option -%c", optopt);
	conntrack_usage("there is no option %s", word);
}

void conntrack_parse(struct conntrack_command *c, int argc, char **argv)
{
	const char *letters = options_begin();
	int letter;

	objects_create(c);
	opterr = 0;
	optind = 0;
	while ((letter = getopt_long(argc, argv, letters, long_options,
				     NULL)) != -1) {
		if (letter == ':')
			conntrack_usage("%s: its value is missing",
					argv[optind - 1]);
		if (letter == '?')
			unknown_option(letters, argv[optind - 1]);
		if (letter >= PROTO_OPTION)
			proto_read(c, long_options[letter - PROTO_OPTION].name,
				   optarg);
		else if (letter == 'a')
			complain("-a is ignored; use --src-nat or --dst-nat");
		else if (!command_read(c, letter, argc, argv))
			option_read(c, option_of(letter), argc, argv);
	}
	if (c->family == AF_UNSPEC && !(c->name && strchr("LUDGFE", c->name)))
		c->family = AF_INET;
	if (c->output & OUT_LABELS)
		labels_open(c);
	rules_check(c);
	proto_check(c);
}
