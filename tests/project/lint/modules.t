#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every module builds on each of KERNELS without a warning of W=1 or of sparse (endianness
# included), and says of itself what it is: description, licence, the meaning of each parameter, the
# aliases that iptables loads it by.
# inputs: kernel/* include/* Kbuild Makefile scripts/* patchlets/*/info $KERNELS
# shellcheck source=lib.sh
. "${0%/*}/lib.sh"
need sparse
need modinfo

checked() { ! grep -E 'sparse is not available' "$said"; }

# What the kernel's own headers give rise to is not ours.
warnings_of() { grep -E "(^|/)$1/[^ ]*: (warning|error|note): " "$said"; }
warnings_in_headers() {
	grep -E "$POM_TOP/(include|kernel)/[^ ]*\.h:.*: (warning|error): " "$said"
}
modpost_warnings() { grep -E '^(WARNING|ERROR): modpost' "$said"; }

described() { [[ -n $(modinfo -F description "$1") ]]; }
versioned() { [[ $(modinfo -F version "$1") == "$(scripts/version)" ]]; }
gpl() { [[ $(modinfo -F license "$1") == GPL* ]]; }

# modinfo cannot tell which of the two fields of a parameter exists.
undescribed_parameters() {
	local fields
	fields=$(objcopy -O binary --only-section=.modinfo "$1" /dev/stdout | tr '\0' '\n')
	comm -23 <(sed -n 's/^parmtype=\([^:]*\):.*/\1/p' <<<"$fields" |
		sort) <(sed -n 's/^parm=\([^:]*\):..*/\1/p' <<<"$fields" | sort)
}

# xt_NAME is found by request_module("ipt_NAME") and ("ip6t_NAME"): nft's compatibility layer and
# old rules ask so.
missing_aliases() {
	local name=${1##*/}
	name=${name%.ko}
	[[ $name == xt_* ]] || return
	comm -23 <(printf '%s\n' "ip6t_${name#xt_}" "ipt_${name#xt_}") <(modinfo -F alias "$1" |
		sort)
}

unset MAKEFLAGS MFLAGS MAKELEVEL
modules=$(scripts/info modules)
for kernel in ${KERNELS:-5.10 6.1 6.12 7.3}; do
	said=$(tests/project/lint/warnings "debian:$kernel")
	status=$?
	((status)) && tail -n 20 "$said" >"$TAP_TMP/out"
	verdict $status "$kernel: the modules build"
	((status)) && continue
	built=${said%/*}
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
	ok "$module: has the version of the tree" versioned "$ko"
	empty "$module: every parameter has a description" undescribed_parameters "$ko"
	empty "$module: has the aliases that iptables asks for" missing_aliases "$ko"
done
done_testing
