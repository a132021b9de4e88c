#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The build: kernels side by side, sources untouched, nothing done twice; a probe that fails by
# accident stops it.
# inputs: scripts/* Kbuild Makefile kernel/compat/* tests/project/lint/lib.sh
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need gcc
small_tree

build() { make -s -C "$TREE" modules KERNEL_DIR="$1"; }
sources() {
	(cd "$TREE" && find . -path ./build -prune -o -type f -print0 | sort -z |
		xargs -0 sha256sum)
}
in_build() { echo "$TREE/build/$(scripts/kernel release "$1")/$2"; }

before=$(sources)
ok 'a module is built for 5.10' build debian:5.10
ok 'and for 7.3, next to it' build debian:7.3
for kernel in 5.10 7.3; do
	ok "the module for $kernel is for $kernel" \
		test "$(modinfo -F vermagic "$(in_build $kernel xt_hello.ko)" | cut -d' ' -f1)" = \
		"$(scripts/kernel release $kernel)"
done
ok 'the sources are as they were' test "$before" = "$(sources)"

stamp() { stat -c %Y.%y "$(in_build 7.3 xt_hello.ko)"; }
made=$(stamp)
# 1/100 s of CPU time that programs of this test have taken
cpu_time() {
	local -a stat
	read -r -a stat <"/proc/$$/stat"
	echo $((stat[15] + stat[16]))
}
started=$(cpu_time)
ok 'a second build succeeds' build debian:7.3
took=$((($(cpu_time) - started) * 10))
ok "it takes under 2 s of CPU time ($took ms)" test $took -lt 2000
ok 'it builds nothing' test "$made" = "$(stamp)"
echo 'int greet_twice(void); int greet_twice(void) { return 2; }' >>"$TREE/kernel/hello/greet.c"
ok 'a change of a parser rebuilds' build debian:7.3
nothing_new() { [[ $made == "$(stamp)" ]]; }
ok 'the module that includes it' eval '! nothing_new'

echo 'int broken(void) { return nowhere; }' >"$TREE/kernel/hello/greet.c"
says 'a module that does not compile is an error' 'nowhere. undeclared' build debian:7.3
echo 'int greet(void) { return 0; }' >"$TREE/kernel/hello/greet.c"

mkdir "$TREE/kernel/lib"
: >"$TREE/kernel/lib/greet.h"
: >"$TREE/kernel/lib/greet.c"
sed -i '1i #include "lib/greet.h"' "$TREE/kernel/hello/xt_hello.c"
says 'two sources of a module with one name are an error' \
	'xt_hello: two of its sources are called greet.c' build debian:7.3
sed -i 1d "$TREE/kernel/hello/xt_hello.c"

probe() { printf '%s\n' "$2" "$3" "$4" >"$TREE/kernel/compat/probes/$1.c"; }
probe HAVE_SYSCTL_SZ '/* Linux 6.6: register_net_sysctl_sz() */' \
	'/* exported: register_net_sysctl_sz */' ''
probe HAVE_JIFFIES '/* always */' '/* no: never */' '#include <linux/jiffies.h>'
probe HAVE_NOWHERE '/* never */' '/* no: No such file */' '#include <linux/nowhere.h>'
ok 'probes are asked of 5.10' build debian:5.10
ok 'and of 7.3' build debian:7.3
defines() { grep -q "^#define $2 1$" "$(in_build "$1" probes.h)"; }
ok 'a symbol exported in 7.3' defines 7.3 HAVE_SYSCTL_SZ
ok 'a symbol not exported in 5.10' eval '! defines 5.10 HAVE_SYSCTL_SZ'
ok 'a probe that compiles' defines 5.10 HAVE_JIFFIES
ok 'a probe that fails as it expects' eval '! defines 5.10 HAVE_NOWHERE'
probe HAVE_BROKEN '/* broken */' '/* no: implicit declaration of .something. */' \
	'int x(void) { return 1 +; }'
says 'a probe that fails by accident stops the build' \
	'the probe HAVE_BROKEN fails for a reason that it does not expect' build debian:7.3
rm "$TREE/kernel/compat/probes/HAVE_BROKEN.c"

says 'a KERNEL_DIR that does not exist' 'KERNEL_DIR=/nowhere does not exist; fix: install' \
	build /nowhere
mkdir "$TAP_TMP/empty"
says 'a KERNEL_DIR that is no kernel' 'is not a prepared kernel tree' build "$TAP_TMP/empty"
says 'a kernel that nobody has' 'has no kernel 4.4 ' build debian:4.4
says 'a kernel with a nonsensical name' "'wheezy' names no kernel" build debian:wheezy
done_testing
