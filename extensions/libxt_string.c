// SPDX-License-Identifier: GPL-2.0-only
/* The string match for iptables and ip6tables. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_string.h>
#include "revisions.h"
#include "string-parse.h"
#include "string-show.h"

enum {
	O_STRING = 0,
	O_HEX_STRING,
	O_SET,
	O_ALGO,
	O_FROM,
	O_TO,
	O_ICASE,
	O_BASE,
	O_PREFIX,
	O_STREAM,
	O_MARK_MASK,
	O_AMBIGUOUS,
	F_STRING = 1 << O_STRING,
	F_HEX_STRING = 1 << O_HEX_STRING,
	F_SET = 1 << O_SET,
	F_ALGO = 1 << O_ALGO,
	F_FROM = 1 << O_FROM,
	F_TO = 1 << O_TO,
	F_ICASE = 1 << O_ICASE,
	F_BASE = 1 << O_BASE,
	F_PREFIX = 1 << O_PREFIX,
	F_STREAM = 1 << O_STREAM,
	F_AMBIGUOUS = 1 << O_AMBIGUOUS,
	/* What --stream-ambiguous excludes. */
	F_SEARCH = F_STRING | F_HEX_STRING | F_SET | F_ALGO | F_FROM | F_TO |
		   F_ICASE | F_BASE | F_PREFIX,
};

static const char * const bases[] = {
	[XT_STRING_BASE_NETWORK] = "network",
	[XT_STRING_BASE_TRANSPORT] = "transport",
	[XT_STRING_BASE_PAYLOAD] = "payload",
};

static void string_help_classic(void)
{
	printf("string match options:\n"
"[!] --string STRING       match packets that hold STRING\n"
"[!] --hex-string STRING   the same; bytes between bars are hexadecimal: '|7F|ELF'\n"
"    --algo bm|kmp         makes no difference\n"
"    --from OFFSET         search from here on (default: 0)\n"
"    --to OFFSET           search up to here, exclusive (default: all)\n");
}

static void string_help_v1(void)
{
	string_help_classic();
	printf("    --icase               capital letters are the same as small ones\n");
}

static void string_help(void)
{
	string_help_v1();
	printf("    Without --algo, --string takes |hex| too.\n"
"    --base network|transport|payload\n"
"                          what offsets are counted from (default: network)\n"
"    --prefix              only at --from\n"
"    --stream              through all segments of a TCP connection\n"
"[!] --set NAME            match packets that hold a pattern of the set NAME\n"
"                          (/proc/net/nf_string/sets/NAME, see stringset --help)\n"
"    --mark-mask MASK      give the packet the pattern's mark, in these bits\n"
"[!] --stream-ambiguous    match packets of TCP connections with urgent data, or in\n"
"                          which copies of the same bytes differ\n");
}

static const struct xt_option_entry string_opts_v0[] = {
	{.name = "from", .id = O_FROM, .type = XTTYPE_UINT16},
	{.name = "to", .id = O_TO, .type = XTTYPE_UINT16},
	{.name = "string", .id = O_STRING, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT, .excl = F_HEX_STRING},
	{.name = "hex-string", .id = O_HEX_STRING, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT, .excl = F_STRING},
	{.name = "algo", .id = O_ALGO, .type = XTTYPE_STRING,
	 .flags = XTOPT_MAND},
	XTOPT_TABLEEND,
};

static const struct xt_option_entry string_opts_v1[] = {
	{.name = "from", .id = O_FROM, .type = XTTYPE_UINT16},
	{.name = "to", .id = O_TO, .type = XTTYPE_UINT16},
	{.name = "string", .id = O_STRING, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT, .excl = F_HEX_STRING},
	{.name = "hex-string", .id = O_HEX_STRING, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT, .excl = F_STRING},
	{.name = "algo", .id = O_ALGO, .type = XTTYPE_STRING,
	 .flags = XTOPT_MAND},
	{.name = "icase", .id = O_ICASE, .type = XTTYPE_NONE},
	XTOPT_TABLEEND,
};

