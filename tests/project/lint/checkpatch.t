#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# C sources follow the kernel's coding style: checkpatch --strict, except for what checkpatch.ignore
# gives a reason for. A file that did is not read again before it changes.
# inputs: kernel/* extensions/*.c extensions/*.h include/* tools/*
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

if ! checkpatch=$(tests/project/lint/fetch-checkpatch 2>"$TAP_TMP/fetch"); then
	skip 'coding style' "cannot fetch checkpatch.pl: $(tail -n 1 "$TAP_TMP/fetch")"
	done_testing
fi

parsers=" $(scripts/info parsers | tr '\n' ' ') "

# The types of message that $1 may ignore, as checkpatch's option.
ignored() {
	local type glob reason list=
	while read -r type glob reason; do
		[[ $type == '#'* || -z $reason ]] && continue
		# shellcheck disable=SC2053 # a pattern, not a string
		[[ $1 == $glob || $glob == parser && "$parsers" == *" ${1%.[ch]}.c "* ]] &&
			list+=${list:+,}$type
	done <tests/project/lint/checkpatch.ignore
	[[ -z $list ]] || printf -- '--ignore=%s' "$list"
}

# checkpatch takes longer to start than to read a file: files that may ignore the same are read by
# one.
declare -A together=()
while read -r file; do
	ignoring=$(ignored "$file")
	if passed_before "$ignoring" -- "$checkpatch" "$file"; then
		cached "$file"
	else
		together["ignoring $ignoring"]+="$file "
	fi
done < <(files 'kernel/*.[ch]' 'extensions/*.[ch]' 'include/*.h' 'tools/*.[ch]')

style() { # IGNORED FILE...: a line for each fault, FILE:LINE: TYPE: WHAT
	perl "$checkpatch" --no-tree --strict --terse --show-types --no-summary --file ${1:+"$1"} \
		"${@:2}"
}

faults_of() { # IGNORED FILE
	! grep -F "$2:" "$TAP_TMP/faults" && passes "$1" -- "$checkpatch" "$2"
}

for ignoring in "${!together[@]}"; do
	read -ra group <<<"${together[$ignoring]}"
	ignoring=${ignoring#ignoring }
	style "$ignoring" "${group[@]}" >"$TAP_TMP/faults" 2>&1
	# One that found nothing in any file has read them all; what is not about a file is about
	# checkpatch itself.
	if (($? > 1)) || grep -vE '^[^ :]+:[0-9]+: [A-Z]+:' "$TAP_TMP/faults" >"$TAP_TMP/out"; then
		verdict 1 "checkpatch reads ${group[*]}"
		continue
	fi
	for file in "${group[@]}"; do
		empty "$file" faults_of "$ignoring" "$file"
	done
done
((tap_cases)) || skip 'coding style' 'there are no C sources yet'
done_testing
