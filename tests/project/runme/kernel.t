#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Which kernel is built for: KERNEL_DIR in all its spellings, --download.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# with KERNEL_DIR ARG...: that KERNEL_DIR, or none for -.
with() {
	local dir=$1
	shift
	out=$(cd "$T" && if [[ $dir == - ]]; then unset KERNEL_DIR; else export \
		KERNEL_DIR=$dir; fi && ./runme "$@" 2>&1 </dev/null)
	status=$?
}

tree
patchlet a
cat >"$T/scripts/kernel" <<-END
	#!/bin/sh
	echo "\$*" >>$TMP/kernel.log
	case \$1:\$2 in
	dir:6.1 | fetch:6.1) [ \$1 = fetch ] || echo $K ;;
	release-of:*) cat "\$2/include/config/kernel.release" ;;
	*) echo "kernel: error: no such kernel" >&2; exit 1 ;;
	esac
END
chmod +x "$T/scripts/kernel"

with debian:6.1 --batch --destdir "$D" a
is 'KERNEL_DIR=debian:6.1' "$status" 0
like 'KERNEL_DIR=debian:6.1: by scripts/kernel' "$(<"$TMP/kernel.log")" '^dir 6\.1$'
like 'its directory is named' "$out" "^Kernel:   $R, $K$"
with debian:9.9 --batch --destdir "$D" a
is 'a kernel that cannot be fetched: status 1' "$status" 1
like 'a kernel that cannot be fetched: reported' "$out" \
	'KERNEL_DIR=debian:9.9: cannot fetch this kernel'
with "$K/" --batch --reverse --destdir "$D" a
is 'a slash at the end does no harm' "$status" 0
(cd "$K/.." && KERNEL_DIR=kernel "$T/runme" --batch --destdir "$D" a >/dev/null 2>&1)
ok 'a relative one, from a different directory' test -e "$D/var/lib/patch-o-matic/$R/a"
with "/lib/modules/$R/build" --batch --reverse --destdir "$D" a
is 'to reverse, the headers need not be there any more' "$status" 0
with "/lib/modules/$R/build" --batch --destdir "$D" a
is 'to install, they must' "$status" 1
like 'and what else can be done' "$out" 'KERNEL_DIR=debian:6.12 ./runme'
if [[ -e /lib/modules/$(uname -r)/build ]]; then
	skip 'the headers of the running kernel are missing: said' 'they are there'
else
	with - --batch --destdir "$D" a
	like 'the headers of the running kernel are missing: said' "$out" \
		"install linux-headers-$(uname -r)"
fi

with - --download 6.1
is '--download' "$status" 0
like '--download: what to type next' "$out" 'KERNEL_DIR=debian:6.1 ./runme extra'
like '--download: headers and image' "$(<"$TMP/kernel.log")" '^fetch 6\.1$'
with - --download=debian:6.1 --batch --destdir "$D" a
is '--download with patchlets: they are installed for it' "$(find "$D" -name 'xt_*.ko')" \
	"$D/lib/modules/$R/updates/patch-o-matic/xt_a.ko"
with - --download 9.9
is '--download of an unknown kernel: status 1' "$status" 1

printf '../../etc\n' >"$K/include/config/kernel.release"
with "$K" --batch --destdir "$D" a
like 'a release that is not a directory name is refused' "$out" \
	"its release '../../etc' is not a valid directory name"

done_testing