static const struct xt_option_entry string_opts[] = {
	{.name = "from", .id = O_FROM, .type = XTTYPE_UINT16},
	{.name = "to", .id = O_TO, .type = XTTYPE_UINT16},
	{.name = "string", .id = O_STRING, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT | XTOPT_MULTI, .excl = F_HEX_STRING | F_SET},
	{.name = "hex-string", .id = O_HEX_STRING, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT | XTOPT_MULTI, .excl = F_STRING | F_SET},
	{.name = "algo", .id = O_ALGO, .type = XTTYPE_STRING, .excl = F_SET},
	{.name = "icase", .id = O_ICASE, .type = XTTYPE_NONE, .excl = F_SET},
	{.name = "base", .id = O_BASE, .type = XTTYPE_STRING,
	 .excl = F_STREAM},
	{.name = "prefix", .id = O_PREFIX, .type = XTTYPE_NONE, .excl = F_SET},
	{.name = "stream", .id = O_STREAM, .type = XTTYPE_NONE,
	 .excl = F_FROM | F_TO | F_BASE},
	{.name = "set", .id = O_SET, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT, .excl = F_STRING | F_HEX_STRING},
	{.name = "mark-mask", .id = O_MARK_MASK, .type = XTTYPE_UINT32,
	 .also = F_SET, .min = 1},
	{.name = "stream-ambiguous", .id = O_AMBIGUOUS, .type = XTTYPE_NONE,
	 .flags = XTOPT_INVERT, .excl = F_SEARCH},
	XTOPT_TABLEEND,
};

static void string_check_algo(const char *algo)
{
	if (strcmp(algo, "bm") && strcmp(algo, "kmp"))
		xtables_error(PARAMETER_PROBLEM,
			      "string: --algo is bm or kmp, not \"%s\"\n", algo);
}

static void string_check_set_name(const char *name)
{
	size_t len = strlen(name);
	const char *c;

	if (!len || len >= XT_STRING_SET_NAME_LEN)
		xtables_error(PARAMETER_PROBLEM,
			      "string: the name of a set has 1 to %d bytes\n",
			      XT_STRING_SET_NAME_LEN - 1);
	for (c = name; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '/')
			xtables_error(PARAMETER_PROBLEM,
				      "string: the name of a set has no slash, space or control character in it\n");
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		xtables_error(PARAMETER_PROBLEM,
			      "string: \"%s\" cannot be the name of a set\n",
			      name);
}

static void string_init_classic(struct xt_entry_match *match)
{
	struct xt_string_info *info = (void *)match->data;

	info->to_offset = UINT16_MAX;
}

static void string_init(struct xt_entry_match *match)
{
	struct xt_string_mtinfo_v2 *info = (void *)match->data;

	info->to = XT_STRING_TO_END;
}

static void string_parse_classic(struct xt_option_call *cb, unsigned int rev)
{
	struct xt_string_info *info = cb->data;
	size_t len = 0;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_STRING:
		len = string_parse_plain((__u8 *)info->pattern, 0,
					 sizeof(info->pattern), cb->arg);
		break;
	case O_HEX_STRING:
		len = string_parse_hex((__u8 *)info->pattern, 0,
				       sizeof(info->pattern), cb->arg);
		break;
	case O_ALGO:
		string_check_algo(cb->arg);
		memcpy(info->algo, cb->arg, strlen(cb->arg) + 1);
		return;
	case O_FROM:
		info->from_offset = cb->val.u16;
		return;
	case O_TO:
		info->to_offset = cb->val.u16;
		return;
	case O_ICASE:
		info->u.v1.flags |= XT_STRING_FLAG_IGNORECASE;
		return;
	}
	info->patlen = (__u8)len;
	if (cb->invert && rev)
		info->u.v1.flags |= XT_STRING_FLAG_INVERT;
	else if (cb->invert)
		info->u.v0.invert = 1;
}

