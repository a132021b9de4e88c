// SPDX-License-Identifier: GPL-2.0-only
/* The CONNMARK target for iptables and ip6tables. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>
#include <linux/netfilter/xt_CONNMARK.h>
#include "revisions.h"
#include "words.h"

enum {
	O_SET_XMARK = 0,
	O_SET_MARK,
	O_AND_MARK,
	O_OR_MARK,
	O_XOR_MARK,
	O_SAVE_MARK,
	O_RESTORE_MARK,
	O_ADD,
	O_SUB,
	O_SET_RANDOM,
	O_SET_HASH,
	O_MASK,
	O_CTMASK,
	O_NFMASK,
	O_LEFT_SHIFT,
	O_RIGHT_SHIFT,
	O_ALIGN,
	O_HASH,
	O_ONCE,
	F_SET_MARKS = 1 << O_SET_XMARK | 1 << O_SET_MARK | 1 << O_AND_MARK |
		      1 << O_OR_MARK | 1 << O_XOR_MARK,
	F_COPY = 1 << O_SAVE_MARK | 1 << O_RESTORE_MARK,
	F_RANGE = 1 << O_SET_RANDOM | 1 << O_SET_HASH,
	F_NUMBER = F_RANGE | 1 << O_ADD | 1 << O_SUB,
	F_SHIFT = 1 << O_LEFT_SHIFT | 1 << O_RIGHT_SHIFT,
	F_OPERATION = F_SET_MARKS | F_COPY | F_NUMBER,
	F_CLASSIC = F_SET_MARKS | F_COPY,
};

static const struct word hash_words[] = {
	{ "src", XT_CONNMARK_HASH_SRC },
	{ "dst", XT_CONNMARK_HASH_DST },
	{ "sport", XT_CONNMARK_HASH_SPORT },
	{ "dport", XT_CONNMARK_HASH_DPORT },
	{ "iif", XT_CONNMARK_HASH_IIF },
	{ NULL, 0 },
};

static void CONNMARK_help(void)
{
	printf("CONNMARK target options:\n"
"  --set-mark VALUE[/MASK]       set these bits of the connection's mark\n"
"  --set-xmark VALUE[/MASK]      zero the bits of MASK, then xor VALUE\n"
"  --and-mark, --or-mark, --xor-mark BITS\n"
"  --save-mark, --restore-mark   copy the packet's mark to the connection, or back\n"
"  --mask MASK                   copy these bits (default: all)\n"
"  --nfmask MASK --ctmask MASK   the bits of the packet and of the connection\n"
"  --left-shift-mark, --right-shift-mark BITS\n"
"                                shift the result of --set-*, or what is copied\n"
"  --align                       shift what is copied from one mask to the other\n"
"  --add NUMBER, --sub NUMBER    change the number in the bits of --mask\n"
"  --set-random LOW:HIGH         a random number in the bits of --mask\n"
"  --set-hash LOW:HIGH --hash src,dst,sport,dport,iif\n"
"                                a number computed from the connection\n"
"  --once                        only where the bits are zero\n");
}

static const struct xt_option_entry CONNMARK_opts[] = {
	{.name = "set-xmark", .id = O_SET_XMARK,
	 .type = XTTYPE_MARKMASK32, .excl = F_OPERATION},
	{.name = "set-mark", .id = O_SET_MARK,
	 .type = XTTYPE_MARKMASK32, .excl = F_OPERATION},
	{.name = "and-mark", .id = O_AND_MARK,
	 .type = XTTYPE_UINT32, .excl = F_OPERATION},
	{.name = "or-mark", .id = O_OR_MARK,
	 .type = XTTYPE_UINT32, .excl = F_OPERATION},
	{.name = "xor-mark", .id = O_XOR_MARK,
	 .type = XTTYPE_UINT32, .excl = F_OPERATION},
	{.name = "save-mark", .id = O_SAVE_MARK,
	 .type = XTTYPE_NONE, .excl = F_OPERATION},
	{.name = "restore-mark", .id = O_RESTORE_MARK,
	 .type = XTTYPE_NONE, .excl = F_OPERATION},
	{.name = "mask", .id = O_MASK, .type = XTTYPE_UINT32},
	{.name = "ctmask", .id = O_CTMASK, .type = XTTYPE_UINT32,
	 .excl = 1 << O_MASK},
	{.name = "nfmask", .id = O_NFMASK, .type = XTTYPE_UINT32,
	 .excl = 1 << O_MASK},
	{.name = "left-shift-mark", .id = O_LEFT_SHIFT,
	 .type = XTTYPE_UINT8, .max = 31},
	{.name = "right-shift-mark", .id = O_RIGHT_SHIFT,
	 .type = XTTYPE_UINT8, .max = 31},
	{.name = "align", .id = O_ALIGN, .type = XTTYPE_NONE,
	 .excl = F_SHIFT | F_SET_MARKS | F_NUMBER},
	{.name = "add", .id = O_ADD, .type = XTTYPE_UINT32,
	 .excl = F_OPERATION},
	{.name = "sub", .id = O_SUB, .type = XTTYPE_UINT32,
	 .excl = F_OPERATION},
	{.name = "set-random", .id = O_SET_RANDOM, .type = XTTYPE_UINT32RC,
	 .excl = F_OPERATION},
	{.name = "set-hash", .id = O_SET_HASH, .type = XTTYPE_UINT32RC,
	 .excl = F_OPERATION},
	{.name = "hash", .id = O_HASH, .type = XTTYPE_STRING,
	 .also = 1 << O_SET_HASH},
	{.name = "once", .id = O_ONCE, .type = XTTYPE_NONE,
	 .excl = 1 << O_RESTORE_MARK},
	XTOPT_TABLEEND,
};

static void CONNMARK_init(struct xt_entry_target *t)
{
	struct xt_connmark_tginfo1 *info = (void *)t->data;

	info->ctmask = UINT32_MAX;
	info->nfmask = UINT32_MAX;
}

/* The options of the distribution's extension; false for others. */
static bool parse_classic(const struct xt_option_call *cb,
			  struct xt_connmark_tginfo3 *info)
{
	switch (cb->entry->id) {
	case O_SET_XMARK:
	case O_SET_MARK:
		info->mode = XT_CONNMARK_SET;
		info->ctmark = cb->val.mark;
		info->ctmask = cb->val.mask;
		if (cb->entry->id == O_SET_MARK)
			info->ctmask |= cb->val.mark;
		return true;
	case O_AND_MARK:
		info->mode = XT_CONNMARK_SET;
		info->ctmark = 0;
		info->ctmask = ~cb->val.u32;
		return true;
	case O_OR_MARK:
		info->mode = XT_CONNMARK_SET;
		info->ctmark = cb->val.u32;
		info->ctmask = cb->val.u32;
		return true;
	case O_XOR_MARK:
		info->mode = XT_CONNMARK_SET;
		info->ctmark = cb->val.u32;
		info->ctmask = 0;
		return true;
	case O_SAVE_MARK:
		info->mode = XT_CONNMARK_SAVE;
		return true;
	case O_RESTORE_MARK:
		info->mode = XT_CONNMARK_RESTORE;
		return true;
	case O_MASK:
		info->nfmask = cb->val.u32;
		info->ctmask = cb->val.u32;
		return true;
	case O_CTMASK:
		info->ctmask = cb->val.u32;
		return true;
	case O_NFMASK:
		info->nfmask = cb->val.u32;
		return true;
	case O_LEFT_SHIFT:
	case O_RIGHT_SHIFT:
		info->shift_dir = cb->entry->id == O_LEFT_SHIFT ?
				  D_SHIFT_LEFT : D_SHIFT_RIGHT;
		info->shift_bits = cb->val.u8;
		return true;
	}
	return false;
}

