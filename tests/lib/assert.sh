# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The assertions of all tests in bash, and the TAP that they print. It is sourced by three
# libraries, which say where a test runs: tests/lib/tap.sh on the host, tests/lib/scenario.sh in
# network namespaces of the guest, tests/debug/guest/lib.sh in a debug kernel.
#
#   ok DESC CMD...               CMD succeeds
#   nok DESC CMD...              CMD fails: with an exit status, not by a signal and not because
#                                there is no such command
#   is DESC GOT WANT             the strings are equal
#   like|unlike DESC GOT REGEX   the extended regular expression matches a line of GOT, or no line
#   skip DESC REASON             a test that cannot run here; it is counted as skipped
#   verdict STATUS DESC [WANTED GOT]   a test: STATUS is 0; where it is not, says why
#   done_testing                 prints the plan and exits: the last line of every test
#
# $tap_cases, $tap_failed and $tap_skipped count. A library replaces what differs where it runs:
#
#   tap_run CMD...               runs the command of an assertion [with its output in the file
#                                $tap_output]
#   tap_matches GOT REGEX        [by line]
#   tap_print WORD DESC [NOTE]   prints the line of a case, WORD being ok or not ok [to standard
#                                output]
#   tap_explain [WANTED GOT]     says why a case failed [what was wanted and got, and $tap_output]
#   tap_again                    prints how to repeat a case that failed [nothing]
tap_cases=0 tap_failed=0 tap_skipped=0 tap_output=

tap_run() { "$@" >"$tap_output" 2>&1; }
tap_matches() { grep -qE -- "$2" <<<"$1"; }
tap_print() { printf '%s %d - %s%s\n' "$1" "$tap_cases" "${2//#/\\#}" "${3:+ # $3}"; }

tap_explain() {
	(($# < 2)) || printf '# wanted: %s\n# got:    %s\n' "${1//$'\n'/$'\n# '}" \
		"${2//$'\n'/$'\n# '}"
	[[ ! $tap_output || ! -s $tap_output ]] || sed 's/^/# /' "$tap_output"
}

tap_again() { :; }

verdict() {
	tap_cases=$((tap_cases + 1))
	if (($1 == 0)); then
		tap_print ok "$2"
		return
	fi
	tap_failed=$((tap_failed + 1))
	tap_print 'not ok' "$2"
	tap_explain "${@:3}"
	tap_again
}

# The assertion runs no command, whose output would explain anything.
_no_output() { [[ ! $tap_output ]] || : >"$tap_output"; }

ok() {
	local status
	tap_run "${@:2}"
	status=$?
	verdict "$status" "$1" "success of: ${*:2}" "exit status $status"
}

nok() {
	local status
	tap_run "${@:2}"
	status=$?
	# bash returns 126 and 127 for a command that it cannot run, and 128 + N for signal N;
	# perl's die returns 255.
	verdict $((status == 0 || (status > 125 && status < 193))) "$1" "failure of: ${*:2}" \
		"exit status $status"
}

is() {
	_no_output
	if [[ $2 == "$3" ]]; then
		verdict 0 "$1"
	elif [[ $tap_output && $2$3 == *$'\n'* ]]; then
		diff <(printf '%s\n' "$3") <(printf '%s\n' "$2") >"$tap_output"
		verdict 1 "$1"
	else
		verdict 1 "$1" "'$3'" "'$2'"
	fi
}

like() {
	_no_output
	tap_matches "$2" "$3"
	verdict $? "$1" "a match of /$3/" "'$2'"
}

unlike() {
	_no_output
	tap_matches "$2" "$3"
	verdict $(($? == 0)) "$1" "no match of /$3/" "'$2'"
}

skip() {
	tap_cases=$((tap_cases + 1)) tap_skipped=$((tap_skipped + 1))
	tap_print ok "$1" "SKIP ${2:?skip needs a reason}"
}

done_testing() {
	printf '1..%d\n' "$tap_cases"
	exit $((tap_failed > 0))
}
