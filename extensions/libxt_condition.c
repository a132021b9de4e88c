// SPDX-License-Identifier: GPL-2.0-only
/* The condition match for iptables and ip6tables. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xtables.h>
#include <linux/netfilter/xt_condition.h>
#include "lib/name.h"
#include "old-invert.h"
#include "revisions.h"

enum {
	O_CONDITION = 0,
	O_ALL,
	O_ANY,
	F_CONDITION = 1 << O_CONDITION,
	F_ALL = 1 << O_ALL,
	F_ANY = 1 << O_ANY,
};

static void condition_help_v1(void)
{
	printf("condition match options:\n"
"[!] --condition NAME      match while the condition NAME is 1\n"
"                          (/proc/net/nf_condition/NAME; !: is 0)\n");
}

static void condition_help(void)
{
	condition_help_v1();
	printf("[!] --all NAME[,NAME]...  match while all of them are 1 (!: not all)\n"
"[!] --any NAME[,NAME]...  match while any of them is 1 (!: none)\n");
}

static const struct xt_option_entry condition_opts_v1[] = {
	{.name = "condition", .id = O_CONDITION, .type = XTTYPE_STRING,
	 .flags = XTOPT_MAND | XTOPT_INVERT},
	XTOPT_TABLEEND,
};

static const struct xt_option_entry condition_opts[] = {
	{.name = "condition", .id = O_CONDITION, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT, .excl = F_ALL | F_ANY},
	{.name = "all", .id = O_ALL, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT, .excl = F_CONDITION | F_ANY},
	{.name = "any", .id = O_ANY, .type = XTTYPE_STRING,
	 .flags = XTOPT_INVERT, .excl = F_CONDITION | F_ALL},
	XTOPT_TABLEEND,
};

/* Stores a name of @len bytes, or exits with an error message. */
static void condition_store_name(char dst[XT_CONDITION_NAME_LEN],
				 const char *name, size_t len)
{
	const char *error;

	if (len >= XT_CONDITION_NAME_LEN)
		xtables_error(PARAMETER_PROBLEM,
			      "condition: the name \"%.*s\" has more than %d bytes\n",
			      (int)len, name, XT_CONDITION_NAME_LEN - 1);
	memcpy(dst, name, len);
	dst[len] = '\0';
	error = pom_name_error(dst, XT_CONDITION_NAME_LEN, " ,");
	if (error)
		xtables_error(PARAMETER_PROBLEM,
			      "condition: the name \"%s\" %s\n", dst, error);
}

static void condition_add_name(struct xt_condition_mtinfo_v2 *info,
			       const char *name, size_t len)
{
	unsigned int i;

	if (info->count == XT_CONDITION_MAX)
		xtables_error(PARAMETER_PROBLEM,
			      "condition: a rule can test at most %d conditions\n",
			      XT_CONDITION_MAX);
	condition_store_name(info->names[info->count], name, len);
	for (i = 0; i < info->count; i++)
		if (!strcmp(info->names[i], info->names[info->count]))
			xtables_error(PARAMETER_PROBLEM,
				      "condition: \"%s\" is listed twice\n",
				      info->names[i]);
	info->count++;
}

static void condition_add_list(struct xt_condition_mtinfo_v2 *info,
			       const char *list)
{
	const char *comma;

	while ((comma = strchr(list, ','))) {
		condition_add_name(info, list, comma - list);
		list = comma + 1;
	}
	condition_add_name(info, list, strlen(list));
}

static void condition_parse_v1(struct xt_option_call *cb)
{
	struct xt_condition_mtinfo *info = cb->data;

	xtables_option_parse(cb);
	condition_store_name(info->name, cb->arg, strlen(cb->arg));
	info->invert = cb->invert;
}

static void condition_parse(struct xt_option_call *cb)
{
	struct xt_condition_mtinfo_v2 *info = cb->data;

	xtables_option_parse(cb);
	if (cb->entry->id == O_CONDITION)
		condition_add_name(info, cb->arg, strlen(cb->arg));
	else
		condition_add_list(info, cb->arg);
	/* With one condition, --any equals --all: both make the same rule. */
	if (cb->entry->id == O_ANY && info->count > 1)
		info->flags |= XT_CONDITION_ANY;
	if (cb->invert)
		info->flags |= XT_CONDITION_INVERT;
}

static int condition_parse_words_v1(int c, char **argv, int invert,
				    unsigned int *flags, const void *entry,
				    struct xt_entry_match **match)
{
	old_invert_parse("condition", c, argv, invert, flags, entry, match,
			 condition_opts_v1, condition_parse_v1);
	return 1;
}

