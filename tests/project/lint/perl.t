#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every perl program compiles without a warning.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

compiles() {
	local said
	said=$(perl -wc "$1" 2>&1)
	[[ $said == "$1 syntax OK" ]] && return
	printf '%s\n' "$said"
	false
}

while read -r file; do
	ok "$file" compiles "$file"
done < <(source_files | while read -r file; do
	read -r first <"$file"
	[[ $file == *.pl || $first == '#!'*perl* ]] && printf '%s\n' "$file"
done)
done_testing
