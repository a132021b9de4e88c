/* SPDX-License-Identifier: GPL-2.0-only */
/* ct(8): what list prints on a terminal. */
#ifndef POM_CT_TABLE_H
#define POM_CT_TABLE_H

#include "../lib/table.h"
#include "ct-print.h"

struct table *connections_table(void);
void connection_row(struct table *table, const struct connection *c,
		    uint64_t now);
void connections_table_end(struct table *table);

#endif
