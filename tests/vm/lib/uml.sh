# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2054,SC2154 # the variables of tests/vm/run and its other parts
# Starts User Mode Linux: the kernel as a process of the host. It runs at native speed, mounts the
# host's files with hostfs, and uses consoles on files and pipes instead of virtio ports.

is_uml() { [[ ${image##*/} == linux && $(head -c 4 "$image") == $'\x7fELF' ]]; }

# The counterpart of start_machine in qemu.sh.
start_uml() {
	# With KASAN, SLUB's checks are off: they write to memory before KASAN marks it as valid.
	# (The newer name slab_debug is unknown to 5.10.) A signal on 5.10 does not preserve the
	# registers of AVX-512, so programs must not use them.
	local -a command_line=("mem=${mem}M" "initrd=$tmp/initramfs" pom_share=hostfs panic=-1 \
		oops=panic random.trust_cpu=on
		kasan_multi_shot log_buf_len=4M GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512VL,-AVX512F
		con=null "con0=null,fd:10" "con1=null,fd:11" "con2=null,fd:12" "con3=null,fd:13" \
			console=tty0)
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
	# In its own session: when UML panics, it kills its process group.
	(pin_to_cpu && cd "$tmp" && ulimit -c 0 && exec setpriv --pdeathsig KILL setsid "$image" \
		"${command_line[@]}" 10>"$console" 11>out 12>err 13>verdict) \
		</dev/null >"$tmp/qemu.log" 2>&1 &
	machine=$!
	jobs_started+=("$machine" "${readers[@]}")
}
