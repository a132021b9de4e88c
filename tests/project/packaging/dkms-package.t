#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The Debian packages are installed, installed again, removed and purged in an overlay of this
# system, as root. The packages are made from a tree with one patchlet, and DKMS builds its module
# for the headers of a stock kernel.
# inputs: debian/* packaging/* Makefile Kbuild kernel/* include/* extensions/* tools/* patchlets/* scripts/* doc/*.mk doc/*.8 doc/make-help tests/*.mk runme NEWS
# copies: *
# Mounts are on /mnt of a mount namespace: they end with it, and no `rm -r` can reach them.
if ((EUID == 0 && $# == 0)); then
	exec unshare --mount --pid --fork --kill-child --mount-proc -- "$0" inside
fi
# shellcheck source=../../lib/tap.sh
. "${0%/*}/../../lib/tap.sh"
for program in dpkg-buildpackage dh dh_dkms dkms chroot; do need "$program"; done
unset POM_OUT CFLAGS LDFLAGS CPPFLAGS MAKEFLAGS
export LC_ALL=C SOURCE_DATE_EPOCH=1600000000
if ((EUID)); then
	skip "${0##*/}" 'needs root'
	done_testing
fi

version=$(scripts/version)
release=$(scripts/kernel release 6.1)
kernel=$(scripts/kernel dir 6.1)
mkdir "$TAP_TMP/debs"
scripts/dist "$TAP_TMP/debs/dist.tar.gz" 2>/dev/null
cd "$TAP_TMP/debs" || exit
tar -xzf dist.tar.gz
find "patch-o-matic-$version/patchlets" -mindepth 1 -maxdepth 1 ! -name condition -exec rm -r {} +
build() { (cd "patch-o-matic-$version" && dpkg-buildpackage -us -uc -b); }
ok 'dpkg-buildpackage' build

root=/mnt/root
mount -t tmpfs tmpfs /mnt
mkdir /mnt/{upper,work,root}
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay "$root" 2>/dev/null
if ! mountpoint -q "$root"; then
	skip "${0##*/}" 'this kernel mounts no overlay'
	done_testing
fi
mount --rbind /proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev"
for device in full null random tty urandom zero; do
	touch "$root/dev/$device"
	mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
# These may be file systems of their own, which the overlay does not show.
for dir in "$TAP_TMP" "${kernel%/headers/*}"; do
	mkdir -p "$root$dir"
	mount --bind "$dir" "$root$dir"
done
inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive "$@"; }
# left: files of the packages in what was written to the overlay, where a character device is a file
# that was deleted.
left() {
	find /mnt/upper ! -type c '(' -name '*patch-o-matic*' -o \
		-name 'xt_condition.ko*' -o -name 'libip*_condition.so' ')' -printf '/%P\n'
}
module() { inside find "/lib/modules/$release/" -name 'xt_condition.ko*' | wc -l; }
inside sh -c 'rm -rf /lib/modules/* /var/lib/dkms/patch-o-matic && mkdir -p "/lib/modules/$1" &&
	ln -s "$2" "/lib/modules/$1/build"' - "$release" "$kernel"
is 'nothing is installed' "$(left)" ''

debs=("$PWD"/patch-o-matic_*.deb "$PWD"/patch-o-matic-dkms_*.deb)
ok 'dpkg --install' inside dpkg --install "${debs[@]}"
is 'dkms has built and installed the module' "$(module)" 1
like 'dkms status' "$(inside dkms status patch-o-matic)" \
	"^patch-o-matic/${version//./\\.}, ${release//./\\.}, .*: installed"
ok 'the extension is installed' inside sh -c 'test -e /usr/lib/*/xtables/libipt_condition.so'
ok 'the same packages again' inside dpkg --install "${debs[@]}"
is 'the module is installed once' "$(module)" 1
ok 'dpkg --remove' inside dpkg --remove patch-o-matic patch-o-matic-dkms
is 'the module is removed' "$(module)" 0
inside mkdir -p /var/lib/patch-o-matic-lists
ok 'dpkg --purge' inside dpkg --purge patch-o-matic patch-o-matic-dkms
is 'no file is left' "$(left)" ''
done_testing
