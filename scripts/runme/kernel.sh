# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The kernel and the iptables to build for, and what they can do.

RELEASE=''              # of the kernel to build for
declare -A CONFIG=()    # CONFIG_X -> y or m
declare -A SYMBOLS=()   # those exported symbols that patchlets ask for
declare -A XTABLES=()   # version and dir of libxtables
declare -A BUILTIN=()   # modules that are built into the kernel

# Sets KERNEL_DIR and RELEASE. Where nothing is built (argument "name"), the release is enough.
choose_kernel() {
	local default
	default=/lib/modules/$(uname -r)/build
	KERNEL_DIR=${KERNEL_DIR:-$default}
	if [[ $KERNEL_DIR == debian:* ]]; then
		default=$("$POM_TOP/scripts/kernel" dir "${KERNEL_DIR#debian:}") || die "KERNEL_DIR=$KERNEL_DIR cannot be had (above)"
		KERNEL_DIR=$default
	fi
	KERNEL_DIR=${KERNEL_DIR%/}
	if [[ ${1-} == name && ! -d $KERNEL_DIR && $KERNEL_DIR =~ ^/lib/modules/([^/]+)/build$ ]]; then
		RELEASE=${BASH_REMATCH[1]}
		return
	fi
	[[ -d $KERNEL_DIR ]] || no_kernel "$default"
	KERNEL_DIR=$(cd "$KERNEL_DIR" && pwd -P) || exit
	RELEASE=$("$POM_TOP/scripts/kernel" release-of "$KERNEL_DIR") || exit
	[[ $RELEASE =~ ^[A-Za-z0-9._+~-]+$ ]] || die "KERNEL_DIR=$KERNEL_DIR calls its release '$RELEASE', which is no name for a folder"
}

no_kernel() {
	local mend="a stock Debian kernel is had with KERNEL_DIR=debian:6.12 ./runme ..., and ./runme --try extra needs none at all"
	if [[ $KERNEL_DIR == "$1" ]]; then
		die "the headers of the running kernel are not here ($KERNEL_DIR); install linux-headers-$(uname -r), or build for another: $mend"
	fi
	die "KERNEL_DIR=$KERNEL_DIR does not exist; $mend"
}

read_kernel() {
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
	XTABLES[dir]=$(pkg-config --variable=xtlibdir xtables 2>/dev/null) || XTABLES[dir]=
	XTABLES[version]=$(pkg-config --modversion xtables 2>/dev/null) || XTABLES[version]=
}

read_symbols() {
	local symbol wanted
	[[ -r $KERNEL_DIR/Module.symvers ]] || return 0
	wanted=$(for symbol in "${!INFO[@]}"; do [[ $symbol != */Requires ]] || printf '%s\n' "${INFO[$symbol]}"; done |
		sed -n 's/^symbol //p')
	while read -r symbol; do SYMBOLS[$symbol]=1; done < <(
		awk -v wanted="$wanted" 'BEGIN { n = split(wanted, w, "\n"); for (i = 1; i <= n; i++) want[w[i]] }
			$2 in want { print $2 }' "$KERNEL_DIR/Module.symvers")
}

# How this kernel's own modules are compressed: prints .xz, .gz, .zst or nothing. What lies in the module tree counts; without a
# tree, what `make modules_install` of that kernel would do.
module_compression() {
	local tree file
	for tree in "$DEST/lib/modules/$RELEASE/kernel" "/lib/modules/$RELEASE/kernel"; do
		[[ -d $tree ]] || continue
		file=$(find "$tree/" -name '*.ko*' -type f -print -quit)
		[[ -n $file ]] || continue
		printf '%s\n' "${file##*.ko}"
		return
	done
	# Since 6.12, MODULE_COMPRESS says that the kernel can read them, and MODULE_COMPRESS_ALL that they are so installed.
	[[ -z ${CONFIG[MODULE_COMPRESS]-} || -n ${CONFIG[MODULE_COMPRESS_ALL]-} ]] || return 0
	[[ -z ${CONFIG[MODULE_COMPRESS_XZ]-} ]] || echo .xz
	[[ -z ${CONFIG[MODULE_COMPRESS_GZIP]-} ]] || echo .gz
	[[ -z ${CONFIG[MODULE_COMPRESS_ZSTD]-} ]] || echo .zst
}

# compare VERSION OP WANTED. Only as many numbers count as WANTED has: 5.10.262 == 5.10, and is not > 5.10.
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
	"$POM_TOP/scripts/kernel" fetch "${OPT[download]}" || die "debian:${OPT[download]} cannot be fetched (above)"
	if ((${#ARGS[@]} == 0)); then
		say "Fetched. Build for it with:  KERNEL_DIR=debian:${OPT[download]} ./runme extra"
		exit 0
	fi
	KERNEL_DIR=${KERNEL_DIR:-debian:${OPT[download]}}
	OPT[mode]=apply
}
