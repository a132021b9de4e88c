#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every module builds on each of KERNELS without a warning of W=1 or of sparse (endianness included), and says of
# itself what it is: description, licence, the meaning of each parameter, the aliases that iptables loads it by.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
need sparse
need modinfo

out=$POM_TOP/build/lint

# In a folder of its own, where only the verdicts of the probes are kept: a warning is seen when a file is compiled, not later.
build() {
	find "$out/$2" -maxdepth 2 '(' -name '*.o' -o -name '*.ko' -o -name built ')' -delete 2>/dev/null
	POM_OUT=$out make modules KERNEL_DIR="debian:$1" W=1 C=2 CF="-D__CHECK_ENDIAN__ -include $PWD/tests/lint/sparse.h" >"$TAP_TMP/log" 2>&1
}

checked() { ! grep -E 'sparse is not available' "$TAP_TMP/log"; }

# What the kernel's own headers give rise to is not ours.
warnings_of() { grep -E "(^|/)$1/[^ ]*: (warning|error|note): " "$TAP_TMP/log"; }
warnings_in_headers() { grep -E "$POM_TOP/(include|kernel)/[^ ]*\.h:.*: (warning|error): " "$TAP_TMP/log"; }
modpost_warnings() { grep -E '^(WARNING|ERROR): modpost' "$TAP_TMP/log"; }

described() { [[ -n $(modinfo -F description "$1") ]]; }
gpl() { [[ $(modinfo -F license "$1") == GPL* ]]; }

# Which of modinfo's two fields of a parameter is there cannot be asked of modinfo.
undescribed_parameters() {
	local fields
	fields=$(objcopy -O binary --only-section=.modinfo "$1" /dev/stdout | tr '\0' '\n')
	comm -23 <(sed -n 's/^parmtype=\([^:]*\):.*/\1/p' <<<"$fields" | sort) <(sed -n 's/^parm=\([^:]*\):..*/\1/p' <<<"$fields" | sort)
}

# xt_NAME is found by request_module("ipt_NAME") and ("ip6t_NAME"): nft's compatibility layer and old rules ask so.
missing_aliases() {
	local name=${1##*/}
	name=${name%.ko}
	[[ $name == xt_* ]] || return
	comm -23 <(printf '%s\n' "ip6t_${name#xt_}" "ipt_${name#xt_}") <(modinfo -F alias "$1" | sort)
}

unset MAKEFLAGS MFLAGS MAKELEVEL
modules=$(scripts/info modules)
for kernel in ${KERNELS:-5.10 6.1 6.12 7.3}; do
	release=$(scripts/kernel release "$kernel")
	build "$kernel" "$release"
	status=$?
	((status)) && tail -n 20 "$TAP_TMP/log" >"$TAP_TMP/out"
	verdict $status "$kernel: the modules build"
	((status)) && continue
	built=$out/$release
	ok "$kernel: sparse has looked at them" checked
	for module in $modules; do
		empty "$kernel: $module: no warnings" warnings_of "$module"
	done
	empty "$kernel: our headers: no warnings" warnings_in_headers
	empty "$kernel: modpost: no warnings" modpost_warnings
done
# What a module says of itself is the same on every kernel.
[[ -z ${built-} ]] || for module in $modules; do
	ko=$built/$module.ko
	ok "$module: has a description" described "$ko"
	ok "$module: is under the GPL" gpl "$ko"
	empty "$module: every parameter has a description" undescribed_parameters "$ko"
	empty "$module: has the aliases that iptables asks for" missing_aliases "$ko"
done
done_testing
