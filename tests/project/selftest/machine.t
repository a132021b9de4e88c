#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/check-machine counts what a machine says, and notices everything that a machine does not
# say.
# inputs: tests/check-machine tests/cells
# copies: tests/*
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"

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

# machine BOOT...: what tests/check-machine makes of a machine whose Nth boot says the Nth argument;
# its counts are the last line
machine() {
	local n=0 boot
	rm -rf "$REPLAY" && mkdir "$REPLAY"
	for boot; do
		n=$((n + 1))
		printf '%s\n' "$boot" >"$REPLAY/$n"
	done
	tests/check-machine --kernel selftest --runner tests/project/selftest/replay \
		"${jobs[@]}" >"$TAP_TMP/tap" 2>&1
	printf 'machine\tthe test\tcat %s\n' "$TAP_TMP/tap" | tests/harness
}
counts() { machine "$@" | tail -n 1; }

is 'all is well' "$(counts "$good_a"$'\n'"$good_b"$'\n=== done\n0')" '3 passed, 0 failed, 1 skipped'
is 'a failing test' "$(counts "$good_a"$'\n'"${good_b/ok 1/not ok 1}"$'\n=== done\n0')" \
	'2 passed, 1 failed, 1 skipped'
like 'and how to repeat it' "$(machine "$good_a"$'\n'"${good_b/ok 1/not ok 1}"$'\n=== done\n0')" \
	'again: tests/check-one --kernel selftest --backend legacy tests/b/b.sh'
is 'fewer tests than planned' "$(counts "$good_a"$'\n'"${good_b/1..1/1..2}"$'\n=== done\n0')" \
	'3 passed, 1 failed, 1 skipped'
is 'more tests than planned' "$(counts "$good_a"$'\n'"${good_b/1..1/1..0}"$'\n=== done\n0')" \
	'3 passed, 1 failed, 1 skipped'
is 'no plan' "$(counts "$good_a"$'\n'"${good_b/1..1/}"$'\n=== done\n0')" \
	'3 passed, 1 failed, 1 skipped'
is 'tests out of order' "$(counts "$good_a"$'\n'"${good_b/ok 1/ok 2}"$'\n=== done\n0')" \
	'3 passed, 1 failed, 1 skipped'
is 'no test at all' "$(counts "$good_a"$'\n=== begin legacy:tests/b/b.sh\n1..0\n=== end legacy:tests/b/b.sh 0 1 \n=== done\n0')" \
	'2 passed, 1 failed, 1 skipped'
is 'a job that ends with a status of its own' \
	"$(counts "$good_a"$'\n'"${good_b/b.sh 0 5/b.sh 3 5}"$'\n=== done\n0')" \
	'3 passed, 1 failed, 1 skipped'
is 'a job that takes too long' \
	"$(counts "$good_a"$'\n'"${good_b/b.sh 0 5/b.sh 124 180}"$'\n=== done\n0')" \
	'3 passed, 1 failed, 1 skipped'
is 'a job that leaves something behind' \
	"$(counts "$good_a"$'\n'"${good_b}no module"$'\n=== done\n0')" \
	'3 passed, 1 failed, 1 skipped'

is 'a machine that never says anything' "$(counts 125)" '0 passed, 3 failed, 0 skipped'
is 'a kernel fault at the end' "$(counts "$good_a"$'\n'"$good_b"$'\n=== done\n125')" \
	'2 passed, 1 failed, 1 skipped'
is 'a runner that ends well before the jobs do' \
	"$(counts "$good_a"$'\n0' "$good_b"$'\n=== done\n0')" '3 passed, 1 failed, 1 skipped'
dying=$good_a$'\n=== begin legacy:tests/b/b.sh\nok 1 - three\n125'
is 'a guest that crashes in the middle of the last job' "$(counts "$dying")" \
	'2 passed, 2 failed, 1 skipped'
dying=$'=== begin nft:extensions/libxt_a.t\nok 1 - one\n124'
is 'a guest that crashes in the first: a second one runs the rest' \
	"$(counts "$dying" "$good_b"$'\n=== done\n0')" \
	'3 passed, 2 failed, 0 skipped'
