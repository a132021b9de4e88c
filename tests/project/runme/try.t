#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --try with a stub in place of the guest: missing packages, the question, what is staged, and the
# summary. tests/vm/*.t boot a guest.
# inputs: runme scripts/* Makefile Kbuild kernel/compat/* extensions/rules.mk tools/rules.mk
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"

# try INPUT ARG...: ./runme --try with that on stdin and our apt-get; never --destdir.
try() {
	local input=$1
	shift
	out=$(cd "$T" && printf '%s' "$input" | PATH=$TMP/bin:$PATH KERNEL_DIR=${SPEC-debian:6.1} \
		./runme --try "$@" 2>&1)
	status=$?
}

tree
patchlet a
patchlet b 'Requires: config NONE'
patchlet c
mkdir -p "$T/tests/vm" "$TMP/bin"
printf '#!/bin/sh\necho "$*" >%q\nexit $(cat %q)\n' "$TMP/vm.log" \
	"$TMP/vm.status" >"$T/tests/vm/run"
printf '#!/bin/sh\ncase $1 in dir) echo %q ;; release-of) cat "$2/include/config/kernel.release" ;; esac\n' "$K" >"$T/scripts/kernel"
chmod +x "$T/tests/vm/run" "$T/scripts/kernel"
printf '#!/bin/sh\nexit 0\n' >"$T/patchlets/a/demo"
chmod +x "$T/patchlets/a/demo"
echo 'base # sh' >"$T/scripts/packages"
echo 0 >"$TMP/vm.status"

try '' --batch extra
is 'status 0' "$status" 0
like 'the guest gets the kernel and the staged patchlets' "$(<"$TMP/vm.log")" \
	'--kernel 6\.1 .*--patchlets a,c '
like 'and runs their demonstrations' "$(<"$TMP/vm.log")" 'scripts/runme/demonstrate a c$'
like 'they are staged in the clone' "$(find "$T/build/$R/stage" -name '*.ko')" 'xt_a\.ko'
like 'the summary: demonstrated' "$out" 'and demonstrated: a$'
like 'the summary: only loaded' "$out" 'without a demonstration: c$'
like 'the summary: not tried' "$out" 'Not tried .*: b$'
try '' --batch b
is 'nothing can be tried: status 1' "$status" 1
for verdict in 3 124 125; do
	echo "$verdict" >"$TMP/vm.status"
	try '' --batch extra
	is "the guest ends with $verdict: status 1" "$status" 1
	unlike "the guest ends with $verdict: nothing was demonstrated" "$out" 'and demonstrated:'
done
echo 0 >"$TMP/vm.status"
: >"$T/fail-c"
try '' --batch extra
is 'a patchlet that does not compile: status 1' "$status" 1
rm "$T/fail-c"

# Something is missing.
{ echo 'tool-one # tool-one'; echo 'tool-two|tool-deux # /nonexistent/two tool-two'; } \
	>>"$T/scripts/packages"
printf '#!/bin/bash\necho "$*" >>%q\n[[ " $* " != *" install "* ]] || for t in tool-one tool-two; do ln -sf /bin/true %q/$t; done\n' \
	"$TMP/apt.log" "$TMP/bin" >"$TMP/bin/apt-get"
printf '#!/bin/sh\nexit 1\n' >"$TMP/bin/apt-cache"
printf '#!/bin/sh\n[ "$1" != -n ] || shift\nexec "$@"\n' >"$TMP/bin/sudo"
chmod +x "$TMP/bin"/*
lack() { rm -f "$TMP/bin"/tool-*; : >"$TMP/apt.log"; }
lack
try '' extra
is 'a package is missing and stdin is not a terminal: status 1' "$status" 1
like 'listed' "$out" 'Missing packages: tool-one tool-deux$'
like 'and what to do' "$out" './runme --batch --try'
is 'and nothing was installed' "$(<"$TMP/apt.log")" ''
try '' --batch extra
is '--batch installs it: status 0' "$status" 0
like 'with apt-get' "$(<"$TMP/apt.log")" 'install tool-one tool-deux$'
lack
printf '#!/bin/bash\necho "$*" >>%q\n[[ " $* " != *" install "* ]]\n' \
	"$TMP/apt.log" >"$TMP/bin/apt-get"
try '' --batch extra
is 'apt-get fails: status 1' "$status" 1
like 'its lists are fetched before it is given up' "$(<"$TMP/apt.log")" ' update$'
like 'and prints the command to type' "$out" 'fix: (sudo )?apt-get install'
is 'the guest was not started' \
	"$(rm -f "$TMP/vm.log"; try '' --batch extra; ls "$TMP/vm.log" 2>/dev/null)" ''
if command -v script >/dev/null; then
	lack
	out=$(cd "$T" && printf 'n\n' | PATH=$TMP/bin:$PATH KERNEL_DIR=debian:6.1 script \
		-qec './runme --try extra' /dev/null)
	like 'on a terminal it asks first' "$out" 'Install them with apt-get now\? \[Y/n\]'
	is 'and takes no for an answer' "$(<"$TMP/apt.log")" ''
else
	skip 'on a terminal it asks first' 'script(1) is not installed'
fi

SPEC=/usr/src/linux try '' --batch extra
is 'a KERNEL_DIR that is no stock kernel: refused' "$status" 2
like 'with the fix' "$out" 'KERNEL_DIR=debian:6.12'
try '' --shell extra
like '--shell needs a terminal' "$out" '--shell needs a terminal'
try '' --destdir /x extra
like '--destdir does not apply' "$out" 'installs nothing on this host'

# The list itself: each package has a proof.
is 'scripts/packages: every line has a package and a proof' \
	"$(grep -vE '^#|^[a-z0-9.+|-]+ # [^ ]' "$POM_TOP/scripts/packages")" ''

done_testing
