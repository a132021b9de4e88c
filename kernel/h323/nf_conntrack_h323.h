/* SPDX-License-Identifier: GPL-2.0-only */
/* What nf_conntrack_h323_core gives to the other modules. */
#ifndef POM_NF_CONNTRACK_H323_H
#define POM_NF_CONNTRACK_H323_H

#include "compat/helper.h"

/* Registered as long as nf_conntrack_h323_core is loaded. */
extern struct pom_helper pom_h323_ras_helper;
extern struct pom_helper pom_h323_call_helper;

/**
 * struct pom_h323_settings - parameters of nf_conntrack_h323
 * @default_rrq_ttl: seconds, of a registration that names none
 * @gkrouted_only: only the gatekeeper calls endpoints
 * @callforward_filter: a forwarded call is not expected if the caller and the
 *	new callee are in the same direction
 *
 * They hold in all namespaces.
 */
struct pom_h323_settings {
	unsigned int default_rrq_ttl;
	bool gkrouted_only;
	bool callforward_filter;
};

extern struct pom_h323_settings pom_h323_settings;

/* Without nf_conntrack_h323. */
#define POM_H323_RRQ_TTL	300

#endif