static void string_parse_v0(struct xt_option_call *cb)
{
	string_parse_classic(cb, 0);
}

static void string_parse_v1(struct xt_option_call *cb)
{
	string_parse_classic(cb, 1);
}

/* The size of a match in setsockopt(2). */
#define MATCH_SIZE(type) \
	(XT_ALIGN(sizeof(struct xt_entry_match)) + XT_ALIGN(sizeof(type)))

/*
 * One for all revisions: iptables-nft compares two rules by that of the newest
 * one, whatever theirs is. Revision 2 has a hash of what follows.
 */
#define STRING_COMPARED		offsetof(struct xt_string_mtinfo_v3, rule)

/*
 * The parser begins each rule with revision 3, which equals revision 2 up to
 * byte 128 of the string. The match may still have the size of a longer rule
 * before.
 */
static void string_shrink(struct xtables_match *match)
{
	match->size = XT_ALIGN(sizeof(struct xt_string_mtinfo_v3));
	match->m->u.match_size = MATCH_SIZE(struct xt_string_mtinfo_v3);
}

/* Switches to revision 2, for longer strings. The caller may own the memory. */
static void string_grow(struct xtables_match *match)
{
	struct xt_entry_match *m =
		xtables_calloc(1, MATCH_SIZE(struct xt_string_mtinfo_v2));

	memcpy(m, match->m, offsetof(struct xt_entry_match, data) +
			    offsetof(struct xt_string_mtinfo_v3, reserved));
	m->u.user.revision = 2;
	m->u.match_size = MATCH_SIZE(struct xt_string_mtinfo_v2);
	match->m = m;
	match->size = XT_ALIGN(sizeof(struct xt_string_mtinfo_v2));
}

/* FNV-1a */
static __u32 string_sum(const __u8 *pattern, size_t len)
{
	__u32 sum = 2166136261U;
	size_t i;

	for (i = 0; i < len; i++)
		sum = (sum ^ pattern[i]) * 16777619U;
	return sum;
}

/* The rule, with space for a string of @len bytes if possible. */
static struct xt_string_mtinfo_v2 *string_info(const struct xt_option_call *cb,
					       size_t len)
{
	struct xtables_match *match =
		(void *)((char *)cb->match - offsetof(struct xtables_match, m));

	if (match->m->u.user.revision == 3) {
		string_shrink(match);
		if (len > XT_STRING_SHORT_MAX)
			string_grow(match);
	}
	return (void *)match->m->data;
}

static void string_parse_base(struct xt_string_mtinfo_v2 *info,
			      const char *name)
{
	for (info->base = 0; info->base < ARRAY_SIZE(bases); info->base++)
		if (!strcmp(name, bases[info->base]))
			return;
	xtables_error(PARAMETER_PROBLEM,
		      "string: --base is network, transport or payload, not \"%s\"\n",
		      name);
}

/* Revision 2 has no place for this flag. */
static void string_parse_ambiguous(const struct xt_option_call *cb)
{
	struct xt_string_mtinfo_v3 *info = (void *)string_info(cb, 0);

	if ((*cb->match)->u.user.revision != 3)
		xtables_error(PARAMETER_PROBLEM,
			      "string: --stream-ambiguous excludes long strings, and needs a newer module xt_string\n");
	info->more_flags |= XT_STRING_AMBIGUOUS;
	info->flags |= XT_STRING_STREAM;
	info->base = XT_STRING_BASE_PAYLOAD;
}

/* Appends to the string. --algo, which may follow, changes what bars mean. */
static void string_parse_text(struct xt_option_call *cb, bool hex)
{
	struct xt_string_mtinfo_v2 *info = string_info(cb, 0);
	__u8 pattern[XT_STRING_LEN_MAX];
	size_t len = info->len;

	memcpy(pattern, info->pattern, len);
	if (hex)
		len = string_parse_hex(pattern, len, sizeof(pattern), cb->arg);
	else
		len = string_parse_plain(pattern, len, sizeof(pattern),
					 cb->arg);
	info = string_info(cb, len);
	memcpy(info->pattern, pattern, len);
	info->len = len;
	if (cb->invert)
		info->flags |= XT_STRING_INVERT;
}

