#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every patchlet is whole: info, help, demonstration, sources, scenarios, all under its name, and no
# piece of the tree belongs to no patchlet.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

one_line_summary() {
	local first=
	read -r first <"$1"
	[[ -n $first && ${#first} -le 76 && $first != *. ]] && return
	echo "$1:1: the first line is a summary of at most 76 characters without a full stop"
	false
}

narrow() {
	awk 'length($0) > 80 || /\t/ { printf "%s:%d: over 80 columns, or a tab\n", FILENAME, FNR }' "$1"
}

# $1 a directory, $2 the kind of its files: prints names that no patchlet claims.
orphans() {
	local folder=$1 claimed=$2 file name
	for file in "$folder"/*/xt_* "$folder"/*/nf_* "$folder"/libxt_*.c; do
		[[ -e $file ]] || continue
		name=${file##*/}
		name=${name%.*}
		grep -qxF "${name#libxt_}" <<<"$claimed" ||
			echo "$file: no patchlets/*/info names it"
	done
}

# Directories of no patchlet that are not among those that patchlets share.
strangers() {
	local dir
	files 'kernel/*' 'tools/*' 'tests/*' | awk -F/ 'NF > 2 { print $1 "/" $2 }' | sort -u |
		while read -r dir; do
		case $dir in
		kernel/compat | */lib | tests/vm | tests/debug | tests/project) ;;
		*) [[ -e patchlets/${dir#*/}/info ]] ||
			echo "$dir: there is no patchlet of that name" ;;
		esac
	done
}

ok 'scripts/info check' scripts/info check
mapfile -t modules < <(scripts/info modules)
ok 'every module has its sources' scripts/info all-sources "${modules[@]}"
for info in patchlets/*/info; do
	name=${info#patchlets/}
	name=${name%/info}
	ok "$name: help begins with a summary" one_line_summary "patchlets/$name/help"
	empty "$name: help is at most 80 columns wide" narrow "patchlets/$name/help"
	ok "$name: has a demonstration that can be run" test -x "patchlets/$name/demo"
	ok "$name: has a scenario" compgen -G "tests/$name/*.sh"
	while read -r extension; do
		ok "$name: source of libxt_$extension" test -f "extensions/libxt_$extension.c"
	done < <(scripts/info extensions "$name")
done
empty 'every directory belongs to a patchlet or is shared' strangers
empty 'every module belongs to a patchlet' orphans kernel "$(printf '%s\n' "${modules[@]}")"
empty 'every extension belongs to a patchlet' orphans extensions "$(scripts/info extensions)"
done_testing
