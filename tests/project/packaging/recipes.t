#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The packages of other systems than Debian, from the tarball of `make dist`: rpmbuild builds those
# of RPM, makepkg and Nix read theirs, and the recipe for OpenWrt is expanded by make with stubs of
# OpenWrt's files. kmodtool is a stub, too: Debian has neither.
# inputs: packaging/* Makefile Kbuild kernel/* include/* extensions/* tools/* patchlets/* scripts/* doc/*.mk doc/*.8 doc/make-help tests/*.mk runme NEWS
# copies: *
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"
for program in rpmbuild makepkg nix-instantiate setpriv; do need "$program"; done
unset POM_OUT O PREFIX CFLAGS LDFLAGS CPPFLAGS MAKEFLAGS ARCH
export LC_ALL=C SOURCE_DATE_EPOCH=1600000000
version=$(scripts/version)
modules=$(scripts/info modules | sort)
top=$PWD
cd "$TAP_TMP" || exit
chmod 755 .

tarball=$TAP_TMP/patch-o-matic-$version.tar.gz
"$top/scripts/dist" "$tarball" 2>/dev/null
ok 'the recipes' "$top/packaging/recipes" "$tarball" recipes
nok 'a tarball of another version: refused' "$top/packaging/recipes" "$tarball.old" other
is 'no recipe is left as a template' "$(grep -rlE '@[A-Z0-9]+@|^#:' recipes)" ''

# RPM. %_dbpath: none of Debian's packages is in RPM's database, so --nodeps.
build_rpm() {
	rpmbuild -bb --quiet --nodeps --define "_topdir $TAP_TMP/rpm" \
		--define "_sourcedir $TAP_TMP" --define "_dbpath $TAP_TMP/rpm/db" "$@"
}
in_rpm() { rpm -qpl --dbpath "$TAP_TMP/rpm/db" "rpm/RPMS/"*/"$1-$version"-*.rpm 2>/dev/null; }
ok 'rpmbuild -bb patch-o-matic.spec' build_rpm recipes/rpm/patch-o-matic.spec
in_rpm patch-o-matic >user
missing=''
for name in $("$top/scripts/info" extensions); do
	for family in ipt ip6t; do
		grep -q "/xtables/lib${family}_$name\.so$" user || missing+=" $name"
	done
done
for name in $("$top/scripts/info" tools); do
	for file in "sbin/$name" "man8/$name.8.*" "completions/$name"; do
		grep -q "/$file$" user || missing+=" $file"
	done
done
is 'patch-o-matic.rpm: extensions, programs, pages, completion' "$missing" ''
is 'patch-o-matic.rpm: the unit that saves lists, and its program' \
	"$(grep -cE '/systemd/system/patch-o-matic-lists.service$|/patch-o-matic/lists$' user)" 2
ok 'patch-o-matic.rpm: the check of rules' grep -q '/libexec/patch-o-matic/check-rules$' user

release=$("$top/scripts/kernel" release 6.1)
kernel=$("$top/scripts/kernel" dir 6.1)
mkdir bin
cat >bin/kmodtool <<KMODTOOL
#!/bin/sh
# What kmodtool --for-kernels prints for a kernel, as far as the spec uses it.
echo "\$@" >>"$TAP_TMP/kmodtool.words"
cat <<'SPEC'
%package -n kmod-patch-o-matic-$release
Summary: modules for $release
Requires: patch-o-matic-kmod-common >= %{version}
%description -n kmod-patch-o-matic-$release
The modules for $release.
%files -n kmod-patch-o-matic-$release
/lib/modules/$release/extra/patch-o-matic/
%global kmodinstdir_prefix /lib/modules/
%global kmodinstdir_postfix /extra/patch-o-matic/
%global kernel_versions ${release}___$kernel
SPEC
KMODTOOL
chmod +x bin/kmodtool
PATH=$TAP_TMP/bin:$PATH ok 'rpmbuild -bb patch-o-matic-kmod.spec' build_rpm \
	--define "kernels $release" --define 'patchlets condition' \
	recipes/rpm/patch-o-matic-kmod.spec
like 'it asks kmodtool for this kernel' "$(head -n 1 kmodtool.words)" \
	"^--target x86_64 --kmodname patch-o-matic-kmod --for-kernels $release\$"
is 'kmod-patch-o-matic.rpm: the module' "$(in_rpm "kmod-patch-o-matic-$release" | grep '\.ko')" \
	"/lib/modules/$release/extra/patch-o-matic/xt_condition.ko"
: >kmodtool.words
PATH=$TAP_TMP/bin:$PATH ok 'the spec with the macros of Fedora' rpmspec -P --define 'fedora 42' \
	recipes/rpm/patch-o-matic-kmod.spec
like 'Fedora: an akmod' "$(head -n 1 kmodtool.words)" ' --akmod$'

