/* SPDX-License-Identifier: GPL-2.0-only */
/* What nf_conntrack_talk_core gives to its two other modules. */
#ifndef POM_NF_CONNTRACK_TALK_H
#define POM_NF_CONNTRACK_TALK_H

#include "compat/helper.h"

/* Registered as long as nf_conntrack_talk_core is loaded: "ntalk", "talk". */
extern struct pom_helper pom_ntalk_helper;
extern struct pom_helper pom_talk_helper;

/* Both versions of ntalk. */
#define POM_NTALK_VERSIONS	(BIT(1) | BIT(2))

/**
 * pom_ntalk_set_versions() - choose which messages of ntalk are helped
 * @versions: bits 1 and 2; POM_NTALK_VERSIONS is the default
 *
 * Process context.
 */
void pom_ntalk_set_versions(unsigned int versions);

#endif
