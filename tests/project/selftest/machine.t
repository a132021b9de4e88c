#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/check-machine counts what a machine says, and notices everything that a machine does not say.
# shellcheck source=../../lib/tap.sh
. "$(dirname "$0")/../../lib/tap.sh"

export REPLAY=$TAP_TMP/replay
jobs=(nft:extensions/libxt_a.t legacy:tests/b/b.sh)
good_a='=== begin nft:extensions/libxt_a.t
ok 1 - one
ok 2 - two # SKIP no such thing
1..2

=== end nft:extensions/libxt_a.t 0 3 '
good_b='=== begin legacy:tests/b/b.sh
# n0# ping
ok 1 - three
1..1

=== end legacy:tests/b/b.sh 0 5 '

# machine BOOT...: what tests/check-machine makes of a machine whose Nth boot says the Nth argument; its counts are the last line
machine() {
	local n=0 boot
	rm -rf "$REPLAY" && mkdir "$REPLAY"
	for boot; do
		n=$((n + 1))
		printf '%s\n' "$boot" >"$REPLAY/$n"
	done
	tests/check-machine --kernel selftest --runner tests/project/selftest/replay "${jobs[@]}" >"$TAP_TMP/tap" 2>&1
	printf 'machine\tthe test\tcat %s\n' "$TAP_TMP/tap" | tests/harness
}
counts() { machine "$@" | tail -n 1; }

is 'all is well' "$(counts "$good_a"$'\n'"$good_b"$'\n=== done\n0')" '3 passed, 0 failed, 1 skipped'
is 'a failing test' "$(counts "$good_a"$'\n'"${good_b/ok 1/not ok 1}"$'\n=== done\n0')" '2 passed, 1 failed, 1 skipped'
like 'and how to repeat it' "$(machine "$good_a"$'\n'"${good_b/ok 1/not ok 1}"$'\n=== done\n0')" \
	'again: tests/check-one --kernel selftest --backend legacy tests/b/b.sh'
is 'fewer tests than planned' "$(counts "$good_a"$'\n'"${good_b/1..1/1..2}"$'\n=== done\n0')" '3 passed, 1 failed, 1 skipped'
is 'more tests than planned' "$(counts "$good_a"$'\n'"${good_b/1..1/1..0}"$'\n=== done\n0')" '3 passed, 1 failed, 1 skipped'
is 'no plan' "$(counts "$good_a"$'\n'"${good_b/1..1/}"$'\n=== done\n0')" '3 passed, 1 failed, 1 skipped'
is 'tests out of order' "$(counts "$good_a"$'\n'"${good_b/ok 1/ok 2}"$'\n=== done\n0')" '3 passed, 1 failed, 1 skipped'
is 'no test at all' "$(counts "$good_a"$'\n=== begin legacy:tests/b/b.sh\n1..0\n=== end legacy:tests/b/b.sh 0 1 \n=== done\n0')" \
	'2 passed, 1 failed, 1 skipped'
is 'a job that ends with a status of its own' "$(counts "$good_a"$'\n'"${good_b/b.sh 0 5/b.sh 3 5}"$'\n=== done\n0')" \
	'3 passed, 1 failed, 1 skipped'
is 'a job that takes too long' "$(counts "$good_a"$'\n'"${good_b/b.sh 0 5/b.sh 124 180}"$'\n=== done\n0')" \
	'3 passed, 1 failed, 1 skipped'
is 'a job that leaves something behind' "$(counts "$good_a"$'\n'"${good_b}no module"$'\n=== done\n0')" \
	'3 passed, 1 failed, 1 skipped'

is 'a machine that never says anything' "$(counts 125)" '0 passed, 3 failed, 0 skipped'
is 'a kernel that came to harm at the end' "$(counts "$good_a"$'\n'"$good_b"$'\n=== done\n125')" '2 passed, 1 failed, 1 skipped'
is 'a runner that ends well before the jobs do' "$(counts "$good_a"$'\n0' "$good_b"$'\n=== done\n0')" '3 passed, 1 failed, 1 skipped'
dying=$good_a$'\n=== begin legacy:tests/b/b.sh\nok 1 - three\n125'
is 'a machine that dies in the middle of the last job' "$(counts "$dying")" '2 passed, 2 failed, 1 skipped'
dying=$'=== begin nft:extensions/libxt_a.t\nok 1 - one\n124'
is 'a machine that dies in the first: another one runs the rest' "$(counts "$dying" "$good_b"$'\n=== done\n0')" \
	'3 passed, 2 failed, 0 skipped'
like 'and only the rest' "$(tail -n 1 "$REPLAY/commands")" 'tests/lib/guest/all legacy:tests/b/b.sh$'

# How often each job is run on four kernels, as a list of what is found: a number for scenarios, one for rule cases.
spread() { # FIRST-TURN OPTION...
	local turn
	rm -rf "$REPLAY" && mkdir "$REPLAY"
	for turn in $(seq "$1" $(($1 + 3))); do
		tests/check-machine --kernel selftest --runner tests/project/selftest/replay --turn "$turn" "${@:2}" >/dev/null 2>&1
	done
	grep -oE '(nft|legacy):[^ ]+' "$REPLAY/commands" | sort | uniq -c >"$TAP_TMP/spread"
	sed -nE 's/^ *([0-9]+) .*(sh|t)$/\2 \1/p' "$TAP_TMP/spread" | sort | uniq -c | awk '{ print $2, $3 }' | paste -sd ' '
}
shopt -s extglob
files=(extensions/lib*.t tests/!(lib|vm|debug)/*.sh)
is 'in turns, four kernels run a scenario twice through each backend, rule cases four times' "$(spread 0)" 'sh 2 t 4'
is 'in pairs, once and twice' "$(spread 0 --pairs)" 'sh 1 t 2'
is 'and each of them through both' "$(wc -l <"$TAP_TMP/spread")" $((2 * ${#files[@]}))
# A machine's jobs are a line: which kernel runs what, rule cases through which backend.
jobs_of() { awk '{ for (i = 2; i <= NF; i++) if ($i ~ /^(nft|legacy):/) print NR, $i }' "$REPLAY/commands" | sed -E '/sh$/s/(nft|legacy)://' | sort; }
one=$(jobs_of)
is 'in the other pairs, once and twice as well' "$(spread 1 --pairs)" 'sh 1 t 2'
other=$(jobs_of)
spread 0 >/dev/null
is 'and both pairs together are the turns' "$(sort <<<"$one"$'\n'"$other")" "$(jobs_of)"
done_testing
