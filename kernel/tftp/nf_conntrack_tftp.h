/* SPDX-License-Identifier: GPL-2.0-only */
/* What nf_conntrack_tftp_core gives to nf_conntrack_tftp and nf_nat_tftp. */
#ifndef POM_NF_CONNTRACK_TFTP_H
#define POM_NF_CONNTRACK_TFTP_H

#include <net/netfilter/nf_conntrack_expect.h>

#include "compat/helper.h"

/* Registered as long as nf_conntrack_tftp_core is loaded. */
extern struct pom_helper pom_tftp_helper;

/*
 * Fills in what NAT needs to know of an expectation of a request's transfer,
 * before the expectation is made known. Called in softirq context under
 * rcu_read_lock.
 *
 * The name is not the kernel's own nf_nat_tftp_hook, which has changed its
 * arguments (by 7.3), so that one module of ours and one of the
 * kernel's are refused together.
 */
typedef void pom_nat_tftp_prepare_fn(const struct nf_conn *ct,
				     struct nf_conntrack_expect *exp);

extern pom_nat_tftp_prepare_fn __rcu *pom_nat_tftp_prepare;

#endif
