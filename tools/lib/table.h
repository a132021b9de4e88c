/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables for people: aligned columns with units, sorted, on a terminal. */
#ifndef POM_TOOLS_TABLE_H
#define POM_TOOLS_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum table_kind {
	TABLE_TEXT,		/* left-aligned */
	TABLE_NUMBER,		/* all others are right-aligned */
	TABLE_BYTES,		/* with B, KiB, MiB, ... */
	TABLE_SECONDS,		/* with s, min, h or d */
	TABLE_MS,		/* milliseconds, with the same units */
};

struct table_column {
	const char *heading;
	enum table_kind kind;
};

/* A number that is not known, or that a row does not have. */
#define TABLE_NONE	UINT64_MAX

/* In place of a column to sort by: rows stay in their order. */
#define TABLE_UNSORTED	-1

struct table;

/* Whether a command prints a table: on a terminal, without --json. */
bool table_fits(void);

/* The columns must live as long as the table does. */
struct table *table_begin(const struct table_column *columns,
			  unsigned int count);
#define TABLE_BEGIN(columns) \
	table_begin(columns, sizeof(columns) / sizeof((columns)[0]))

/* The cells of a row, from left to right, and then those of the next row. */
void table_text(struct table *table, const char *text);
void table_number(struct table *table, uint64_t number);

/*
 * Sorts the rows, prints at most @rows of them and frees the table. Rows that
 * are equal in @column are sorted by all columns, from left to right. A column
 * in which no row has a value is not printed, nor is a table without rows.
 */
void table_end(struct table *table, int column, bool descending,
	       unsigned int rows);

/* 300 s, 12.5 KiB: the text of a number, in @text. */
#define TABLE_NUMBER_LEN	32
const char *table_unit(enum table_kind kind, uint64_t number,
		       char text[TABLE_NUMBER_LEN]);

#endif
