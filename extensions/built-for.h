/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included into every extension by the compiler: an extension registers nothing
 * with a libxtables whose structures have another layout than those that it was
 * built for, as after an upgrade of the distribution. libxtables has kept its
 * name, and would read the options from wrong places.
 *
 * iptables 1.8.11 has added a member to struct xt_option_entry. The version in
 * xt_params is that of the program, which may be nft.
 */
#ifndef POM_BUILT_FOR_H
#define POM_BUILT_FOR_H

/* Of the sources that need it, which cannot define it before this header. */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xtables.h>

/*
 * Whether libxtables finds the second of two options. With a different size of
 * an entry it finds the zeros of the first or third one in its place. The
 * function frees xt_params->opts, by which the program still parses; from
 * iptables 1.8.11 on, it frees the original ones, too.
 */
static bool libxtables_finds_options(void)
{
	static const struct xt_option_entry entry[4] = {
		{ .name = "first" }, { .name = "second" },
	};
	static struct option none[] = { { NULL, 0, NULL, 0 } };
	unsigned int offset, offset_before = xt_params->option_offset;
	struct option *found, *opts_before = xt_params->opts;
	bool same;

	xt_params->opts = NULL;
	found = xtables_options_xfrm(none, NULL, entry, &offset);
	xt_params->opts = opts_before;
	xt_params->option_offset = offset_before;
	if (!found)
		return true;
	same = found[0].name && found[1].name &&
	       !strcmp(found[1].name, "second");
	free(found);
	return same;
}

/* Prints the reason once. */
static bool __attribute__((unused)) libxtables_fits(void)
{
	static bool asked, fits = true;

	if (asked || !xt_params)
		return fits;
	asked = true;
	fits = libxtables_finds_options();
	if (!fits)
		fprintf(stderr,
			"the extensions of Patch-o-matic were built for iptables " XTABLES_BUILT_FOR
			", and this libxtables cannot load them; fix: run ./runme --userspace extra in the clone, or install the package for this iptables\n");
	return fits;
}

#define IF_IT_FITS(call)					\
	do {							\
		if (libxtables_fits())				\
			call;					\
	} while (0)
#define xtables_register_match(match)				\
	IF_IT_FITS(xtables_register_match(match))
#define xtables_register_matches(match, n)			\
	IF_IT_FITS(xtables_register_matches(match, n))
#define xtables_register_target(target)				\
	IF_IT_FITS(xtables_register_target(target))
#define xtables_register_targets(target, n)			\
	IF_IT_FITS(xtables_register_targets(target, n))

#endif /* POM_BUILT_FOR_H */
