#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What make says when it cannot build, and that it fails then.
# inputs: scripts/* Kbuild Makefile extensions/rules.mk extensions/built-for.h tools/rules.mk kernel/compat/* tests/project/lint/lib.sh
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL POM_OUT
small_tree
cp extensions/{rules.mk,built-for.h} "$TREE/extensions/"
cp tools/rules.mk "$TREE/tools/"

ok 'no extensions and no tools: nothing to do' make -s -C "$TREE" extensions tools
ok 'a suite is a name, too' make -s -C "$TREE" extensions tools PATCHLETS=extra
for target in extensions tools modules; do
	says "make $target PATCHLETS=HELO" "there is no patchlet or suite called 'HELO'" \
		make -s -C "$TREE" "$target" PATCHLETS=HELO KERNEL_DIR="$(scripts/kernel dir 6.1)"
done

mkdir "$TAP_TMP/bin"
cp -s /usr/bin/* "$TAP_TMP/bin" 2>/dev/null
rm -f "$TAP_TMP"/bin/*{gcc,cc,clang}*
says 'make modules without a compiler' 'no C compiler gcc; fix: apt-get install gcc' \
	env "PATH=$TAP_TMP/bin:/usr/sbin:/sbin" make -s -C "$TREE" modules \
	KERNEL_DIR="$(scripts/kernel dir 6.1)"
nok 'and no module is built' compgen -G "$TREE/build/*/*.ko"

done_testing
