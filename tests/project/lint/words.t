#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Documents, manuals, help, messages and comments use the words that doc/conventions.md requires
# (tests/project/lint/words, words.list). Documents have no sentence of more than LIMIT words.
# words.ignore lists exceptions.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need perl

# Patterns and planted faults are not prose; seeds and captures are data.
not_prose='^(COPYING|tests/(.*/)?(words\.(list|ignore)|lint-selftest\.t|corpus/.*|captures/.*))$'

findings() { files '*' | grep -vE "$not_prose" | tests/project/lint/words --limit "${LIMIT:-25}"; }

empty 'the words of documents, manuals, messages and comments' findings
ok 'each exception has a reason' awk -F '\t+' \
	'/^(#|$)/ { next } NF < 3 { print FILENAME ":" FNR; bad = 1 } END { exit bad }' \
	tests/project/lint/words.ignore
done_testing
