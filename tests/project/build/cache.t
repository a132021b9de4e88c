#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A copied or moved cache works, and so do a tree and a cache whose paths have blanks.
# inputs: scripts/* Kbuild Makefile kernel/compat/* tests/project/lint/lib.sh
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need gcc
unset MAKEFLAGS MFLAGS MAKELEVEL POM_OUT
TREE="$TAP_TMP/a tree"
small_tree

release=$(scripts/kernel release 7.3)
old=$POM_CACHE
scripts/kernel dir 7.3 >/dev/null
copy_cache() { # TO: with links to the files, since no file may be changed in place
	mkdir -p "$1/kernels/by-name"
	cp -al "$old/kernels/$release" "$1/kernels/" 2>/dev/null ||
		cp -a "$old/kernels/$release" "$1/kernels/"
	ln -s "../$release" "$1/kernels/by-name/7.3"
}
ok 'the cache is copied' copy_cache "$TAP_TMP/first"
before=$(find "$old/kernels/$release/headers/usr" -type f -name 'Makefile' -o -type f \
	-name modpost | sort | xargs cat | sha256sum)
export POM_CACHE=$TAP_TMP/first
makefile() { cat "$(scripts/kernel dir 7.3)/Makefile"; }
unlike 'the copy has no absolute paths' "$(makefile 2>/dev/null)" '[ =]/'
unlike 'nothing is said the second time' "$(scripts/kernel dir 7.3 2>&1)" 'adapting'
is 'the original is unchanged' \
	"$(find "$old/kernels/$release/headers/usr" -type f -name 'Makefile' -o -type f \
	-name modpost | sort | xargs cat | sha256sum)" "$before"
mv "$TAP_TMP/first" "$TAP_TMP/second"
export POM_CACHE=$TAP_TMP/second

ok 'a module of a tree with a blank builds with the moved cache' make -s -C "$TREE" modules \
	KERNEL_DIR=debian:7.3
module=$(find "$POM_CACHE/build" -name xt_hello.ko)
is 'for that kernel' "$(modinfo -F vermagic "$module" | cut -d' ' -f1)" "$release"
nok 'nothing refers to the first place' grep -rqF "$TAP_TMP/first" "${module%/*}" --include=*.cmd \
	--include=Makefile

like 'a cache with a blank is elsewhere' \
	"$(POM_CACHE="$TAP_TMP/a b" bash -c '. scripts/lib/common.sh; echo "$POM_CACHE"')" \
	"^/var/tmp/patch-o-matic-$UID\$"
mkdir "$TAP_TMP/a kernel"
echo '#define UTS_RELEASE "1"' >"$TAP_TMP/a kernel/utsrelease.h"
says 'a kernel with a blank is refused' 'cannot read a path with blanks' \
	"$TREE/scripts/build-modules" \
	"$(mkdir -p "$TAP_TMP/a kernel/include/generated" &&
	mv "$TAP_TMP/a kernel/utsrelease.h" "$_" && echo "$TAP_TMP/a kernel")"

mkdir -p "$TAP_TMP/kernel/include/generated" "$TREE/kernel/compat/probes"
echo '#define UTS_RELEASE "1"' >"$TAP_TMP/kernel/include/generated/utsrelease.h"
echo CONFIG_MODULES=y >"$TAP_TMP/kernel/.config"
: >"$TAP_TMP/kernel/Module.symvers"
printf 'modules:\n\t@echo "tool: not found" >&2; exit 1\n' >"$TAP_TMP/kernel/Makefile"
printf '%s\n' '/* always */' '/* no: never */' >"$TREE/kernel/compat/probes/HAVE_THIS.c"
says 'a kernel tree that compiles nothing is not the fault of a probe' \
	"cannot compile anything for $TAP_TMP/kernel: .*tool: not found" \
	"$TREE/scripts/build-modules" "$TAP_TMP/kernel"

done_testing
