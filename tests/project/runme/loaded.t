#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# After installing: the commands to type next, loaded modules of another build, the offer to reload
# them, and the progress of what takes long. Functions in place of the kernel's answers.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

tree
patchlet alpha
patchlet TARGET 'Depends: alpha'
patchlet helper 'Modules: nf_helper_core nf_helper' 'Extensions: '
mkdir "$TMP/bin" "$TMP/loaded"
for program in rmmod modprobe; do
	printf '#!/bin/sh\necho "%s $*" >>%q\n[ ! -e %q/"%s-fails" ]\n' "$program" "$TMP/log" \
		"$TMP" "$program" >"$TMP/bin/$program"
done
chmod +x "$TMP/bin"/*
PATH=$TMP/bin:$PATH
# $TMP/loaded/MODULE has its build ID, its references, and the modules that use it.
cat >"$T/scripts/runme/zz-test.sh" <<END
for_this_host() { [[ \$1 == "$R" ]]; }
loaded_id() { [[ ! -e $TMP/loaded/\$1 ]] || sed -n 1p $TMP/loaded/\$1; }
users_of() { [[ ! -e $TMP/loaded/\$1 ]] || sed -n 2p $TMP/loaded/\$1; }
holders_of() { [[ ! -e $TMP/loaded/\$1 ]] || sed -n '3,\$p' $TMP/loaded/\$1; }
file_id() { sha256sum <"\$1" | cut -c1-16; }
PROGRESS_AFTER=1
END
loaded() { printf '%s\n' "${@:2}" >"$TMP/loaded/$1"; }
installed() { sha256sum <"$D/lib/modules/$R/updates/patch-o-matic/$1.ko" | cut -c1-16; }
log() { paste -sd, "$TMP/log" 2>/dev/null; rm -f "$TMP/log"; }

runme --batch alpha TARGET helper
like 'next: a match' "$out" '^   iptables -m alpha --help +the options of alpha$'
like 'next: a target' "$out" '^   iptables -j TARGET --help '
like 'next: a module that rules do not load' "$out" '^   modprobe nf_helper +starts helper$'
unlike 'next: no modules that load on demand' "$out" 'modprobe (xt_|nf_helper_core)'
like 'next: the manual' "$out" '^   man patch-o-matic-extensions '
unlike 'nothing is loaded: nothing to reload' "$out" 'Another build|another build'
runme --batch alpha
unlike 'nothing was installed: no next step' "$out" '^Next'

# The same build is loaded.
loaded xt_alpha "$(installed xt_alpha)" 0
runme --batch --force alpha
runme --status
unlike 'the installed build is loaded: nothing to say' "$out" 'another build'

loaded xt_alpha 0123 0
loaded xt_TARGET 0123 3
loaded nf_helper_core 0123 1 nf_helper
loaded nf_helper 0123 0
runme --status
is '--status: another build is loaded' "$(grep -o 'loaded from another build: .*' <<<"$out")" \
	'loaded from another build: xt_TARGET
loaded from another build: xt_alpha
loaded from another build: nf_helper_core nf_helper'
runme --status --json
is '--status --json: another build is loaded' \
	"$(jq -c '.patchlets[] | select(.name == "helper") | .loaded_differ' <<<"$out")" \
	'["nf_helper_core","nf_helper"]'

# again [ANSWERS]: installs another version of all
version=1
again() {
	version=$((version + 1))
	patchlet alpha "Version: $version"
	patchlet TARGET 'Depends: alpha' "Version: $version"
	patchlet helper 'Modules: nf_helper_core nf_helper' 'Extensions: ' "Version: $version"
	if (($#)); then
		answers "y y y $1" alpha TARGET helper
	else
		runme --batch alpha TARGET helper
	fi
}
again
is '--batch: status 0' "$status" 0
like '--batch: those without users, and what to type' "$(grep -A 1 '^Another build' <<<"$out" |
	paste -sd ' ')" \
	'^Another build is loaded, without users: .* +fix: rmmod (xt_alpha )?nf_helper nf_helper_core( xt_alpha)?, or reboot'
like '--batch: those with users' "$out" '^xt_TARGET: another build of it is loaded and has 3 users'
is '--batch: nothing is reloaded' "$(log)" ''
again N
is 'N: nothing is reloaded' "$(log)" ''
again ''
is 'no answer: nothing is reloaded, status 0' "$(log)$status" 0
again y
is 'y: status 0' "$status" 0
is 'y: those without users are reloaded, users before what they use' "$(log)" \
	'rmmod nf_helper,rmmod nf_helper_core,rmmod xt_alpha,modprobe xt_alpha,modprobe nf_helper_core,modprobe nf_helper'
like 'y: said' "$out" '^Loaded: nf_helper_core$'
loaded nf_helper_core 0123 2 nf_helper
again y
is 'y: of a patchlet all modules are reloaded, or none' "$(log)" 'rmmod xt_alpha,modprobe xt_alpha'
like 'y: said' "$out" '^nf_helper_core: another build of it is loaded and has 1 users'
loaded nf_helper_core 0123 1 nf_helper
loaded xt_alpha 0123 1
again y
is 'y: what a patchlet depends on stays' "$(log)" \
	'rmmod nf_helper,rmmod nf_helper_core,modprobe nf_helper_core,modprobe nf_helper'
loaded xt_alpha 0123 0
: >"$TMP/rmmod-fails"
again y
is 'one cannot be removed: status 1' "$status" 1
unlike 'one cannot be removed: modprobe is not called' "$(log)" modprobe
rm "$TMP/rmmod-fails"
: >"$TMP/modprobe-fails"
again y
is 'one cannot be loaded: status 1' "$status" 1
like 'one cannot be loaded: said' "$out" '^nf_helper: modprobe failed'
runme --batch --reverse helper
like 'reversed, still loaded: said' "$out" '^nf_helper is still loaded; fix: modprobe -r nf_helper'

# The real build ID.
(
	# shellcheck source=../../../scripts/runme/loaded.sh
	. "$T/scripts/runme/loaded.sh"
	echo 'int f(void) { return 0; }' >"$TMP/f.c"
	cc -shared -Wl,--build-id=0x0123456789abcdef -o "$TMP/f.ko" "$TMP/f.c"
	xz -k "$TMP/f.ko"
	file_id "$TMP/f.ko"
	file_id "$TMP/f.ko.xz"
	file_id "$TMP/f.c"
) >"$TMP/ids" 2>&1
is 'the build ID of a file, plain and compressed' "$(<"$TMP/ids")" \
	$'0123456789abcdef\n0123456789abcdef'

# Progress.
if command -v script >/dev/null; then
	sed -i 's/^modules:/&\n\t@sleep 3/' "$T/Makefile" # sleep: the seconds that are counted
	out=$(cd "$T" && TERM=xterm KERNEL_DIR=$K SHELL=/bin/sh script -qec \
		"./runme --destdir $D --test alpha" /dev/null </dev/null | tr '\r' '\n')
	like 'a long build on a terminal: the seconds count up' \
		"$(grep -c "^Building 1 for $R \.\.\. [0-9]* s" <<<"$out")" '^([2-9]|[1-9][0-9])'
	runme --test alpha
	unlike 'a long build elsewhere: no progress' "$out" 'Building'
else
	skip 'progress' 'script(1) is not installed'
fi

done_testing
