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

sign_module() {
	local tool=$KERNEL_DIR/scripts/sign-file hash
	[[ -x $tool ]] || {
		bad "$KERNEL_DIR has no scripts/sign-file: cannot sign modules for this kernel" >&2
		return 1
	}
	hash=$(sed -n 's/^CONFIG_MODULE_SIG_HASH="\(.*\)"/\1/p' "$KERNEL_DIR/.config" \
		"$KERNEL_DIR/include/config/auto.conf" 2>/dev/null |
		head -n 1)
	"$tool" "${hash:-sha256}" "${OPT[sign-key]}" "${OPT[sign-cert]}" "$1" && return
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
