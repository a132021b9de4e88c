#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Commands in the spelling of 2006 (old-commands.txt, after the tutorial of that time) load after
# `runme --convert`.
#
#	r	the commands are typed in a namespace without neighbours
#
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
namespace r

mkdir "$TMP/bin"
ln -s "$(command -v "iptables-$BACKEND")" "$TMP/bin/iptables"
PATH=$TMP/bin:$PATH

commands=tests/project/old-commands.txt
mapfile -t follow < <(grep '^iptables' "$commands" | grep -v ' | ')
mapfile -t refuse < <(grep '^iptables.* | ' "$commands")
printf '%s\n' "${follow[@]}" >"$TMP/old"
./runme --convert "$TMP/old" >"$TMP/new" 2>"$TMP/said"
is 'the commands are converted: exit status' $? 0
mapfile -t converted < <(grep '^iptables' "$TMP/new")
is 'each to one command' "${#converted[@]}" "${#follow[@]}"

for i in "${!follow[@]}"; do
	old=${follow[i]}
	ok "$old" r bash -c "${converted[i]}"
	# condition itself accepts the old place of !.
	[[ $old == *' ! -'* || $old != *' ! '* || $old == *condition* ]] ||
		nok "$old: today's iptables refuses the old spelling" r bash -c "$old 2>/dev/null"
done
for line in "${refuse[@]}"; do
	old=${line%% |*}
	printf '%s\n' "$old" >"$TMP/old"
	./runme --convert "$TMP/old" >/dev/null 2>"$TMP/said"
	is "$old: exit status" $? 1
	like "$old: cannot be converted" "$(<"$TMP/said")" "cannot convert: .*${line#* | }"
done
is 'commands that no kernel can follow' "${#refuse[@]}" 5
done_testing
