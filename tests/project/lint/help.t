#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# `make help` (doc/make-help) lists every target of the makefiles that is declared phony, and lists
# no other.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

unset LINT_ONLY # the comparison needs all makefiles

declared() {
	LINT_ONLY='*' files Makefile '*.mk' | grep -v /stub | xargs sed -n 's/^\.PHONY: *//p' |
		tr ' ' '\n' | sed 's/^check-.*/check-PART/' |
		grep -v '^\$\|)$' | sort -u
}

listed() {
	sed '/^Variables/,$d' doc/make-help | sed -n 's/^  \([a-zA-Z-][a-zA-Z-]*\)  .*/\1/p' |
		sed 's/^check-\(debug\|deps\)$/check-PART/' | sort -u
}

is 'make help lists the targets' "$(listed)" "$(declared)"
is 'make help fits into 80 columns' "$(grep -E '.{81}' doc/make-help)" ''
done_testing
