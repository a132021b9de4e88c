# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by tests/lint/*.t and tests/doc/*.t: says in TAP what was found, one case for each thing looked at.
#
#   ok DESC CMD...      CMD must succeed; its output is shown if it does not
#   empty DESC CMD...   CMD must print nothing, on either stream; what it prints are the faults
#   skip DESC REASON    counted as skipped, with its reason
#   need PROGRAM        without PROGRAM the whole test file is one skipped case
#   files GLOB...       the files of the tree that match, as git's pathspecs or, in a tree without .git, find's -path
#                       (only those that the pattern LINT_ONLY matches, if that is set)
#   scripts             the shell scripts among them, by shebang, extension or shellcheck directive
#   source_files        everything among them that carries a licence line
#   done_testing        the plan; the last line of every test

set -u
# shellcheck source=../../scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/common.sh"
cd "$POM_TOP" || exit

tap_cases=0 tap_failed=0
LINT_TMP=$(mktemp -d) || exit
trap 'rm -rf "$LINT_TMP"' EXIT

verdict() {
	local status=$1 word=ok
	shift
	((status)) && word='not ok'
	tap_cases=$((tap_cases + 1))
	tap_failed=$((tap_failed + (status != 0)))
	printf '%s %d - %s\n' "$word" "$tap_cases" "$*"
	((status)) && sed 's/^/# /' "$LINT_TMP/out"
	return 0
}

ok() {
	local what=$1
	shift
	"$@" >"$LINT_TMP/out" 2>&1
	verdict $? "$what"
}

empty() {
	local what=$1 status=0
	shift
	"$@" >"$LINT_TMP/out" 2>&1 || :
	[[ -s $LINT_TMP/out ]] && status=1
	verdict $status "$what"
}

skip() {
	tap_cases=$((tap_cases + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_cases" "$1" "$2"
}

need() {
	command -v "$1" >/dev/null && return
	skip "${0##*/}" "$1 is not installed"
	done_testing
}

done_testing() {
	printf '1..%d\n' "$tap_cases"
	((tap_failed == 0))
	exit
}

files() {
	local glob tests=(-false)
	if [[ -e .git ]]; then
		git ls-files --cached --others --exclude-standard -- "$@"
	else
		for glob; do
			tests+=(-o -path "./$glob")
		done
		find . -path ./build -prune -o -type f '(' "${tests[@]}" ')' -print | sed 's,^\./,,'
	fi | sort -u | while read -r glob; do
		# shellcheck disable=SC2053 # LINT_ONLY is a pattern
		[[ -f $glob && ! -L $glob && $glob == ${LINT_ONLY-*} ]] && printf '%s\n' "$glob"
	done
}

scripts() {
	local file first
	files '*' | while read -r file; do
		read -r first <"$file" 2>/dev/null
		case $file:$first in
		*:'#!'*/sh | *:'#!'*/sh\ * | *:'#!'*bash* | *:'#!'*dash*) ;;
		*.sh:* | *.bash:*) ;;
		*) head -n 5 "$file" | grep -aq '^# shellcheck shell=' || continue ;;
		esac
		printf '%s\n' "$file"
	done
}

source_files() {
	local file first
	files '*' | while read -r file; do
		read -r first <"$file" 2>/dev/null
		case $file in
		*.c | *.h | *.sh | *.mk | *.awk | *.py | *.pl | Makefile | */Makefile | Kbuild | */Kbuild) ;;
		*) [[ $first == '#!'* ]] || continue ;;
		esac
		printf '%s\n' "$file"
	done
}
