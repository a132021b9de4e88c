// SPDX-License-Identifier: GPL-2.0-only
/* xtrecent(8): what list prints on a terminal. */
#include <limits.h>

#include "xtrecent-lists.h"
#include "xtrecent-table.h"

struct table *lists_table(void)
{
	static const struct table_column columns[] = {
		{ "LIST", TABLE_TEXT },
		{ "ADDRESSES", TABLE_NUMBER },
		{ "SIZE", TABLE_NUMBER },
		{ "STAMPS", TABLE_NUMBER },
		{ "TIMEOUT", TABLE_SECONDS },
		{ "FULL", TABLE_TEXT },
		{ "MEMORY", TABLE_BYTES },
		{ "ADDED", TABLE_NUMBER },
		{ "EVICTED", TABLE_NUMBER },
		{ "REFUSED", TABLE_NUMBER },
		{ "NO MEMORY", TABLE_NUMBER },
		{ "EXPIRED", TABLE_NUMBER },
	};

	return TABLE_BEGIN(columns);
}

void lists_table_row(struct table *table, const struct message *m)
{
	uint32_t timeout = u32_of(m, XT_RECENT_A_TIMEOUT);
	char name[NAME_TEXT_LEN];

	table_text(table, name_text(name_of(m), name));
	table_number(table, u32_of(m, XT_RECENT_A_COUNT));
	table_number(table, u32_of(m, XT_RECENT_A_SIZE));
	table_number(table, u32_of(m, XT_RECENT_A_STAMPS));
	table_number(table, timeout ? timeout : TABLE_NONE);
	table_text(table, full_name(u8_of(m, XT_RECENT_A_FULL)));
	table_number(table, u64_of(m, XT_RECENT_A_MEMORY));
	table_number(table, u64_of(m, XT_RECENT_A_ADDED));
	table_number(table, u64_of(m, XT_RECENT_A_EVICTED));
	table_number(table, u64_of(m, XT_RECENT_A_REFUSED));
	table_number(table, u64_of(m, XT_RECENT_A_NO_MEMORY));
	table_number(table, u64_of(m, XT_RECENT_A_EXPIRED));
}

void lists_table_end(struct table *table)
{
	table_end(table, 0, false, UINT_MAX);
}

struct table *entries_table(void)
{
	static const struct table_column columns[] = {
		{ "ADDRESS", TABLE_TEXT },
		{ "TTL", TABLE_NUMBER },
		{ "SEEN, TIMES", TABLE_NUMBER },
		{ "LAST, AGO", TABLE_MS },
	};

	return TABLE_BEGIN(columns);
}

void entries_table_row(struct table *table, const struct message *m)
{
	table_text(table, addr_of(m));
	table_number(table, u8_of(m, XT_RECENT_A_TTL));
	table_number(table, u64_of(m, XT_RECENT_A_HITS));
	table_number(table, ages_of(m) ? age_of(m, 0) : TABLE_NONE);
}

/* The newest first. */
void entries_table_end(struct table *table)
{
	table_end(table, 3, false, UINT_MAX);
}
