// SPDX-License-Identifier: GPL-2.0-only
/* The string match for iptables and ip6tables. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_string.h>
#include "revisions.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

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
"    --mark-mask MASK      give the packet the pattern's mark, in these bits\n");
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
	XTOPT_TABLEEND,
};

/* Adds a byte to the string, or ends the program. */
static void string_add(__u8 *pattern, size_t *len, size_t max, char c)
{
	if (*len == max)
		xtables_error(PARAMETER_PROBLEM,
			      "string: the string has more than %zu bytes\n",
			      max);
	pattern[(*len)++] = (__u8)c;
}

static unsigned int hex_digit(char c)
{
	if (!isxdigit((unsigned char)c))
		xtables_error(PARAMETER_PROBLEM,
			      "string: expected pairs of hexadecimal digits between bars (a bar itself is \\|)\n");
	return isdigit((unsigned char)c) ?
		(unsigned int)(c - '0') :
		(unsigned int)(tolower((unsigned char)c) - 'a' + 10);
}

/* Adds the bytes of @text, those between bars in hexadecimal; \ takes the next as is. */
static size_t string_parse_hex(__u8 *pattern, size_t len, size_t max,
			       const char *text)
{
	bool hex = false;

	for (; *text; text++) {
		if (*text == '|') {
			hex = !hex;
		} else if (hex && *text == ' ') {
			continue;
		} else if (hex) {
			unsigned int high = hex_digit(*text++);

			string_add(pattern, &len, max,
				   (char)(high << 4 | hex_digit(*text)));
		} else {
			if (*text == '\\' && text[1])
				text++;
			string_add(pattern, &len, max, *text);
		}
	}
	if (hex)
		xtables_error(PARAMETER_PROBLEM,
			      "string: the last | is missing (a bar itself is \\|)\n");
	return len;
}

static size_t string_parse_plain(__u8 *pattern, size_t len, size_t max,
				 const char *text)
{
	for (; *text; text++)
		string_add(pattern, &len, max, *text);
	return len;
}

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

