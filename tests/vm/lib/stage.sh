# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of tests/vm/run and its other parts
# Packs the initramfs. `early` has the drivers for mounting the host's files, and is made once for
# each kernel. `layer` has the module tree and the patchlets, and is made for each state of
# build/RELEASE/stage. A third archive tells the guest what to run.

# Modules for mounting the host's files and for the virtio ports.
early_modules=(virtio_pci virtio_console overlay)

# pack DIR: an initramfs archive of DIR on standard output.
pack() {
	(cd "$1" && find . | LC_ALL=C sort | busybox cpio -o -H newc -R 0:0 2>/dev/null)
}

# Installs the patchlets into build/RELEASE/stage and sets $layer, $early and $load_modules.
stage_patchlets() {
	local lock
	load_modules=()
	exec {lock}>"$state/lock"
	flock "$lock"
	[[ $patchlets == none ]] || build_stage
	make_early
	make_layer
	exec {lock}>&-
}

build_stage() {
	local log=$state/stage.log
	local -a chosen=()
	local chosen_names
	[[ $patchlets == all ]] || IFS=, read -ra chosen <<<"$patchlets"
	chosen_names=$("$POM_TOP/scripts/info" list "${chosen[@]}" | tr '\n' ' ') ||
		die "--patchlets $patchlets: no such patchlets"
	[[ -n $kernel_dir ]] ||
		die "cannot build modules for $release: $modules/build does not exist; fix: --kernel KERNEL_DIR, or --patchlets none"
	# shellcheck disable=SC2086 # words
	readarray -t load_modules < <("$POM_TOP/scripts/info" modules $chosen_names)
	env "${guest_build[@]}" "${MAKE:-make}" --no-print-directory -C "$POM_TOP" stage \
		KERNEL_DIR="$kernel_dir" PATCHLETS="$chosen_names" >"$log" 2>&1 || {
		tail -n 40 "$log" >&2
		die "the patchlets do not build for $release (see $log)"
	}
}

# index_modules DIR: makes DIR/lib/modules/RELEASE, a tree of links, and its index. DIR may contain
# updates/ already. depmod runs on the host, where it takes a second, not in the guest.
index_modules() {
	local tree=$1/lib/modules/$release file
	mkdir -p "$tree"
	ln -sfn "$modules/kernel" "$tree/kernel"
	for file in "$modules"/modules.{order,builtin,builtin.modinfo,builtin.alias.bin}; do
		[[ ! -r $file ]] || cp "$file" "$tree/"
	done
	depmod -C /dev/null -b "$1" "$release" || die "depmod failed for the modules of $release"
}

make_early() {
	local key dir module path n=100
	early_modules+=("${share_modules[@]}")
	key=$(stat -L -c '%n %s %Y' "$image" "$VM/guest/init" "$VM/lib/stage.sh" \
		"$(guest_busybox)"; echo "${early_modules[*]}")
	early=$state/early-$share.cpio
	[[ -e $early && -e $early.key && $(<"$early.key") == "$key" ]] && return
	rm -f "$early.key"
	dir=$tmp/early
	mkdir -p "$dir"/{bin,dev,proc,modules,lower,memory,root} "$tmp/stock"
	index_modules "$tmp/stock"
	: >"$tmp/early.list"
	((${#early_modules[@]} == 0)) ||
		modprobe -C /dev/null -d "$tmp/stock" -S "$release" \
		-a --show-depends "${early_modules[@]}" >"$tmp/early.list" ||
		die "the kernel $release lacks a driver that the guest needs: ${early_modules[*]}"
	while read -r _ path _; do
		module=$(basename "$path")
		n=$((n + 1))
		unpack_module "$path" >"$dir/modules/$n-${module%%.*}.ko"
	done < <(grep '^insmod' "$tmp/early.list" | awk '!seen[$0]++')
	put_busybox "$dir"
	install -m 755 "$VM/guest/init" "$dir/init"
	pack "$dir" >"$early"
	printf '%s' "$key" >"$early.key"
	rm -rf "$tmp/stock" "$dir"
}

unpack_module() {
	case $1 in
	*.xz) xz -dc "$1" ;;
	*.zst) zstd -dqc "$1" ;;
	*.gz) gzip -dc "$1" ;;
	*) cat "$1" ;;
	esac || die "cannot unpack $1"
}

guest_busybox() {
	if [[ $guest_root ]]; then echo "$guest_root/bin/busybox"; else command -v busybox; fi
}

put_busybox() {
	local busybox applet library
	busybox=$(guest_busybox)
	install -m 755 "$busybox" "$1/bin/busybox"
	for applet in sh mount umount insmod mkdir cp switch_root reboot; do
		ln -s busybox "$1/bin/$applet"
	done
	# A dynamically linked busybox needs its libraries.
	while read -r library; do
		mkdir -p "$1$(dirname "$library")"
		cp -L "$library" "$1$library"
	done < <(ldd "$busybox" 2>/dev/null | grep -o '/[^ ]*')
}

