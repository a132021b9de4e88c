#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What slow lints remember of files in which they found nothing (tests/project/lint/lib.sh) holds
# for these files as they were, and for no other reader.
# inputs: tests/project/lint/lib.sh tests/project/lint/shellcheck.t tests/project/lint/spdx.t
# copies: *
# shellcheck source=../lint/lib.sh
. "${0%/*}/../lint/lib.sh"

export POM_RESULTS=$TAP_TMP/results
unset FRESH
file=$TAP_TMP/file header=$TAP_TMP/header
echo one >"$file"
echo two >"$header"

nok 'nothing is known of a file at first' passed_before reader 1 -- "$file" "$header"
ok 'that it passed is kept' passes reader 1 -- "$file" "$header"
ok 'and known the next time' passed_before reader 1 -- "$file" "$header"
nok 'unless FRESH is 1' env FRESH=1 bash \
	-c ". tests/project/lint/lib.sh; passed_before reader 1 -- $file $header"
nok 'not to another version of the reader' passed_before reader 2 -- "$file" "$header"
nok 'nor where it reads other files with it' passed_before reader 1 -- "$file"
echo three >"$header"
nok 'nor when one of them has changed' passed_before reader 1 -- "$file" "$header"
echo two >"$header"
ok 'but again when that has been undone' passed_before reader 1 -- "$file" "$header"
find "$POM_RESULTS/lint" -type f -exec touch -d '61 days ago' {} +
ok 'another file passes' passes reader 1 -- "$file"
nok 'and what has not been asked for in two months is forgotten' passed_before reader 1 -- \
	"$file" "$header"

# The lint itself: a script with a fault has it the second time as well, and a script without one is
# not read twice.
lint() {
	LINT_ONLY=tests/project/lint/spdx.t PATH=$TAP_TMP/bin:$PATH bash \
		tests/project/lint/shellcheck.t
}
mkdir "$TAP_TMP/bin"
cat >"$TAP_TMP/bin/shellcheck" <<'END'
#!/bin/sh
[ "$1" = --version ] && exec echo a version
echo "$*" >>"${0%/*}/calls"
exit "$(cat "${0%/*}/status")"
END
chmod +x "$TAP_TMP/bin/shellcheck"
echo 1 >"$TAP_TMP/bin/status"
nok 'a lint that finds a fault fails' lint
nok 'and fails again' lint
echo 0 >"$TAP_TMP/bin/status"
ok 'when it finds nothing it passes' lint
ok 'and passes again' lint
like 'which is counted as cached' "$(lint)" '^ok 1 - tests/project/lint/spdx.t # cached$'
is 'for which it did not read the file once more' "$(wc -l <"$TAP_TMP/bin/calls")" 3
done_testing
