# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Who builds: root builds as the owner of the clone, so that the owner can go on without root.

# a command that runs its arguments as the owner of the clone; empty: run as the present user
BUILDER=()

# is_unmapped UID: this user namespace shows an owner that it does not map as UID.
is_unmapped() {
	local first count
	[[ $1 == "$(cat /proc/sys/kernel/overflowuid 2>/dev/null)" ]] || return
	while read -r first _ count; do
		((first || count < 4294967295)) || return
	done </proc/self/uid_map
}

choose_builder() {
	local uid gid home groups=--init-groups cache=$POM_CACHE
	((EUID == 0)) || return 0
	read -r uid gid < <(stat -c '%u %g' "$POM_TOP")
	((uid)) && ! is_unmapped "$uid" || return 0
	home=$(getent passwd "$uid" | cut -d: -f6)
	[[ -n $home ]] || groups=--clear-groups home=$POM_TOP/build
	[[ $cache != "${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/patch-o-matic" ]] ||
		cache=$home/.cache/patch-o-matic
	BUILDER=(setpriv --reuid "$uid" --regid "$gid" "$groups" env -u XDG_CACHE_HOME \
		"HOME=$home" "POM_CACHE=$cache")
	# In a user namespace that does not map the owner, root builds, also here.
	"${BUILDER[@]}" true 2>/dev/null || BUILDER=()
}

# Ends the run with the cause if the builder cannot write to the build directory or cannot read the
# kernel.
require_build_dir() {
	local out=${POM_OUT:-$POM_TOP/build} dir path
	dir=$(build_dir)
	[[ $dir == /* ]] || dir=$PWD/$dir
	path=$dir
	[[ -z $KERNEL_DIR ]] || "${BUILDER[@]}" test -r "$KERNEL_DIR/." ||
		die "$(builder_name) owns this clone and builds, and cannot read KERNEL_DIR=$KERNEL_DIR"
	"${BUILDER[@]}" mkdir -p "$dir" 2>/dev/null
	while [[ $path && ! -e $path ]]; do path=${path%/*}; done
	path=${path:-/}
	if [[ $path == "$dir" ]]; then
		path=$("${BUILDER[@]}" find "$out" "$out"/{extensions,man,tools} "$dir" \
			"$dir"/{lock,runme.log,probes,ready,{xt,nf}_*} \
			-maxdepth 0 ! -writable -print -quit 2>/dev/null)
	fi
	[[ -z $path ]] || cannot_write "$path"
}

builder_name() {
	local uid
	uid=$("${BUILDER[@]}" id -u)
	getent passwd "$uid" | cut -d: -f1 | grep . || echo "uid $uid"
}

cannot_write() {
	local user owner uid
	user=$(builder_name) uid=$("${BUILDER[@]}" id -u)
	owner=$(stat -c %U "$1")
	if [[ $1 == "$POM_TOP" || -O $1 && -z ${BUILDER[*]} ]]; then
		die "$user cannot write $1; fix: use a clone that you may write to"
	fi
	die "$user cannot write $1, which belongs to $owner; fix: sudo chown -R $uid $POM_TOP/build"
}
