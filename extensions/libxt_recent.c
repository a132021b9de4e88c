// SPDX-License-Identifier: GPL-2.0-only
/*
 * The recent match for iptables and ip6tables. Revisions 0 and 1 are for the
 * kernel's own module. Their saved form is that of the distributions'
 * libxt_recent.so, so that rules can be moved between hosts.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_recent.h>
#include "revisions.h"

enum {
	O_SET = 0,
	O_RCHECK,
	O_UPDATE,
	O_REMOVE,
	O_SECONDS,
	O_REAP,
	O_HITCOUNT,
	O_RTTL,
	O_NAME,
	O_RSOURCE,
	O_RDEST,
	O_MASK,
	O_PREFIX,
	O_LIST_SIZE,
	O_LIST_STAMPS,
	O_LIST_TIMEOUT,
	O_LIST_FULL,
	F_SET = 1 << O_SET,
	F_RCHECK = 1 << O_RCHECK,
	F_UPDATE = 1 << O_UPDATE,
	F_REMOVE = 1 << O_REMOVE,
	F_SECONDS = 1 << O_SECONDS,
	F_REAP = 1 << O_REAP,
	F_RTTL = 1 << O_RTTL,
	F_MASK = 1 << O_MASK,
	F_PREFIX = 1 << O_PREFIX,
	F_VERBS = F_SET | F_RCHECK | F_UPDATE | F_REMOVE,
};

/*
 * A rule of any revision. Revision 0 has no mask, and only revision 2 has the
 * members after it.
 */
struct recent_rule {
	__u32 seconds, hit_count;
	__u8 check_set, invert, side;
	const char *name;
	const union nf_inet_addr *mask;
	const struct xt_recent_mtinfo_v2 *more;
};

static void recent_help_v0(void)
{
	printf("recent match options:\n"
"[!] --set             put the address into the list, or note that it was seen\n"
"[!] --rcheck          match if the address is in the list\n"
"[!] --update          the same, and note that it was seen\n"
"[!] --remove          the same, and remove it\n"
"    --seconds N       with --rcheck and --update: seen in the last N seconds\n"
"    --hitcount N      with --rcheck and --update: seen N times, at least\n"
"    --reap            with --seconds: remove addresses not seen for so long\n"
"    --rttl            with --rcheck and --update: the TTL is the same, too\n"
"    --name NAME       the list (default: DEFAULT)\n"
"    --rsource         the source address (default)\n"
"    --rdest           the destination address\n");
}

static void recent_help_v1(void)
{
	recent_help_v0();
	printf("    --mask NETMASK    the bits of the address that count (default: all)\n");
}

static void recent_help(void)
{
	recent_help_v1();
	printf("    --prefix LEN      the same, as a number of bits\n"
"    --list-size N     the list holds N addresses, up to %d\n"
"    --list-stamps N   and for N times of each, up to %d\n"
"    --list-timeout N  remove addresses that were not seen for N seconds\n"
"    --list-full evict|refuse  for a new address, when the list is full:\n"
"                      evict the one unseen for longest, or do not add it\n",
	       XT_RECENT_MAX_SIZE, XT_RECENT_MAX_STAMPS);
}

/* A revision appends its options to those of the previous revision. */
static const struct xt_option_entry recent_opts[] = {
	{.name = "set", .id = O_SET, .type = XTTYPE_NONE,
	 .excl = F_VERBS & ~(1 << O_SET), .flags = XTOPT_INVERT},
	{.name = "rcheck", .id = O_RCHECK, .type = XTTYPE_NONE,
	 .excl = F_VERBS & ~(1 << O_RCHECK), .flags = XTOPT_INVERT},
	{.name = "update", .id = O_UPDATE, .type = XTTYPE_NONE,
	 .excl = F_VERBS & ~(1 << O_UPDATE), .flags = XTOPT_INVERT},
	{.name = "remove", .id = O_REMOVE, .type = XTTYPE_NONE,
	 .excl = F_VERBS & ~(1 << O_REMOVE), .flags = XTOPT_INVERT},
	{.name = "seconds", .id = O_SECONDS, .type = XTTYPE_UINT32, .min = 1},
	{.name = "reap", .id = O_REAP, .type = XTTYPE_NONE, .also = F_SECONDS},
	{.name = "hitcount", .id = O_HITCOUNT, .type = XTTYPE_UINT32,
	 .max = XT_RECENT_MAX_STAMPS},
	{.name = "rttl", .id = O_RTTL, .type = XTTYPE_NONE},
	{.name = "name", .id = O_NAME, .type = XTTYPE_STRING},
	{.name = "rsource", .id = O_RSOURCE, .type = XTTYPE_NONE},
	{.name = "rdest", .id = O_RDEST, .type = XTTYPE_NONE},
	{.name = "mask", .id = O_MASK, .type = XTTYPE_HOST, .excl = F_PREFIX},
	{.name = "prefix", .id = O_PREFIX, .type = XTTYPE_UINT8,
	 .excl = F_MASK},
	{.name = "list-size", .id = O_LIST_SIZE, .type = XTTYPE_UINT32,
	 .min = 1, .max = XT_RECENT_MAX_SIZE},
	{.name = "list-stamps", .id = O_LIST_STAMPS, .type = XTTYPE_UINT32,
	 .min = 1, .max = XT_RECENT_MAX_STAMPS},
	{.name = "list-timeout", .id = O_LIST_TIMEOUT, .type = XTTYPE_UINT32,
	 .min = 1},
	{.name = "list-full", .id = O_LIST_FULL, .type = XTTYPE_STRING},
	XTOPT_TABLEEND,
};

