#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# cppcheck finds nothing in what runs in user space: extensions, tools, tests, and the parsers that
# modules share with them.
# inputs: kernel/* extensions/*.c extensions/*.h include/* tools/* tests/*.c tests/*.h
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need cppcheck

check() {
	cppcheck --quiet --error-exitcode=1 --std=c11 --platform=unix64 \
		--inline-suppr --enable=warning,performance,portability \
		--suppress=missingInclude -Iinclude -Ikernel -Itests/lib "$1"
}

while read -r file; do
	ok "$file" check "$file"
done < <(mapfile -t parsers < <(scripts/info parsers); files 'extensions/*.c' 'tools/*.c' \
	'tests/*.unit.c' 'tests/*.fuzz.c' "${parsers[@]}")
((tap_cases)) || skip cppcheck 'there are no such sources yet'
done_testing
