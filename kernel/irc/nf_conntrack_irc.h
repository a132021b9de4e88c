/* SPDX-License-Identifier: GPL-2.0-only */
/* What nf_conntrack_irc_core gives to nf_conntrack_irc and nf_nat_irc. */
#ifndef POM_NF_CONNTRACK_IRC_H
#define POM_NF_CONNTRACK_IRC_H

#include "compat/helper.h"

/* Registered as long as nf_conntrack_irc_core is loaded. */
extern struct pom_helper pom_irc_helper;

#endif