/* recent_opts without its end: filled by the constructor. */
static struct xt_option_entry recent_opts_v0[O_MASK + 1];
static struct xt_option_entry recent_opts_v1[O_PREFIX + 1];

static void recent_init_v0(struct xt_entry_match *match)
{
	struct xt_recent_mtinfo *info = (void *)match->data;

	snprintf(info->name, sizeof(info->name), "DEFAULT");
	info->side = XT_RECENT_SOURCE;
}

/* An IPv4 mask has only the first word; the rest stays zero. */
static void recent_init4_v1(struct xt_entry_match *match)
{
	struct xt_recent_mtinfo_v1 *info = (void *)match->data;

	recent_init_v0(match);
	memset(&info->mask.ip, 0xff, sizeof(info->mask.ip));
}

static void recent_init6_v1(struct xt_entry_match *match)
{
	struct xt_recent_mtinfo_v1 *info = (void *)match->data;

	recent_init_v0(match);
	memset(&info->mask, 0xff, sizeof(info->mask));
}

static void recent_init4(struct xt_entry_match *match)
{
	struct xt_recent_mtinfo_v2 *info = (void *)match->data;

	snprintf(info->name, sizeof(info->name), "DEFAULT");
	memset(&info->mask.ip, 0xff, sizeof(info->mask.ip));
}

static void recent_init6(struct xt_entry_match *match)
{
	struct xt_recent_mtinfo_v2 *info = (void *)match->data;

	snprintf(info->name, sizeof(info->name), "DEFAULT");
	memset(&info->mask, 0xff, sizeof(info->mask));
}

/* The distribution's extension cuts longer names, and their rules must load. */
static void recent_store_name(char dst[XT_RECENT_NAME_LEN], const char *name)
{
	size_t len = strlen(name);

	if (!len)
		xtables_error(PARAMETER_PROBLEM,
			      "recent: --name must have 1 to %d bytes\n",
			      XT_RECENT_NAME_LEN - 1);
	if (len >= XT_RECENT_NAME_LEN) {
		len = XT_RECENT_NAME_LEN - 1;
		fprintf(stderr,
			"recent: --name: only the first %zu bytes count\n",
			len);
	}
	memset(dst, 0, XT_RECENT_NAME_LEN);
	memcpy(dst, name, len);
	if (strchr(dst, '/') || !strcmp(dst, ".") || !strcmp(dst, ".."))
		xtables_error(PARAMETER_PROBLEM,
			      "recent: \"%s\" cannot be the name of a list: it is not a file name\n",
			      dst);
}

/* Parses the options that all revisions have. */
static void recent_parse_common(struct xt_option_call *cb, __u32 *seconds,
				__u32 *hit_count, __u8 *check_set,
				__u8 *invert, __u8 *side, char *name)
{
	static const __u8 flags[] = {
		[O_SET] = XT_RECENT_SET,
		[O_RCHECK] = XT_RECENT_CHECK,
		[O_UPDATE] = XT_RECENT_UPDATE,
		[O_REMOVE] = XT_RECENT_REMOVE,
		[O_REAP] = XT_RECENT_REAP,
		[O_RTTL] = XT_RECENT_TTL,
	};

	switch (cb->entry->id) {
	case O_SET:
	case O_RCHECK:
	case O_UPDATE:
	case O_REMOVE:
		*invert = cb->invert;
		*check_set |= flags[cb->entry->id];
		break;
	case O_REAP:
	case O_RTTL:
		*check_set |= flags[cb->entry->id];
		break;
	case O_SECONDS:
		*seconds = cb->val.u32;
		break;
	case O_HITCOUNT:
		*hit_count = cb->val.u32;
		break;
	case O_NAME:
		recent_store_name(name, cb->arg);
		break;
	case O_RSOURCE:
		*side = XT_RECENT_SOURCE;
		break;
	case O_RDEST:
		*side = XT_RECENT_DEST;
		break;
	}
}

