// SPDX-License-Identifier: GPL-2.0-only
/* Tables for people: aligned columns with units, sorted, on a terminal. */
#define _GNU_SOURCE /* strverscmp */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "table.h"

/* A cell is a number, or the offset of its text. */
struct table {
	const struct table_column *columns;
	unsigned int count;
	uint64_t *cells;	/* row by row */
	size_t used, space;
	char *text;
	size_t text_used, text_space;
	unsigned int *width;	/* of each column; 0: not printed */
	int by;
	bool descending;
};

bool table_fits(void)
{
	return !cli.json && isatty(STDOUT_FILENO);
}

static void *checked(void *memory)
{
	if (!memory)
		die("no memory");
	return memory;
}

struct table *table_begin(const struct table_column *columns,
			  unsigned int count)
{
	struct table *table = checked(calloc(1, sizeof(*table)));

	table->columns = columns;
	table->count = count;
	table->width = checked(calloc(count, sizeof(*table->width)));
	return table;
}

static void add_cell(struct table *table, uint64_t cell)
{
	if (table->used == table->space) {
		table->space = table->space ? 2 * table->space : 1024;
		table->cells = checked(realloc(table->cells, table->space *
					       sizeof(*table->cells)));
	}
	table->cells[table->used++] = cell;
}

/* Columns of a terminal, where UTF-8 is. */
static unsigned int width_of(const char *text)
{
	unsigned int width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static void widen(struct table *table, unsigned int column, const char *text)
{
	unsigned int width = width_of(text);

	if (!table->width[column])
		table->width[column] =
			width_of(table->columns[column].heading);
	if (table->width[column] < width)
		table->width[column] = width;
}

void table_text(struct table *table, const char *text)
{
	size_t size = strlen(text) + 1;

	if (table->text_used + size > table->text_space) {
		table->text_space = 2 * (table->text_used + size);
		table->text = checked(realloc(table->text, table->text_space));
	}
	memcpy(table->text + table->text_used, text, size);
	if (*text)
		widen(table, table->used % table->count, text);
	add_cell(table, table->text_used);
	table->text_used += size;
}

void table_number(struct table *table, uint64_t number)
{
	unsigned int column = table->used % table->count;
	char text[TABLE_NUMBER_LEN];

	if (number != TABLE_NONE)
		widen(table, column,
		      table_unit(table->columns[column].kind, number, text));
	add_cell(table, number);
}

/* ---- units ---- */

static void bytes_text(double number, char text[TABLE_NUMBER_LEN])
{
	static const char *const units[] = {
		"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB",
	};
	unsigned int unit = 0;

	/* 1023.95 has four digits in front of the point when it is rounded. */
	for (; number >= (unit ? 1023.95 : 1024) && unit < 6; unit++)
		number /= 1024;
	snprintf(text, TABLE_NUMBER_LEN, "%.*f %s", unit ? 1 : 0, number,
		 units[unit]);
}

/* From two minutes on, two hours and two days in the larger unit. */
static void time_text(double seconds, int digits, char text[TABLE_NUMBER_LEN])
{
	if (seconds < 120)
		snprintf(text, TABLE_NUMBER_LEN, "%.*f s", digits, seconds);
	else if (seconds < 2 * 3600)
		snprintf(text, TABLE_NUMBER_LEN, "%.1f min", seconds / 60);
	else if (seconds < 2 * 86400)
		snprintf(text, TABLE_NUMBER_LEN, "%.1f h", seconds / 3600);
	else
		snprintf(text, TABLE_NUMBER_LEN, "%.1f d", seconds / 86400);
}

const char *table_unit(enum table_kind kind, uint64_t number,
		       char text[TABLE_NUMBER_LEN])
{
	if (number == TABLE_NONE)
		snprintf(text, TABLE_NUMBER_LEN, "-");
	else if (kind == TABLE_BYTES)
		bytes_text((double)number, text);
	else if (kind == TABLE_SECONDS)
		time_text((double)number, 0, text);
	else if (kind == TABLE_MS)
		time_text((double)number / 1000, 1, text);
	else
		snprintf(text, TABLE_NUMBER_LEN, "%" PRIu64, number);
	return text;
}

/* ---- order ---- */

/* qsort() has no argument for its caller's data. */
static const struct table *sorting;

/* Numbers within a text count as numbers. What is not known is the least. */
static int compare_cells(const uint64_t *a, const uint64_t *b,
			 unsigned int column)
{
	uint64_t x = a[column], y = b[column];

	if (sorting->columns[column].kind == TABLE_TEXT)
		return strverscmp(sorting->text + x, sorting->text + y);
	x++;
	y++;
	return x < y ? -1 : x > y;
}

static int compare_rows(const void *a, const void *b)
{
	int order = compare_cells(a, b, (unsigned int)sorting->by);
	unsigned int column;

	if (sorting->descending)
		order = -order;
	for (column = 0; !order && column < sorting->count; column++)
		order = compare_cells(a, b, column);
	return order;
}

/* ---- output ---- */

static void print_padding(unsigned int width)
{
	printf("%*s", (int)width, "");
}

/* The bytes of a control character at @text, also of U+0080 to U+009F, or 0. */
static unsigned int is_control(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;

	if (byte[0] == 0xc2 && byte[1] >= 0x80 && byte[1] < 0xa0)
		return 2;
	return byte[0] < ' ' || byte[0] == 0x7f;
}

/* The terminal must not obey what is in a name. */
static void print_safely(const char *text)
{
	for (; *text; text++) {
		if (is_control(text))
			putchar('?');
		else
			putchar(*text);
		text += is_control(text) == 2;
	}
}

/* The row of the headings if @row is NULL. */
static void print_row(const struct table *table, const uint64_t *row)
{
	unsigned int column, padding = 0;
	char number[TABLE_NUMBER_LEN];
	const char *text, *between = "";
	bool left;

	for (column = 0; column < table->count; column++) {
		if (!table->width[column])
			continue;
		left = table->columns[column].kind == TABLE_TEXT;
		if (!row)
			text = table->columns[column].heading;
		else if (!left)
			text = table_unit(table->columns[column].kind,
					  row[column], number);
		else
			text = table->text + row[column];
		if (!*text)
			text = "-";
		print_padding(padding);
		fputs(between, stdout);
		padding = table->width[column] - width_of(text);
		if (!left)
			print_padding(padding);
		print_safely(text);
		padding = left ? padding : 0;
		between = "  ";
	}
	putchar('\n');
}

void table_end(struct table *table, int column, bool descending,
	       unsigned int rows)
{
	size_t n = table->used / table->count, i;

	if (n && column != TABLE_UNSORTED) {
		table->by = column;
		table->descending = descending;
		sorting = table;
		qsort(table->cells, n, table->count * sizeof(*table->cells),
		      compare_rows);
	}
	if (n)
		print_row(table, NULL);
	for (i = 0; i < n && i < rows; i++)
		print_row(table, table->cells + i * table->count);
	free(table->cells);
	free(table->text);
	free(table->width);
	free(table);
}
