# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What a user types to use a patchlet: its matches and targets, else its modules (but for those that
# others only need). Sourced after common.sh.

# used_as NAME: prints them, with commas between.
used_as() {
	local word all=''
	for word in $(scripts/info extensions "$1"); do
		if [[ $word == [a-z]* ]]; then word="-m $word"; else word="-j $word"; fi
		all+=${all:+, }$word
	done
	if [[ -z $all ]]; then
		for word in $(scripts/info modules "$1"); do
			[[ $word == *_core ]] || all+="${all:+, }modprobe $word"
		done
	fi
	printf '%s\n' "$all"
}
