#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every module builds on the kernels of LINT_KERNELS without a warning of W=1 or of sparse (endianness included), and says of
# itself what it is: description, licence, the meaning of each parameter, the aliases that iptables loads it by.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
need sparse
need modinfo

# Into a folder of its own, from nothing: a warning is only seen when the file is compiled. What the kernel's own headers
# give rise to is not ours.
build() {
	local kernel_dir
	kernel_dir=$(scripts/kernel dir "$1") &&
		POM_OUT=$TAP_TMP/build MAKEFLAGS='' make -j2 modules KERNEL_DIR="$kernel_dir" W=1 C=2 CF=-D__CHECK_ENDIAN__ >"$TAP_TMP/log" 2>&1
}

warnings_of() { grep -E "(^|/)$1/[^ ]*: (warning|error|note): " "$TAP_TMP/log"; }
warnings_in_headers() { grep -E "$POM_TOP/(include|kernel)/[^ ]*\.h:.*: (warning|error): " "$TAP_TMP/log"; }
modpost_warnings() { grep -E '^(WARNING|ERROR): modpost' "$TAP_TMP/log"; }

described() { [[ -n $(modinfo -F description "$1") ]]; }
gpl() { [[ $(modinfo -F license "$1") == GPL* ]]; }

undescribed_parameters() {
	comm -23 <(modinfo -F parmtype "$1" | cut -d: -f1 | sort) <(modinfo -F parm "$1" | cut -d: -f1 | sort)
}

# xt_NAME is found by request_module("ipt_NAME") and ("ip6t_NAME"): nft's compatibility layer and old rules ask so.
missing_aliases() {
	local name=${1##*/}
	name=${name%.ko}
	[[ $name == xt_* ]] || return
	comm -23 <(printf '%s\n' "ip6t_${name#xt_}" "ipt_${name#xt_}") <(modinfo -F alias "$1" | sort)
}

modules=$(scripts/info modules)
for kernel in ${LINT_KERNELS:-6.1}; do
	if ! build "$kernel"; then
		tail -n 20 "$TAP_TMP/log" >"$TAP_TMP/out"
		verdict 1 "$kernel: the modules build"
		continue
	fi
	verdict 0 "$kernel: the modules build"
	for module in $modules; do
		empty "$kernel: $module: no warnings" warnings_of "$module"
	done
	empty "$kernel: our headers: no warnings" warnings_in_headers
	empty "$kernel: modpost: no warnings" modpost_warnings
done
for ko in "$TAP_TMP"/build/*/*.ko; do
	[[ -e $ko ]] || continue
	module=${ko##*/}
	[[ $ko == *"/$(scripts/kernel release "$kernel")/"* ]] || continue
	ok "$module: has a description" described "$ko"
	ok "$module: is under the GPL" gpl "$ko"
	empty "$module: every parameter has a description" undescribed_parameters "$ko"
	empty "$module: has the aliases that iptables asks for" missing_aliases "$ko"
done
done_testing