static void parse_range(const struct xt_option_call *cb,
			struct xt_connmark_tginfo3 *info)
{
	info->ctmark = cb->val.u32_range[0];
	info->nfmask = cb->nvals > 1 ? cb->val.u32_range[1] : info->ctmark;
	if (info->ctmark > info->nfmask)
		xtables_error(PARAMETER_PROBLEM,
			      "CONNMARK: --%s %s: the range ends before it begins; fix: %u:%u\n",
			      cb->entry->name, cb->arg, info->nfmask,
			      info->ctmark);
}

static void CONNMARK_parse(struct xt_option_call *cb)
{
	struct xt_connmark_tginfo3 *info = cb->data;

	xtables_option_parse(cb);
	/* Nothing is copied: what is the packet's mask is the upper bound. */
	if (cb->entry->id == O_MASK && info->mode >= XT_CONNMARK_ADD) {
		info->ctmask = cb->val.u32;
		return;
	}
	if (parse_classic(cb, info))
		return;
	switch (cb->entry->id) {
	case O_ADD:
	case O_SUB:
		info->mode = cb->entry->id == O_ADD ? XT_CONNMARK_ADD :
						      XT_CONNMARK_SUB;
		info->ctmark = cb->val.u32;
		info->nfmask = 0;
		break;
	case O_SET_RANDOM:
		info->mode = XT_CONNMARK_RANDOM;
		parse_range(cb, info);
		break;
	case O_SET_HASH:
		info->mode = XT_CONNMARK_HASH;
		parse_range(cb, info);
		break;
	case O_HASH:
		info->flags |= parse_words(hash_words, cb->arg,
					   "CONNMARK: --hash");
		break;
	case O_ONCE:
		info->flags |= XT_CONNMARK_ONCE;
		break;
	}
}

