#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every source file has an SPDX line within its first three lines.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

licence_line() {
	head -n 3 "$1" | grep -aE "SPDX-License-Identifier: $2( \*/)?$" ||
		{ echo "$1: no line 'SPDX-License-Identifier: $2'"; false; }
}

while read -r file; do
	case $file in
	include/linux/*) licence='GPL-2\.0-only WITH Linux-syscall-note' ;;
	*) licence='GPL-2\.0-only' ;;
	esac
	ok "$file" licence_line "$file" "$licence"
done < <(source_files)
done_testing
