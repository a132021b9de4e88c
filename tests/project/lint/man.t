#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Manual pages render without a warning. Each fragment is also rendered alone, to report the right
# file.
# inputs: Makefile extensions/*.man patchlets/* scripts/* doc/* tools/*.8
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need groff
need man

fragment_warnings() { { printf '.TH x 8\n.SH MATCHES\n.SS x\n'; cat "$1"; } | page_warnings -; }
page_warnings() { groff -ww -man -Tutf8 -z -- "$1"; }
page_for_80_columns() { MANWIDTH=80 MANROFFSEQ='' man --warnings=w -l "$1" >/dev/null; }

while read -r fragment; do
	empty "$fragment" fragment_warnings "$fragment"
done < <(files 'extensions/*.man' 'patchlets/*/manual.man')
ok 'the manual can be made' make -s man
for page in build/man/*.8 doc/*.[18] tools/*/*.8; do
	[[ -e $page ]] || continue
	empty "$page" page_warnings "$page"
	empty "$page: as man shows it" page_for_80_columns "$page"
done
done_testing
