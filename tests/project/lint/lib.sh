# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by tests/project/lint/*.t: TAP (tests/lib/tap.sh), and lists of files.
#
#   files GLOB...       the files of the tree that match, as git's pathspecs or, in a tree without
#                       .git, find's -path (only those that the pattern LINT_ONLY matches, if that
#                       is set)
#   scripts             the shell scripts among them, by shebang, extension or shellcheck directive
#   source_files        everything among them that carries a licence line
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
		*.c | *.h | *.sh | *.mk | *.awk | *.py | *.pl) ;;
		Makefile | */Makefile | Kbuild | */Kbuild) ;;
		*) [[ $first == '#!'* ]] || continue ;;
		esac
		printf '%s\n' "$file"
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
