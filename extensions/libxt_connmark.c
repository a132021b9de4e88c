// SPDX-License-Identifier: GPL-2.0-only
/* The connmark match for iptables and ip6tables. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_connmark.h>
#include "old-invert.h"
#include "revisions.h"

enum {
	O_MARK = 0,
	O_EQUALS,
	O_MASK,
	F_MARK = 1 << O_MARK,
	F_EQUALS = 1 << O_EQUALS,
};

static void connmark_help_v1(void)
{
	printf("connmark match options:\n"
"[!] --mark VALUE[/MASK]    match this mark of the connection\n");
}

static void connmark_help(void)
{
	printf("connmark match options:\n"
"[!] --mark RANGE[,RANGE]...\n"
"                           match one of up to 16 marks of the connection; a RANGE\n"
"                           is VALUE or MIN:MAX, with /MASK for some bits\n"
"[!] --equals-nfmark        match if the packet has the same mark\n"
"    --mask MASK            compare these bits (default: all)\n");
}

static const struct xt_option_entry connmark_opts_v1[] = {
	{.name = "mark", .id = O_MARK, .type = XTTYPE_MARKMASK32,
	 .flags = XTOPT_MAND | XTOPT_INVERT},
	XTOPT_TABLEEND,
};

static const struct xt_option_entry connmark_opts[] = {
	{.name = "mark", .id = O_MARK, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT, .excl = F_EQUALS},
	{.name = "equals-nfmark", .id = O_EQUALS, .type = XTTYPE_NONE,
	 .flags = XTOPT_INVERT, .excl = F_MARK},
	{.name = "mask", .id = O_MASK, .type = XTTYPE_UINT32,
	 .also = F_EQUALS},
	XTOPT_TABLEEND,
};

static void connmark_parse_v1(struct xt_option_call *cb)
{
	struct xt_connmark_mtinfo1 *info = cb->data;

	xtables_option_parse(cb);
	info->mark = cb->val.mark;
	info->mask = cb->val.mask;
	info->invert = cb->invert;
}

/* The number at *@text, which is moved behind it. */
static uint32_t parse_number(const char **text, const char *all)
{
	unsigned int number;
	char *end;

	if (!xtables_strtoui(*text, &end, &number, 0, UINT32_MAX) ||
	    end == *text)
		xtables_error(PARAMETER_PROBLEM,
			      "connmark: --mark %s: \"%s\" is not a mark; fix: a number from 0 to 0xffffffff\n",
			      all, *text);
	*text = end;
	return number;
}

static void parse_range(struct xt_connmark_range *range, const char **text,
			const char *all)
{
	range->min = parse_number(text, all);
	range->max = range->min;
	range->mask = UINT32_MAX;
	if (**text == ':') {
		++*text;
		range->max = parse_number(text, all);
	}
	if (**text == '/') {
		++*text;
		range->mask = parse_number(text, all);
	}
	if (**text && **text != ',')
		xtables_error(PARAMETER_PROBLEM,
			      "connmark: --mark %s: \"%s\" does not belong to a mark; fix: VALUE, MIN:MAX or either with /MASK\n",
			      all, *text);
	if (range->min > range->max)
		xtables_error(PARAMETER_PROBLEM,
			      "connmark: --mark %s: the range 0x%x:0x%x ends before it begins; fix: 0x%x:0x%x\n",
			      all, range->min, range->max, range->max,
			      range->min);
}

static unsigned int
parse_ranges(struct xt_connmark_range range[XT_CONNMARK_RANGES],
	     const char *text)
{
	const char *all = text;
	unsigned int count = 0;

	for (;;) {
		if (count == XT_CONNMARK_RANGES)
			xtables_error(PARAMETER_PROBLEM,
				      "connmark: --mark has more than %d ranges; fix: use two rules\n",
				      XT_CONNMARK_RANGES);
		parse_range(&range[count++], &text, all);
		if (!*text)
			return count;
		text++;
	}
}

/*
 * Gives the rule memory for @size bytes of match. The caller may own the old
 * memory, and keeps the size for the next rule.
 */
static void connmark_resize(struct xtables_match *match, size_t size,
			    unsigned int revision)
{
	size_t all = XT_ALIGN(sizeof(struct xt_entry_match)) + XT_ALIGN(size);
	struct xt_entry_match *m;

	if (match->m->u.match_size < all) {
		m = xtables_calloc(1, all);
		memcpy(m, match->m, offsetof(struct xt_entry_match, data));
		match->m = m;
	}
	match->m->u.user.revision = revision;
	match->m->u.match_size = all;
	match->size = XT_ALIGN(size);
}

/*
 * A rule that the distribution's extension can say is the rule that it says, so
 * that either extension lists, checks and deletes it. Revision 1 is shorter on
 * some 32-bit machines.
 */
