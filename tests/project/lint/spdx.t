#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every source file has an SPDX line within its first three lines.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# REGEX FILE...: a line for each file without a line of that licence
unlicensed() {
	awk -v licence="SPDX-License-Identifier: $1( [*]/)?$" '
		BEGIN { for (i = 1; i < ARGC; i++) missing[ARGV[i]] }
		FNR > 3 { nextfile }
		$0 ~ licence { delete missing[FILENAME] }
		END { for (file in missing) print file ": no line " licence }' "${@:2}" </dev/null
}

mapfile -t abi < <(source_files | grep '^include/linux/')
mapfile -t others < <(source_files | grep -v '^include/linux/')
each_file '' "${abi[@]}" < <(unlicensed 'GPL-2[.]0-only WITH Linux-syscall-note' "${abi[@]}")
each_file '' "${others[@]}" < <(unlicensed 'GPL-2[.]0-only' "${others[@]}")
done_testing
