/* SPDX-License-Identifier: GPL-2.0-only */
/* What nf_conntrack_amanda_core gives to its two other modules. */
#ifndef POM_NF_CONNTRACK_AMANDA_H
#define POM_NF_CONNTRACK_AMANDA_H

#include "compat/helper.h"

/* Registered as long as nf_conntrack_amanda_core is loaded. */
extern struct pom_helper pom_amanda_helper;

/**
 * pom_amanda_set_timeout() - change how long conversations stay open
 * @seconds: from where each reply reads it, or NULL for the default; must exist
 *	until a different one is set and a grace period is over
 *
 * Process context.
 */
void pom_amanda_set_timeout(const unsigned int *seconds);

#endif