static int condition_parse_words(int c, char **argv, int invert,
				 unsigned int *flags, const void *entry,
				 struct xt_entry_match **match)
{
	old_invert_parse("condition", c, argv, invert, flags, entry, match,
			 condition_opts, condition_parse);
	return 1;
}

static void condition_fcheck(struct xt_fcheck_call *cb)
{
	if (!(cb->xflags & (F_CONDITION | F_ALL | F_ANY)))
		xtables_error(PARAMETER_PROBLEM,
			      "condition: one of --condition, --all and --any is needed\n");
}

/* The option of a rule, without dashes. */
static const char *condition_option(const struct xt_condition_mtinfo_v2 *info)
{
	if (info->count == 1)
		return "condition";
	return info->flags & XT_CONDITION_ANY ? "any" : "all";
}

static void condition_list(const struct xt_condition_mtinfo_v2 *info,
			   char list[sizeof(info->names)])
{
	unsigned int i;
	size_t len;

	for (i = 0; i < info->count && i < XT_CONDITION_MAX; i++) {
		if (i)
			*list++ = ',';
		len = strnlen(info->names[i], XT_CONDITION_NAME_LEN - 1);
		memcpy(list, info->names[i], len);
		list += len;
	}
	*list = '\0';
}

/* Like xtables_save_string(), but quotes only where a shell needs quotes. */
static void condition_save_names(const char *names)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.,:@%";

	if (names[strspn(names, plain)])
		xtables_save_string(names);
	else
		printf(" %s", names);
}

static void condition_print_v1(const void *ip,
			       const struct xt_entry_match *match, int numeric)
{
	const struct xt_condition_mtinfo *info = (const void *)match->data;

	printf(" %scondition %.*s", info->invert ? "!" : "",
	       XT_CONDITION_NAME_LEN, info->name);
}

/* The newest revision must also print rules of older ones. */
static void condition_print(const void *ip, const struct xt_entry_match *match,
			    int numeric)
{
	const struct xt_condition_mtinfo_v2 *info = (const void *)match->data;
	char list[sizeof(info->names)];
	const char *what;

	if (match->u.user.revision < 2) {
		condition_print_v1(ip, match, numeric);
		return;
	}
	what = info->count == 1 ? "" : condition_option(info);
	condition_list(info, list);
	printf(" %scondition %s%s%s",
	       info->flags & XT_CONDITION_INVERT ? "!" : "",
	       what, *what ? " " : "", list);
}

static void condition_save_v1(const void *ip,
			      const struct xt_entry_match *match)
{
	const struct xt_condition_mtinfo *info = (const void *)match->data;

	printf("%s --condition", info->invert ? " !" : "");
	condition_save_names(info->name);
}

static void condition_save(const void *ip, const struct xt_entry_match *match)
{
	const struct xt_condition_mtinfo_v2 *info = (const void *)match->data;
	char list[sizeof(info->names)];

	if (match->u.user.revision < 2) {
		condition_save_v1(ip, match);
		return;
	}
	condition_list(info, list);
	printf("%s --%s", info->flags & XT_CONDITION_INVERT ? " !" : "",
	       condition_option(info));
	condition_save_names(list);
}

static struct xtables_match condition_mt_reg[] = {
	{
		/* For the kernel module and the rules of xtables-addons. */
		.name		= "condition",
		.version	= XTABLES_VERSION,
		.revision	= 1,
		.family		= NFPROTO_UNSPEC,
		.size		= XT_ALIGN(sizeof(struct xt_condition_mtinfo)),
		.userspacesize	= offsetof(struct xt_condition_mtinfo, condvar),
		.help		= condition_help_v1,
		.print		= condition_print_v1,
		.save		= condition_save_v1,
		.parse		= condition_parse_words_v1,
		.x6_options	= condition_opts_v1,
	},
	{
		.name		= "condition",
		.version	= XTABLES_VERSION,
		.revision	= 2,
		.family		= NFPROTO_UNSPEC,
		.size		=
			XT_ALIGN(sizeof(struct xt_condition_mtinfo_v2)),
		.userspacesize	= offsetof(struct xt_condition_mtinfo_v2,
					   conditions),
		.help		= condition_help,
		.print		= condition_print,
		.save		= condition_save,
		.parse		= condition_parse_words,
		.x6_fcheck	= condition_fcheck,
		.x6_options	= condition_opts,
	},
};

static void __attribute__((constructor)) libxt_condition_init(void)
{
	register_revisions(condition_mt_reg, ARRAY_SIZE(condition_mt_reg));
}