static void need_operation(const struct xt_fcheck_call *cb)
{
	if (!(cb->xflags & F_OPERATION))
		xtables_error(PARAMETER_PROBLEM,
			      "CONNMARK: no operation; fix: one of --set-mark, --save-mark, --restore-mark, ... (see iptables -j CONNMARK -h)\n");
}

static void shift_to_fit(struct xt_connmark_tginfo3 *info)
{
	bool save = info->mode == XT_CONNMARK_SAVE;
	uint32_t from = save ? info->nfmask : info->ctmask;
	uint32_t to = save ? info->ctmask : info->nfmask;
	int shift;

	if (!from || !to ||
	    from >> __builtin_ctz(from) != to >> __builtin_ctz(to))
		xtables_error(PARAMETER_PROBLEM,
			      "CONNMARK: --align: --nfmask 0x%x and --ctmask 0x%x are different patterns of bits; fix: shift one mask to get the other\n",
			      info->nfmask, info->ctmask);
	shift = __builtin_ctz(to) - __builtin_ctz(from);
	info->shift_dir = shift < 0 ? D_SHIFT_RIGHT : D_SHIFT_LEFT;
	info->shift_bits = shift < 0 ? -shift : shift;
}

static void check_number(const struct xt_connmark_tginfo3 *info, bool range)
{
	uint32_t mask = info->ctmask, field, max;

	field = mask ? mask >> __builtin_ctz(mask) : 0;
	if (!mask || (field & (field + 1)))
		xtables_error(PARAMETER_PROBLEM,
			      "CONNMARK: --mask 0x%x is not one run of bits; fix: a mask such as 0xff00\n",
			      mask);
	max = range ? info->nfmask : info->ctmark;
	if (max > field)
		xtables_error(PARAMETER_PROBLEM,
			      "CONNMARK: %u does not fit into the bits of --mask 0x%x; fix: a number from 0 to %u\n",
			      max, mask, field);
	if (info->shift_bits)
		xtables_error(PARAMETER_PROBLEM,
			      "CONNMARK: a number is not shifted; fix: --mask says where it is\n");
}

/*
 * A rule that the distribution's extension can say is the rule that it says, so
 * that either extension lists, checks and deletes it.
 */
static void CONNMARK_fcheck(struct xt_fcheck_call *cb)
{
	struct xt_entry_target *t =
		(void *)((char *)cb->data - offsetof(struct xt_entry_target,
						     data));
	struct xt_connmark_tginfo3 *info = cb->data;

	need_operation(cb);
	if (cb->xflags & 1 << O_ALIGN)
		shift_to_fit(info);
	if (cb->xflags & F_NUMBER &&
	    cb->xflags & (1 << O_NFMASK | 1 << O_CTMASK))
		xtables_error(PARAMETER_PROBLEM,
			      "CONNMARK: --nfmask and --ctmask are not for numbers; fix: --mask\n");
	if (cb->xflags & F_NUMBER)
		check_number(info, cb->xflags & F_RANGE);
	if (info->mode == XT_CONNMARK_HASH && !(cb->xflags & 1 << O_HASH))
		xtables_error(PARAMETER_PROBLEM,
			      "CONNMARK: --set-hash needs --hash; fix: --hash src,dst\n");
	if (cb->xflags & F_CLASSIC && !info->flags)
		t->u.user.revision = 2;
	else if (t->u.user.revision < 3)
		xtables_error(PARAMETER_PROBLEM,
			      "CONNMARK: the kernel's own module is loaded, which cannot do this; fix: modprobe -r xt_connmark, and modprobe it again\n");
}

/* ---- output ---- */