static void string_parse(struct xt_option_call *cb)
{
	struct xt_string_mtinfo_v2 *info = string_info(cb, 0);

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_STRING:
	case O_HEX_STRING:
		string_parse_text(cb, cb->entry->id == O_HEX_STRING);
		return;
	case O_SET:
		string_check_set_name(cb->arg);
		memcpy(info->pattern, cb->arg, strlen(cb->arg) + 1);
		info->flags |= XT_STRING_SET;
		break;
	case O_ALGO:
		string_check_algo(cb->arg);
		info->flags |= *cb->arg == 'b' ? XT_STRING_BM : XT_STRING_KMP;
		break;
	case O_FROM:
		info->from = cb->val.u16;
		break;
	case O_TO:
		/* As in revision 1, 65535 is the default. */
		info->to = cb->val.u16 == UINT16_MAX ? XT_STRING_TO_END :
						       cb->val.u16;
		break;
	case O_ICASE:
		info->flags |= XT_STRING_ICASE;
		break;
	case O_BASE:
		string_parse_base(info, cb->arg);
		break;
	case O_PREFIX:
		info->flags |= XT_STRING_PREFIX;
		break;
	case O_STREAM:
		info->flags |= XT_STRING_STREAM;
		info->base = XT_STRING_BASE_PAYLOAD;
		break;
	case O_MARK_MASK:
		info->flags |= XT_STRING_MARK;
		info->mark_mask = cb->val.u32;
		break;
	case O_AMBIGUOUS:
		string_parse_ambiguous(cb);
		break;
	}
	if (cb->invert)
		info->flags |= XT_STRING_INVERT;
}

static void string_need_one(const struct xt_fcheck_call *cb, unsigned int which,
			    const char *names)
{
	if (!(cb->xflags & which))
		xtables_error(PARAMETER_PROBLEM,
			      "string: %s is needed\n", names);
}

static void string_need_len(unsigned int len)
{
	if (!len)
		xtables_error(PARAMETER_PROBLEM,
			      "string: the string is empty\n");
}

/* Asks the module: 1: matches end at --to; 0: they begin there; -1: unknown. */
static int string_to_is_end(void)
{
	FILE *f = fopen("/sys/module/xt_string/parameters/to_is_end", "r");
	int c = f ? fgetc(f) : EOF;

	if (f)
		fclose(f);
	return c == EOF ? -1 : c == 'Y';
}

/* Only a warning: scripts have such rules, the kernel's module takes them. */
static void string_warn(unsigned int from, unsigned int to, unsigned int len,
			bool ends)
{
	static bool warned;

	if (warned || (from < to && !(ends && to - from < len)))
		return;
	fprintf(stderr,
		"string: warning: this rule never finds its string: %u bytes do not fit between --from %u and --to %u\n",
		len, from, to);
	warned = true;
}

static void string_fcheck_classic(struct xt_fcheck_call *cb)
{
	const struct xt_string_info *info = cb->data;

	string_need_one(cb, F_STRING | F_HEX_STRING,
			"--string or --hex-string");
	string_warn(info->from_offset, info->to_offset, info->patlen,
		    string_to_is_end() == 1);
}

static void string_read_bars(struct xt_string_mtinfo_v2 *info)
{
	char text[XT_STRING_LEN_MAX + 1];

	memcpy(text, info->pattern, info->len);
	text[info->len] = '\0';
	memset(info->pattern, 0, info->len);
	info->len = string_parse_bars(info->pattern, 0, info->len, text);
}

