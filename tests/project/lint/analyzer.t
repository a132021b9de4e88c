#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# gcc's static analyzer finds nothing in what runs in user space: leaks, double frees, null
# pointers, files left open, on every path.
# inputs: kernel/* extensions/*.c extensions/*.h include/* tools/* tests/*.c tests/*.h
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need gcc

check() {
	gcc -std=gnu11 -O1 -fanalyzer -fdiagnostics-path-format=none -Wall -Wno-unused-parameter \
		-DPOM_VERSION='""' -DXTLIBDIR='""' -Iinclude -Ikernel -Itests/lib -c \
		-o "$TAP_TMP/object" "$1"
}

while read -r file; do
	# What is a kernel module, or only a part of one tree, cannot be compiled like that.
	if [[ $file == */mutants/* ]] || grep -q '<linux/module.h>' "$file"; then continue; fi
	empty "$file" check "$file"
done < <(mapfile -t parsers < <(scripts/info parsers); files 'extensions/*.c' 'tools/*.c' \
	'tests/debug/*.c' 'tests/vm/*.c' "${parsers[@]}")
((tap_cases)) || skip analyzer 'there are no such sources yet'
done_testing
