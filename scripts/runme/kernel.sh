# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Chooses the kernel to build for, and reads its configuration, exported symbols and the version of
# iptables.

RELEASE=''              # of the kernel to build for; userspace: none
declare -A CONFIG=()    # CONFIG_X -> y or m
declare -A SYMBOLS=()   # the exported symbols that a patchlet requires
FOREIGN=''              # its architecture, if that is not the host's
declare -A XTABLES=()   # version and dir of libxtables
declare -A BUILTIN=()   # modules that are built into the kernel

# Sets KERNEL_DIR and RELEASE. With the argument "name" only RELEASE, which is enough where nothing
# is built.
choose_kernel() {
	local default
	if [[ $PARTS == userspace ]]; then
		KERNEL_DIR='' RELEASE=userspace
		return
	fi
	default=/lib/modules/$(uname -r)/build
	KERNEL_DIR=${KERNEL_DIR:-$default}
	if [[ $KERNEL_DIR == debian:* ]]; then
		progress "Finding or fetching $KERNEL_DIR ..."
		default=$("${BUILDER[@]}" "$POM_TOP/scripts/kernel" dir "${KERNEL_DIR#debian:}") ||
			default=''
		end_progress
		[[ -n $default ]] ||
			die "KERNEL_DIR=$KERNEL_DIR: cannot fetch this kernel (see above)"
		KERNEL_DIR=$default
	fi
	KERNEL_DIR=${KERNEL_DIR%/}
	if [[ ${1-} == name && ! -d $KERNEL_DIR &&
		$KERNEL_DIR =~ ^/lib/modules/([^/]+)/build$ ]]; then
		RELEASE=${BASH_REMATCH[1]}
		return
	fi
	[[ -d $KERNEL_DIR ]] || no_kernel "$default"
	KERNEL_DIR=$(cd "$KERNEL_DIR" && pwd -P) || exit
	RELEASE=$("$POM_TOP/scripts/kernel" release-of "$KERNEL_DIR") || exit
	choose_cross
	[[ $RELEASE =~ ^[A-Za-z0-9._+~-]+$ ]] ||
		die "KERNEL_DIR=$KERNEL_DIR: its release '$RELEASE' is not a valid directory name"
}

# Sets FOREIGN, the architecture of a kernel that is not for the host, and CROSS_COMPILE if the host
# has one usual compiler for it. Extensions and tools are built for the same architecture.
choose_cross() {
	local word
	FOREIGN=''
	while read -r word; do
		case $word in
		ARCH=*) FOREIGN=${word#*=} ;;
		CROSS_COMPILE=*) export CROSS_COMPILE=${word#*=} ;;
		esac
	done < <("$POM_TOP/scripts/kernel" cross "$KERNEL_DIR" 2>/dev/null)
	[[ $FOREIGN != arm ]] || FOREIGN=armhf	# as Debian calls it
}

no_kernel() {
	local stock="KERNEL_DIR=debian:6.12 ./runme ... builds for a stock Debian kernel, and ./runme --try extra needs no kernel"
	if [[ $KERNEL_DIR == "$1" ]]; then
		die "the headers of the running kernel are not installed ($KERNEL_DIR); fix: install linux-headers-$(uname -r); $stock"
	fi
	die "KERNEL_DIR=$KERNEL_DIR does not exist; fix: $stock"
}

read_kernel() {
	XTABLES[dir]=$("$POM_TOP/scripts/pkg-config" --variable=xtlibdir xtables 2>/dev/null) ||
		XTABLES[dir]=
	XTABLES[version]=$("$POM_TOP/scripts/pkg-config" --modversion xtables 2>/dev/null) ||
		XTABLES[version]=
	[[ $PARTS == userspace ]] || read_configuration
}