/*
 * Whether the distribution's extension can also express the rule. Then both
 * extensions store the same rule, with the meaning that it has in the kernel's
 * module: either can list, check and delete it.
 */
static bool string_is_classic(const struct xt_string_mtinfo_v2 *info)
{
	unsigned int algo = info->flags & (XT_STRING_BM | XT_STRING_KMP);

	return algo && !info->base &&
	       !(info->flags & ~(algo | XT_STRING_INVERT | XT_STRING_ICASE));
}

static void string_make_classic(struct xt_entry_match *m)
{
	const struct xt_string_mtinfo_v3 old =
		*(const struct xt_string_mtinfo_v3 *)m->data;
	struct xt_string_info *info = (void *)m->data;

	memset(info, 0, sizeof(*info));
	info->from_offset = old.from;
	info->to_offset = old.to == XT_STRING_TO_END ? UINT16_MAX : old.to;
	snprintf(info->algo, sizeof(info->algo), "%s",
		 old.flags & XT_STRING_BM ? "bm" : "kmp");
	memcpy(info->pattern, old.pattern, old.len);
	info->patlen = old.len;
	if (old.flags & XT_STRING_INVERT)
		info->u.v1.flags |= XT_STRING_FLAG_INVERT;
	if (old.flags & XT_STRING_ICASE)
		info->u.v1.flags |= XT_STRING_FLAG_IGNORECASE;
	m->u.user.revision = 1;
}

static void string_fcheck(struct xt_fcheck_call *cb)
{
	struct xt_entry_match *m =
		(void *)((char *)cb->data - offsetof(struct xt_entry_match,
						     data));
	struct xt_string_mtinfo_v2 *info = cb->data;

	string_need_one(cb, F_STRING | F_HEX_STRING | F_SET | F_AMBIGUOUS,
			"one of --string, --hex-string, --set and --stream-ambiguous");
	if (cb->xflags & F_AMBIGUOUS)
		return;
	if ((cb->xflags & (F_STRING | F_ALGO)) == F_STRING)
		string_read_bars(info);
	if (!(cb->xflags & F_SET))
		string_need_len(info->len);
	if (info->flags & XT_STRING_MARK && info->flags & XT_STRING_INVERT)
		xtables_error(PARAMETER_PROBLEM,
			      "string: --mark-mask needs --set, not ! --set\n");
	if (m->u.user.revision == 3 && string_is_classic(info)) {
		string_warn(info->from, info->to, info->len,
			    string_to_is_end() == 1);
		string_make_classic(m);
		return;
	}
	if (info->from > info->to)
		xtables_error(PARAMETER_PROBLEM,
			      "string: --from is beyond --to\n");
	if (info->len > XT_STRING_SHORT_MAX)
		info->mark_mask = string_sum(info->pattern, info->len);
	string_warn(info->from, info->to, info->len, true);
}

/* Before iptables 1.8.8, the distribution's extension prints a --to over 0. */
static bool string_shows_to(unsigned int to)
{
	unsigned int major, minor, patch;

	if (sscanf(xt_params->program_version, "%u.%u.%u", &major, &minor,
		   &patch) == 3 && major == 1 && minor == 8 && patch < 8)
		return to;
	return to != UINT16_MAX;
}

static size_t classic_len(const struct xt_string_info *info)
{
	return info->patlen < sizeof(info->pattern) ? info->patlen :
						      sizeof(info->pattern);
}

static void string_save_classic(const struct xt_string_info *info, bool invert,
				bool icase)
{
	printf("%s", invert ? " !" : "");
	string_save_text((const __u8 *)info->pattern, classic_len(info), false);
	printf(" --algo %.*s", (int)sizeof(info->algo), info->algo);
	if (info->from_offset)
		printf(" --from %u", info->from_offset);
	if (string_shows_to(info->to_offset))
		printf(" --to %u", info->to_offset);
	if (icase)
		printf(" --icase");
}

