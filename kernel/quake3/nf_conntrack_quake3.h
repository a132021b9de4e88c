/* SPDX-License-Identifier: GPL-2.0-only */
/* What nf_conntrack_quake3_core gives to its two other modules. */
#ifndef POM_NF_CONNTRACK_QUAKE3_H
#define POM_NF_CONNTRACK_QUAKE3_H

#include "compat/helper.h"

/* Registered as long as nf_conntrack_quake3_core is loaded. */
extern struct pom_helper pom_quake3_helper;

#endif
