#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# tests/vm/run detects kernel faults, whatever exit status the script has.
# inputs: scripts/* tests/lib/guest/*
. "${0%/*}/../lib/tap.sh"

# detected DESC STATUS REGEX OPTION-OR-SCRIPT...: a run that prints `begun`, has STATUS and prints
# REGEX on standard error.
detected() {
	local status
	tests/vm/run --patchlets none "${@:4}" >"$TAP_TMP/said" 2>"$TAP_TMP/complained" </dev/null
	status=$?
	is "$1: the status" "$status" "$2"
	like "$1: what is printed" "$(<"$TAP_TMP/complained")" "$3"
	like "$1: the console is kept" \
		"$(cat "$(sed -n "s/.*the kernel's console: //p" "$TAP_TMP/complained")")" \
		'^\[ .*Linux version'
	is "$1: the output of the script is kept" "$(head -n 1 "$TAP_TMP/said")" begun
}

detected 'a crash' 125 'Kernel panic - not syncing: sysrq triggered crash' bash \
	-c 'echo begun; echo c >/proc/sysrq-trigger; sleep 20'
detected 'power off' 125 'the guest ended while the script ran' bash \
	-c 'echo begun; echo o >/proc/sysrq-trigger; sleep 20'
detected 'a taint' 125 'is tainted: 0 before, 512 after' bash \
	-c 'echo begun; echo 512 >/proc/sys/kernel/tainted; exit 0'

# The shortest timeout in which this host boots the guest: the host may be busy.
for seconds in 20 60 200; do
	tests/vm/run --patchlets none --timeout "$seconds" bash \
		-c 'echo begun; sleep 1000' >"$TAP_TMP/said" 2>"$TAP_TMP/complained" </dev/null
	status=$?
	[[ ! -s $TAP_TMP/said ]] || break
done
is 'a hang: the status' "$status" 124
like 'a hang: what is printed' "$(<"$TAP_TMP/complained")" \
	"timeout: not done after $seconds seconds"
is 'a hang: the output of the script is kept' "$(<"$TAP_TMP/said")" begun

# A module that triggers a WARNING, an oops, or a log line of a fault.
mkdir "$TAP_TMP/module"
cp tests/vm/t/faulty.c "$TAP_TMP/module/"
echo 'obj-m := faulty.o' >"$TAP_TMP/module/Kbuild"
kernel_dir=$(scripts/kernel dir 6.1)
readarray -t flags < <(scripts/kernel makeflags "$kernel_dir")
ok 'a faulty module builds' make -s -C "$kernel_dir" M="$TAP_TMP/module" "${flags[@]}" modules
for how in warn oops; do
	detected "a module with the fault $how" 125 \
		"$(sed -n "s/^ \* $how: //p" tests/vm/t/faulty.c)" \
		bash -c "echo begun; insmod $TAP_TMP/module/faulty.ko how=$how; exit 0"
done
detected 'a module that logs a fault' 125 'the kernel .* reported a fault' \
	bash -c "echo begun; insmod $TAP_TMP/module/faulty.ko how=log; exit 0"

tests/vm/run --patchlets none bash -c \
	"insmod $TAP_TMP/module/faulty.ko; cat /proc/sys/kernel/tainted; (sleep 1000 &) ; exit 3" \
	>"$TAP_TMP/said" 2>&1 </dev/null
is 'neither an unsigned out-of-tree module nor a left process is a fault' $? 3
is 'the module taints the kernel' "$(<"$TAP_TMP/said")" $((1 << 12 | 1 << 13))
done_testing
