#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The Debian packages: dpkg-buildpackage makes them from the tarball of `make dist`, lintian accepts
# them, and they have all extensions, tools, pages and modules.
# inputs: debian/* packaging/* Makefile Kbuild kernel/* include/* extensions/* tools/* patchlets/* scripts/* doc/*.mk doc/*.8 doc/make-help tests/*.mk runme NEWS
# copies: *
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"
for program in dpkg-buildpackage dh dh_dkms lintian; do need "$program"; done
unset POM_OUT CFLAGS LDFLAGS CPPFLAGS MAKEFLAGS
export LC_ALL=C SOURCE_DATE_EPOCH=1600000000

version=$(scripts/version)
is 'the changelog has the version' "$(dpkg-parsechangelog -S Version)" "$version"
mkdir "$TAP_TMP/debs"
scripts/dist "$TAP_TMP/debs/dist.tar.gz" 2>/dev/null
tar -C "$TAP_TMP/debs" -xzf "$TAP_TMP/debs/dist.tar.gz"
build() { (cd "$TAP_TMP/debs/patch-o-matic-$version" && dpkg-buildpackage -us -uc -b); }
ok 'dpkg-buildpackage' build
cd "$TAP_TMP/debs" || exit
ok 'lintian: no error, no warning' lintian --fail-on error,warning ./*.changes

# in_package PACKAGE: the files of a package, without its documents.
in_package() {
	dpkg-deb -c "$1"_*.deb | awk '$1 ~ /^-/ { sub("^\\./", "", $6); print $6 }' |
		grep -v '^usr/share/doc/'
}
in_package patch-o-matic >user
in_package patch-o-matic-dkms >modules
missing=''
for name in $("$POM_TOP/scripts/info" extensions); do
	for family in ipt ip6t; do
		grep -q "/xtables/lib${family}_$name\.so$" user || missing+=" $name"
	done
done
is 'patch-o-matic: all extensions' "$missing" ''
missing=''
for name in $("$POM_TOP/scripts/info" tools); do
	for file in "usr/sbin/$name" "usr/share/man/man8/$name.8.gz" \
		"usr/share/bash-completion/completions/$name"; do
		grep -qxF "$file" user || missing+=" $file"
	done
done
is 'patch-o-matic: all programs, with page and completion' "$missing" ''
ok 'patch-o-matic: the index of pages' grep -qx 'usr/share/man/man8/patch-o-matic.8.gz' user
is 'patch-o-matic: the check of rules after the upgrade of a kernel and its headers' \
	"$(grep -cxE 'etc/kernel/(header_)?postinst.d/zz-patch-o-matic' user)" 2
is 'patch-o-matic: the unit that saves lists, and its program' \
	"$(grep -cE '/systemd/system/patch-o-matic-lists.service$|/patch-o-matic/lists$' user)" 2
ok 'patch-o-matic: what they run' grep -qx 'usr/libexec/patch-o-matic/check-rules' user
like 'patch-o-matic: the layout of libxtables' "$(dpkg-deb -f patch-o-matic_*.deb Depends)" \
	'libxtables12 \((<<|>=) 1\.8\.11~\)'
is 'patch-o-matic: no records of runme' "$(grep -c '^var/' user)" 0
is 'patch-o-matic-dkms: everything is in its source directory' \
	"$(grep -v "^usr/src/patch-o-matic-$version/" modules)" ''
dpkg-deb -x patch-o-matic-dkms_*.deb unpacked
source=unpacked/usr/src/patch-o-matic-$version
is 'patch-o-matic-dkms: all modules' \
	"$(sed -n 's/^BUILT_MODULE_NAME.*="\(.*\)"/\1/p' "$source/dkms.conf" | sort)" \
	"$("$POM_TOP/scripts/info" modules | sort)"
like 'patch-o-matic-dkms: the version' "$(<"$source/dkms.conf")" "^PACKAGE_VERSION=\"$version\"$"
ok 'patch-o-matic-dkms: its sources are found without the rest of the tree' \
	"$source/scripts/info" sources xt_recent
done_testing
