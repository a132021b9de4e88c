# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by tests that run on this machine (tests/*/*.t): says in TAP what was found. Scenarios, which run in the machine in the
# box, have tests/lib/scenario.sh.
#
#   ok DESC CMD...               CMD must succeed; its output is shown if it does not
#   nok DESC CMD...              CMD must fail
#   empty DESC CMD...            CMD must print nothing, on either stream; what it prints are the faults
#   is DESC GOT WANT             the same text; the difference is shown
#   like|unlike DESC GOT REGEX   some line matches the extended regular expression, or none does
#   skip DESC REASON             counted as skipped, with its reason
#   need PROGRAM                 without PROGRAM the whole test file is one skipped case
#   verdict STATUS DESC          ok if STATUS is 0; else $TAP_TMP/out is shown
#   done_testing                 the plan; the last line of every test
#
# $TAP_TMP is a scratch folder. The working directory is the root of the tree.
set -u
# shellcheck source=../../scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/common.sh"
cd "$POM_TOP" || exit
PATH=$PATH:/usr/sbin:/sbin

tap_cases=0 tap_failed=0
TAP_TMP=$(realpath "$(mktemp -d)") || exit
trap 'rm -rf "$TAP_TMP"' EXIT

verdict() {
	local word=ok
	(($1)) && word='not ok'
	tap_cases=$((tap_cases + 1))
	printf '%s %d - %s\n' "$word" "$tap_cases" "${2//#/\\#}"
	(($1)) || return 0
	tap_failed=$((tap_failed + 1))
	sed 's/^/# /' "$TAP_TMP/out"
}

ok() {
	"${@:2}" >"$TAP_TMP/out" 2>&1
	verdict $? "$1"
}

nok() {
	"${@:2}" >"$TAP_TMP/out" 2>&1
	verdict $(($? == 0)) "$1"
}

empty() {
	local status=0
	"${@:2}" >"$TAP_TMP/out" 2>&1 || :
	[[ ! -s $TAP_TMP/out ]] || status=1
	verdict "$status" "$1"
}

is() {
	diff <(printf '%s\n' "$3") <(printf '%s\n' "$2") >"$TAP_TMP/out"
	verdict $? "$1"
}

like() {
	printf '%s is not in:\n%s\n' "$3" "$2" >"$TAP_TMP/out"
	grep -qE -- "$3" <<<"$2"
	verdict $? "$1"
}

unlike() {
	printf '%s is in:\n%s\n' "$3" "$2" >"$TAP_TMP/out"
	! grep -qE -- "$3" <<<"$2"
	verdict $? "$1"
}

skip() {
	tap_cases=$((tap_cases + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_cases" "$1" "${2:?skip needs a reason}"
}

need() {
	command -v "$1" >/dev/null && return
	skip "${0##*/}" "$1 is not installed"
	done_testing
}

done_testing() {
	printf '1..%d\n' "$tap_cases"
	exit $((tap_failed > 0))
}