static void recent_parse_v0(struct xt_option_call *cb)
{
	struct xt_recent_mtinfo *info = cb->data;

	xtables_option_parse(cb);
	recent_parse_common(cb, &info->seconds, &info->hit_count,
			    &info->check_set, &info->invert, &info->side,
			    info->name);
}

static void recent_store_mask(union nf_inet_addr *mask,
			      const struct xt_option_call *cb, bool six)
{
	memset(mask, 0, sizeof(*mask));
	if (six)
		mask->in6 = cb->val.haddr.in6;
	else
		mask->ip = cb->val.haddr.ip;
}

static void recent_parse_v1(struct xt_option_call *cb, bool six)
{
	struct xt_recent_mtinfo_v1 *info = cb->data;

	xtables_option_parse(cb);
	recent_parse_common(cb, &info->seconds, &info->hit_count,
			    &info->check_set, &info->invert, &info->side,
			    info->name);
	if (cb->entry->id == O_MASK)
		recent_store_mask(&info->mask, cb, six);
}

static void recent_parse4_v1(struct xt_option_call *cb)
{
	recent_parse_v1(cb, false);
}

static void recent_parse6_v1(struct xt_option_call *cb)
{
	recent_parse_v1(cb, true);
}

static void recent_store_prefix(union nf_inet_addr *mask, unsigned int len,
				unsigned int max)
{
	__u8 *byte = (__u8 *)mask;
	unsigned int i;

	if (len > max)
		xtables_error(PARAMETER_PROBLEM,
			      "recent: --prefix %u: an address has %u bits\n",
			      len, max);
	memset(mask, 0, sizeof(*mask));
	for (i = 0; i < len; i++)
		byte[i / 8] |= 0x80 >> i % 8;
}

static void recent_store_full(__u8 *full, const char *arg)
{
	if (!strcmp(arg, "evict"))
		*full = XT_RECENT_FULL_EVICT;
	else if (!strcmp(arg, "refuse"))
		*full = XT_RECENT_FULL_REFUSE;
	else
		xtables_error(PARAMETER_PROBLEM,
			      "recent: --list-full %s: wanted evict or refuse\n",
			      arg);
}

static void recent_parse(struct xt_option_call *cb, bool six)
{
	struct xt_recent_mtinfo_v2 *info = cb->data;

	xtables_option_parse(cb);
	recent_parse_common(cb, &info->seconds, &info->hit_count,
			    &info->check_set, &info->invert, &info->side,
			    info->name);
	switch (cb->entry->id) {
	case O_MASK:
		recent_store_mask(&info->mask, cb, six);
		break;
	case O_PREFIX:
		recent_store_prefix(&info->mask, cb->val.u8, six ? 128 : 32);
		break;
	case O_LIST_SIZE:
		info->list_size = cb->val.u32;
		break;
	case O_LIST_STAMPS:
		info->list_stamps = cb->val.u32;
		break;
	case O_LIST_TIMEOUT:
		info->list_timeout = cb->val.u32;
		break;
	case O_LIST_FULL:
		recent_store_full(&info->list_full, cb->arg);
		break;
	}
}

static void recent_parse4(struct xt_option_call *cb)
{
	recent_parse(cb, false);
}

static void recent_parse6(struct xt_option_call *cb)
{
	recent_parse(cb, true);
}

static void recent_fcheck(struct xt_fcheck_call *cb)
{
	/* All revisions begin with the same two members. */
	const struct xt_recent_mtinfo *info = cb->data;

	if (!(cb->xflags & F_VERBS))
		xtables_error(PARAMETER_PROBLEM,
			      "recent: one of --set, --rcheck, --update and --remove is needed\n");
	if (cb->xflags & (F_SET | F_REMOVE) &&
	    (info->hit_count || cb->xflags & (F_SECONDS | F_RTTL | F_REAP)))
		xtables_error(PARAMETER_PROBLEM,
			      "recent: --seconds, --hitcount, --rttl and --reap go with --rcheck and --update only\n");
}