read_configuration() {
	local file line lines
	for file in "$KERNEL_DIR/.config" "$KERNEL_DIR/include/config/auto.conf"; do
		[[ -r $file ]] || continue
		readarray -t lines < <(sed -n 's/^CONFIG_\([A-Z0-9_a-z]*=[ym]\)$/\1/p' "$file")
		for line in "${lines[@]}"; do CONFIG[${line%=*}]=${line#*=}; done
		break
	done
	read_symbols
	for file in "$DEST/lib/modules/$RELEASE" "/lib/modules/$RELEASE" "$KERNEL_DIR"; do
		[[ -r $file/modules.builtin ]] || continue
		readarray -t lines < <(sed 's,.*/,,;s,\.ko.*,,;s/-/_/g' "$file/modules.builtin")
		for line in "${lines[@]}"; do BUILTIN[$line]=$file/modules.builtin; done
		break
	done
}

read_symbols() {
	local symbol wanted
	[[ -r $KERNEL_DIR/Module.symvers ]] || return 0
	wanted=$(for symbol in "${!INFO[@]}"; do
		[[ $symbol != */Requires ]] || printf '%s\n' "${INFO[$symbol]}"
	done | sed -n 's/^symbol //p')
	while read -r symbol; do SYMBOLS[$symbol]=1; done < <(
		awk -v wanted="$wanted" \
			'BEGIN { n = split(wanted, w, "\n"); for (i = 1; i <= n; i++) want[w[i]] }
			$2 in want { print $2 }' "$KERNEL_DIR/Module.symvers")
}

# Prints how the kernel's own modules are compressed: .xz, .gz, .zst or nothing. The module tree
# decides; without one, the configuration, as in `make modules_install`.
module_compression() {
	local tree file
	for tree in "$DEST/lib/modules/$RELEASE/kernel" "/lib/modules/$RELEASE/kernel"; do
		[[ -d $tree ]] || continue
		file=$(find "$tree/" -name '*.ko*' -type f -print -quit)
		[[ -n $file ]] || continue
		printf '%s\n' "${file##*.ko}"
		return
	done
	# Since 6.12, MODULE_COMPRESS means that the kernel can read them, and MODULE_COMPRESS_ALL
	# that they are installed compressed.
	[[ -z ${CONFIG[MODULE_COMPRESS]-} || -n ${CONFIG[MODULE_COMPRESS_ALL]-} ]] || return 0
	[[ -z ${CONFIG[MODULE_COMPRESS_XZ]-} ]] || echo .xz
	[[ -z ${CONFIG[MODULE_COMPRESS_GZIP]-} ]] || echo .gz
	[[ -z ${CONFIG[MODULE_COMPRESS_ZSTD]-} ]] || echo .zst
}

# iptables_version: of the installed iptables; nothing if there is none.
iptables_version() {
	PATH=$PATH:/usr/sbin:/sbin iptables --version 2>/dev/null |
		sed -n 's/.* v\([0-9.]*\).*/\1/p'
}

# other_layout VERSION VERSION: an extension for one iptables does not work with the other
# (extensions/built-for.h).
other_layout() {
	[[ -n $1 && -n $2 ]] || return
	if compare "$1" '>=' 1.8.11; then ! compare "$2" '>=' 1.8.11; else
		compare "$2" '>=' 1.8.11
	fi
}

# compare VERSION OP WANTED: compares as many numbers as WANTED has: 5.10.262 == 5.10, and is not >
# 5.10.
compare() {
	local -a have want
	local i order=0
	IFS=. read -ra have <<<"${1%%[!0-9.]*}"
	IFS=. read -ra want <<<"$3"
	for ((i = 0; i < ${#want[@]}; i++)); do
		((10#${have[i]:-0} == 10#${want[i]})) && continue
		order=1
		((10#${have[i]:-0} > 10#${want[i]})) || order=-1
		break
	done
	case $2 in
	'>=') ((order >= 0)) ;;
	'<=') ((order <= 0)) ;;
	'>') ((order > 0)) ;;
	'<') ((order < 0)) ;;
	*) ((order == 0)) ;;
	esac
}

download_kernel() {
	local status=0
	progress "Fetching debian:${OPT[download]} ..."
	"${BUILDER[@]}" "$POM_TOP/scripts/kernel" fetch "${OPT[download]}" || status=1
	end_progress
	((status == 0)) || die "debian:${OPT[download]} cannot be fetched (above)"
	if ((${#ARGS[@]} == 0)); then
		say "Fetched. Build for it with:  KERNEL_DIR=debian:${OPT[download]} ./runme extra"
		exit 0
	fi
	KERNEL_DIR=${KERNEL_DIR:-debian:${OPT[download]}}
	OPT[mode]=apply
}
