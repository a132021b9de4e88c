# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the variables of tests/vm/run and its other parts
# Pins a guest with one CPU to a CPU of the host.

cpus_allowed() {
	local first last
	sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status | tr ',' '\n' |
		while IFS=- read -r first last; do
		seq "$first" "${last:-$first}"
	done
}

# Pins the calling process, which becomes the guest, to a free CPU. The threads of a guest with one
# CPU take turns: waking a second host CPU for each of them costs much of User Mode Linux's time and
# some of QEMU's. Descriptor 14 holds the lock of the CPU until the process exits. Without a free
# CPU the guest is not pinned.
pin_to_cpu() {
	local n
	((smp == 1)) && mkdir -p "$POM_CACHE/vm" || return 0
	for n in $(cpus_allowed); do
		exec 14>"$POM_CACHE/vm/processor-$n" || return 0
		! flock -n 14 || { taskset -cp "$n" "$BASHPID" >/dev/null; return 0; }
	done
	exec 14>&-
}