static void connmark_make_classic(struct xtables_match *match,
				  const struct xt_connmark_range *range,
				  bool invert)
{
	struct xt_connmark_mtinfo1 *info = (void *)match->m->data;

	info->mark = range->min;
	info->mask = range->mask;
	info->invert = invert;
	connmark_resize(match, sizeof(*info), 1);
}

/* FNV-1a over the words of the ranges. */
static uint32_t connmark_sum(const struct xt_connmark_range *range,
			     unsigned int count)
{
	const uint8_t *byte = (const void *)range;
	uint32_t sum = 2166136261U;
	size_t i;

	for (i = 0; i < count * sizeof(*range); i++)
		sum = (sum ^ byte[i]) * 16777619U;
	return sum;
}

static void connmark_parse_marks(struct xtables_match *match, const char *text,
				 bool invert)
{
	struct xt_connmark_range range[XT_CONNMARK_RANGES] = {};
	unsigned int count = parse_ranges(range, text);
	struct xt_connmark_mtinfo3 *one = (void *)match->m->data;
	struct xt_connmark_mtinfo2 *list;

	if (count == 1 && range->min == range->max) {
		connmark_make_classic(match, range, invert);
		return;
	}
	if (count == 1) {
		one->range = *range;
		one->flags = invert ? XT_CONNMARK_INVERT : 0;
		return;
	}
	connmark_resize(match, sizeof(*list), 2);
	list = (void *)match->m->data;
	list->count = count;
	list->flags = invert ? XT_CONNMARK_INVERT : 0;
	list->sum = connmark_sum(range, count);
	memcpy(list->range, range, sizeof(range));
}

static void connmark_parse(struct xt_option_call *cb)
{
	struct xtables_match *match =
		(void *)((char *)cb->match - offsetof(struct xtables_match, m));
	struct xt_connmark_mtinfo3 *info;

	xtables_option_parse(cb);
	if (match->m->u.user.revision == 3)
		connmark_resize(match, sizeof(*info), 3);
	info = (void *)match->m->data;
	switch (cb->entry->id) {
	case O_MARK:
		connmark_parse_marks(match, cb->arg, cb->invert);
		break;
	case O_EQUALS:
		info->flags = XT_CONNMARK_NFMARK |
			      (cb->invert ? XT_CONNMARK_INVERT : 0);
		info->range.mask = UINT32_MAX;
		break;
	case O_MASK:
		info->range.mask = cb->val.u32;
		break;
	}
}

static int connmark_parse_words_v1(int c, char **argv, int invert,
				   unsigned int *flags, const void *entry,
				   struct xt_entry_match **match)
{
	old_invert_parse("connmark", c, argv, invert, flags, entry, match,
			 connmark_opts_v1, connmark_parse_v1);
	return 1;
}

static int connmark_parse_words(int c, char **argv, int invert,
				unsigned int *flags, const void *entry,
				struct xt_entry_match **match)
{
	old_invert_parse("connmark", c, argv, invert, flags, entry, match,
			 connmark_opts, connmark_parse);
	return 1;
}

static void connmark_fcheck_v1(struct xt_fcheck_call *cb)
{
	if (!(cb->xflags & F_MARK))
		xtables_error(PARAMETER_PROBLEM,
			      "connmark: --mark is needed\n");
}

static void connmark_fcheck(struct xt_fcheck_call *cb)
{
	struct xt_entry_match *m =
		(void *)((char *)cb->data - offsetof(struct xt_entry_match,
						     data));
	struct xt_connmark_mtinfo3 *info = cb->data;

	if (!(cb->xflags & (F_MARK | F_EQUALS)))
		xtables_error(PARAMETER_PROBLEM,
			      "connmark: --mark or --equals-nfmark is needed\n");
	if (m->u.user.revision == 3)
		info->sum = connmark_sum(&info->range, 1);
}

static void show_range(const struct xt_connmark_range *range)
{
	printf("0x%x", range->min);
	if (range->max != range->min)
		printf(":0x%x", range->max);
	if (range->mask != UINT32_MAX)
		printf("/0x%x", range->mask);
}

/* The marks of a rule of any revision. Returns whether it is inverted. */
static bool connmark_ranges(const struct xt_entry_match *m,
			    struct xt_connmark_range *range,
			    unsigned int *count)
{
	const struct xt_connmark_mtinfo1 *one = (const void *)m->data;
	const struct xt_connmark_mtinfo2 *list = (const void *)m->data;
	const struct xt_connmark_mtinfo3 *info = (const void *)m->data;

	*count = 1;
	if (m->u.user.revision == 1) {
		range->min = one->mark;
		range->max = one->mark;
		range->mask = one->mask;
		return one->invert;
	}
	if (m->u.user.revision == 3) {
		*range = info->range;
		return info->flags & XT_CONNMARK_INVERT;
	}
	*count = list->count < XT_CONNMARK_RANGES ? list->count :
						    XT_CONNMARK_RANGES;
	memcpy(range, list->range, sizeof(list->range));
	return list->flags & XT_CONNMARK_INVERT;
}

