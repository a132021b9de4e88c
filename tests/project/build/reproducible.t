#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The same tree below another path, built at another time, gives the same modules.
# inputs: scripts/* Kbuild Makefile kernel/compat/* tests/project/lint/lib.sh
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need gcc
unset POM_OUT KCFLAGS
export SOURCE_DATE_EPOCH=1600000000
small_tree
# The names of files are in messages of WARN() and in the debugging information.
sed -i 's/return greet();/WARN_ON(greet()); return 0;/' "$TREE/kernel/hello/xt_hello.c"
cp -r "$TREE" "$TAP_TMP/tree of another path"
cp -r "$TREE" "$TAP_TMP/third"
find "$TAP_TMP/third" -exec touch -d 2001-01-01 {} +

for kernel in 5.10 7.3; do
	release=$(scripts/kernel release "$kernel")
	module=build/$release/xt_hello.ko
	ok "$kernel: build" make -s -C "$TREE" modules "KERNEL_DIR=debian:$kernel"
	nok "$kernel: the module does not contain the path" grep -qF "$TAP_TMP" "$TREE/$module"
	ok "$kernel: it has debugging information" bash -c \
		'readelf -S "$1" | grep -q debug_info' - "$TREE/$module"
	ok "$kernel: build below another path" \
		make -s -C "$TAP_TMP/third" modules "KERNEL_DIR=debian:$kernel"
	ok "$kernel: the same module" cmp "$TREE/$module" "$TAP_TMP/third/$module"
	ok "$kernel: build below a path with blanks" \
		make -s -C "$TAP_TMP/tree of another path" modules "KERNEL_DIR=debian:$kernel"
	blank=$(POM_TOP="$TAP_TMP/tree of another path" modules_dir "$release")
	ok "$kernel: the same module" cmp "$TREE/$module" "$blank/xt_hello.ko"
	rm -rf "${blank%/*}"
done
sed -i 's/A greeting/Another greeting/' "$TAP_TMP/third/kernel/hello/xt_hello.c"
ok 'a change of the source' make -s -C "$TAP_TMP/third" modules KERNEL_DIR=debian:7.3
nok 'gives another module' cmp "$TREE/$module" "$TAP_TMP/third/$module"
done_testing