/* iptables-nft shows every rule by the newest revision. */
static struct recent_rule recent_rule(const struct xt_entry_match *match)
{
	const struct xt_recent_mtinfo_v2 *info = (const void *)match->data;
	const struct xt_recent_mtinfo_v1 *old = (const void *)match->data;
	struct recent_rule rule = {
		.seconds = info->seconds, .hit_count = info->hit_count,
		.check_set = info->check_set, .invert = info->invert,
		.side = info->side, .name = info->name, .mask = &info->mask,
		.more = info,
	};

	if (match->u.user.revision < 2) {
		rule.side = old->side;
		rule.name = old->name;
		rule.mask = match->u.user.revision ? &old->mask : NULL;
		rule.more = NULL;
	}
	return rule;
}

static const char *recent_mask(const union nf_inet_addr *mask, bool six)
{
	return six ? xtables_ip6addr_to_numeric(&mask->in6) :
		     xtables_ipaddr_to_numeric(&mask->in);
}

static const char *recent_full(__u8 full)
{
	return full == XT_RECENT_FULL_REFUSE ? "refuse" : "evict";
}

static void recent_print_rule(const struct recent_rule *rule, bool six)
{
	printf(" %srecent:", rule->invert ? "! " : "");
	if (rule->check_set & XT_RECENT_SET)
		printf(" SET");
	if (rule->check_set & XT_RECENT_CHECK)
		printf(" CHECK");
	if (rule->check_set & XT_RECENT_UPDATE)
		printf(" UPDATE");
	if (rule->check_set & XT_RECENT_REMOVE)
		printf(" REMOVE");
	if (rule->seconds)
		printf(" seconds: %u", rule->seconds);
	if (rule->check_set & XT_RECENT_REAP)
		printf(" reap");
	if (rule->hit_count)
		printf(" hit_count: %u", rule->hit_count);
	if (rule->check_set & XT_RECENT_TTL)
		printf(" TTL-Match");
	printf(" name: %s side: %s", rule->name,
	       rule->side == XT_RECENT_DEST ? "dest" : "source");
	if (rule->mask)
		printf(" mask: %s", recent_mask(rule->mask, six));
	if (!rule->more)
		return;
	if (rule->more->list_size)
		printf(" size: %u", rule->more->list_size);
	if (rule->more->list_stamps)
		printf(" stamps: %u", rule->more->list_stamps);
	if (rule->more->list_timeout)
		printf(" timeout: %u", rule->more->list_timeout);
	if (rule->more->list_full)
		printf(" full: %s", recent_full(rule->more->list_full));
}

/*
 * The distribution's extension quotes no name. This one quotes those that
 * iptables-restore would read as something else.
 */
static void recent_save_name(const char *name)
{
	printf(" --name");
	if (strpbrk(name, " \t\n\""))
		xtables_save_string(name);
	else
		printf(" %s", name);
}

static void recent_save_rule(const struct recent_rule *rule, bool six)
{
	if (rule->invert)
		printf(" !");
	if (rule->check_set & XT_RECENT_SET)
		printf(" --set");
	if (rule->check_set & XT_RECENT_CHECK)
		printf(" --rcheck");
	if (rule->check_set & XT_RECENT_UPDATE)
		printf(" --update");
	if (rule->check_set & XT_RECENT_REMOVE)
		printf(" --remove");
	if (rule->seconds)
		printf(" --seconds %u", rule->seconds);
	if (rule->check_set & XT_RECENT_REAP)
		printf(" --reap");
	if (rule->hit_count)
		printf(" --hitcount %u", rule->hit_count);
	if (rule->check_set & XT_RECENT_TTL)
		printf(" --rttl");
	recent_save_name(rule->name);
	if (rule->mask)
		printf(" --mask %s", recent_mask(rule->mask, six));
	printf(rule->side == XT_RECENT_DEST ? " --rdest" : " --rsource");
	if (!rule->more)
		return;
	if (rule->more->list_size)
		printf(" --list-size %u", rule->more->list_size);
	if (rule->more->list_stamps)
		printf(" --list-stamps %u", rule->more->list_stamps);
	if (rule->more->list_timeout)
		printf(" --list-timeout %u", rule->more->list_timeout);
	if (rule->more->list_full)
		printf(" --list-full %s", recent_full(rule->more->list_full));
}

