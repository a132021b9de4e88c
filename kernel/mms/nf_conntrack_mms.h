/* SPDX-License-Identifier: GPL-2.0-only */
/* What nf_conntrack_mms_core gives to the two other modules. */
#ifndef POM_NF_CONNTRACK_MMS_H
#define POM_NF_CONNTRACK_MMS_H

#include "compat/helper.h"

/* Registered as long as nf_conntrack_mms_core is loaded. */
extern struct pom_helper pom_mms_helper;

#endif
