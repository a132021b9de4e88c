# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by tests/project/lint/*.t: TAP (tests/lib/tap.sh), and lists of files.
#
#   files GLOB...       the files of the tree that match, as git's pathspecs or, in a tree without
#                       .git, find's -path (only those that the pattern LINT_ONLY matches, if that
#                       is set)
#   scripts             the shell scripts among them, by shebang, extension or shellcheck directive
#   source_files        everything among them that carries a licence line
#   each_file WHAT FILE...
#                       a case "FILE: WHAT" for each file, or "FILE" if WHAT is empty; a line
#                       "FILE:..." of standard input is a fault of that file
#   passed_before WORDS -- FILE...
#                       true if `passes` was called with the same WORDS and file contents, and FRESH
#                       is not 1; WORDS name the analyzer and its version
#   passes WORDS -- FILE...
#                       records among the results of all tests (tests/lib/Results.pm) that a slow
#                       analyzer found nothing
#   cached DESC         a case that passed before; the harness counts it as cached

# shellcheck source=../../lib/tap.sh
. "${BASH_SOURCE[0]%/*}/../../lib/tap.sh"

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
		*:'#'*) names_a_shell "$file" || continue ;;
		*) continue ;;
		esac
		printf '%s\n' "$file"
	done
}
names_a_shell() {
	local line
	for _ in 1 2 3 4 5; do
		read -r line || return
		[[ $line != '# shellcheck shell='* ]] || return 0
	done <"$1"
	return 1
}

source_files() {
	local file first
	files '*' | while read -r file; do
		read -r first <"$file" 2>/dev/null
		case $file in
		*.c | *.h | *.sh | *.mk | *.awk | *.py | *.pl) ;;
		Makefile | */Makefile | Kbuild | */Kbuild) ;;
		*) [[ $first == '#!'* ]] || continue ;;
		esac
		printf '%s\n' "$file"
	done
}

each_file() {
	local what=$1 file line found
	local -A faults=()
	shift
	while IFS= read -r line; do
		faults[${line%%:*}]+=$line$'\n'
	done
	for file; do
		found=${faults[$file]-}
		printf %s "$found" >"$tap_output"
		verdict $((${#found} > 0)) "$file${what:+: $what}"
		unset "faults[$file]"
	done
	for file in "${!faults[@]}"; do
		printf %s "${faults[$file]}" >"$tap_output"
		verdict 1 "$file: ${what:-what it says}"
	done
}

verdict_of() {
	local words=
	while [[ $1 != -- ]]; do words+="$1 " && shift; done
	shift
	{ printf '%s\n' "$words" && sha256sum -- "$@"; } | sha256sum |
		sed "s,^,${POM_RESULTS:-$POM_CACHE/results}/lint/,; s, .*,,"
}

passed_before() { [[ ${FRESH-} != 1 && -e $(verdict_of "$@") ]]; }

passes() {
	local kept=${POM_RESULTS:-$POM_CACHE/results}/lint
	mkdir -p "$kept" && : >"$(verdict_of "$@")" && find "$kept" -type f -mtime +60 -delete
}

cached() {
	tap_cases=$((tap_cases + 1))
	tap_print ok "$1" cached
}