# The layer: /usr/lib/modules/RELEASE with the patchlets' modules, the shared objects and the rest
# of the stage. If a top directory is a link in the guest (/lib -> usr/lib), its files are put into
# the link's target: a directory in the overlay would hide all files there.
make_layer() {
	local key stage=$POM_TOP/build/$release/stage dir=$tmp/layer top target
	layer=$state/layer-$patchlets.cpio
	[[ ${#patchlets} -lt 100 ]] || layer=$state/layer-$(printf %s "$patchlets" | cksum |
		tr ' ' -).cpio
	key=$(
		stat -L -c '%n %s %Y' "$image" "$VM/lib/stage.sh"
		echo "$modules"
		[[ $patchlets == none ]] || (cd "$stage" && find . -type f -printf '%P\n' |
			LC_ALL=C sort | xargs -d '\n' cksum)
	)
	if [[ ! -e $layer || ! -e $layer.key || $(<"$layer.key") != "$key" ]]; then
		rm -f "$layer.key"
		mkdir -p "$dir/layer"
		[[ $patchlets == none ]] || copy_stage "$stage" "$dir/layer"
		index_modules "$dir/layer"
		for top in "$dir"/layer/*; do
			target=$guest_root/$(basename "$top")
			[[ -L $target ]] || continue
			target=$dir/layer/$(readlink "$target" | sed 's,^/,,')
			mkdir -p "$target"
			cp -a "$top/." "$target/"
			rm -rf "$top"
		done
		pack "$dir" >"$layer"
		printf '%s' "$key" >"$layer.key"
		rm -rf "$dir"
	fi
	# Under the lock: a parallel run may replace the archives.
	cat "$early" "$layer" >"$tmp/initramfs"
}

# Copies the stage without the modules of patchlets that were not chosen.
copy_stage() {
	local file name
	cp -a "$1/." "$2/"
	while read -r file; do
		name=$(basename "$file")
		[[ " ${load_modules[*]} " == *" ${name%%.ko*} "* ]] || rm "$file"
	done < <(find "$2" -name '*.ko*')
}

# write_order [SCRIPT [ARG...]]: writes the file that guest/machine sources, in the last archive of
# the initramfs.
write_order() {
	local dir=$tmp/order name columns=80 rows=24
	local -a command=("$@")
	mkdir -p "$dir/pom"
	if ((${#command[@]})); then
		command[0]=$(locate_script "$1")
	fi
	! ((shell)) || read -r rows columns < <(stty size) || true
	{
		printf 'smp=%q\ncd_to=%q\nload=%q\nshell=%q\nrows=%q\ncolumns=%q\nstderr_to_stdout=%q\n' \
			"$smp" "$POM_TOP" "$load" "$shell" "$rows" "$columns" "$(same_output)"
		printf 'load_modules=(%s)\n' "${load_modules[*]@Q}"
		printf 'command=(%s)\n' "${command[*]@Q}"
		printf 'bad_lines=%q\n' "$bad_lines"
		printf 'export POM_VM=1 TERM=%q\n' "${TERM:-dumb}"
		# The packages' scripts, which compile, have not run.
		[[ ! $guest_root ]] || echo 'export PYTHONDONTWRITEBYTECODE=1'
		for name in $(compgen -e |
			grep -E '^(POM_[A-Z0-9_]*|TEST_[A-Z0-9_]*|BACKEND|LEVEL)$'); do
			printf 'export %s=%q\n' "$name" "${!name}"
		done
	} >"$dir/pom/order"
	install -m 755 "$VM/guest/machine" "$dir/pom/machine"
	compile_for_guest "$VM/guest/enter.c" "$dir/pom" # for the scenario library
	compile_for_guest "$POM_TOP/tests/lib/guest/state.c" "$dir/pom" # for tests/lib/guest/all
	if ((virtual_time)) && ! is_uml; then
		compile_for_guest "$VM/guest/clock-throttle.c" "$dir/pom"
	fi
	pack "$dir" >>"$tmp/initramfs"
	rm -rf "$dir"
}

# Prints 1 if standard output and standard error are the same file: only then can the guest keep the
# order of the two.
same_output() {
	[[ /proc/$$/fd/1 -ef /proc/$$/fd/2 ]] && echo 1 || echo 0
}

# A path is relative to the current directory, or else to the tree. A name without a slash that is
# no file is a command of the guest.
locate_script() {
	if [[ -f $1 ]]; then
		realpath -s "$1"
	elif [[ -f $POM_TOP/$1 ]]; then
		printf '%s\n' "$POM_TOP/$1"
	elif [[ $1 == */* ]]; then
		die "script $1 does not exist"
	else
		printf '%s\n' "$1"
	fi
}
