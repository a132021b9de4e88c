# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2054,SC2154 # the variables of tests/vm/run and its other parts
# The other machine: User Mode Linux, the kernel as a program of this machine. It runs at native speed, sees the host's files
# through hostfs, and speaks through consoles that are files and pipes instead of virtio ports.

is_uml() { [[ ${image##*/} == linux && $(head -c 4 "$image") == $'\x7fELF' ]]; }

# What start_machine does for QEMU.
start_uml() {
	# SLUB's own checks write into what KASAN guards before it knows of it; KASAN sees more, where there is one. (slab_debug is its name
	# today, which 5.10 does not know.) A signal on 5.10 does not keep the registers that only AVX-512 has: programs do without.
	local -a command_line=("mem=${mem}M" "initrd=$tmp/initramfs" pom_share=hostfs panic=-1 oops=panic random.trust_cpu=on
		kasan_multi_shot log_buf_len=4M GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512VL,-AVX512F
		con=null "con0=null,fd:10" "con1=null,fd:11" "con2=null,fd:12" "con3=null,fd:13" console=tty0)
	! grep -q '^CONFIG_KASAN=y' "${image%/*}/.config" || command_line+=(slub_debug=-)
	((smp == 1)) || command_line+=("ncpus=$smp" seccomp=on)
	! ((virtual_time)) || command_line+=(time-travel=inf-cpu)
	((!shell)) || die "--shell needs QEMU"
	mkdir -p "$state/console"
	console=$state/console/$(date +%Y%m%d-%H%M%S)-$$.log
	mkfifo "$tmp/out" "$tmp/err"
	cat "$tmp/out" &
	readers=($!)
	cat "$tmp/err" >&2 &
	readers+=($!)
	: >"$tmp/verdict"
	# In a session of its own: when it panics, it kills its process group.
	(stay_on_one && cd "$tmp" && ulimit -c 0 && exec setpriv --pdeathsig KILL setsid "$image" "${command_line[@]}" 10>"$console" 11>out 12>err 13>verdict) \
		</dev/null >"$tmp/qemu.log" 2>&1 &
	machine=$!
	jobs_started+=("$machine" "${readers[@]}")
}
