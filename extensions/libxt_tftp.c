// SPDX-License-Identifier: GPL-2.0-only
/* The tftp match for iptables and ip6tables. */
#include <stdbool.h>
#include <stdio.h>
#include <netinet/in.h>
#include <xtables.h>

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include <linux/netfilter/xt_tftp.h>

#include "words.h"

enum {
	O_OPCODE,
	O_FILENAME,
	O_MODE,
};

static const struct word opcodes[] = {
	{ "rrq", XT_TFTP_OP(1) },
	{ "wrq", XT_TFTP_OP(2) },
	{ "data", XT_TFTP_OP(3) },
	{ "ack", XT_TFTP_OP(4) },
	{ "error", XT_TFTP_OP(5) },
	{ "oack", XT_TFTP_OP(6) },
	{ NULL },
};

static const struct word modes[] = {
	{ "netascii", XT_TFTP_MODE_NETASCII },
	{ "octet", XT_TFTP_MODE_OCTET },
	{ "mail", XT_TFTP_MODE_MAIL },
	{ NULL },
};

static void tftp_mt_help(void)
{
	puts("tftp match options:\n"
	     "[!] --opcode NAME[,NAME...]  rrq, wrq, data, ack, error, oack\n"
	     "[!] --filename PATTERN       of a request, with * ? [a-z]\n"
	     "[!] --mode NAME[,NAME...]    of a request: octet, netascii, mail");
}

static const struct xt_option_entry tftp_mt_opts[] = {
	{ .name = "opcode", .id = O_OPCODE, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	{ .name = "filename", .id = O_FILENAME, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT | XTOPT_PUT, .min = 1,
	  .max = XT_TFTP_FILENAME_SIZE - 1,
	  XTOPT_POINTER(struct xt_tftp_mtinfo, filename) },
	{ .name = "mode", .id = O_MODE, .type = XTTYPE_STRING,
	  .flags = XTOPT_INVERT },
	XTOPT_TABLEEND,
};

/* The rule that is parsed; -p may follow the options of this match. */
static const uint8_t *tftp_inverted;
static const uint16_t *tftp_proto;

/* pom_glob() takes a [ without a ] as it is, and never matches [z-a]. */
static const char *bad_class(const char **pattern)
{
	const char *p = *pattern + (**pattern == '!');
	unsigned char first;

	do {
		first = *p++;
		if (first && p[0] == '-' && p[1] != ']') {
			if (p[1] && (unsigned char)p[1] < first)
				return "a range whose end comes before its beginning";
			p += 1 + !!p[1];
		}
		if (!first || !*p)
			return "a [ without a ]";
	} while (*p != ']');
	*pattern = p + 1;
	return NULL;
}

static void check_pattern(const char *pattern)
{
	const char *fault = NULL;

	while (*pattern && !fault) {
		switch (*pattern++) {
		case '\\':
			if (!*pattern++)
				fault = "a backslash at the end";
			break;
		case '[':
			fault = bad_class(&pattern);
			break;
		}
	}
	if (fault)
		xtables_error(PARAMETER_PROBLEM, "tftp: --filename has %s",
			      fault);
}

static void tftp_mt_parse(struct xt_option_call *cb)
{
	struct xt_tftp_mtinfo *info = cb->data;
	unsigned int test = 0;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_OPCODE:
		test = XT_TFTP_OPCODE;
		info->opcodes = parse_words(opcodes, cb->arg,
					    "tftp: --opcode");
		break;
	case O_FILENAME:
		test = XT_TFTP_FILENAME;
		check_pattern(info->filename);
		break;
	case O_MODE:
		test = XT_TFTP_MODE;
		info->modes = parse_words(modes, cb->arg, "tftp: --mode");
		break;
	}
	info->tests |= test;
	if (cb->invert)
		info->invert |= test;
}

static void tftp_mt_parse4(struct xt_option_call *cb)
{
	const struct ipt_entry *entry = cb->xt_entry;

	tftp_mt_parse(cb);
	if (entry) {
		tftp_proto = &entry->ip.proto;
		tftp_inverted = &entry->ip.invflags;
	}
}

static void tftp_mt_parse6(struct xt_option_call *cb)
{
	const struct ip6t_entry *entry = cb->xt_entry;

	tftp_mt_parse(cb);
	if (entry) {
		tftp_proto = &entry->ipv6.proto;
		tftp_inverted = &entry->ipv6.invflags;
	}
}