static void string_parse(struct xt_option_call *cb)
{
	struct xt_string_mtinfo_v2 *info = cb->data;

	xtables_option_parse(cb);
	switch (cb->entry->id) {
	case O_STRING:
		/* What bars mean depends on --algo, which may follow. */
		info->len = string_parse_plain(info->pattern, info->len,
					       sizeof(info->pattern), cb->arg);
		break;
	case O_HEX_STRING:
		info->len = string_parse_hex(info->pattern, info->len,
					     sizeof(info->pattern), cb->arg);
		break;
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
		info->to = cb->val.u16;
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

static void string_fcheck_classic(struct xt_fcheck_call *cb)
{
	const struct xt_string_info *info = cb->data;

	string_need_one(cb, F_STRING | F_HEX_STRING,
			"--string or --hex-string");
	string_need_len(info->patlen);
	if (info->from_offset > info->to_offset)
		xtables_error(PARAMETER_PROBLEM,
			      "string: --from is beyond --to\n");
}

/* Without --algo, as in 2003, --string is read as --hex-string is. */
static void string_read_bars(struct xt_string_mtinfo_v2 *info)
{
	char text[XT_STRING_LEN_MAX + 1];

	memcpy(text, info->pattern, info->len);
	text[info->len] = '\0';
	memset(info->pattern, 0, info->len);
	info->len = string_parse_hex(info->pattern, 0,
				     sizeof(info->pattern), text);
}

static void string_fcheck(struct xt_fcheck_call *cb)
{
	struct xt_string_mtinfo_v2 *info = cb->data;

	string_need_one(cb, F_STRING | F_HEX_STRING | F_SET,
			"one of --string, --hex-string and --set");
	if ((cb->xflags & (F_STRING | F_ALGO)) == F_STRING)
		string_read_bars(info);
	if (!(cb->xflags & F_SET))
		string_need_len(info->len);
	if (info->flags & XT_STRING_MARK && info->flags & XT_STRING_INVERT)
		xtables_error(PARAMETER_PROBLEM,
			      "string: --mark-mask needs --set, not ! --set\n");
	if (info->from >= info->to || info->to - info->from < info->len)
		xtables_error(PARAMETER_PROBLEM,
			      "string: the string does not fit between --from and --to\n");
}

/* Can a person read it, and will it be read as itself? */
static bool is_plain(const __u8 *pattern, size_t len, bool bars)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (pattern[i] < ' ' || pattern[i] > '~' ||
		    (bars && (pattern[i] == '|' || pattern[i] == '\\')))
			return false;
	return true;
}

static void string_show(const __u8 *pattern, size_t len, bool plain)
{
	size_t i;

	printf(plain ? " \"" : " \"|");
	for (i = 0; i < len; i++) {
		if (!plain)
			printf("%02x", pattern[i]);
		else if (pattern[i] == '"' || pattern[i] == '\\')
			printf("\\%c", pattern[i]);
		else
			putchar(pattern[i]);
	}
	printf(plain ? "\"" : "|\"");
}

/*
 * As options. iptables-restore cannot read a word of more than 1023 bytes, so a
 * long string comes in several.
 */
static void string_save_text(const __u8 *pattern, size_t len, bool bars)
{
	bool plain = is_plain(pattern, len, bars);
	size_t max = plain ? 1000 : 500;
	size_t part;

	do {
		part = len < max ? len : max;
		printf(plain ? " --string" : " --hex-string");
		string_show(pattern, part, plain);
		pattern += part;
		len -= part;
	} while (len);
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
	if (info->to_offset != UINT16_MAX)
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

/* What follows the string or the set; @dashes before the names of options. */
static void string_options(const struct xt_string_mtinfo_v2 *info,
			   const char *dashes)
{
	if (info->flags & (XT_STRING_BM | XT_STRING_KMP))
		printf(" %salgo %s", dashes,
		       info->flags & XT_STRING_BM ? "bm" : "kmp");
	if (info->from)
		printf(" %sfrom %u", dashes, info->from);
	if (info->to != XT_STRING_TO_END)
		printf(" %sto %u", dashes, info->to);
	if (info->flags & XT_STRING_ICASE)
		printf(" %sicase", dashes);
	if (info->flags & XT_STRING_STREAM)
		printf(" %sstream", dashes);
	else if (info->base && info->base < ARRAY_SIZE(bases))
		printf(" %sbase %s", dashes, bases[info->base]);
	if (info->flags & XT_STRING_PREFIX)
		printf(" %sprefix", dashes);
	if (info->flags & XT_STRING_MARK)
		printf(" %smark-mask 0x%x", dashes, info->mark_mask);
}

/* As xtables_save_string() has it, but with quotes only where a shell needs them. */
static void string_save_set(const char *name)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.,:@%";

	printf(" --set");
	if (name[strspn(name, plain)])
		xtables_save_string(name);
	else
		printf(" %s", name);
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
	if (info->flags & XT_STRING_SET)
		string_save_set((const char *)info->pattern);
	else
		string_save_text(info->pattern, pattern_len(info),
				 !(info->flags & (XT_STRING_BM |
						  XT_STRING_KMP)));
	string_options(info, "--");
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
	if (info->to_offset != UINT16_MAX)
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
	printf(" %sstring", info->flags & XT_STRING_INVERT ? "!" : "");
	if (info->flags & XT_STRING_SET)
		printf(" set %.*s", XT_STRING_SET_NAME_LEN,
		       (const char *)info->pattern);
	else
		string_show(info->pattern, pattern_len(info),
			    is_plain(info->pattern, pattern_len(info), false));
	string_options(info, "");
}

#define STRING_MT_CLASSIC(rev)					\
	.name		= "string",				\
	.version	= XTABLES_VERSION,			\
	.revision	= rev,					\
	.family		= NFPROTO_UNSPEC,			\
	.size		= XT_ALIGN(sizeof(struct xt_string_info)), \
	.userspacesize	= offsetof(struct xt_string_info, config), \
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
		.userspacesize	= offsetof(struct xt_string_mtinfo_v2, rule),
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
