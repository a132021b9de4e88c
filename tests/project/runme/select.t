#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The command line, and which patchlets are walked in which order.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

names() { awk '{ print $2 }' <<<"$out" | paste -sd ' '; }

tree
patchlet late 'Suite: extra'
patchlet basic 'Suite: base'
patchlet sent 'Suite: submitted'
patchlet waiting 'Suite: pending' 'Depends: zeta'
patchlet zeta 'Suite: base'

runme --list
is '--list: all, as they are walked' "$(names)" 'sent zeta waiting basic late'
runme --list base
is '--list base: that suite only' "$(names)" 'basic zeta'
runme --list pending
is '--list pending: with what it depends on' "$(names)" 'zeta waiting'
runme --list --json extra
is '--list --json: valid, in dependency order' "$(jq -r '.[].name' <<<"$out" | paste -sd ' ')" \
	'sent zeta waiting basic late'
runme --list --json --exclude basic extra
is '--list --json --exclude' "$(jq -r '.[].name' <<<"$out" | paste -sd ' ')" \
	'sent zeta waiting late'
is '--json: the keys of info' \
	"$(jq -c '.[] | select(.name == "waiting") | [.suite, .depends]' <<<"$out")" \
	'["pending",["zeta"]]'

runme --batch extra
like 'extra walks submitted, pending, base and extra' \
	"$(grep Testing <<<"$out" | cut -d: -f1 | paste -sd ' ')" \
	'^sent zeta waiting basic late$'
is 'and succeeds' "$status" 0
rm -rf "$D"
runme --batch --exclude=late --exclude sent extra
unlike '--exclude NAME leaves it out, in both spellings' "$out" '^(late|sent): '
rm -rf "$D"
runme --batch --exclude zeta waiting
like 'a patchlet that needs an excluded one' "$out" 'do not --exclude zeta'

runme KERNEL_DIR=/usr/src/linux extra --batch
is 'VAR=value as an argument: refused' "$status" 2
like 'VAR=value: the old error' "$out" 'Invalid option KERNEL_DIR=/usr/src/linux'
like 'VAR=value: what to type instead' "$out" \
	'^ +KERNEL_DIR=/usr/src/linux ./runme --destdir .* extra --batch$'
runme "KERNEL_DIR=/a b" extra
like 'VAR=value: quoted where needed' "$out" "KERNEL_DIR=/a\\\\ b ./runme"

runme --batch basik
is 'an unknown name: refused' "$status" 2
like 'an unknown name: a suggestion' "$out" 'Did you mean basic\?'
runme --batch LATE
like 'an unknown name: case does not count for the suggestion' "$out" 'Did you mean late\?'
runme --batch xt_zeta
like "a module's name: the patchlet that has it" "$out" \
	"in the patchlet zeta: KERNEL_DIR=$K ./runme --destdir $D zeta"
runme --batch xylophone
unlike 'a name like no other: no suggestion' "$out" 'Did you mean'
runme --batch --exclude nosuch extra
is 'an unknown name to exclude: refused' "$status" 2
runme --bach extra
like 'an unknown option: a suggestion' "$out" 'Did you mean --batch\?'
is 'an unknown option: refused' "$status" 2
runme --kernel-path /usr/src/linux extra
like 'an option of old scripts: the variable' "$out" 'KERNEL_DIR=/path ./runme'
runme
is 'no argument: refused' "$status" 2
like 'no argument: the suites' "$out" 'submitted, pending, base, extra'
runme --exclude
like 'an option without its value' "$out" '--exclude needs a value'
runme --test --reverse basic
like 'two things at once' "$out" '--test and --reverse cannot go together'
runme --sign-key /nonexistent basic
like 'half of what signing needs' "$out" 'both --sign-key and --sign-cert'
runme --help
is '--help succeeds' "$status" 0
is '--help fits into 80 columns' "$(grep -E '.{81}' <<<"$out")" ''
for option in batch test reverse exclude list json status try shell download destdir sign-key \
	sign-cert force verbose help version; do
	like "--help tells of --$option" "$out" "--$option\\b"
done
like '--help offers the suites that have patchlets' "$out" \
	'^Suites: submitted, pending, base, extra'
runme --version
like '--version' "$out" '^Patch-o-matic [0-9]'
runme --batch submitted pending
unlike 'suites that were not named stay out' "$out" '^(basic|late): '

patchlet basic 'Suite: base' 'Colour: blue'
runme --list
is 'an unknown key: nothing runs' "$status" 1
like 'an unknown key: file, line and key' "$out" "patchlets/basic/info:5: unknown key 'Colour'"
patchlet basic 'Suite: base'
patchlet zeta 'Depends: waiting'
runme --batch extra
is 'a cycle of dependencies: nothing runs' "$status" 1
like 'a cycle of dependencies: named' "$out" \
	'cycle: (waiting -> zeta -> waiting|zeta -> waiting -> zeta)'
patchlet zeta 'Depends: nowhere'
runme --batch zeta
like 'a dependency that does not exist' "$out" 'zeta depends on nowhere'
is 'none of that installed anything' \
	"$(find "$D" -name '*.ko' -printf '%f\n' | sort | paste -sd ' ')" \
	'xt_sent.ko xt_waiting.ko xt_zeta.ko'

rm -r "$T/patchlets"/{sent,waiting,zeta}
runme --help
like 'empty suites are not offered' "$out" '^Suites: base, extra '
runme
like 'nor in the error message' "$out" '^Suites: base, extra;'
runme pendin
unlike 'nor suggested' "$out" 'Did you mean pending'
runme --batch pending
is 'but accepted' "$status" 0

done_testing
