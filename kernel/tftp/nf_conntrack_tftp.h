/* SPDX-License-Identifier: GPL-2.0-only */
/* What nf_conntrack_tftp_core gives to nf_conntrack_tftp and nf_nat_tftp. */
#ifndef POM_NF_CONNTRACK_TFTP_H
#define POM_NF_CONNTRACK_TFTP_H

#include "compat/helper.h"

/*
 * Registered as long as nf_conntrack_tftp_core is loaded. The kernel's own
 * modules export and need a different symbol, so that a module of this tree
 * and one of the kernel cannot be combined.
 */
extern struct pom_helper pom_tftp_helper;

#endif
