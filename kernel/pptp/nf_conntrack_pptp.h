/* SPDX-License-Identifier: GPL-2.0-only */
/* What nf_conntrack_pptp_core gives to the two other modules. */
#ifndef POM_NF_CONNTRACK_PPTP_H
#define POM_NF_CONNTRACK_PPTP_H

#include "compat/helper.h"

/* Registered as long as nf_conntrack_pptp_core is loaded. */
extern struct pom_helper pom_pptp_helper;

#endif
