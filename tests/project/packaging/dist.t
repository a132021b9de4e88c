#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# One version everywhere, and `make dist`: a tree below another path gives the same tarball, shared
# objects and programs.
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"
unset POM_OUT O PREFIX CFLAGS LDFLAGS CPPFLAGS MAKEFLAGS
export LC_ALL=C

version=$(scripts/version)
like 'the version is one' "$version" '^[0-9]+(\.[0-9]+)+$'
ok 'NEWS and the tag of this commit have it' scripts/version --check
like 'runme --version prints it' "$(./runme --version)" \
	"^Patch-o-matic ${version//./\\.}( \(commit [0-9a-f]{12}\+?\))?\$"
is 'no other file defines it' "$(grep -rlE '^(POM_)?VERSION *:?= *"?[0-9]' runme scripts Makefile \
	Kbuild extensions/rules.mk tools/rules.mk doc/rules.mk)" scripts/version

export SOURCE_DATE_EPOCH=1600000000
ok 'make dist' make -s dist "O=$TAP_TMP/dist"
tarball=$TAP_TMP/dist/patch-o-matic-$version.tar.gz
is 'all files are in one directory and belong to root' \
	"$(tar --utc -tzvf "$tarball" | awk '{ sub("/.*", "", $6); print $2, $4, $6 }' | sort -u)" \
	"0/0 2020-09-13 patch-o-matic-$version"
mkdir -p "$TAP_TMP/one" "$TAP_TMP/another path"
for dir in "$TAP_TMP/one" "$TAP_TMP/another path"; do
	tar -C "$dir" -xzf "$tarball"
	ok "${dir##*/}: build" make -s -C "$dir/patch-o-matic-$version" extensions tools man \
		PATCHLETS='string TARPIT'
	ok "${dir##*/}: the same tarball" bash -c \
		'cd "$1" && make -s dist && cmp build/patch-o-matic-*.tar.gz "$2"' \
		- "$dir/patch-o-matic-$version" "$tarball"
done
built() {
	(cd "$1/patch-o-matic-$version/build" && sha256sum extensions/*.so tools/* man/*.8)
}
like 'something is built' "$(built "$TAP_TMP/one")" ' extensions/libxt_TARPIT\.so$'
is 'both trees have the same products' "$(built "$TAP_TMP/one")" "$(built "$TAP_TMP/another path")"
is 'no page has another version' "$(cd "$TAP_TMP/one/patch-o-matic-$version/build/man" &&
	grep -L "^\.TH [^ ]* 8 \"\" \"Patch.*matic ${version//./\\.}\"" -- *)" ''
like 'a tarball knows its commit' \
	"$("$TAP_TMP/one/patch-o-matic-$version/scripts/version" --commit)" \
	'^([0-9a-f]{12}\+?|unknown)$'

# What disagrees is refused.
tree=$TAP_TMP/one/patch-o-matic-$version
sed -i "s/^## $version/## 9.9/" "$tree/NEWS"
nok 'NEWS with another version: refused' "$tree/scripts/version" --check
nok 'NEWS with another version: no tarball' make -s -C "$tree" dist O="$TAP_TMP/none"
nok 'and none is written' compgen -G "$TAP_TMP/none/*.tar.gz"
done_testing
