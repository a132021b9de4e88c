# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154,SC2054 # the variables of tests/vm/run and its other parts
# Shares the host's files with the guest. virtiofsd runs in a private mount namespace where
# everything is read-only; for an ordinary user, also in a user namespace. Without namespaces, QEMU
# serves 9p, which only the generic flavour of Debian's kernels has.

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
			info "virtiofsd is not installed (package qemu-system-common or virtiofsd): sharing files by 9p, which is slower"
		elif ! "${isolate[@]}" true 2>/dev/null; then
			share=9p
			info "cannot create a mount namespace: sharing files by 9p, which is slower"
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

# compile SOURCE RESULT FLAG...: compiles a program for the guest or the host, if RESULT is older
# than SOURCE.
compile() {
	[[ $2 -nt $1 ]] && return
	mkdir -p "${2%/*}" || die "cannot write to $POM_TOP/build"
	"${compiler:-cc}" -O2 "${@:3}" -o "$2.$$" "$1" ||
		die "cannot compile $1; are the packages gcc and libc6-dev installed?"
	mv "$2.$$" "$2"
}

start_share() {
	local deadline
	share_devices=()
	if [[ $share == 9p ]]; then
		share_devices=(-virtfs \
			local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap)
		return
	fi
	[[ ! ${POM_VM_OPENS-} ]] ||
		compile "$POM_TOP/tests/lib/record-opens.c" "$POM_TOP/build/record-opens"
	mkdir "$tmp/root"
	setpriv --pdeathsig KILL "${isolate[@]}" "$BASH" "$VM/lib/serve" "$virtiofsd" "$tmp" \
		"$preload" "$guest_root" >"$tmp/virtiofsd.log" 2>&1 </dev/null &
	jobs_started+=($!)
	deadline=$((SECONDS + 20))
	until [[ -S $tmp/fs.sock ]]; do
		if ! kill -0 "${jobs_started[-1]}" 2>/dev/null || ((SECONDS > deadline)); then
			cat "$tmp/virtiofsd.log" >&2
			die "virtiofsd does not start; fix: POM_VM_SHARE=9p"
		fi
		sleep 0.02 # sleep: between two polls
	done
	share_devices=(-chardev socket,id=fs,path=fs.sock \
		-device vhost-user-fs-pci,chardev=fs,tag=host,queue-size=1024)
}
