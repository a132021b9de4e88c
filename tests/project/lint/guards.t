#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Include guards have one form: POM_NAME_H, with directories in the middle where NAME is not unique;
# _XT_NAME_H in ABI headers.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

bad_guard() {
	local name guard form file word
	name=${1##*/} name=${name%.h} name=${name^^} name=${name//[.-]/_}
	form="POM_([A-Z0-9]+_)*${name}_H"
	[[ $name != XT_* || $1 != include/* && $1 != tests/debug/mutants/* ]] || form="_${name}_H"
	# A match and a target can have one name.
	file=${1##*/}
	if [[ $file == xt_[A-Z]* && -e ${1%/*}/${file,,} ]]; then
		form="_${name}_TARGET_H"
	fi
	guard=
	while read -r word guard; do
		[[ $word != '#ifndef' ]] || break
		guard=
	done <"$1"
	[[ $guard =~ ^$form$ ]] ||
		echo "$1: the guard is '$guard'; fix: POM_${name}_H, or _${name}_H in an ABI header"
}

while read -r file; do
	case $file in
	# Included once, by the compiler's -include or by one kind of program.
	tests/debug/config/*.h | tests/lib/fuzz/replay.h | tests/project/lint/sparse.h) continue ;;
	esac
	empty "$file" bad_guard "$file"
done < <(files 'kernel/*.h' 'include/*.h' 'extensions/*.h' 'tools/*.h' 'tests/*.h')
((tap_cases)) || skip guards 'no header'
done_testing
