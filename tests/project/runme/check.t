#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The check of one patchlet: every kind of refusal with its reason, its fix and its effect on the
# exit status.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# refused DESC REASON FIX NAME: the patchlet NAME is refused for REASON, with FIX, and the status is
# 1.
refused() {
	runme --test "$4"
	is "$1: refused, status 1" "$status" 1
	like "$1: names patchlet and reason" "$out" "^   $4: .*$2"
	like "$1: names the fix" "$out" "fix: .*$3"
}

tree
patchlet good 'Requires: linux >= 5.10' 'Requires: config BAR' 'Requires: symbol nf_one' \
	'Requires: iptables >= 1.4'
kernel "$R" CONFIG_BAR=m CONFIG_NETFILTER_XT_MATCH_TWIN=y
runme --test good
is 'all requirements are met: status 0' "$status" 0
like 'and it is said' "$out" '^good: can be installed$'
is '--test installs nothing' "$(state_of "$D")" absent

patchlet newer 'Requires: linux >= 6.5'
refused 'linux too old' 'linux >= 6\.5, and this is 6\.1\.0-test' 'KERNEL_DIR=debian:VERSION' newer
patchlet older 'Requires: linux < 6.1'
refused 'linux too new' 'linux < 6\.1' KERNEL_DIR older
patchlet exact 'Requires: linux == 6.1'
runme --test exact
is 'linux == 6.1 holds for 6.1.0-test' "$status" 0
patchlet above 'Requires: linux > 6.1'
refused 'linux > 6.1 does not' 'linux > 6\.1' KERNEL_DIR above
patchlet config 'Requires: config FOO_BAR'
refused 'a CONFIG symbol' 'without CONFIG_FOO_BAR' 'CONFIG_FOO_BAR=m' config
patchlet config2 'Requires: config FOO_BAR'
runme --test config config2
is 'two patchlets, one reason: printed once' "$(grep -c 'without CONFIG_FOO_BAR' <<<"$out")" 1
like 'two patchlets, one reason: the second' "$out" \
	'^config2: cannot be installed here, skipped \(for the reasons of config\)$'
rm -r "$T/patchlets/config2"
patchlet symbol 'Requires: symbol nf_three'
refused 'an exported symbol' 'does not export nf_three' 'another kernel' symbol
patchlet tables 'Requires: iptables >= 99'
refused 'iptables' 'iptables >= 99, and this host has' 'libxtables-dev' tables
patchlet enemy 'Depends: !good'
runme --batch good
refused 'a conflict with what is installed' 'conflicts with good, which is installed' \
	'--reverse good' enemy
runme --batch --reverse good
runme --batch good enemy
like 'a conflict within one run: the second is refused' "$out" \
	'enemy: it conflicts with good, which was chosen'
is 'and was asked for by name: status 1' "$status" 1
runme --batch --reverse good
runme --batch enemy
runme --test good
like 'a conflict works in both directions' "$out" \
	'good: it conflicts with enemy, which is installed'
runme --batch --reverse enemy

patchlet twin 'Replaces: xt_twin'
refused 'an in-tree twin that is built in, by its CONFIG' \
	"kernel's own xt_twin is built in \\(CONFIG_" 'as a module' twin
patchlet other 'Replaces: nf_other'
mkdir -p "$D/lib/modules/$R"
echo kernel/net/netfilter/nf-other.ko >"$D/lib/modules/$R/modules.builtin"
refused 'an in-tree twin that is built in, by modules.builtin' \
	'nf_other is built in .*modules\.builtin' 'as a module' other
mkdir -p "$D/lib/modules/$R/updates/dkms"
: >"$D/lib/modules/$R/updates/dkms/xt_other.ko.xz"
refused 'a namesake from elsewhere' \
	'a second xt_other is installed: .*updates/dkms/xt_other.ko.xz' 'remove' other
rm -rf "$D"

patchlet broken
: >"$T/fail-broken"
refused 'it does not compile' "does not compile for $R: kernel/broken/xt_broken.c:7: error" \
	'read .*runme.log' broken
patchlet onbroken 'Depends: broken'
runme --batch onbroken good
like 'who needs it is refused too' "$out" '^   onbroken: it needs the patchlet broken'
like 'who does not is installed' "$out" '^Applied: good'
is 'status 1' "$status" 1
runme --batch --reverse good

