#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Tests and demonstrations wait for a state, not for a time. A sleep that is really meant (the pause
# between two polls, the passing of virtual time) has a comment "# sleep: why" on its line.
# tests/vm/*.t are left out: a program that hangs, and time that passes, are what they are about.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

sleeps() {
	grep -nHE '(^|[^-_[:alnum:]])u?sleep[ (]+["$0-9.]' "$@" |
		grep -vE '(#|//|/\*) sleep: [[:alnum:]]'
}

mapfile -t all < <({ scripts; files '*.c' '*.py'; } |
	grep -E '^(tests/|patchlets/.*/demo|runme|scripts/)' |
	grep -vE '^tests/(project/lint/|vm/[a-z-]+\.t$)')
each_file '' "${all[@]}" < <(sleeps "${all[@]}" /dev/null)
done_testing
