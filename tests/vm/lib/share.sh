# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154,SC2054 # the variables of tests/vm/run and its other parts
# How the guest sees this machine's files: virtiofs, whose server runs in a mount namespace of its own where everything is
# read-only (for an ordinary user inside a user namespace); or, where no namespace can be had, 9p, which QEMU serves itself and
# which only the generic flavour of Debian's kernels knows.

# Sets $share (virtiofs or 9p), $share_modules and $virtiofsd.
choose_share() {
	local candidate
	share=${POM_VM_SHARE-}
	for candidate in /usr/lib/qemu/virtiofsd /usr/libexec/virtiofsd "${POM_VM_VIRTIOFSD-}"; do
		[[ ! -x $candidate ]] || virtiofsd=$candidate
	done
	isolate=(unshare --mount --propagation private)
	((EUID == 0)) || isolate+=(--user --map-root-user)
	if [[ -z $share ]]; then
		share=virtiofs
		if [[ -z ${virtiofsd-} ]]; then
			share=9p
			info "no virtiofsd here (package qemu-system-common or virtiofsd): sharing files by 9p, which is slower"
		elif ! "${isolate[@]}" true 2>/dev/null; then
			share=9p
			info "no mount namespace to be had here: sharing files by 9p, which is slower"
		fi
	fi
	preload=
	if [[ $share == virtiofs ]] && ((EUID)); then
		make_preload
	fi
	case $share in
	virtiofs) share_modules=(virtiofs) ;;
	9p) share_modules=(9p 9pnet_virtio) ;;
	*) die "POM_VM_SHARE is '$share', which is neither virtiofs nor 9p" ;;
	esac
}

# Sets $preload, see unprivileged.c.
make_preload() {
	preload=$POM_TOP/build/vm/unprivileged.so
	compile "$VM/lib/unprivileged.c" "$preload" -shared -fPIC
}

# compile SOURCE RESULT FLAG...: one of the machine's own programs, if it is not there yet.
compile() {
	[[ $2 -nt $1 ]] && return
	mkdir -p "${2%/*}" || die "cannot write to $POM_TOP/build"
	cc -O2 "${@:3}" -o "$2.$$" "$1" || die "cannot compile $1; are the packages gcc and libc6-dev installed?"
	mv "$2.$$" "$2"
}

start_share() {
	local deadline
	share_devices=()
	if [[ $share == 9p ]]; then
		share_devices=(-virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap)
		return
	fi
	mkdir "$tmp/root"
	setpriv --pdeathsig KILL "${isolate[@]}" "$BASH" "$VM/lib/serve" "$virtiofsd" "$tmp" "$preload" >"$tmp/virtiofsd.log" 2>&1 </dev/null &
	jobs_started+=($!)
	deadline=$((SECONDS + 20))
	until [[ -S $tmp/fs.sock ]]; do
		if ! kill -0 "${jobs_started[-1]}" 2>/dev/null || ((SECONDS > deadline)); then
			cat "$tmp/virtiofsd.log" >&2
			die "virtiofsd does not start; POM_VM_SHARE=9p does without it"
		fi
		sleep 0.02 # sleep: between two looks
	done
	share_devices=(-chardev socket,id=fs,path=fs.sock -device vhost-user-fs-pci,chardev=fs,tag=host,queue-size=1024)
}
