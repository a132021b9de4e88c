#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Modules build for kernels without IPv6, /proc, sysctls or NAT, unless the info file of their
# patchlet requires the option. The option, and those whose names begin with it, are undefined on
# top of a stock kernel's configuration.
# SHARD=K/N selects every Nth option; LEVEL=full takes all, and CONFIGS names some (IPV6).
# inputs: kernel/* include/* patchlets/*/info scripts/* Kbuild tests/lib/tap.sh tests/project/lint/lib.sh $SHARD $LEVEL $CONFIGS
# shellcheck source=../lint/lib.sh
. "${0%/*}/../lint/lib.sh"
need gcc
kernel=6.1
all=(IPV6 PROC_FS SYSCTL NF_NAT)

# Patchlets whose info files, and those of the patchlets that they depend on, do not require OPTION.
without() {
	local name needed
	for name in $(scripts/info list); do
		for needed in $(scripts/info list "$name"); do
			! scripts/info get "$needed" Requires | grep -qx "config $1" || continue 2
		done
		echo "$name"
	done
}

# Builds modules and prints the errors only.
build() { # OPTION PATCHLET...
	local log=$TAP_TMP/build.log
	sed -n "s/^CONFIG_\($1\(_[A-Z0-9_]*\)\{0,1\}\)=.*/#undef CONFIG_\1\n#undef CONFIG_\1_MODULE/p" \
		"$(scripts/kernel dir "$kernel")/.config" >"$TAP_TMP/undefine.h" || return
	POM_OUT=$TAP_TMP/$1 KCFLAGS="-include $TAP_TMP/undefine.h" MAKEFLAGS=-j2 \
		scripts/build-modules "debian:$kernel" "${@:2}" >"$log" 2>&1 && return
	grep -E -m 20 'error|undefined|warning:' "$log" || tail -n 20 "$log"
	return 1
}

readarray -t selected < <(
	if [[ ${CONFIGS-} ]]; then
		tr ' ' '\n' <<<"$CONFIGS"
	elif [[ ${LEVEL-} == full ]]; then
		printf '%s\n' "${all[@]}"
	else
		shard=${SHARD:-1/8}
		echo "${all[(${shard%/*} - 1) % ${#all[@]}]}"
	fi
)
for option in "${selected[@]}"; do
	readarray -t patchlets < <(without "$option")
	if ((${#patchlets[@]} == 0)); then
		skip "modules build without $option" 'every patchlet requires it'
		continue
	fi
	ok "modules of ${patchlets[*]} build without $option" build "$option" "${patchlets[@]}"
done
done_testing
