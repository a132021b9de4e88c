#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A file has at most 800 lines, a function at most 80. Longer ones are listed in
# sizes.ignore with a reason; no file may exceed 1,500 lines.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

declare -A excused=()
while read -r file reason; do
	[[ ! $reason ]] || excused[$file]=1
done < <(cat tests/project/lint/sizes.ignore 2>/dev/null)

long_files() {
	local lines file limit
	while read -r lines file; do
		limit=800
		[[ ! ${excused[$file]-} ]] || limit=1500
		((lines <= limit)) || echo "$file: $lines lines, the limit is $limit"
	done < <(wc -l "$@" | grep -v ' total$')
}

# A function is the text between a { and a } in the first column.
long_functions() {
	awk -v limit=80 'FNR == 1 { start = 0 } /^\{/ { start = FNR } /^\}/ && start {
		if (FNR - start > limit)
			printf "%s:%d: a function of %d lines\n", FILENAME, start, FNR - start
		start = 0
	}' "$@" </dev/null
}

mapfile -t all < <(source_files)
each_file length "${all[@]}" < <(long_files "${all[@]}" /dev/null)
sources=()
for file in "${all[@]}"; do
	[[ $file != *.c || ${excused[$file]-} ]] || sources+=("$file")
done
each_file functions "${sources[@]}" < <(long_functions "${sources[@]}")
done_testing
