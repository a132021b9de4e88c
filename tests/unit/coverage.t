#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every line of kernel/proto/*.c is run by its unit test and by the seeds of its fuzzer, taken together. A line that no test can
# reach has no reason to be there.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

# measure PARSER: what gcov says of it goes to $TAP_TMP/PARSER/lines.
measure() {
	local name dir
	name=$(basename "$1" .c) dir=$TAP_TMP/$(basename "$1" .c)
	local -a cc=(gcc -std=gnu11 -O0 -g --coverage -Wno-missing-field-initializers -Ikernel -Iinclude)
	mkdir "$dir" || return
	"${cc[@]}" -c -o "$dir/$name.o" "$1" || return
	if [[ -e tests/unit/$name.c ]]; then
		"${cc[@]}" -o "$dir/unit" "tests/unit/$name.c" "$dir/$name.o" -lcmocka || return
		"$dir/unit" >"$dir/log" 2>&1 || { cat "$dir/log"; return 1; }
	fi
	if [[ -e tests/fuzz/$name.c ]]; then
		"${cc[@]}" -include tests/fuzz/replay.h -o "$dir/fuzz" "tests/fuzz/$name.c" "$dir/$name.o" || return
		"$dir/fuzz" "tests/fuzz/corpus/$name"/* || return
	fi
	gcov --stdout --object-directory "$dir" "$dir/$name.o" >"$dir/lines"
}

complete() {
	local name run missed
	measure "$1" || return
	name=$(basename "$1" .c)
	missed=$(sed -n "s|^ *#####: *\([0-9]*\):|$1:\1: never run: |p" "$TAP_TMP/$name/lines")
	run=$(grep -cE '^ *[0-9]+\*?:' "$TAP_TMP/$name/lines")
	echo "$run lines run" >"$TAP_TMP/$name/said"
	printf '%s\n' "$missed"
	[[ -z $missed && $run -gt 0 ]]
}

for parser in kernel/proto/*.c; do
	ok "$parser: every line is run" complete "$parser"
	sed 's/^/# /' "$TAP_TMP/$(basename "$parser" .c)/said" 2>/dev/null
done
done_testing
