/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included into every extension by the compiler: refuses an iptables whose
 * structures have another layout than those that the extension was built for,
 * as after an upgrade of the distribution. libxtables kept its name, accepts
 * the extension, and crashes.
 *
 * iptables 1.8.11 has added a member to struct xt_option_entry.
 */
#ifndef POM_BUILT_FOR_H
#define POM_BUILT_FOR_H

/* Of the sources that need it, which cannot define it before this header. */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <xtables.h>

static bool has_base(const char *version)
{
	unsigned int major, minor, patch;

	return sscanf(version, "%u.%u.%u", &major, &minor, &patch) == 3 &&
	       (major << 16 | minor << 8 | patch) >= 0x1080b;
}

/* Before the constructor that registers the extension. */
static void __attribute__((constructor(101)))
require_same_layout(void)
{
	/* Not every program that loads extensions says its version. */
	if (!*XTABLES_BUILT_FOR || !xt_params || !xt_params->program_version)
		return;
	if (has_base(xt_params->program_version) == has_base(XTABLES_BUILT_FOR))
		return;
	xtables_error(OTHER_PROBLEM,
		      "the extensions of Patch-o-matic were built for iptables " XTABLES_BUILT_FOR
		      ", and this one cannot load them; fix: run ./runme --userspace extra in the clone, or install the package for this iptables\n");
}

#endif /* POM_BUILT_FOR_H */
