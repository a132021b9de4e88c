/* SPDX-License-Identifier: GPL-2.0-only */
/* xtrecent(8): what list prints on a terminal. */
#ifndef POM_XTRECENT_TABLE_H
#define POM_XTRECENT_TABLE_H

#include "../lib/table.h"
#include "xtrecent-netlink.h"

struct table *lists_table(void);
void lists_table_row(struct table *table, const struct message *m);
void lists_table_end(struct table *table);

struct table *entries_table(void);
void entries_table_row(struct table *table, const struct message *m);
void entries_table_end(struct table *table);

#endif
