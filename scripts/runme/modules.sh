# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Prepares a built module for installation: strips debug information, signs it, and compresses it as
# the kernel's own modules are.

# Sets SIGNED_BY, as in records: the SHA-256 of the certificate, or no.
signing_certificate() {
	SIGNED_BY=no
	[[ -n ${OPT[sign-cert]-} ]] || return 0
	product_sum "${OPT[sign-cert]}"
	SIGNED_BY=$SUM
}
SIGNED_BY=no

# prepared PRODUCT: the file that is installed for this build product.
prepared() {
	case $1 in
	*.ko) printf '%s/ready/%s%s\n' "${1%/*}" "$(basename "$1" .ko)" "$COMPRESSION" ;;
	*) printf '%s\n' "$1" ;;
	esac
}

# prepare_modules: prepares the modules of PLAN.
prepare_modules() {
	local line product ready
	for line in "${PLAN[@]}"; do
		IFS=$'\t' read -r _ product _ <<<"$line"
		[[ $product == *.ko ]] || continue
		ready=$(prepared "$product")
		"${BUILDER[@]}" mkdir -p "${ready%/*}" && prepare_module "$product" "$ready" ||
			return
		unset "SUMS[$ready]"
	done
}

strip_program() {
	if [[ -n ${STRIP-} ]]; then
		echo "$STRIP"
	elif [[ -n ${LLVM-} ]] && command -v llvm-strip >/dev/null; then
		echo llvm-strip
	else
		echo "${CROSS_COMPILE-}strip"
	fi
}

prepare_module() {
	local work=${2%.ko*}.ko
	"${BUILDER[@]}" cp --remove-destination -- "$1" "$work" || return
	PROBLEM="$(strip_program) failed"
	"${BUILDER[@]}" "$(strip_program)" --strip-debug "$work" || return
	PROBLEM="cannot sign the modules"
	[[ -z ${OPT[sign-key]-} ]] || sign_module "$work" || return
	PROBLEM="cannot compress the modules to $COMPRESSION"
	# The kernel's decompressor supports only crc32, and small dictionaries need less memory.
	case $COMPRESSION in
	*.xz) "${BUILDER[@]}" xz --check=crc32 --lzma2=dict=1MiB -f "$work" ;;
	*.gz) "${BUILDER[@]}" gzip -n -f "$work" ;;
	*.zst) "${BUILDER[@]}" zstd -q --rm -f "$work" ;;
	esac || return
	PROBLEM=''
}

# changer_of FILE: prints a user besides root and the present one who can exchange FILE. False if
# there is none.
changer_of() {
	local path=$1 uid user mode
	while :; do
		read -r uid user mode < <(stat -c '%u %U %f' -- "$path")
		if ((uid && uid != EUID)) && ! is_unmapped "$uid"; then
			[[ $user == UNKNOWN ]] && echo "uid $uid" || echo "$user"
			return
		fi
		# A sticky directory protects what is in it.
		if ((0x$mode & 0022 && !(0x$mode & 01000))); then
			echo 'a group'
			return
		fi
		[[ $path != / ]] || return 1
		path=${path%/*} path=${path:-/}
	done
}

# may_run TOOL: root runs no program that another user can exchange, unless forced.
may_run() {
	local changer
	((EUID == 0)) && changer=$(changer_of "$1") || return 0
	if [[ -n ${FORCED-} ]]; then
		note "root runs $1, which $changer can change"
		return
	fi
	bad "root does not run $1, which $changer can change; fix: chown -R root: ${1%%/scripts/*}, or $RUNME --force" >&2
	return 1
}

# sign_module MODULE: as the present user, who alone may be able to read the key, and in a directory
# where the builder cannot put links.
sign_module() {
	local tool dir status
	tool=$(realpath -e -- "$KERNEL_DIR/scripts/sign-file" 2>/dev/null)
	[[ -x $tool ]] || {
		bad "$KERNEL_DIR has no scripts/sign-file: cannot sign modules for this kernel" >&2
		return 1
	}
	may_run "$tool" && dir=$(mktemp -d) || return
	sign_copy "$tool" "$1" "$dir/${1##*/}"
	status=$?
	rm -rf -- "$dir"
	return "$status"
}

# sign_copy TOOL MODULE COPY
sign_copy() {
	local hash
	hash=$(sed -n 's/^CONFIG_MODULE_SIG_HASH="\(.*\)"/\1/p' "$KERNEL_DIR/.config" \
		"$KERNEL_DIR/include/config/auto.conf" 2>/dev/null |
		head -n 1)
	"${BUILDER[@]}" cat -- "$2" >"$3" || return
	if "$1" "${hash:-sha256}" "${OPT[sign-key]}" "${OPT[sign-cert]}" "$3"; then
		"${BUILDER[@]}" dd "of=$2" status=none <"$3"
		return
	fi
	bad "signing with ${OPT[sign-key]} failed" >&2
	return 1
}

# Prints whether a kernel with Secure Boot will load the installed modules.
say_signed() {
	local state
	if [[ -n ${OPT[sign-key]-} ]]; then
		say "The modules are signed. With Secure Boot, enrol the certificate first: mokutil --import ${OPT[sign-cert]} (DER)"
		return
	fi
	state=$(od -An -tu1 -j4 /sys/firmware/efi/efivars/SecureBoot-* 2>/dev/null | tr -d ' ')
	if [[ -n ${CONFIG[MODULE_SIG_FORCE]-} ]]; then
		note "The modules are not signed, and this kernel (CONFIG_MODULE_SIG_FORCE) will refuse to load them. See --sign-key and --sign-cert."
	elif [[ $state == 1 && -z $DEST ]]; then
		note "The modules are not signed, and Secure Boot is on: this kernel will refuse to load them. See --sign-key and --sign-cert."
	else
		say "The modules are not signed: with Secure Boot on, a kernel refuses to load them (see --sign-key). Otherwise it loads them and sets a taint flag."
	fi
}
