/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The place of `!` before iptables 1.4.3: `--OPTION ! VALUE`. Extensions whose
 * users have such scripts call .x6_parse from .parse, which sees the words
 * that follow an option.
 */
#ifndef POM_OLD_INVERT_H
#define POM_OLD_INVERT_H

#include <getopt.h>
#include <string.h>
#include <xtables.h>

/*
 * The option's value; sets *@invert if it follows a `!`. A `!` without a value
 * is the value. @name is the extension.
 */
static inline const char *old_invert(const char *name, char **argv, int *invert)
{
	const char *next;

	if (!optarg || strcmp(optarg, "!"))
		return optarg;
	next = argv[optind];
	if (!next || *next == '-' || !strcmp(next, "!"))
		return optarg;
	if (*invert)
		xtables_error(PARAMETER_PROBLEM,
			      "%s: both \"! --OPTION\" and \"--OPTION !\"; fix: remove one of them\n",
			      name);
	optind++;
	*invert = 1;
	return next;
}

/* Calls @parse, an .x6_parse, as libxtables does: option @c of @options. */
static inline void old_invert_parse(const char *name, int c, char **argv,
				    int invert, unsigned int *flags,
				    const void *entry,
				    struct xt_entry_match **match,
				    const struct xt_option_entry *options,
				    void (*parse)(struct xt_option_call *cb))
{
	struct xt_option_call cb = {
		.arg = old_invert(name, argv, &invert),
		.ext_name = name,
		.data = (*match)->data,
		.xflags = *flags,
		.invert = invert,
		.match = match,
		.xt_entry = (void *)entry,
	};

	for (cb.entry = options; cb.entry->id != (unsigned int)c; cb.entry++)
		;
	parse(&cb);
	*flags = cb.xflags;
}

#endif /* POM_OLD_INVERT_H */
