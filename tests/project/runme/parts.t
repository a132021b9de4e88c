#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --modules and --userspace: each installs and reverses its part, and leaves the other alone.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

records=$D/var/lib/patch-o-matic
installed_files() {
	(cd "$D" && find . -type f ! -path './var/*' -printf '%f\n' | sort | paste -sd ' ')
}

tree
patchlet alpha 'Requires: config NONE'
patchlet beta 'Depends: alpha' 'Requires: iptables >= 99'
patchlet gamma

runme --batch --modules gamma
is '--modules: status 0' "$status" 0
is '--modules: no other files' "$(installed_files)" 'xt_gamma.ko'
runme --batch --modules beta gamma
is '--modules needs no newer iptables, but the configuration' \
	"$(grep -c 'beta: it needs iptables\|alpha: .*CONFIG_NONE' <<<"$out")" 1
is '--modules again: nothing changes' "$(grep -c 'Already applied: gamma' <<<"$out")" 1
modules=$(state_of "$D/lib")

# Without a kernel's headers.
K_SAVED=$K K=/nonexistent
runme --batch --userspace alpha gamma
is '--userspace: status 0' "$status" 0
is '--userspace: no modules' "$(installed_files)" \
	'libip6t_alpha.so libip6t_gamma.so libipt_alpha.so libipt_gamma.so stub-extensions.8 xt_gamma.ko'
is '--userspace: the modules stay' "$(state_of "$D/lib")" "$modules"
unlike '--userspace: the kernel has no say' "$out" 'CONFIG_NONE|depmod|signed'
runme --batch --userspace alpha gamma
is '--userspace again: nothing changes' "$(grep -c '^Already applied' <<<"$out")" 2
runme --batch --userspace beta
like '--userspace needs the iptables' "$out" 'beta: it needs iptables >= 99'
runme --status
is '--status: status 0' "$status" 0
like '--status: their own heading' "$out" '^userspace:$'
runme --batch --reverse --userspace base
is '--reverse --userspace: status 0' "$status" 0
is '--reverse --userspace: the modules stay' "$(state_of "$D/lib")" "$modules"
nok '--reverse --userspace: no records' test -e "$records/userspace"
K=$K_SAVED

runme --batch gamma
is 'then without an option: everything' "$(installed_files)" \
	'libip6t_gamma.so libipt_gamma.so stub-extensions.8 xt_gamma.ko'
runme --batch --reverse gamma
is 'reversing leaves nothing' "$(state_of "$D")" absent

runme --modules --userspace gamma
is 'both options: refused' "$status" 2
for target in install-modules install-userspace; do
	like "make $target" "$(make -n -C "$POM_TOP" "$target" "PATCHLETS=tftp" "DESTDIR=$D")" \
		"runme --destdir '$D' +--batch --${target#install-} tftp"
done

done_testing
