#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# No two files share 15 equal lines: see tests/project/lint/equal-lines. Pairs that may are in
# equal-lines.ignore, with a reason.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# All files are compared, whatever LINT_ONLY says. Recorded data, licences and generated files are
# not written by hand.
shared() {
	LINT_ONLY='*' files '*' | grep -vE '/(corpus|captures)/|\.(svg|counts)$|^COPYING$' |
		tests/project/lint/equal-lines
}

empty 'no two files share 15 equal lines' shared
done_testing
