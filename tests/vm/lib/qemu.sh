# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154,SC2054 # the variables of tests/vm/run and its other parts
# The machine itself: which accelerator, which devices.

# need COMMAND PACKAGE: a complaint for need_tools where there is no such command.
need() {
	command -v "$1" >/dev/null || missing+=("$1 (package $2)")
}

need_tools() {
	local missing=()
	PATH=$PATH:/usr/sbin:/sbin
	need qemu-system-x86_64 qemu-system-x86
	need busybox busybox-static
	need depmod kmod
	need unshare util-linux
	need mount mount
	need xz xz-utils
	((${#missing[@]} == 0)) || die "not installed: $(printf '%s, ' "${missing[@]}" | sed 's/, $//')"
}

# Sets $accelerator. KVM only where it has been seen to boot this kernel or another: a /dev/kvm that opens and then hangs exists.
choose_accelerator() {
	accelerator=tcg
	if ((virtual_time)) || [[ ${POM_VM_ACCEL-} == tcg || ! -r /dev/kvm || ! -w /dev/kvm ]]; then
		return
	fi
	local verdict=$POM_CACHE/vm/kvm key
	key="$(</proc/sys/kernel/random/boot_id) $(qemu-system-x86_64 --version | head -n 1)"
	if [[ ! -r $verdict || $(head -n 1 "$verdict") != "$key" ]]; then
		mkdir -p "$POM_CACHE/vm"
		printf '%s\n%s\n' "$key" "$(prove_kvm)" >"$verdict.$$"
		mv "$verdict.$$" "$verdict"
	fi
	[[ $(tail -n 1 "$verdict") != works ]] || accelerator=kvm
}

# Boots the kernel with no root at all under KVM: it works if its complaint about that comes within a few seconds.
prove_kvm() {
	local log=$tmp/kvm.log
	timeout --signal KILL 8 qemu-system-x86_64 -accel kvm -cpu host -M pc -m 256 -nodefaults -no-user-config -display none -no-reboot \
		-kernel "$image" -append "console=ttyS0 panic=-1" -serial "file:$log" >/dev/null 2>&1 </dev/null || true
	if grep -q 'Unable to mount root fs' "$log" 2>/dev/null; then
		echo works
	else
		info "KVM does not boot a kernel here: emulating the processor"
		echo fails
	fi
}

# Starts QEMU in the background. Its four ports: out and err pass through, verdict and console are files.
start_machine() {
	local -a cpu command_line options
	case $accelerator in
	kvm) cpu=(-accel kvm -cpu host) ;;
	*) cpu=(-accel tcg -cpu max,la57=off) ;;
	esac
	! ((virtual_time)) || cpu=(-accel "tcg,thread=single" -icount "shift=0,sleep=off" -cpu max)
	# What only costs time where the processor is emulated is left out: page tables of five levels, protection from a processor's
	# leaks, access control by name. The checks of access to user memory stay. And addresses stay the same from process to process:
	# QEMU translates code anew for each address that it runs at, which makes a process twice as dear. And SLUB's own checks, which
	# kernels have that are built here, see nothing that KASAN does not. KCSAN waits for guest/machine: while a kernel boots, it
	# reports how its timer is calibrated.
	# shellcheck disable=SC2206 # POM_VM_APPEND is words
	command_line=(console=ttyS0 panic=-1 oops=panic reboot=t mitigations=off random.trust_cpu=on audit=0 "pom_share=$share" log_buf_len=4M
		init_on_alloc=0 apparmor=0 nopti nokaslr norandmaps slub_debug=- kcsan.early_enable=0 ${POM_VM_APPEND-})
	mkdir -p "$state/console"
	console=$state/console/$(date +%Y%m%d-%H%M%S)-$$.log
	mkfifo "$tmp/out" "$tmp/err"
	cat "$tmp/out" &
	readers=($!)
	cat "$tmp/err" >&2 &
	readers+=($!)
	: >"$tmp/verdict"
	# A socket for each processor: the MP table, by which kernels without ACPI find them, has the first one of each socket.
	options=(-M "pc,memory-backend=mem" -m "$mem" -object "memory-backend-memfd,id=mem,size=${mem}M,share=on" -smp "$smp,sockets=$smp"
		-nodefaults -no-user-config -display none -no-reboot -name "pom-$release"
		-kernel "$image" -initrd "$tmp/initramfs" -append "${command_line[*]}"
		-chardev "file,id=console,path=$console" -serial chardev:console
		-device "virtio-serial-pci,max_ports=8"
		-chardev "file,id=out,path=out" -device virtserialport,nr=1,chardev=out,name=out
		-chardev "file,id=err,path=err" -device virtserialport,nr=2,chardev=err,name=err
		-chardev "file,id=verdict,path=verdict" -device virtserialport,nr=3,chardev=verdict,name=verdict
		"${share_devices[@]}")
	if ((shell)); then
		options+=(-chardev stdio,id=shell,signal=off -device virtconsole,nr=4,chardev=shell)
	fi
	(stay_on_one && cd "$tmp" && exec setpriv --pdeathsig KILL qemu-system-x86_64 "${cpu[@]}" "${options[@]}") <&0 2>"$tmp/qemu.log" &
	machine=$!
	jobs_started+=("$machine" "${readers[@]}")
}

# Waits for the end of the machine, or of its time.
await_machine() {
	local ended
	sleep "$timeout" >/dev/null 2>&1 & # sleep: the deadline
	jobs_started+=($!)
	wait -n -p ended "$machine" $! 2>/dev/null || true
	timed_out=0
	if [[ $ended != "$machine" ]]; then
		timed_out=1
		kill -KILL "$machine" 2>/dev/null || true
	fi
	wait "$machine" "${readers[@]}" 2>/dev/null || true
}
