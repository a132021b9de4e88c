/* SPDX-License-Identifier: GPL-2.0-only */
/* What nf_conntrack_rsh_core gives to its two other modules. */
#ifndef POM_NF_CONNTRACK_RSH_H
#define POM_NF_CONNTRACK_RSH_H

#include "compat/helper.h"

/* Reserved ports of clients: rresvport(3) takes no lower one. */
#define RSH_RESERVED_FIRST	512
#define RSH_RESERVED_LAST	1023
/* Linux takes higher ports for any connection of any program. */
#define RSH_RANGE_MAX		32767

/* Registered as long as nf_conntrack_rsh_core is loaded. */
extern struct pom_helper pom_rsh_helper;

/**
 * pom_rsh_set_range() - change the last port that counts as reserved
 * @last: the port, RSH_RESERVED_FIRST to RSH_RANGE_MAX
 *
 * Process context. For all namespaces, from the next packet on.
 */
void pom_rsh_set_range(unsigned int last);

#endif
