#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# How extensions and tools are compiled: CC, LLVM, CPPFLAGS, O, CROSS_COMPILE, and what is missing.
# inputs: scripts/* Kbuild Makefile extensions/rules.mk extensions/built-for.h tools/rules.mk kernel/compat/*
# inputs: tests/project/lint/lib.sh
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need gcc
unset MAKEFLAGS MFLAGS MAKELEVEL POM_OUT CC LLVM CPPFLAGS CFLAGS LDFLAGS CROSS_COMPILE PKG_CONFIG
small_tree
cp extensions/{rules.mk,built-for.h} "$TREE/extensions/"
cp tools/rules.mk "$TREE/tools/"
info_file hello 'Extensions: hello' 'Tools: hello'
mkdir "$TREE/tools/hello"
echo 'int hello(void) { return WORD; }' >"$TREE/extensions/libxt_hello.c"
echo 'int main(void) { return WORD; }' >"$TREE/tools/hello/hello.c"
sed -i '1i #ifndef WORD\n#define WORD 0\n#endif' "$TREE/extensions/libxt_hello.c" \
	"$TREE/tools/hello/hello.c"
printf '#!/bin/sh\ncase $* in *"${MISSING-none}") exit 1 ;; esac\n' >"$TAP_TMP/pkg-config"
chmod +x "$TAP_TMP/pkg-config"
export PKG_CONFIG=$TAP_TMP/pkg-config

build() { make -s -C "$TREE" extensions tools CFLAGS=-Wno-missing-prototypes "$@"; }
compiler() { readelf -p .comment "$1" | grep -oE 'GCC|clang' | sort -u | paste -sd ' '; }
value() { "$TREE/build/tools/hello"; echo $?; }
tool=$TREE/build/tools/hello

ok 'by default' build CPPFLAGS=
is 'the compiler is that of the host' "$(compiler "$tool")" GCC
is 'CPPFLAGS are not set' "$(value)" 0
ok 'CPPFLAGS: builds' build CPPFLAGS=-DWORD=7
is 'CPPFLAGS: and builds again' "$(value)" 7
stamp=$(stat -c %y "$tool")
ok 'the same again' build CPPFLAGS=-DWORD=7
is 'the same again: nothing is built' "$(stat -c %y "$tool")" "$stamp"
if command -v clang >/dev/null; then
	ok 'CC=clang: builds' build CC=clang
	like 'CC=clang: by clang' "$(compiler "$tool")" clang
	ok "the compiler of the host again: builds" build CC=cc
	ok 'LLVM=1: builds' build LLVM=1
	like 'LLVM=1: by clang' "$(compiler "$tool")" clang
else
	skip 'clang' 'clang is not installed'
fi
ok 'O=: builds' build O="$TAP_TMP/elsewhere"
ok 'O=: there' test -e "$TAP_TMP/elsewhere/extensions/libxt_hello.so"

# The variables of extensions and tools do not reach the kernel's Makefile.
kernel=$(scripts/kernel dir 6.1)
release=$(scripts/kernel release 6.1)
ok 'modules with all of them: builds' make -s -C "$TREE" modules "KERNEL_DIR=$kernel" CC=clang \
	LLVM=1 O="$TAP_TMP/elsewhere" \
	CFLAGS='-Wno-unused -DA' LDFLAGS=-Wl,-z,now
ok 'modules with all of them: there' test -e "$TAP_TMP/elsewhere/$release/xt_hello.ko"
like 'by the compiler of the kernel' "$(compiler "$TAP_TMP/elsewhere/$release/xt_hello.ko")" GCC

if command -v aarch64-linux-gnu-gcc >/dev/null; then
	ok 'CROSS_COMPILE: builds' build CROSS_COMPILE=aarch64-linux-gnu-
	for file in extensions/libxt_hello.so tools/hello; do
		like "CROSS_COMPILE: $file is for it" \
			"$(readelf -h "$TREE/build/aarch64-linux-gnu/$file")" 'Machine: +AArch64'
	done
	like "the host's are still the host's" "$(readelf -h "$tool")" \
		"Machine: +$([[ $(uname -m) == x86_64 ]] && echo 'Advanced Micro')"
else
	skip 'CROSS_COMPILE' 'gcc-aarch64-linux-gnu is not installed'
fi

mkdir "$TAP_TMP/other"
printf 'Name: other\nDescription: -\nVersion: 7\n' >"$TAP_TMP/other/other.pc"
cross_config() { env -u PKG_CONFIG CROSS_COMPILE=other- "$@"; }
is 'PKG_CONFIG_LIBDIR: the files of another architecture' "$(
	PKG_CONFIG_LIBDIR=$TAP_TMP/other cross_config scripts/pkg-config --modversion other
)" 7
nok 'PKG_CONFIG_LIBDIR: without it, they are not found' cross_config scripts/pkg-config \
	--exists other

sed -i '1i #include <libnetfilter_conntrack/libnetfilter_conntrack.h>' "$TREE/tools/hello/hello.c"
is 'the libraries of a tool are those that it includes' \
	"$("$TREE/scripts/info" libraries hello | xargs)" 'libmnl libnetfilter_conntrack'
for what in xtables:libxtables-dev libmnl:libmnl-dev \
	libnetfilter_conntrack:libnetfilter-conntrack-dev; do
	rm -rf "$TREE/build"
	says "without ${what%:*}" \
		"development files of .* are missing; fix: install ${what#*:} and" env \
		MISSING="${what%:*}" \
		make -s -C "$TREE" extensions tools CFLAGS=-Wno-missing-prototypes
done

done_testing
