// SPDX-License-Identifier: GPL-2.0-only
/*
 * ct(8) as conntrack(8): how connections and expectations are printed. The
 * library writes all formats but that of -o save.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include <arpa/inet.h>

#include "ct-conntrack-proto.h"

#define LINE_LEN	16384

/* ---- -o save: the options that create the connection ---- */

static void save_status(uint32_t status)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{ IPS_EXPECTED, "EXPECTED" }, { IPS_SEEN_REPLY, "SEEN_REPLY" },
		{ IPS_ASSURED, "ASSURED" },
		{ IPS_FIXED_TIMEOUT, "FIXED_TIMEOUT" },
	};
	const char *comma = "";
	unsigned int i;

	fputs(" -u ", stdout);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(status & names[i].bit))
			continue;
		printf("%s%s", comma, names[i].name);
		comma = ",";
	}
	if (!*comma)
		fputs("UNSET", stdout);
}

static void save_u32(const struct nf_conntrack *ct, const char *option,
		     enum nf_conntrack_attr attr)
{
	if (nfct_attr_is_set(ct, attr) > 0)
		printf(" %s %u", option, nfct_get_attr_u32(ct, attr));
}

static void save_u16(const struct nf_conntrack *ct, const char *option,
		     enum nf_conntrack_attr attr)
{
	if (nfct_attr_is_set(ct, attr) > 0)
		printf(" %s %u", option, nfct_get_attr_u16(ct, attr));
}

static void save_address(const struct nf_conntrack *ct, const char *option,
			 enum nf_conntrack_attr v4, enum nf_conntrack_attr v6)
{
	int family = nfct_get_attr_u8(ct, ATTR_ORIG_L3PROTO);
	enum nf_conntrack_attr attr = family == AF_INET ? v4 : v6;
	char text[INET6_ADDRSTRLEN];

	if (nfct_attr_is_set(ct, attr) > 0 &&
	    inet_ntop(family, nfct_get_attr(ct, attr), text, sizeof(text)))
		printf(" %s %s", option, text);
}

static void save_addresses(const struct nf_conntrack *ct)
{
	save_address(ct, "-s", ATTR_ORIG_IPV4_SRC, ATTR_ORIG_IPV6_SRC);
	save_address(ct, "-d", ATTR_ORIG_IPV4_DST, ATTR_ORIG_IPV6_DST);
	save_address(ct, nfct_getobjopt(ct, NFCT_GOPT_IS_DNAT) ? "-g" : "-r",
		     ATTR_REPL_IPV4_SRC, ATTR_REPL_IPV6_SRC);
	save_address(ct, nfct_getobjopt(ct, NFCT_GOPT_IS_SNAT) ? "-n" : "-q",
		     ATTR_REPL_IPV4_DST, ATTR_REPL_IPV6_DST);
}

static void save_print(const struct nf_conntrack *ct, char letter)
{
	uint8_t number = nfct_get_attr_u8(ct, ATTR_L4PROTO);
	const struct proto *proto = proto_by_number(number);

	printf("-%c", letter);
	save_u32(ct, "-t", ATTR_TIMEOUT);
	if (nfct_attr_is_set(ct, ATTR_STATUS) > 0)
		save_status(nfct_get_attr_u32(ct, ATTR_STATUS));
	save_u32(ct, "-c", ATTR_SECMARK);
	save_u16(ct, "-w", ATTR_ZONE);
	save_u16(ct, "--orig-zone", ATTR_ORIG_ZONE);
	save_u16(ct, "--reply-zone", ATTR_REPL_ZONE);
	save_addresses(ct);
	if (proto->name)
		printf(" -p %s", proto->name);
	else
		printf(" -p %u", number);
	proto_save(proto, ct);
}

static char save_letter(const struct conntrack_command *c, uint32_t type)
{
	if (type == NFCT_T_UPDATE)
		return 'U';
	return c->name == 'D' || type == NFCT_T_DESTROY ? 'D' : 'A';
}

/* ---- other formats ---- */

static unsigned int output_flags(const struct conntrack_command *c)
{
	unsigned int flags = 0;

	if (c->output & OUT_EXTENDED)
		flags |= NFCT_OF_SHOW_LAYER3;
	if (c->output & OUT_ID)
		flags |= NFCT_OF_ID;
	if (c->output & OUT_KERNEL_TIME && c->name != 'D' && c->name != 'U')
		flags |= NFCT_OF_TIMESTAMP;
	if (c->output & OUT_TIME && c->output & OUT_XML &&
	    strchr("Eel", c->name))
		flags |= NFCT_OF_TIME;
	return flags;
}

static unsigned int output_type(const struct conntrack_command *c)
{
	return c->output & OUT_XML ? NFCT_O_XML : NFCT_O_PLAIN;
}

/* -o timestamp: when the line is printed. XML has an element instead. */
static void print_time(const struct conntrack_command *c)
{
	struct timeval now;

	if (!(c->output & OUT_TIME) || c->output & OUT_XML)
		return;
	gettimeofday(&now, NULL);
	printf("[%-8ld.%-.6ld]\t", (long)now.tv_sec, (long)now.tv_usec);
}

void print_connection(const struct conntrack_command *c,
		      const struct nf_conntrack *ct, uint32_t type)
{
	static char line[LINE_LEN];

	if (c->output & OUT_SAVE) {
		save_print(ct, save_letter(c, type));
		return;
	}
	if (c->name == 'E')
		print_time(c);
	nfct_snprintf_labels(line, sizeof(line), ct, type, output_type(c),
			     output_flags(c), c->name == 'D' ? NULL :
			     c->labels);
	fputs(line, stdout);
}

void print_expectation(const struct conntrack_command *c,
		       const struct nf_expect *expect, uint32_t type)
{
	static char line[LINE_LEN];

	print_time(c);
	nfexp_snprintf(line, sizeof(line), expect, type, output_type(c),
		       output_flags(c) & NFCT_OF_TIME);
	fputs(line, stdout);
}

static bool xml_begun;

void print_xml_head(const struct conntrack_command *c, const char *element)
{
	if (!(c->output & OUT_XML) || xml_begun)
		return;
	printf("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<%s>\n", element);
	xml_begun = true;
}

void print_xml_end(const char *element)
{
	if (xml_begun)
		printf("</%s>\n", element);
	xml_begun = false;
}