/* A rule of any revision as revision 3. */
static struct xt_connmark_tginfo3 as_newest(const struct xt_entry_target *t)
{
	const struct xt_connmark_tginfo1 *v1 = (const void *)t->data;
	const struct xt_connmark_tginfo2 *v2 = (const void *)t->data;
	struct xt_connmark_tginfo3 info = {
		.ctmark = v1->ctmark,
		.ctmask = v1->ctmask,
		.nfmask = v1->nfmask,
		.mode = v1->mode,
	};

	if (t->u.user.revision == 1)
		return info;
	info.shift_dir = v2->shift_dir;
	info.shift_bits = v2->shift_bits;
	info.mode = v2->mode;
	if (t->u.user.revision >= 3)
		info.flags = ((const struct xt_connmark_tginfo3 *)
			      t->data)->flags;
	return info;
}

static const char *number_name(unsigned int mode)
{
	switch (mode) {
	case XT_CONNMARK_ADD:
		return "add";
	case XT_CONNMARK_SUB:
		return "sub";
	case XT_CONNMARK_RANDOM:
		return "set-random";
	default:
		return "set-hash";
	}
}

static void show_number(const struct xt_connmark_tginfo3 *info,
			const char *dashes)
{
	printf(" %s%s %u", dashes, number_name(info->mode), info->ctmark);
	if (info->mode >= XT_CONNMARK_RANDOM)
		printf(":%u", info->nfmask);
	if (info->mode == XT_CONNMARK_HASH) {
		printf(" %shash ", dashes);
		print_words(hash_words, info->flags);
	}
	if (info->ctmask != UINT32_MAX)
		printf(" %smask 0x%x", dashes, info->ctmask);
}

static void show_shift(const struct xt_connmark_tginfo3 *info,
		       const char *dashes)
{
	if (info->shift_bits)
		printf(" %s%s-shift-mark %u", dashes,
		       info->shift_dir == D_SHIFT_RIGHT ? "right" : "left",
		       info->shift_bits);
	if (info->flags & XT_CONNMARK_ONCE)
		printf(" %sonce", dashes);
}

static void CONNMARK_save(const void *ip, const struct xt_entry_target *target)
{
	const struct xt_connmark_tginfo3 info = as_newest(target);

	switch (info.mode) {
	case XT_CONNMARK_SET:
		printf(" --set-xmark 0x%x/0x%x", info.ctmark, info.ctmask);
		break;
	case XT_CONNMARK_SAVE:
		printf(" --save-mark --nfmask 0x%x --ctmask 0x%x", info.nfmask,
		       info.ctmask);
		break;
	case XT_CONNMARK_RESTORE:
		printf(" --restore-mark --nfmask 0x%x --ctmask 0x%x",
		       info.nfmask, info.ctmask);
		break;
	case XT_CONNMARK_ADD:
	case XT_CONNMARK_SUB:
	case XT_CONNMARK_RANDOM:
	case XT_CONNMARK_HASH:
		show_number(&info, "--");
		break;
	default:
		printf(" ERROR: UNKNOWN CONNMARK MODE");
		break;
	}
	show_shift(&info, "--");
}

static void print_set(const struct xt_connmark_tginfo3 *info)
{
	if (info->ctmark == 0)
		printf(" CONNMARK and 0x%x", ~info->ctmask);
	else if (info->ctmark == info->ctmask)
		printf(" CONNMARK or 0x%x", info->ctmark);
	else if (info->ctmask == 0)
		printf(" CONNMARK xor 0x%x", info->ctmark);
	else if (info->ctmask == UINT32_MAX)
		printf(" CONNMARK set 0x%x", info->ctmark);
	else
		printf(" CONNMARK xset 0x%x/0x%x", info->ctmark, info->ctmask);
}

static void print_copy(const struct xt_connmark_tginfo3 *info)
{
	bool save = info->mode == XT_CONNMARK_SAVE;

	printf(" CONNMARK %s", save ? "save" : "restore");
	if (info->nfmask == UINT32_MAX && info->ctmask == UINT32_MAX)
		return;
	if (info->nfmask == info->ctmask)
		printf(" mask 0x%x", info->nfmask);
	else if (save)
		printf(" nfmask 0x%x ctmask ~0x%x", info->nfmask, info->ctmask);
	else
		printf(" ctmask 0x%x nfmask ~0x%x", info->ctmask, info->nfmask);
}

