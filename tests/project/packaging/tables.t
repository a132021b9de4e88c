#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/lib/table.c: columns, units and order of the tables that tools print on a terminal.
# inputs: tools/lib/* tests/project/build/lib.sh tests/project/lint/lib.sh
# shellcheck source=../build/lib.sh
. "${0%/*}/../build/lib.sh"
for program in gcc script; do need "$program"; done
unset CFLAGS LDFLAGS CPPFLAGS
export LC_ALL=C

# Reads rows of words: NAME BYTES SECONDS MS NUMBER NOTE, - for none. Arguments: the column to sort
# by, `down` or `up`, and the most rows.
cat >"$TAP_TMP/try.c" <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tools/lib/cli.h"
#include "tools/lib/table.h"

static const struct cli_command commands[] = { { NULL } };
struct cli cli = { .program = "try", .usage = "", .commands = commands };

static void cell(struct table *table, bool number, const char *word)
{
	bool none = !strcmp(word, "-");

	if (number)
		table_number(table, none ? TABLE_NONE : strtoull(word, NULL, 10));
	else
		table_text(table, none ? "" : word);
}

int main(int argc, char **argv)
{
	static const struct table_column columns[] = {
		{ "NAME", TABLE_TEXT }, { "MEMORY", TABLE_BYTES },
		{ "LEFT", TABLE_SECONDS }, { "AGO", TABLE_MS },
		{ "COUNT", TABLE_NUMBER }, { "NOTE", TABLE_TEXT },
	};
	struct table *table;
	char word[64];
	unsigned int i;

	if (argc == 2) {
		cli.json = !strcmp(argv[1], "json");
		puts(table_fits() ? "table" : "lines");
		return 0;
	}
	table = TABLE_BEGIN(columns);
	for (i = 0; scanf("%63s", word) == 1; i++)
		cell(table, columns[i % 6].kind != TABLE_TEXT, word);
	table_end(table, atoi(argv[1]), !strcmp(argv[2], "down"), strtoul(argv[3], NULL, 10));
}
C
ok 'a program with tables' gcc -std=gnu11 -Wall -Wextra -Werror -g -fsanitize=address,undefined \
	-I. -Wno-missing-field-initializers -DPOM_VERSION='"1"' -o "$TAP_TMP/try" "$TAP_TMP/try.c" \
	tools/lib/{cli,table}.c
table() { "$TAP_TMP/try" "$@"; }

is 'columns are aligned: text to the left, numbers to the right' "$(table -1 up 9 <<'END'
a 0 0 0 5 first
longer 123456 86400 500 12345 -
END
)" 'NAME       MEMORY    LEFT    AGO  COUNT  NOTE
a             0 B     0 s  0.0 s      5  first
longer  120.6 KiB  24.0 h  0.5 s  12345  -'

# units COLUMN NUMBER...: how numbers are printed in a column.
units() {
	local column=$1 number before=- after=
	shift
	for ((i = 1; i < column; i++)); do before+=' -'; done
	for ((i = column; i < 5; i++)); do after+=' -'; done
	for number; do echo "$before $number$after"; done | table -1 up 99 | tail -n +2 |
		sed 's/^ *//' | paste -sd,
}
is 'bytes' "$(units 1 0 1023 1024 1536 1048524 1048525 1048576 1099511627776 \
	18446744073709551614)" \
	'0 B,1023 B,1.0 KiB,1.5 KiB,1023.9 KiB,1.0 MiB,1.0 MiB,1.0 TiB,16.0 EiB'
is 'seconds' "$(units 2 1 119 120 7199 7200 172799 172800 4294967295)" \
	'1 s,119 s,2.0 min,120.0 min,2.0 h,48.0 h,2.0 d,49710.3 d'
is 'milliseconds' "$(units 3 40 50 1234 119900 120000)" '0.0 s,0.1 s,1.2 s,119.9 s,2.0 min'
is 'numbers' "$(units 4 0 18446744073709551614)" '0,18446744073709551614'
is 'a number that is not known' "$(units 4 - 7)" '-,7'

names() { table "$@" | tail -n +2 | cut -d ' ' -f 1 | xargs; }
rows='eth10 5 1 1 1 -
eth9 7 1 1 1 -
b 5 1 1 1 -
unknown - 1 1 1 -
a 5 1 1 2 -'
is 'sorted by a text: numbers in it count' "$(names 0 up 9 <<<"$rows")" 'a b eth9 eth10 unknown'
is 'sorted by a number, then by the other columns' "$(names 1 down 9 <<<"$rows")" \
	'eth9 a b eth10 unknown'
is 'not sorted' "$(names -1 up 9 <<<"$rows")" 'eth10 eth9 b unknown a'
is 'the first three rows' "$(names 1 down 3 <<<"$rows")" 'eth9 a b'
is 'a column without a value is not printed' "$(table -1 up 9 <<<"$rows" | head -n 1)" \
	'NAME     MEMORY  LEFT    AGO  COUNT'
is 'no row: no heading' "$(table 0 up 9 </dev/null)" ''
is '3000 rows' "$(seq 3000 | sed 's/.*/n& & & & & x/' | table 4 down 9999 | sed -n '2p;$p' |
	cut -d ' ' -f 1 | xargs)" 'n3000 n1'
is 'control characters of a name are not printed' \
	"$(printf 'a\e[2Jb\177 1 1 1 1 -\n' | table -1 up 9 | tail -n 1 | cut -d ' ' -f 1)" \
	'a?[2Jb?'
is 'UTF-8: a letter has one column' \
	"$(printf '\303\244\303\266 1 1 1 1 -\nab 1 1 1 1 -\n' | table -1 up 9 | tail -n +2 |
		sed 's/^[^ ]*//' | sort -u | wc -l)" 1

on_terminal() { script -qec "$TAP_TMP/try $*" /dev/null </dev/null | tr -d '\r'; }
is 'in a pipe: lines' "$(table text)" lines
is 'on a terminal: a table' "$(on_terminal text)" table
is 'on a terminal with --json: no table' "$(on_terminal json)" lines
done_testing
