#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# `make html`: each manual page is well-formed HTML without rests of roff, and its links lead to
# pages and sections that exist.
# inputs: Makefile extensions/*.man patchlets/* scripts/* doc/* tools/*.8
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"
need mandoc
need python3
unset POM_OUT MAKEFLAGS

# The pages have no date, and a paragraph may begin behind a heading that scripts/man adds.
markup_faults() {
	mandoc -T lint -W warning "$1" |
		grep -vE 'WARNING: (missing date|skipping paragraph macro)' || :
}
html_faults() { # FILE: XML's parser, then rests of roff and links
	python3 - "$1" <<-'PYTHON'
	import os, re, sys
	import xml.etree.ElementTree as xml
	name = sys.argv[1]
	try:
	    root = xml.parse(name).getroot()
	except xml.ParseError as error:
	    sys.exit(f"{name}: {error}")
	ids = {e.get("id") for e in root.iter()}
	for e in root.iter("a"):
	    to = e.get("href", "")
	    if to.startswith("#") and to[1:] not in ids:
	        print(f"{name}: no section {to}")
	    elif not re.match("#|https?://|$", to) and \
	            not os.path.exists(os.path.join(os.path.dirname(name), to)):
	        print(f"{name}: no file {to}")
	text = "".join(root.find("body").itertext())
	for rest in re.findall(r"\\f[A-Z]|\\\(\w\w|^\.[A-Z]{2}\b.*", text, re.M):
	    print(f"{name}: roff in the text: {rest}")
	PYTHON
}

ok 'make html' make -s html "O=$TAP_TMP/build"
html=$TAP_TMP/build/doc
for page in "$TAP_TMP"/build/man/*.8; do
	name=${page##*/}
	empty "$name: its markup" markup_faults "$page"
	ok "$name: HTML" test -s "$html/$name.html"
	empty "$name: well-formed, with links that exist" html_faults "$html/$name.html"
done
is 'patch-o-matic(8) is the index' "$(cmp "$html/index.html" "$html/patch-o-matic.8.html")" ''
is 'the index has a link to each other page' \
	"$(grep -oE 'href="[a-z-]*\.8\.html"' "$html/index.html" | sort -u | wc -l)" \
	"$(($(find "$TAP_TMP/build/man" -name '*.8' | wc -l) - 1))"

# Planted faults.
printf '.TH X 8 2000-01-01\n.SH NAME\nx \\- y\n.NOSUCH z\n' >"$TAP_TMP/x.8"
like 'an unknown macro is found' "$(markup_faults "$TAP_TMP/x.8")" 'unknown macro'
printf '<html><body><p>x <b>y</p></body></html>' >"$html/x.html"
like 'an open element is found' "$(html_faults "$html/x.html" 2>&1)" 'mismatched tag'
printf '<html><body><a href="none.html">x</a><a href="#y">\\fBy</a></body></html>' >"$html/x.html"
is 'links to nothing and rests of roff are found' "$(html_faults "$html/x.html" | wc -l)" 3
done_testing
