#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# C sources follow the kernel's coding style: checkpatch --strict, except for what checkpatch.ignore gives a reason for.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if ! checkpatch=$(tests/lint/fetch-checkpatch 2>"$TAP_TMP/fetch"); then
	skip 'coding style' "checkpatch.pl cannot be had: $(tail -n 1 "$TAP_TMP/fetch")"
	done_testing
fi

# The types of message that $1 may ignore, as checkpatch's option.
ignored() {
	local type glob reason list=
	while read -r type glob reason; do
		[[ $type == '#'* || -z $reason ]] && continue
		# shellcheck disable=SC2053 # a pattern, not a string
		[[ $1 == $glob ]] && list+=${list:+,}$type
	done <tests/lint/checkpatch.ignore
	[[ -z $list ]] || printf -- '--ignore=%s' "$list"
}

style() {
	local options=(--no-tree --strict --terse --show-types --no-summary --file) ignore
	ignore=$(ignored "$1")
	perl "$checkpatch" "${options[@]}" ${ignore:+"$ignore"} "$1"
}

while read -r file; do
	ok "$file" style "$file"
done < <(files 'kernel/*.[ch]' 'extensions/*.[ch]' 'include/*.h' 'tools/*.[ch]')
((tap_cases)) || skip 'coding style' 'there are no C sources yet'
done_testing
