#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every line of what `scripts/info parsers` lists is run by its unit test and by the seeds of its
# fuzzer, taken together. A line that no test can reach has no reason to be there.
# inputs: kernel/* include/* tests/*.unit.c tests/*.fuzz.c tests/*.h tests/*/corpus/* tests/*/captures/* tests/*/*.list
# shellcheck source=../tap.sh
. "${0%/*}/../tap.sh"

# measure PARSER: writes the output of gcov to $TAP_TMP/PARSER/lines.
measure() {
	local name dir header
	name=${1#kernel/} name=${name%.c}
	dir=$TAP_TMP/$name
	local -a cc=(gcc -std=gnu11 -O0 -g --coverage -Wno-missing-field-initializers -Ikernel \
		-Iinclude -Itests/lib)
	local -a with=()
	mkdir -p "$dir" || return
	"${cc[@]}" -c -o "$dir/parser.o" "$1" || return
	while read -r header; do
		[[ -e kernel/$header.c && kernel/$header.c != "$1" ]] || continue
		with+=("$dir/${header##*/}.o")
		"${cc[@]}" -c -o "${with[-1]}" "kernel/$header.c" || return
	done < <(sed -n 's,^#include "\([A-Za-z0-9_-]*/[a-z0-9_]*\)\.h"$,\1,p' "$1")
	if [[ -e tests/$name.unit.c ]]; then
		"${cc[@]}" -o "$dir/unit" "tests/$name.unit.c" "$dir/parser.o" "${with[@]}" \
			-lcmocka || return
		"$dir/unit" >"$dir/log" 2>&1 || { cat "$dir/log"; return 1; }
	fi
	if [[ -e tests/$name.fuzz.c ]]; then
		"${cc[@]}" -include tests/lib/fuzz/replay.h -o "$dir/fuzz" "tests/$name.fuzz.c" \
			"$dir/parser.o" "${with[@]}" || return
		"$dir/fuzz" "tests/${name%/*}/corpus/${name##*/}"/* || return
	fi
	gcov --stdout --object-directory "$dir" "$dir/parser.o" >"$dir/lines"
}

complete() {
	local name run missed
	measure "$1" || return
	name=${1#kernel/} name=${name%.c}
	missed=$(sed -n "s|^ *#####: *\([0-9]*\):|$1:\1: never run: |p" "$TAP_TMP/$name/lines")
	run=$(grep -cE '^ *[0-9]+\*?:' "$TAP_TMP/$name/lines")
	echo "$run lines run" >"$TAP_TMP/$name/said"
	printf '%s\n' "$missed"
	[[ -z $missed && $run -gt 0 ]]
}

for parser in $(scripts/info parsers); do
	ok "$parser: every line is run" complete "$parser"
	name=${parser#kernel/}
	sed 's/^/# /' "$TAP_TMP/${name%.c}/said" 2>/dev/null
done
done_testing
