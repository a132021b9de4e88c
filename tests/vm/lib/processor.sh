# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables of tests/vm/run and its other parts
# Which of this machine's processors a machine runs on.

processors_allowed() {
	local first last
	sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status | tr ',' '\n' | while IFS=- read -r first last; do
		seq "$first" "${last:-$first}"
	done
}

# The processes and threads of a machine with one processor take turns. On one of ours they need not wake another one each time, which
# is much of User Mode Linux's time, and some of QEMU's, where that one sleeps; so each machine has its own, as long as there are any.
# For the process that becomes the machine, which holds the lock by descriptor 14 for as long as it lives. Where that cannot be had, the
# machine goes where it likes.
stay_on_one() {
	local n
	((smp == 1)) && mkdir -p "$POM_CACHE/vm" || return 0
	for n in $(processors_allowed); do
		exec 14>"$POM_CACHE/vm/processor-$n" || return 0
		! flock -n 14 || { taskset -cp "$n" "$BASHPID" >/dev/null; return 0; }
	done
	exec 14>&-
}