# Arch Linux. makepkg refuses to run as root, and looks for pacman, which need not be there.
as_user() {
	if ((EUID)); then "$@"; else
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	fi
}
chmod 777 recipes/arch
srcinfo() {
	(cd recipes/arch && as_user env HOME="$PWD" PACMAN=true makepkg --printsrcinfo) >srcinfo
}
ok 'makepkg --printsrcinfo' srcinfo
value() { sed -n "s/^\t*$1 = //p" srcinfo | paste -sd ' '; }
is 'PKGBUILD: the version' "$(value pkgver)" "$version"
is 'PKGBUILD: its packages' "$(value pkgname)" 'patch-o-matic patch-o-matic-dkms'
is 'PKGBUILD: the tarball' "$(value source) $(value sha256sums)" \
	"patch-o-matic-$version.tar.gz $(sha256sum "$tarball" | cut -d ' ' -f 1)"
tar -xzf "$tarball"
package() { # FUNCTION PKGDIR: a function of the PKGBUILD on a tree that is built
	bash -c 'srcdir=$PWD pkgdir=$2 && . recipes/arch/PKGBUILD && "$1"' - "$@"
}
ok 'PKGBUILD: the package of modules' package package_patch-o-matic-dkms "$TAP_TMP/arch"
is 'PKGBUILD: dkms.conf has all modules' "$(sed -n 's/^BUILT_MODULE_NAME.*="\(.*\)"/\1/p' \
	"arch/usr/src/patch-o-matic-$version/dkms.conf" | sort)" "$modules"
ok 'PKGBUILD: build' package build "$TAP_TMP/arch"
ok 'PKGBUILD: the package of extensions' package package_patch-o-matic "$TAP_TMP/arch"
ok 'PKGBUILD: programs are in /usr/bin' test -x arch/usr/bin/recent -a ! -e arch/usr/sbin

# Nix. Without nixpkgs, the names of what the expression uses are stubs.
nix() {
	env HOME="$TAP_TMP" NIX_STATE_DIR="$TAP_TMP/nix" nix-instantiate --store dummy:// "$@"
}
expression=$top/packaging/nix/default.nix
ok 'nix-instantiate --parse' nix --parse "$expression"
evaluated() {
	nix --eval --strict --json -E "
		let
			pkgs = {
				lib = {
					cleanSource = toString;
					licenses.gpl2Only = {};
					platforms.linux = [];
				};
				stdenv.mkDerivation = x: x;
				pkg-config = 1; iptables = 2; libmnl = 3;
				libnetfilter_conntrack = 4;
			};
			kernel = {
				modDirVersion = \"6.12.1\";
				dev = \"/k\";
				moduleBuildDependencies = [];
			};
			all = import $expression { inherit pkgs kernel; };
		in
		[
			all.userspace.version
			all.modules.version
			(builtins.elemAt all.modules.buildFlags 1)
		]"
}
is 'nix-instantiate --eval' "$(evaluated)" \
	"[\"$version\",\"$version-6.12.1\",\"KERNEL_DIR=/k/lib/modules/6.12.1/build\"]"

# OpenWrt.
mkdir -p openwrt/include
printf '%s\n' 'INCLUDE_DIR:=$(TOPDIR)/include' 'DL_DIR:=/dl' >openwrt/rules.mk
printf '%s\n' 'AutoProbe=$(1)' >openwrt/include/kernel.mk
cat >openwrt/include/package.mk <<'MK'
PKG_BUILD_DIR:=/b
INSTALL_DIR:=mkdir
INSTALL_DATA:=data
INSTALL_BIN:=bin
BuildPackage=$(info $(PKG_VERSION) $(PKG_HASH))$(info $(call Package/$(1)/install,/root))
KernelPackage=$(eval $(KernelPackage/$(1)))$(info modules $(FILES))
all:;@:
MK
ok 'OpenWrt: make reads the recipe' bash -c \
	'make -s -f recipes/openwrt/Makefile TOPDIR="$PWD/openwrt" all >openwrt/out'
is 'OpenWrt: the tarball' "$(head -n 1 openwrt/out)" \
	"$version $(sha256sum "$tarball" | cut -d ' ' -f 1)"
is 'OpenWrt: all modules' "$(sed -n 's/^modules //p' openwrt/out | tr ' ' '\n' |
	sed 's,.*/,,;s/\.ko$//' | sort)" \
	"$modules"
is 'OpenWrt: all extensions' \
	"$(grep -o 'libip6t_[A-Za-z0-9]*' openwrt/out | sort)" \
	"$("$top/scripts/info" extensions | sed 's/^/libip6t_/' | sort)"
is 'OpenWrt: all programs' \
	"$(sed -n 's,.*/user/tools/\([a-z0-9]*\) .*,\1,p' openwrt/out | sort)" \
	"$("$top/scripts/info" tools | sort)"
done_testing
