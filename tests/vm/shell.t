#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --shell on a terminal, with a stub in place of QEMU: no timeout once the guest is up, and the
# terminal's settings come back.
# inputs: scripts/* tests/lib/guest/*
# copies: *
. "${0%/*}/../lib/tap.sh"
need script
export TMPDIR=$TAP_TMP/tmp POM_VM_ACCEL=tcg
mkdir "$TMPDIR" "$TAP_TMP/bin"

cat >"$TAP_TMP/bin/qemu-system-x86_64" <<'END'
#!/bin/sh
exec 3>out 4>err
for word; do case $word in file,id=console,path=*) : >"${word##*path=}" ;; esac; done
stty raw -echo
case $STUB in
silent) exec sleep 60 ;; # sleep: until it is killed
killed) echo started 1 >verdict; kill -KILL $$ ;;
esac
echo started 1 >verdict
sleep 3 # sleep: longer than the timeout
printf '%s\n' 'status 0' 'taint 0 0' end >>verdict
END
chmod +x "$TAP_TMP/bin/qemu-system-x86_64"

# shell STUB: sets status and echo, whether the terminal shows what is typed afterwards.
shell() {
	local run="tests/vm/run --kernel 6.1 --patchlets none --timeout 2 --shell true; echo status=\$?; stty -a"
	said=$(STUB=$1 PATH=$TAP_TMP/bin:$PATH script -qec "sh -c '$run'" /dev/null </dev/null |
		tr -d '\r')
	status=$(sed -n 's/^status=//p' <<<"$said")
	echo=$(grep -oE -- '(-|\b)(echo|icanon)\b' <<<"$said" | paste -sd ' ')
}

shell normal
is 'a shell that is open longer than the timeout: status 0' "$status" 0
is 'the terminal is as before' "$echo" 'icanon echo'
shell killed
is 'QEMU is killed: status 125' "$status" 125
is 'the terminal is as before' "$echo" 'icanon echo'
shell silent
is 'the guest does not boot: the timeout ends it' "$status" 124
is 'the terminal is as before' "$echo" 'icanon echo'

done_testing