static void string_save_v0(const void *ip, const struct xt_entry_match *match)
{
	const struct xt_string_info *info = (const void *)match->data;

	string_save_classic(info, info->u.v0.invert, false);
}

static void string_save_v1(const void *ip, const struct xt_entry_match *match)
{
	const struct xt_string_info *info = (const void *)match->data;

	string_save_classic(info, info->u.v1.flags & XT_STRING_FLAG_INVERT,
			    info->u.v1.flags & XT_STRING_FLAG_IGNORECASE);
}

static size_t pattern_len(const struct xt_string_mtinfo_v2 *info)
{
	return info->len < sizeof(info->pattern) ? info->len :
						   sizeof(info->pattern);
}

static const char *string_algo(const struct xt_string_mtinfo_v2 *info)
{
	if (info->flags & XT_STRING_BM)
		return "bm";
	return info->flags & XT_STRING_KMP ? "kmp" : NULL;
}

/* Options that the distribution's extension does not know. */
static void string_new_options(const struct xt_string_mtinfo_v2 *info,
			       const char *dashes)
{
	if (info->flags & XT_STRING_STREAM)
		printf(" %sstream", dashes);
	else if (info->base && info->base < ARRAY_SIZE(bases))
		printf(" %sbase %s", dashes, bases[info->base]);
	if (info->flags & XT_STRING_PREFIX)
		printf(" %sprefix", dashes);
	if (info->flags & XT_STRING_MARK)
		printf(" %smark-mask 0x%x", dashes, info->mark_mask);
}

/* What follows the string or the set, as options. */
static void string_save_options(const struct xt_string_mtinfo_v2 *info)
{
	if (string_algo(info))
		printf(" --algo %s", string_algo(info));
	if (info->from)
		printf(" --from %u", info->from);
	if (info->to != XT_STRING_TO_END)
		printf(" --to %u", info->to);
	if (info->flags & XT_STRING_ICASE)
		printf(" --icase");
	string_new_options(info, "--");
}

/* The same in a listing, in the words of the distribution's extension. */
static void string_print_options(const struct xt_string_mtinfo_v2 *info)
{
	if (string_algo(info))
		printf(" ALGO name %s", string_algo(info));
	if (info->from)
		printf(" FROM %u", info->from);
	if (info->to != XT_STRING_TO_END)
		printf(" TO %u", info->to);
	if (info->flags & XT_STRING_ICASE)
		printf(" ICASE");
	string_new_options(info, "");
}

/* A rule without a string or a set. */
static bool string_is_ambiguous(const struct xt_entry_match *match)
{
	const struct xt_string_mtinfo_v3 *info = (const void *)match->data;

	return match->u.user.revision == 3 &&
	       info->more_flags & XT_STRING_AMBIGUOUS;
}

/* iptables-nft shows every rule by the newest revision. */
static void string_save(const void *ip, const struct xt_entry_match *match)
{
	const struct xt_string_mtinfo_v2 *info = (const void *)match->data;

	if (match->u.user.revision == 0) {
		string_save_v0(ip, match);
		return;
	}
	if (match->u.user.revision == 1) {
		string_save_v1(ip, match);
		return;
	}
	printf("%s", info->flags & XT_STRING_INVERT ? " !" : "");
	if (string_is_ambiguous(match)) {
		printf(" --stream-ambiguous");
		return;
	}
	if (info->flags & XT_STRING_SET)
		string_save_set((const char *)info->pattern);
	else
		string_save_text(info->pattern, pattern_len(info),
				 !(info->flags & (XT_STRING_BM |
						  XT_STRING_KMP)));
	string_save_options(info);
}

static void string_print_classic(const struct xt_string_info *info, bool invert,
				 bool icase)
{
	printf(" STRING match %s", invert ? "!" : "");
	string_show((const __u8 *)info->pattern, classic_len(info),
		    is_plain((const __u8 *)info->pattern, classic_len(info),
			     false));
	printf(" ALGO name %.*s", (int)sizeof(info->algo), info->algo);
	if (info->from_offset)
		printf(" FROM %u", info->from_offset);
	if (string_shows_to(info->to_offset))
		printf(" TO %u", info->to_offset);
	if (icase)
		printf(" ICASE");
}