static bool connmark_is_equals(const struct xt_entry_match *m)
{
	const struct xt_connmark_mtinfo3 *info = (const void *)m->data;

	return m->u.user.revision == 3 && info->flags & XT_CONNMARK_NFMARK;
}

/* @list: of a rule with --mark, as the option has it. */
static void show_ranges(const struct xt_connmark_range *range,
			unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (i)
			putchar(',');
		show_range(&range[i]);
	}
}

static void connmark_save(const void *ip, const struct xt_entry_match *match)
{
	struct xt_connmark_range range[XT_CONNMARK_RANGES];
	unsigned int count;
	bool invert = connmark_ranges(match, range, &count);

	printf("%s", invert ? " !" : "");
	if (!connmark_is_equals(match)) {
		printf(" --mark ");
		show_ranges(range, count);
		return;
	}
	printf(" --equals-nfmark");
	if (range->mask != UINT32_MAX)
		printf(" --mask 0x%x", range->mask);
}

static void connmark_print(const void *ip, const struct xt_entry_match *match,
			   int numeric)
{
	struct xt_connmark_range range[XT_CONNMARK_RANGES];
	unsigned int count;
	bool invert = connmark_ranges(match, range, &count);

	printf(" connmark match %s", invert ? "!" : "");
	if (!connmark_is_equals(match)) {
		putchar(' ');
		show_ranges(range, count);
		return;
	}
	printf(" nfmark");
	if (range->mask != UINT32_MAX)
		printf("/0x%x", range->mask);
}

/* Of one range; nft has no other way to say a range of some bits. */
static void xlate_range(struct xt_xlate *xl,
			const struct xt_connmark_range *range, bool invert)
{
	if (range->mask != UINT32_MAX)
		xt_xlate_add(xl, "ct mark and 0x%x %s ", range->mask,
			     invert ? "!=" : "==");
	else
		xt_xlate_add(xl, "ct mark %s", invert ? "!= " : "");
	xt_xlate_add(xl, "0x%x", range->min);
	if (range->max != range->min)
		xt_xlate_add(xl, "-0x%x", range->max);
}

static bool all_bits(const struct xt_connmark_range *range, unsigned int count)
{
	while (count--)
		if (range[count].mask != UINT32_MAX)
			return false;
	return true;
}

static int connmark_xlate(struct xt_xlate *xl,
			  const struct xt_xlate_mt_params *params)
{
	struct xt_connmark_range range[XT_CONNMARK_RANGES];
	unsigned int count, i;
	bool invert = connmark_ranges(params->match, range, &count);

	if (connmark_is_equals(params->match))
		return 0;
	if (count == 1) {
		xlate_range(xl, range, invert);
		return 1;
	}
	if (!all_bits(range, count))
		return 0;
	xt_xlate_add(xl, "ct mark %s{ ", invert ? "!= " : "");
	for (i = 0; i < count; i++) {
		xt_xlate_add(xl, "%s0x%x", i ? ", " : "", range[i].min);
		if (range[i].max != range[i].min)
			xt_xlate_add(xl, "-0x%x", range[i].max);
	}
	xt_xlate_add(xl, " }");
	return 1;
}

#define CONNMARK_MT(rev, type)						\
	.name		= "connmark",					\
	.version	= XTABLES_VERSION,				\
	.revision	= rev,						\
	.family		= NFPROTO_UNSPEC,				\
	.size		= XT_ALIGN(sizeof(struct type)),		\
	/* One for all: iptables-nft compares rules by that of any of them. */ \
	.userspacesize	= XT_ALIGN(sizeof(struct xt_connmark_mtinfo1)),	\
	.print		= connmark_print,				\
	.save		= connmark_save,				\
	.xlate		= connmark_xlate

static struct xtables_match connmark_mt_reg[] = {
	{
		CONNMARK_MT(1, xt_connmark_mtinfo1),
		.help		= connmark_help_v1,
		.parse		= connmark_parse_words_v1,
		.x6_fcheck	= connmark_fcheck_v1,
		.x6_options	= connmark_opts_v1,
	},
	{
		CONNMARK_MT(2, xt_connmark_mtinfo2),
		.help		= connmark_help,
		.parse		= connmark_parse_words,
		.x6_fcheck	= connmark_fcheck,
		.x6_options	= connmark_opts,
	},
	{
		CONNMARK_MT(3, xt_connmark_mtinfo3),
		.help		= connmark_help,
		.parse		= connmark_parse_words,
		.x6_fcheck	= connmark_fcheck,
		.x6_options	= connmark_opts,
	},
};

static void __attribute__((constructor)) libxt_connmark_init(void)
{
	register_revisions(connmark_mt_reg, ARRAY_SIZE(connmark_mt_reg));
}
