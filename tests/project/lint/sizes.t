#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A file has at most 800 lines, a function at most 80. Longer ones are listed in
# sizes.ignore with a reason; no file may exceed 1,500 lines.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

excused() { grep -qE "^$1[[:space:]]+[^[:space:]]" tests/project/lint/sizes.ignore 2>/dev/null; }

file_length() {
	local lines limit=800
	lines=$(wc -l <"$1")
	excused "$1" && limit=1500
	((lines <= limit)) || { echo "$1: $lines lines, the limit is $limit"; false; }
}

# A function is the text between a { and a } in the first column.
function_lengths() {
	awk -v limit=80 '/^\{/ { start = FNR } /^\}/ && start {
		if (FNR - start > limit)
			printf "%s:%d: a function of %d lines\n", FILENAME, start, FNR - start
		start = 0
	}' "$1"
}

while read -r file; do
	ok "$file: length" file_length "$file"
	[[ $file != *.c ]] || excused "$file" || empty "$file: functions" function_lengths "$file"
done < <(source_files)
done_testing
