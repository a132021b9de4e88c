# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the programs that read LEVEL and SHARD. Variables that they replace end the program
# with status 2 and the new name.

refuse_old_variables() {
	local name new fault=0
	for name in MATRIX TEST_SHORT TEST_FULL; do
		[[ ${!name-} ]] || continue
		case $name=${!name} in
		MATRIX=full | TEST_FULL=*) new='LEVEL=full' ;;
		MATRIX=pairs | TEST_SHORT=1) new='LEVEL=normal' ;;
		MATRIX=*) new='LEVEL=normal and SHARD=K/N' ;;
		TEST_SHORT=0) new='LEVEL=full' ;;
		*) new='LEVEL=quick' ;;
		esac
		printf '%s: error: %s=%s: this variable has a new name: use %s\n' "${0##*/}" \
			"$name" "${!name}" "$new" >&2
		fault=1
	done
	((!fault)) || exit 2
	if [[ ! ${LEVEL:-normal} =~ ^(quick|normal|full)$ ]]; then
		printf '%s: error: LEVEL=%s: wanted quick, normal or full\n' "${0##*/}" "$LEVEL" >&2
		exit 2
	fi
}
