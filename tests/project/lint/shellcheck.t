#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every shell script passes shellcheck. A script that did is not read again before it, or one that
# is sourced anywhere, changes.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need shellcheck

version=$(shellcheck --version)
mapfile -t all < <(LINT_ONLY='*' scripts)
mapfile -t sourced < <(grep -LE '^#!' -- "${all[@]}")

read_script() {
	shellcheck --external-sources --source-path=SCRIPTDIR --format=gcc "$1" &&
		passes "$version" -- "$1" "${sourced[@]}"
}

while read -r script; do
	if passed_before "$version" -- "$script" "${sourced[@]}"; then
		cached "$script"
	else
		ok "$script" read_script "$script"
	fi
done < <(scripts)
done_testing
