#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Tests and demonstrations wait for a state, not for a time. A sleep that is really meant (the pause
# between two polls, the passing of virtual time) has a comment "# sleep: why" on its line.
# tests/vm/*.t are left out: a program that hangs, and time that passes, are what they are about.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

sleeps() {
	grep -nHE '(^|[^-_[:alnum:]])u?sleep[ (]+["$0-9.]' "$1" |
		grep -vE '(#|//|/\*) sleep: [[:alnum:]]'
}

while read -r file; do
	empty "$file" sleeps "$file"
done < <({ scripts; files '*.c' '*.py'; } | grep -E '^(tests/|patchlets/.*/demo|runme|scripts/)' |
	grep -vE '^tests/(project/lint/|vm/[a-z-]+\.t$)')
done_testing
