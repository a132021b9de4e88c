#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Commands in the spelling of 2006 (old-commands.txt, after the tutorial of that time) load after
# `runme --convert`.
#
#	r	the commands are typed in a namespace without neighbours
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme
# shellcheck source=../lib/scenario.sh
. "$(dirname "$0")/../lib/scenario.sh"
namespace r

mkdir "$TMP/bin"
ln -s "$(command -v "iptables-$BACKEND")" "$TMP/bin/iptables"
PATH=$TMP/bin:$PATH

commands=tests/project/old-commands.txt
refused=0
while IFS= read -r line; do
	[[ $line == iptables* ]] || continue
	old=${line%% |*}
	printf '%s\n' "$old" >"$TMP/old"
	new=$(./runme --convert "$TMP/old" 2>"$TMP/said")
	status=$?
	if [[ $line == *' | '* ]]; then
		refused=$((refused + 1))
		is "$old: exit status" "$status" 1
		like "$old: cannot be converted" "$(<"$TMP/said")" "cannot convert: .*${line#* | }"
		continue
	fi
	ok "$old" r bash -c "$new"
	# condition itself accepts the old place of !.
	[[ $old == *' ! -'* || $old != *' ! '* || $old == *condition* ]] ||
		nok "$old: today's iptables refuses the old spelling" r bash -c "$old 2>/dev/null"
done <"$commands"
is 'commands that no kernel can follow' "$refused" "$(grep -c ' | ' "$commands")"
done_testing