static void CONNMARK_print(const void *ip, const struct xt_entry_target *target,
			   int numeric)
{
	const struct xt_connmark_tginfo3 info = as_newest(target);

	switch (info.mode) {
	case XT_CONNMARK_SET:
		print_set(&info);
		break;
	case XT_CONNMARK_SAVE:
	case XT_CONNMARK_RESTORE:
		print_copy(&info);
		break;
	case XT_CONNMARK_ADD:
	case XT_CONNMARK_SUB:
	case XT_CONNMARK_RANDOM:
	case XT_CONNMARK_HASH:
		printf(" CONNMARK");
		show_number(&info, "");
		break;
	default:
		printf(" ERROR: UNKNOWN CONNMARK MODE");
		break;
	}
	show_shift(&info, "");
}

/* ---- nft ---- */

static void xlate_set(struct xt_xlate *xl,
		      const struct xt_connmark_tginfo3 *info)
{
	if (info->ctmask == UINT32_MAX)
		xt_xlate_add(xl, "0x%x ", info->ctmark);
	else if (info->ctmark == 0)
		xt_xlate_add(xl, "ct mark and 0x%x", ~info->ctmask);
	else if (info->ctmark == info->ctmask)
		xt_xlate_add(xl, "ct mark or 0x%x", info->ctmark);
	else if (info->ctmask == 0)
		xt_xlate_add(xl, "ct mark xor 0x%x", info->ctmark);
	else
		xt_xlate_add(xl, "ct mark xor 0x%x and 0x%x", info->ctmark,
			     ~info->ctmask);
}

static int xlate_copy(struct xt_xlate *xl,
		      const struct xt_connmark_tginfo3 *info, const char *from)
{
	if (info->nfmask != info->ctmask)
		return 0;
	xt_xlate_add(xl, "%s", from);
	if (info->nfmask != UINT32_MAX)
		xt_xlate_add(xl, " and 0x%x", info->nfmask);
	return 1;
}

static int CONNMARK_xlate(struct xt_xlate *xl,
			  const struct xt_xlate_tg_params *params)
{
	const struct xt_connmark_tginfo3 info = as_newest(params->target);

	if (info.flags & XT_CONNMARK_ONCE)
		return 0;
	xt_xlate_add(xl, "%s mark set %s",
		     info.mode == XT_CONNMARK_RESTORE ? "meta" : "ct",
		     info.shift_bits ? "( " : "");
	switch (info.mode) {
	case XT_CONNMARK_SET:
		xlate_set(xl, &info);
		break;
	case XT_CONNMARK_SAVE:
		if (!xlate_copy(xl, &info, "mark"))
			return 0;
		break;
	case XT_CONNMARK_RESTORE:
		if (!xlate_copy(xl, &info, "ct mark"))
			return 0;
		break;
	default:
		return 0;
	}
	if (info.shift_bits)
		xt_xlate_add(xl, " ) %s %u",
			     info.shift_dir == D_SHIFT_RIGHT ? ">>" : "<<",
			     info.shift_bits);
	return 1;
}

#define CONNMARK_TG(rev, type)						\
	.name		= "CONNMARK",					\
	.version	= XTABLES_VERSION,				\
	.revision	= rev,						\
	.family		= NFPROTO_UNSPEC,				\
	.size		= XT_ALIGN(sizeof(struct type)),		\
	.userspacesize	= XT_ALIGN(sizeof(struct type)),		\
	.init		= CONNMARK_init,				\
	.print		= CONNMARK_print,				\
	.save		= CONNMARK_save,				\
	.xlate		= CONNMARK_xlate

static struct xtables_target CONNMARK_tg_reg[] = {
	{
		/* Only to be listed: each supported kernel has revision 2. */
		CONNMARK_TG(1, xt_connmark_tginfo1),
	},
	{
		CONNMARK_TG(2, xt_connmark_tginfo2),
		.help		= CONNMARK_help,
		.x6_parse	= CONNMARK_parse,
		.x6_fcheck	= CONNMARK_fcheck,
		.x6_options	= CONNMARK_opts,
	},
	{
		CONNMARK_TG(3, xt_connmark_tginfo3),
		.help		= CONNMARK_help,
		.x6_parse	= CONNMARK_parse,
		.x6_fcheck	= CONNMARK_fcheck,
		.x6_options	= CONNMARK_opts,
	},
};

static void __attribute__((constructor)) libxt_CONNMARK_init(void)
{
	register_target_revisions(CONNMARK_tg_reg,
				  ARRAY_SIZE(CONNMARK_tg_reg));
}
