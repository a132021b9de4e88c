# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154,SC2054 # the variables of tests/vm/run and its other parts
# Starts QEMU: accelerator, kernel parameters, devices.

# need COMMAND PACKAGE: adds a missing command to the message of need_tools.
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
	((${#missing[@]} == 0)) ||
		die "not installed: $(printf '%s, ' "${missing[@]}" | sed 's/, $//')"
}

# Sets $accelerator. KVM must have booted a kernel on this host: on some hosts /dev/kvm opens, and
# the guest hangs.
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

# Boots the kernel without a root file system under KVM. KVM works if the panic message about it
# appears within 8 seconds.
prove_kvm() {
	local log=$tmp/kvm.log
	timeout --signal KILL 8 qemu-system-x86_64 -accel kvm -cpu host -M pc -m 256 \
		-nodefaults -no-user-config -display none -no-reboot \
		-kernel "$image" -append "console=ttyS0 panic=-1" \
		-serial "file:$log" >/dev/null 2>&1 </dev/null || true
	if grep -q 'Unable to mount root fs' "$log" 2>/dev/null; then
		echo works
	else
		info "KVM does not boot a kernel on this host: emulating the CPU"
		echo fails
	fi
}

# Starts QEMU in the background. Its four ports: out and err pass through, verdict and console are
# files.
start_machine() {
	local -a cpu command_line options
	case $accelerator in
	kvm) cpu=(-accel kvm -cpu host) ;;
	*) cpu=(-accel tcg -cpu max,la57=off) ;;
	esac
	! ((virtual_time)) || cpu=(-accel "tcg,thread=single" -icount "shift=0,sleep=off" -cpu max)
	# Features that only cost time on an emulated CPU are off: five-level page tables,
	# mitigations, AppArmor. Checks of access to user memory (SMAP) stay on. Address
	# randomization is off, because QEMU translates code again for each address: a process would
	# cost twice as much. SLUB's checks are off, since debug kernels have KASAN. guest/machine
	# turns KCSAN on after the boot, because KCSAN reports the calibration of the timer. On a
	# busy host a kernel takes its timer for broken and panics: no_timer_check.
	# shellcheck disable=SC2206 # POM_VM_APPEND is words
	command_line=(console=ttyS0 panic=-1 oops=panic reboot=t mitigations=off \
		random.trust_cpu=on audit=0 "pom_share=$share" log_buf_len=4M
		init_on_alloc=0 apparmor=0 nopti nokaslr norandmaps no_timer_check slub_debug=- \
			kcsan.early_enable=0 ${POM_VM_APPEND-})
	mkdir -p "$state/console"
	console=$state/console/$(date +%Y%m%d-%H%M%S)-$$.log
	mkfifo "$tmp/out" "$tmp/err"
	cat "$tmp/out" &
	readers=($!)
	cat "$tmp/err" >&2 &
	readers+=($!)
	: >"$tmp/verdict"
	# One socket for each CPU: kernels without ACPI read the MP table, which lists only the
	# first CPU of a socket.
	options=(-M "pc,memory-backend=mem" -m "$mem" \
		-object "memory-backend-memfd,id=mem,size=${mem}M,share=on" -smp "$smp,sockets=$smp"
		-nodefaults -no-user-config -display none -no-reboot -name "pom-$release"
		-kernel "$image" -initrd "$tmp/initramfs" -append "${command_line[*]}"
		-chardev "file,id=console,path=$console" -serial chardev:console
		-device "virtio-serial-pci,max_ports=8"
		-chardev "file,id=out,path=out" -device virtserialport,nr=1,chardev=out,name=out
		-chardev "file,id=err,path=err" -device virtserialport,nr=2,chardev=err,name=err
		-chardev "file,id=verdict,path=verdict" \
			-device virtserialport,nr=3,chardev=verdict,name=verdict
		"${share_devices[@]}")
	if ((shell)); then
		options+=(-chardev stdio,id=shell,signal=off -device virtconsole,nr=4,chardev=shell)
	fi
	(pin_to_cpu && cd "$tmp" && exec setpriv --pdeathsig KILL "$qemu" "${cpu[@]}" \
		"${options[@]}") <&0 2>"$tmp/qemu.log" &
	machine=$!
	jobs_started+=("$machine" "${readers[@]}")
}

# Waits for the guest to end, or for the timeout. With --shell the timeout is for the boot only.
await_machine() {
	local ended
	sleep "$timeout" >/dev/null 2>&1 & # sleep: the deadline
	jobs_started+=($!)
	wait -n -p ended "$machine" $! 2>/dev/null || true
	timed_out=0
	if ((shell)) && grep -q '^started' "$tmp/verdict"; then
		wait "$machine" 2>/dev/null || true
	elif [[ $ended != "$machine" ]]; then
		timed_out=1
		kill -KILL "$machine" 2>/dev/null || true
	fi
	wait "$machine" "${readers[@]}" 2>/dev/null || true
}
