#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What harms the kernel is noticed, whatever the script says about itself.
. "$(dirname "$0")/../lib/tap.sh"

# harmed DESC STATUS REGEX OPTION-OR-SCRIPT...: a run that says `begun`, ends with STATUS and prints REGEX on standard error.
harmed() {
	local status
	tests/vm/run --patchlets none "${@:4}" >"$TAP_TMP/said" 2>"$TAP_TMP/complained" </dev/null
	status=$?
	is "$1: the status" "$status" "$2"
	like "$1: what is printed" "$(<"$TAP_TMP/complained")" "$3"
	like "$1: the console is kept" "$(cat "$(sed -n "s/.*the kernel's console: //p" "$TAP_TMP/complained")")" '^\[ .*Linux version'
	is "$1: what the script had said is there" "$(head -n 1 "$TAP_TMP/said")" begun
}

harmed 'a crash' 125 'Kernel panic - not syncing: sysrq triggered crash' bash -c 'echo begun; echo c >/proc/sysrq-trigger; sleep 20'
harmed 'power off' 125 'the machine ended while the script ran' bash -c 'echo begun; echo o >/proc/sysrq-trigger; sleep 20'
harmed 'a taint' 125 'is tainted: 0 before, 512 after' bash -c 'echo begun; echo 512 >/proc/sys/kernel/tainted; exit 0'

# As short a time as this machine can be up in: it may be busy.
for seconds in 20 60 200; do
	tests/vm/run --patchlets none --timeout "$seconds" bash -c 'echo begun; sleep 1000' >"$TAP_TMP/said" 2>"$TAP_TMP/complained" </dev/null
	status=$?
	[[ ! -s $TAP_TMP/said ]] || break
done
is 'a hang: the status' "$status" 124
like 'a hang: what is printed' "$(<"$TAP_TMP/complained")" "timeout: not done after $seconds seconds"
is 'a hang: what the script had said is there' "$(<"$TAP_TMP/said")" begun

# A module of our own that warns, dereferences nothing, or only grumbles.
mkdir "$TAP_TMP/module"
cp tests/vm/t/harmful.c "$TAP_TMP/module/"
echo 'obj-m := harmful.o' >"$TAP_TMP/module/Kbuild"
kernel_dir=$(scripts/kernel dir 6.1)
readarray -t flags < <(scripts/kernel makeflags "$kernel_dir")
ok 'a harmful module builds' make -s -C "$kernel_dir" M="$TAP_TMP/module" "${flags[@]}" modules
for how in warn oops; do
	harmed "a module that does $how" 125 "$(sed -n "s/^ \* $how: //p" tests/vm/t/harmful.c)" \
		bash -c "echo begun; insmod $TAP_TMP/module/harmful.ko how=$how; exit 0"
done
harmed 'a module that complains' 125 'the kernel .* complained' \
	bash -c "echo begun; insmod $TAP_TMP/module/harmful.ko how=complain; exit 0"

tests/vm/run --patchlets none bash -c "insmod $TAP_TMP/module/harmful.ko; cat /proc/sys/kernel/tainted; (sleep 1000 &) ; exit 3" \
	>"$TAP_TMP/said" 2>&1 </dev/null
is 'a module from outside the tree, unsigned, is no harm, nor a process that is left' $? 3
is 'though it is a taint' "$(<"$TAP_TMP/said")" $((1 << 12 | 1 << 13))
done_testing
