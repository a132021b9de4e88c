#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# All modules build for other architectures, and modpost accepts them. SHARD=K/N selects every Nth
# combination; LEVEL=full takes all, and COMBINATIONS names some (6.1-s390x).
# inputs: kernel/* include/* patchlets/*/info scripts/* Kbuild tests/lib/tap.sh tests/project/lint/lib.sh $SHARD $LEVEL $COMBINATIONS
# shellcheck source=../lint/lib.sh
. "${0%/*}/../lint/lib.sh"
need gcc

# Debian has no headers for the others: of 5.10 for s390x, of 6.12 for i386, of 7.3 for armhf, i386
# and s390x.
all=(5.10-arm64 6.1-arm64 6.12-arm64 7.3-arm64 5.10-armhf 6.1-armhf 6.12-armhf 5.10-i386 6.1-i386 \
	6.1-s390x 6.12-s390x)

# Builds all modules and prints the errors only.
build() {
	local log=$TAP_TMP/build.log
	MAKEFLAGS=-j2 scripts/build-modules "debian:$1" >"$log" 2>&1 && return
	grep -E -m 20 'error|undefined|warning:' "$log" || tail -n 20 "$log"
	return 1
}

# Succeeds if a module is of ARCHITECTURE: a build for the host must not pass.
is_for() {
	case $1/$(readelf -h "$2" | sed -n 's/^ *Machine: *//p') in
	arm64/AArch64 | armhf/ARM | i386/'Intel 80386' | s390x/'IBM S/390') ;;
	*) return 1 ;;
	esac
}

readarray -t selected < <(
	if [[ ${COMBINATIONS-} ]]; then
		tr ' ' '\n' <<<"$COMBINATIONS"
	elif [[ ${LEVEL-} == full ]]; then
		printf '%s\n' "${all[@]}"
	else
		shard=${SHARD:-1/8}
		for ((i = ${shard%/*} - 1; i < ${#all[@]}; i += ${shard#*/})); do
			echo "${all[i]}"
		done
	fi
)
for spec in "${selected[@]}"; do
	kernel=${spec%-*} arch=${spec##*-}
	if ! scripts/kernel dir "$spec" >/dev/null 2>"$TAP_TMP/why"; then
		skip "the modules build for Linux $kernel on $arch" \
			"the headers cannot be fetched: $(tail -n 1 "$TAP_TMP/why")"
		continue
	fi
	ok "the modules build for Linux $kernel on $arch" build "$spec"
	ok "they are for $arch" is_for "$arch" \
		"${POM_OUT:-build}/$(scripts/kernel release "$spec")/xt_condition.ko"
done
done_testing