static void recent_print4(const void *ip,
			  const struct xt_entry_match *match, int numeric)
{
	const struct recent_rule rule = recent_rule(match);

	recent_print_rule(&rule, false);
}

static void recent_save4(const void *ip,
			 const struct xt_entry_match *match)
{
	const struct recent_rule rule = recent_rule(match);

	recent_save_rule(&rule, false);
}

static void recent_print6(const void *ip,
			  const struct xt_entry_match *match, int numeric)
{
	const struct recent_rule rule = recent_rule(match);

	recent_print_rule(&rule, true);
}

static void recent_save6(const void *ip,
			 const struct xt_entry_match *match)
{
	const struct recent_rule rule = recent_rule(match);

	recent_save_rule(&rule, true);
}

static struct xtables_match recent_mt_reg[] = {
	{
		.name		= "recent",
		.version	= XTABLES_VERSION,
		.revision	= 0,
		.family		= NFPROTO_UNSPEC,
		.size		= XT_ALIGN(sizeof(struct xt_recent_mtinfo)),
		.userspacesize	= XT_ALIGN(sizeof(struct xt_recent_mtinfo)),
		.help		= recent_help_v0,
		.init		= recent_init_v0,
		.print		= recent_print4,
		.save		= recent_save4,
		.x6_parse	= recent_parse_v0,
		.x6_fcheck	= recent_fcheck,
		.x6_options	= recent_opts_v0,
	},
	{
		.name		= "recent",
		.version	= XTABLES_VERSION,
		.revision	= 1,
		.family		= NFPROTO_IPV4,
		.size		= XT_ALIGN(sizeof(struct xt_recent_mtinfo_v1)),
		.userspacesize	= XT_ALIGN(sizeof(struct xt_recent_mtinfo_v1)),
		.help		= recent_help_v1,
		.init		= recent_init4_v1,
		.print		= recent_print4,
		.save		= recent_save4,
		.x6_parse	= recent_parse4_v1,
		.x6_fcheck	= recent_fcheck,
		.x6_options	= recent_opts_v1,
	},
	{
		.name		= "recent",
		.version	= XTABLES_VERSION,
		.revision	= 1,
		.family		= NFPROTO_IPV6,
		.size		= XT_ALIGN(sizeof(struct xt_recent_mtinfo_v1)),
		.userspacesize	= XT_ALIGN(sizeof(struct xt_recent_mtinfo_v1)),
		.help		= recent_help_v1,
		.init		= recent_init6_v1,
		.print		= recent_print6,
		.save		= recent_save6,
		.x6_parse	= recent_parse6_v1,
		.x6_fcheck	= recent_fcheck,
		.x6_options	= recent_opts_v1,
	},
	{
		.name		= "recent",
		.version	= XTABLES_VERSION,
		.revision	= 2,
		.family		= NFPROTO_IPV4,
		.size		= XT_ALIGN(sizeof(struct xt_recent_mtinfo_v2)),
		.userspacesize	= offsetof(struct xt_recent_mtinfo_v2, list),
		.help		= recent_help,
		.init		= recent_init4,
		.print		= recent_print4,
		.save		= recent_save4,
		.x6_parse	= recent_parse4,
		.x6_fcheck	= recent_fcheck,
		.x6_options	= recent_opts,
	},
	{
		.name		= "recent",
		.version	= XTABLES_VERSION,
		.revision	= 2,
		.family		= NFPROTO_IPV6,
		.size		= XT_ALIGN(sizeof(struct xt_recent_mtinfo_v2)),
		.userspacesize	= offsetof(struct xt_recent_mtinfo_v2, list),
		.help		= recent_help,
		.init		= recent_init6,
		.print		= recent_print6,
		.save		= recent_save6,
		.x6_parse	= recent_parse6,
		.x6_fcheck	= recent_fcheck,
		.x6_options	= recent_opts,
	},
};

static void __attribute__((constructor)) libxt_recent_init(void)
{
	static const struct xt_option_entry end = XTOPT_TABLEEND;

	memcpy(recent_opts_v0, recent_opts, O_MASK * sizeof(end));
	memcpy(recent_opts_v1, recent_opts, O_PREFIX * sizeof(end));
	recent_opts_v0[O_MASK] = end;
	recent_opts_v1[O_PREFIX] = end;
	/* Revision 1 lacks the option that --mask excludes. */
	recent_opts_v1[O_MASK].excl = 0;
	register_revisions(recent_mt_reg, ARRAY_SIZE(recent_mt_reg));
}