runme --batch --exclude enemy base
is 'a patchlet of a suite cannot be installed: status 1' "$status" 1
is 'and the last line names what is missing' "$(tail -n 1 <<<"$out")" \
	"Not installed for $R: above broken config newer older onbroken symbol tables twin (the reasons are above)"
runme --batch --keep-going --exclude enemy base
is 'a patchlet of a suite cannot be installed, --keep-going: status 0' "$status" 0
is 'and the last line is the same' "$(tail -n 1 <<<"$out" | cut -d: -f1)" "Not installed for $R"
runme --batch --keep-going config
is 'a named patchlet cannot be installed, --keep-going: status 1' "$status" 1
runme --batch --keep-going --exclude enemy base
like 'and with its reason' "$out" '^   config: .*CONFIG_FOO_BAR'
is 'only installable patchlets were installed' "$(ls "$D/var/lib/patch-o-matic/$R")" \
	$'exact\ngood\nother'
runme --batch --force config
is '--force installs all the same' "$status" 0
like '--force: the reason is still told' "$out" 'without CONFIG_FOO_BAR'
runme --batch --force broken
is '--force does not help where nothing compiles' "$status" 1
runme --batch --reverse base

rm "$K/Module.symvers"
refused 'no Module.symvers' 'no Module\.symvers' 'make modules' good
kernel "$R"
rm "$K/.config"
refused 'no configuration' 'neither .config nor' 'configured tree' good
printf '%s\n' CONFIG_MODULES=y CONFIG_BAR=y >"$K/include/config/auto.conf"
runme --test good
is 'include/config/auto.conf will do' "$status" 0

kernel "$R" CONFIG_BAR=m
sed -i /CONFIG_MODULES/d "$K/.config"
refused 'a kernel without modules' 'cannot load modules at all' '--try good' good
kernel "$R" CONFIG_BAR=m
out=$(cd "$T" && KERNEL_DIR=/nonexistent ./runme --batch good 2>&1); status=$?
is 'no such KERNEL_DIR: status 1' "$status" 1
like 'no such KERNEL_DIR: reported, with a fix' "$out" \
	'KERNEL_DIR=/nonexistent does not exist.*debian:6\.12'
mkdir -p "$TMP/bare"
out=$(cd "$T" && KERNEL_DIR=$TMP/bare ./runme --batch good 2>&1)
like 'KERNEL_DIR is no kernel' "$out" 'not a prepared kernel tree'

mkdir "$TMP/bin"
printf '#!/bin/sh\nexit 1\n' >"$TMP/bin/pkg-config"
chmod +x "$TMP/bin/pkg-config"
PATH=$TMP/bin:$PATH runme --test good
like "iptables' development files are missing" "$out" \
	'good: the development files of iptables are missing'
like 'and what they are called' "$out" 'fix: install the packages libxtables-dev and pkg-config'
is 'status 1' "$status" 1
printf '#!/bin/sh\necho "libxtables.so.99 => /lib/libxtables.so.99"\n' >"$TMP/bin/ldd"
rm "$TMP/bin/pkg-config"
chmod +x "$TMP/bin/ldd"
PATH=$TMP/bin:$PATH runme --test good
like 'development files of another iptables' "$out" \
	'good: iptables uses libxtables\.so\.99 and the development files are for libxtables'
rm "$TMP/bin/ldd"

# It must not take a compiler to find out.
patchlet program 'Tools: gadget'
mkdir -p "$T/tools/program"
echo 'int main(void) { return 0; }' >"$T/tools/program/gadget.c"
printf '#!/bin/sh\ncase " $* " in *" libmnl "*) exit 1 ;; esac\nexec %q "$@"\n' \
	"$(command -v pkg-config)" >"$TMP/bin/pkg-config"
chmod +x "$TMP/bin/pkg-config"
PATH=$TMP/bin:$PATH runme --batch program
is 'the library of a tool is missing: status 1' "$status" 1
like 'named' "$out" 'program: the development files of libmnl are missing'
like 'and the fix' "$out" 'fix: install the packages libmnl-dev and pkg-config'
unlike 'and nothing is compiled' "$out" 'does not compile'

done_testing
