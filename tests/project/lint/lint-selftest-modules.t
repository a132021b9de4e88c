#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# modules.t detects each of its faults, in a small tree with one bad module.
# inputs: kernel/compat/* tests/project/build/lib.sh tests/project/lint/modules.t Kbuild Makefile scripts/*
# copies: tests/*
# shellcheck source=../build/lib.sh
. "${0%/*}/../build/lib.sh"
need sparse
small_tree
cp -r tests "$TREE"

cat >"$TREE/kernel/hello/xt_hello.c" <<'C'
#include <linux/module.h>
#include <linux/types.h>
static int level;
module_param(level, int, 0444);
__be16 hello_port(u16 port);
__be16 hello_port(u16 port)
{
	int unused;

	unused = level;
	return port;
}
MODULE_LICENSE("Proprietary");
C
said=$(KERNELS='6.1 7.3' "$TREE/tests/project/lint/modules.t" 2>&1)
like 'W=1: a variable that is not used' "$said" '^# .*set but not used'
is 'sparse: a port in host byte order, on both kernels' \
	"$(grep -cE '^# .*incorrect type in return' <<<"$said")" 2
like 'no description' "$said" '^not ok [0-9]+ - xt_hello: has a description'
like 'the licence' "$said" '^not ok [0-9]+ - xt_hello: is under the GPL'
like 'no version' "$said" '^not ok [0-9]+ - xt_hello: has the version of the tree'
like 'a parameter without description' "$said" \
	'^not ok [0-9]+ - xt_hello: every parameter has a description'
like 'aliases' "$said" '^not ok [0-9]+ - xt_hello: has the aliases'

# The compiler does not compile the file again because of this one.
echo '/* nobody includes it */' >"$TREE/kernel/hello/other.h"
said=$(KERNELS=6.1 "$TREE/tests/project/lint/modules.t" 2>&1)
like 'after a change of another file: said again' "$said" '^# .*set but not used'

echo 'int f(void) { return nowhere; }' >>"$TREE/kernel/hello/xt_hello.c"
said=$(KERNELS=6.1 "$TREE/tests/project/lint/modules.t" 2>&1)
like 'a module that does not build' "$said" '^not ok [0-9]+ - 6.1: the modules build'
done_testing
