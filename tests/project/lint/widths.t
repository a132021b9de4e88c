#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Lines of C have at most 80 columns, those of scripts and documents 100. tests/project/lint/widths
# lists the exceptions.
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need perl

findings() { files '*' | tests/project/lint/widths; }

# limit SECTION: prints the max_line_length of a section of .editorconfig.
limit() { sed -n "/^\[$1\]/,/^\[/s/^max_line_length = //p" .editorconfig; }

empty 'the widths of lines' findings
is '.editorconfig has the same limits' "$(limit '\*') $(limit '\*\.{c,h}')" '100 80'
done_testing
