#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/harness adds up what programs say, and takes a program that says too little for a failure.
# inputs: tests/harness
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"

# run COMMAND...: programs for the harness, one each
run() {
	local n=0 command
	for command; do
		printf 'program %d\trepeat %d\t%s\n' $((++n)) "$n" "$command"
	done | tests/harness
}
counts() { run "$@" | tail -n 1; }
status() { run "$@" >/dev/null; }

good='printf "ok 1 - a\nok 2 - b\n1..2\n"'
is 'passing tests' "$(counts "$good")" '2 passed, 0 failed, 0 skipped'
ok 'are a success' status "$good"
is 'several programs' "$(counts "$good" "$good")" '4 passed, 0 failed, 0 skipped'
is 'a failing test' "$(counts "$good" 'printf "not ok 1 - c\n# because\n1..1\n"; exit 1')" \
	'2 passed, 1 failed, 0 skipped'
nok 'is no success' status "$good" 'printf "not ok 1\n1..1\n"'
like 'says why' "$(run 'printf "not ok 1 - c\n# because\n1..1\n"')" '^ *# because'
like 'prints how to repeat it' "$(run 'printf "not ok 1 - c\n# because\n1..1\n"')" 'again: repeat 1'
is 'its name is before the counts' "$(run 'printf "not ok 1 - c\n# because\n1..1\n"' | tail -n 4)" \
	$'Failures:\n  program 1: 1 c\n\n0 passed, 1 failed, 0 skipped'
like 'of many failures, twenty have' "$(run 'printf "not ok %d\n" {1..23}; echo 1..23')" \
	'^  and 3 more$'
is 'a skipped test' "$(counts 'printf "ok 1 - c # SKIP no tool\nok 2\n1..2\n"')" \
	'1 passed, 0 failed, 1 skipped'
like 'says why' "$(run 'printf "ok 1 - c # SKIP no tool\nok 2\n1..2\n"')" 'program 1: 1 c: no tool'
is 'a program that skips itself' "$(counts "$good" 'echo "1..0 # SKIP no tool"')" \
	'2 passed, 0 failed, 1 skipped'
is 'a program without tests' "$(counts "$good" 'echo 1..0')" '2 passed, 1 failed, 0 skipped'
is 'a program without output' "$(counts "$good" true)" '2 passed, 1 failed, 0 skipped'
is 'a program that is not there' "$(counts "$good" ./no-such-program)" \
	'2 passed, 1 failed, 0 skipped'
is 'fewer tests than planned' "$(counts "$good" 'printf "1..3\nok 1\n"')" \
	'3 passed, 1 failed, 0 skipped'
is 'passing tests and a bad end' "$(counts 'printf "ok 1\n1..1\n"; exit 3')" \
	'1 passed, 1 failed, 0 skipped'
is 'a program that is killed' "$(counts 'printf "ok 1\n1..1\n"; kill -9 $$')" \
	'1 passed, 1 failed, 0 skipped'
like 'what it said to stderr is shown' "$(run 'echo help >&2; exit 1')" '^ *help$'
nok 'a run with only skipped tests fails' status 'echo "1..0 # SKIP no tool"'
nok 'an empty list is no success' sh -c 'tests/harness </dev/null'
done_testing