like 'and only the rest' "$(tail -n 1 "$REPLAY/commands")" \
	'tests/lib/guest/all legacy:tests/b/b.sh$'

# Jobs that tests/cells chooses, in a small tree: what passed is not run again.
tree=$TAP_TMP/tree
export POM_RESULTS=$TAP_TMP/results KERNELS=6.1 LEVEL=full
mkdir -p "$tree"/{extensions,tests/project,scripts,patchlets/{a,b}}
cp -r tests/{check-machine,cells,lib} "$tree/tests"
cp -r tests/project/selftest "$tree/tests/project"
printf 'Modules: xt_a\nExtensions: a\n' >"$tree/patchlets/a/info"
printf 'Modules: xt_b\nExtensions: b\n' >"$tree/patchlets/b/info"
printf '#!/bin/sh\ncase $1 in release) echo 6.1.0-selftest ;; esac\n' |
	tee "$tree/scripts/kernel" >"$tree/scripts/info"
chmod +x "$tree"/scripts/*
touch "$tree"/extensions/lib{xt_a,xt_b}.{c,t}
frame() { printf '=== begin %s\nok 1 - fine\n1..1\n\n=== end %s 0 1 %s\n' "$1" "$1" "${2-}"; }
all_frames=$(
	for b in nft legacy; do
		for f in a b; do frame "$b:extensions/libxt_$f.t"; done
	done
	frame unload:build/check/6.1/modules
)
run_tree() { # FRAMES STATUS [OPENED]: the counts
	rm -rf "$REPLAY" && mkdir "$REPLAY"
	printf '%s\n=== done\n%s\n' "$1" "$2" >"$REPLAY/1"
	printf '%s' "${3-}" >"$REPLAY/opens"
	(cd "$tree" && tests/check-machine --kernel 6.1 --runner tests/project/selftest/replay) \
		>"$TAP_TMP/tap" 2>&1
	printf 'machine\tthe test\tcat %s\n' "$TAP_TMP/tap" | tests/harness |
		grep -oE '^[0-9]+ (cached|passed, .*)' | paste -sd ' '
}
jobs_run() { sed 's/.*tests.lib.guest.all //' "$REPLAY/commands" 2>/dev/null; }
is 'all jobs run' "$(run_tree "$all_frames" 0)" '6 passed, 0 failed, 0 skipped'
is 'and are cached' "$(run_tree "$all_frames" 0)" '5 cached 0 passed, 0 failed, 0 skipped'
is 'so that nothing boots' "$(jobs_run)" ''
echo '# more' >>"$tree/extensions/libxt_a.c"
changed=$(frame nft:extensions/libxt_a.t; frame legacy:extensions/libxt_a.t; frame \
	unload:build/check/6.1/modules)
is 'a changed extension' "$(run_tree "$changed" 125)" '2 cached 3 passed, 1 failed, 0 skipped'
is 'runs its rule cases again' "$(jobs_run)" \
	'nft:extensions/libxt_a.t legacy:extensions/libxt_a.t unload:build/check/6.1/modules'
is 'results of a guest with a kernel fault are not cached' "$(run_tree "$changed" 0)" \
	'2 cached 4 passed, 0 failed, 0 skipped'
echo '# more' >>"$tree/extensions/libxt_a.c"
is 'a job that leaves something changed fails' \
	"$(run_tree "${changed/a.t 0 1 /a.t 0 1 file x: is new}" 0)" \
	'2 cached 4 passed, 1 failed, 0 skipped'
is 'and is not cached' "$(run_tree "$(frame nft:extensions/libxt_a.t)" 0)" \
	'4 cached 2 passed, 0 failed, 0 skipped'
echo '# more' >>"$tree/extensions/libxt_a.c"
opens=$'\nextensions/libxt_a.t\nextensions/libxt_b.c\n'
is 'a job that opens what is no input fails' "$(run_tree "$changed" 0 "$opens")" \
	'2 cached 4 passed, 2 failed, 0 skipped'
like 'the file is named' "$(<"$TAP_TMP/tap")" '^# extensions/libxt_b.c$'
is 'with one option all run again' "$(FRESH=1 run_tree "$all_frames" 0)" \
	'6 passed, 0 failed, 0 skipped'
done_testing