static void string_print_v0(const void *ip, const struct xt_entry_match *match,
			    int numeric)
{
	const struct xt_string_info *info = (const void *)match->data;

	string_print_classic(info, info->u.v0.invert, false);
}

static void string_print_v1(const void *ip, const struct xt_entry_match *match,
			    int numeric)
{
	const struct xt_string_info *info = (const void *)match->data;

	string_print_classic(info, info->u.v1.flags & XT_STRING_FLAG_INVERT,
			     info->u.v1.flags & XT_STRING_FLAG_IGNORECASE);
}

static void string_print(const void *ip, const struct xt_entry_match *match,
			 int numeric)
{
	const struct xt_string_mtinfo_v2 *info = (const void *)match->data;

	if (match->u.user.revision == 0) {
		string_print_v0(ip, match, numeric);
		return;
	}
	if (match->u.user.revision == 1) {
		string_print_v1(ip, match, numeric);
		return;
	}
	printf(" STRING match %s", info->flags & XT_STRING_INVERT ? "!" : "");
	if (string_is_ambiguous(match)) {
		printf(" stream-ambiguous");
		return;
	}
	if (info->flags & XT_STRING_SET)
		printf(" set %.*s", XT_STRING_SET_NAME_LEN,
		       (const char *)info->pattern);
	else
		string_show(info->pattern, pattern_len(info),
			    is_plain(info->pattern, pattern_len(info), false));
	string_print_options(info);
}

#define STRING_MT_CLASSIC(rev)					\
	.name		= "string",				\
	.version	= XTABLES_VERSION,			\
	.revision	= rev,					\
	.family		= NFPROTO_UNSPEC,			\
	.size		= XT_ALIGN(sizeof(struct xt_string_info)), \
	.userspacesize	= STRING_COMPARED,			\
	.init		= string_init_classic,			\
	.x6_fcheck	= string_fcheck_classic

static struct xtables_match string_mt_reg[] = {
	{
		STRING_MT_CLASSIC(0),
		.help		= string_help_classic,
		.print		= string_print_v0,
		.save		= string_save_v0,
		.x6_parse	= string_parse_v0,
		.x6_options	= string_opts_v0,
	},
	{
		STRING_MT_CLASSIC(1),
		.help		= string_help_v1,
		.print		= string_print_v1,
		.save		= string_save_v1,
		.x6_parse	= string_parse_v1,
		.x6_options	= string_opts_v1,
	},
	{
		.name		= "string",
		.version	= XTABLES_VERSION,
		.revision	= 2,
		.family		= NFPROTO_UNSPEC,
		.size		= XT_ALIGN(sizeof(struct xt_string_mtinfo_v2)),
		.userspacesize	= STRING_COMPARED,
		.help		= string_help,
		.init		= string_init,
		.print		= string_print,
		.save		= string_save,
		.x6_parse	= string_parse,
		.x6_fcheck	= string_fcheck,
		.x6_options	= string_opts,
	},
	{
		.name		= "string",
		.version	= XTABLES_VERSION,
		.revision	= 3,
		.family		= NFPROTO_UNSPEC,
		.size		= XT_ALIGN(sizeof(struct xt_string_mtinfo_v3)),
		.userspacesize	= STRING_COMPARED,
		.help		= string_help,
		.init		= string_init,
		.print		= string_print,
		.save		= string_save,
		.x6_parse	= string_parse,
		.x6_fcheck	= string_fcheck,
		.x6_options	= string_opts,
	},
};

static void __attribute__((constructor)) libxt_string_init(void)
{
	register_revisions(string_mt_reg, ARRAY_SIZE(string_mt_reg));
}
