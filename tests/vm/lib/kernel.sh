# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # the variables of tests/vm/run and its other parts
# Chooses the kernel to boot. Sets:
#   image        the vmlinuz
#   release      its release
#   modules      the directory of its /lib/modules/RELEASE
#   kernel_dir   the KERNEL_DIR for building modules, empty if unknown

# choose_kernel SPEC. A SPEC with a slash is a path: a prepared kernel tree (KERNEL_DIR) or a
# vmlinuz.
choose_kernel() {
	local spec=$1
	case $spec in
	*/* | .) [[ -e $spec ]] || die "$spec does not exist"; spec=$(realpath "$spec") ;;
	esac
	if [[ $spec != /* ]]; then
		kernel_by_name "$spec"
	elif [[ -d $spec ]]; then
		kernel_by_tree "$spec"
	else
		kernel_by_image "$spec"
	fi
	[[ -r $image ]] || die "cannot read the kernel $image"
	[[ -d $modules/kernel ]] || die "no modules of $release: $modules/kernel does not exist"
	state=$POM_TOP/build/$release/vm
	mkdir -p "$state" || die "cannot write to $POM_TOP/build"
}

kernel_by_name() {
	local spec=${1#debian:}
	# The cloud flavour has no 9p.
	if [[ $share == 9p && $spec =~ ^[0-9.]+$ ]]; then
		spec=$spec-generic
	fi
	release=$("$POM_TOP/scripts/kernel" release "$spec") || die "no kernel called $1"
	set_architecture
	image=$("$POM_TOP/scripts/kernel" image "$spec") || die "cannot fetch the kernel $1"
	modules=$("$POM_TOP/scripts/kernel" root "$spec")/lib/modules/$release
	kernel_dir=
	[[ $patchlets == none ]] || kernel_dir=$("$POM_TOP/scripts/kernel" dir "$spec") ||
		die "cannot fetch the headers of $1"
}

# A KERNEL_DIR: the image in it, or the installed image of its release.
kernel_by_tree() {
	local candidate
	kernel_dir=$1
	release=$("$POM_TOP/scripts/kernel" release-of "$kernel_dir") || exit
	set_architecture
	for candidate in "$kernel_dir/arch/x86/boot/bzImage" "$kernel_dir/linux" \
		"/boot/vmlinuz-$release" "/lib/modules/$release/vmlinuz" \
		"$POM_CACHE/kernels/$release/image/vmlinuz"; do
		[[ -r $candidate ]] || continue
		image=$candidate
		find_modules "$candidate" && return
	done
	die "no bootable image with modules of $release found for $kernel_dir; give the vmlinuz instead, or a name: --kernel 6.1"
}

# A vmlinuz: its modules are in DIR/lib/modules, or in DIR/../lib/modules as for /boot.
kernel_by_image() {
	local offset
	image=$1
	# Documentation/arch/x86/boot.rst: kernel_version at 0x20e, an offset less 0x200 to a
	# string.
	[[ $(head -c $((0x206)) "$image" | tail -c 4 | tr -d '\0') == HdrS ]] ||
		die "$image is not a Linux kernel image"
	offset=$(od -An -tu2 -j $((0x20e)) -N 2 "$image")
	release=$(head -c $((offset + 0x200 + 200)) "$image" | tail -c 200 | tr '\0' '\n' |
		sed -n '1s/ .*//p')
	set_architecture
	find_modules "$image" ||
		die "no modules of $release near $image: expected lib/modules/$release"
	kernel_dir=
	[[ ! -e $modules/build/. ]] || kernel_dir=$(realpath "$modules/build")
}

# Finds the modules of $release, given the path of an image.
find_modules() {
	local dir
	dir=$(dirname "$(realpath "$1")")
	for modules in {"$dir","$dir/..","$dir/../../.."}{,/usr}"/lib/modules/$release" \
		"$dir/../$release"; do
		[[ -d $modules/kernel ]] || continue
		modules=$(realpath "$modules")
		return 0
	done
	return 1
}
