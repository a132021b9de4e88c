#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A kernel of another architecture: extensions and tools are for it, or the patchlet is refused.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
[[ $(uname -m) == x86_64 ]] ||
	{ skip 'a kernel of another architecture' 'the host is no x86-64'; done_testing; }
unset STRIP

tree
patchlet alpha
kernel "$R" CONFIG_ARM64=y
mkdir "$TMP/bin"
printf '#!/bin/sh\necho "$0" >>%q\n' "$TMP/strip.log" >"$TMP/bin/aarch64-linux-gnu-strip"
cat >"$TMP/bin/aarch64-linux-gnu-pkg-config" <<'END'
#!/bin/sh
case $* in
--variable=xtlibdir*) echo /usr/lib/aarch64-linux-gnu/xtables ;;
--modversion*) echo 1.8.9 ;;
esac
END
cp "$TMP/bin/aarch64-linux-gnu-pkg-config" "$TMP/bin/other-pkg-config"
cp "$TMP/bin/aarch64-linux-gnu-strip" "$TMP/bin/other-strip"
chmod +x "$TMP/bin"/*
PATH=$TMP/bin:$PATH

runme --batch alpha
is 'arm64: status 0' "$status" 0
ok 'arm64: the extension where iptables of arm64 looks' test \
	-f "$D/usr/lib/aarch64-linux-gnu/xtables/libipt_alpha.so"
ok 'arm64: built in a directory of its own' test \
	-f "$T/build/aarch64-linux-gnu/extensions/libxt_alpha.so"
like 'arm64: stripped by its own strip' "$(<"$TMP/strip.log")" 'aarch64-linux-gnu-strip$'
runme --batch alpha
like 'arm64: found again' "$out" 'Already applied: alpha'
sed -i 's/It works/It works well/' "$T/patchlets/alpha/info"
CROSS_COMPILE=other- runme --batch alpha
ok 'CROSS_COMPILE chooses the compiler' test -f "$T/build/other/extensions/libxt_alpha.so"
like 'CROSS_COMPILE: its strip' "$(tail -n 1 "$TMP/strip.log")" 'other-strip$'
runme --batch --reverse alpha

printf '#!/bin/sh\nexit 1\n' >"$TMP/bin/aarch64-linux-gnu-pkg-config"
runme --batch alpha
is 'no libxtables of arm64: status 1' "$status" 1
like 'no libxtables of arm64: the fix' "$out" \
	'fix: install the packages libxtables-dev:arm64 and pkg-config, or use --modules'
runme --batch --modules alpha
is 'no libxtables of arm64, --modules: status 0' "$status" 0
rm -rf "$D"

kernel "$R" CONFIG_X86_32=y
runme --batch alpha
is 'i386, no CROSS_COMPILE: status 1' "$status" 1
like 'i386, no CROSS_COMPILE: the fix' "$out" 'the kernel is for i386, .*'
is 'i386, no CROSS_COMPILE: nothing is installed' "$(state_of "$D")" absent

done_testing
