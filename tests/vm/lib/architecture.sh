# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of tests/vm/run and its other parts
# Guests of another architecture. They cannot run the host's programs: their root holds Debian's
# packages of that architecture (lib/packages), unpacked into the cache. The tree, the cache and
# /tmp are the host's. Extensions, tools and the programs of the guest are cross-compiled.

# Sets, for the architecture of $release in Debian's words:
#   architecture
#   qemu          the program of QEMU
#   suite         the release of Debian that the user space is from; empty: the host's user space
#   cross         the prefix of the compiler; empty: the host's compiler
#   libraries     the name of the directory of libraries
# For another architecture, add it here, and what its kernels need to qemu.sh.
set_architecture() {
	architecture=$("$POM_TOP/scripts/kernel" architecture "$release")
	case $architecture in
	amd64) qemu=qemu-system-x86_64 suite='' cross='' libraries='' ;;
	i386)
		qemu=qemu-system-i386 suite=bookworm cross=i686-linux-gnu-
		libraries=i386-linux-gnu
		;;
	*) die "there are no guests of $architecture" ;;
	esac
	command -v "$qemu" >/dev/null || die "$qemu is not installed"
}

# Sets guest_root, the directory that the guest sees as /, and guest_build, variables with which the
# patchlets are built for the guest.
choose_user_space() {
	local lock key
	guest_root='' guest_build=()
	[[ $suite ]] || return 0
	[[ $share == virtiofs ]] ||
		die "a guest of $architecture needs virtiofs (package qemu-system-common or virtiofsd)"
	command -v "${cross}gcc" >/dev/null ||
		die "${cross}gcc is not installed (package gcc-${cross%-})"
	key=$({ echo "$suite"; declare -f unpack_user_space; cat "$VM/lib/packages"; } | cksum)
	guest_root=$POM_CACHE/unpacked/guest-$architecture-${key%% *}
	if [[ ! -d $guest_root ]]; then
		mkdir -p "$POM_CACHE/unpacked" || die "cannot write to $POM_CACHE"
		exec {lock}>"$POM_CACHE/unpacked/guest-$architecture.lock"
		flock "$lock"
		if [[ ! -d $guest_root ]]; then
			unpack_user_space "$guest_root.new"
			mv "$guest_root.new" "$guest_root"
		fi
		exec {lock}>&-
	fi
	guest_build=("CROSS_COMPILE=$cross" "PKG_CONFIG_SYSROOT_DIR=$guest_root"
		"PKG_CONFIG_LIBDIR=$guest_root/usr/lib/$libraries/pkgconfig:$guest_root/usr/share/pkgconfig"
		# pkgconf: the directory of extensions is that of the guest.
		PKG_CONFIG_FDO_SYSROOT_RULES=1)
}

# No script of a package runs. What their scripts would make, as far as tests need it, is made here.
unpack_user_space() { # DIRECTORY
	local -a names
	# shellcheck source=../../../scripts/lib/packages.sh
	. "$POM_TOP/scripts/lib/packages.sh"
	# shellcheck source=../../../scripts/lib/archive.sh
	. "$POM_TOP/scripts/lib/archive.sh"
	readarray -t names < <(packages_listed "$VM/lib/packages")
	info "fetching a user space of $architecture"
	rm -rf "$1"
	archive_choose "$architecture"
	archive_update if-old
	archive_unpack_system "$1" "$suite" "${names[@]}" ||
		die "cannot fetch a user space of $architecture"
	cp "$1/usr/share/base-passwd/passwd.master" "$1/etc/passwd"
	cp "$1/usr/share/base-passwd/group.master" "$1/etc/group"
	echo 'hosts: files' >"$1/etc/nsswitch.conf"
	echo '127.0.0.1 localhost' >"$1/etc/hosts"
	ln -s mawk "$1/usr/bin/awk"
}

# compile_for_guest SOURCE DIRECTORY: compiles a program of the guest and copies it into DIRECTORY.
compile_for_guest() {
	local name
	name=$(basename "$1" .c)
	compiler=${cross:+${cross}gcc} compile "$1" "$POM_TOP/build/vm/$architecture/$name" -static
	install -m 755 "$POM_TOP/build/vm/$architecture/$name" "$2/"
}