/* The module refuses these too, but its reason is only in the kernel log. */
static void refuse_contradictions(const struct xt_tftp_mtinfo *info,
				  unsigned int opcodes_left)
{
	if (!opcodes_left)
		xtables_error(PARAMETER_PROBLEM,
			      "tftp: ! --opcode leaves no opcode");
	if (info->tests & (XT_TFTP_FILENAME | XT_TFTP_MODE) &&
	    !(opcodes_left & XT_TFTP_OP_REQUESTS))
		xtables_error(PARAMETER_PROBLEM,
			      "tftp: only rrq and wrq have a file name and a mode");
	if (info->invert & XT_TFTP_MODE && info->modes == XT_TFTP_MODE_ALL)
		xtables_error(PARAMETER_PROBLEM,
			      "tftp: ! --mode leaves no mode");
}

/* Drops a test that every packet passes: equal rules are stored alike. */
static void drop_defaults(struct xt_tftp_mtinfo *info,
			  unsigned int opcodes_left)
{
	bool requests_only = info->tests & XT_TFTP_FILENAME ||
			     !(opcodes_left & ~XT_TFTP_OP_REQUESTS);

	if (info->opcodes == XT_TFTP_OP_ALL) {
		info->opcodes = 0;
		info->tests &= ~XT_TFTP_OPCODE;
	}
	if (info->modes == XT_TFTP_MODE_ALL && requests_only) {
		info->modes = 0;
		info->tests &= ~XT_TFTP_MODE;
	}
}

static void tftp_mt_check(struct xt_fcheck_call *cb)
{
	struct xt_tftp_mtinfo *info = cb->data;
	unsigned int left = XT_TFTP_OP_ALL;

	if (tftp_proto && (*tftp_proto != IPPROTO_UDP ||
			   *tftp_inverted & XT_INV_PROTO))
		xtables_error(PARAMETER_PROBLEM, "tftp: needs -p udp");
	tftp_proto = NULL;
	if (info->tests & XT_TFTP_OPCODE)
		left = info->invert & XT_TFTP_OPCODE ?
		       XT_TFTP_OP_ALL & ~info->opcodes : info->opcodes;
	refuse_contradictions(info, left);
	drop_defaults(info, left);
}

static void print_tests(const struct xt_tftp_mtinfo *info, const char *dashes)
{
	if (info->tests & XT_TFTP_OPCODE) {
		printf("%s %sopcode ",
		       info->invert & XT_TFTP_OPCODE ? " !" : "", dashes);
		print_words(opcodes, info->opcodes);
	}
	if (info->tests & XT_TFTP_FILENAME) {
		printf("%s %sfilename",
		       info->invert & XT_TFTP_FILENAME ? " !" : "", dashes);
		xtables_save_string(info->filename);
	}
	if (info->tests & XT_TFTP_MODE) {
		printf("%s %smode ",
		       info->invert & XT_TFTP_MODE ? " !" : "", dashes);
		print_words(modes, info->modes);
	}
}

static void tftp_mt_print(const void *ip, const struct xt_entry_match *match,
			  int numeric)
{
	printf(" tftp");
	print_tests((const void *)match->data, "");
}

static void tftp_mt_save(const void *ip, const struct xt_entry_match *match)
{
	print_tests((const void *)match->data, "--");
}

#define TFTP_MT(nfproto, parse)						\
	{								\
		.name		= "tftp",				\
		.version	= XTABLES_VERSION,			\
		.revision	= 0,					\
		.family		= nfproto,				\
		.size		= XT_ALIGN(sizeof(struct xt_tftp_mtinfo)), \
		.userspacesize	= XT_ALIGN(sizeof(struct xt_tftp_mtinfo)), \
		.help		= tftp_mt_help,				\
		.print		= tftp_mt_print,			\
		.save		= tftp_mt_save,				\
		.x6_parse	= parse,				\
		.x6_fcheck	= tftp_mt_check,			\
		.x6_options	= tftp_mt_opts,				\
	}

static struct xtables_match tftp_mt_reg[] = {
	TFTP_MT(NFPROTO_IPV4, tftp_mt_parse4),
	TFTP_MT(NFPROTO_IPV6, tftp_mt_parse6),
};

/* A constructor: since 1.8.9, iptables does not provide _init(). */
static void __attribute__((constructor)) libxt_tftp_init(void)
{
	xtables_register_matches(tftp_mt_reg,
				 sizeof(tftp_mt_reg) / sizeof(*tftp_mt_reg));
}
