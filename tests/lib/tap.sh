# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by tests that run on the host (*.t): the assertions of tests/lib/assert.sh, which print
# TAP, and
#
#   empty DESC CMD...   CMD prints nothing, on either stream; what it prints are the faults
#   need PROGRAM         without PROGRAM the whole test file is one skipped case
#
# $TAP_TMP is a scratch directory; $TAP_TMP/out has the output of the last command, which explains a
# failure. The working directory is the root of the tree.
set -u
# shellcheck source=../../scripts/lib/common.sh
. "${BASH_SOURCE[0]%/*}/../../scripts/lib/common.sh"
# shellcheck source=assert.sh
. "${BASH_SOURCE[0]%/*}/assert.sh"
cd "$POM_TOP" || exit
PATH=$PATH:/usr/sbin:/sbin

TAP_TMP=$(realpath "$(mktemp -d)") || exit
trap 'rm -rf "$TAP_TMP"' EXIT
# shellcheck disable=SC2034 # read by assert.sh
tap_output=$TAP_TMP/out

empty() {
	local status=0
	"${@:2}" >"$tap_output" 2>&1 || :
	[[ ! -s $tap_output ]] || status=1
	verdict "$status" "$1"
}

need() {
	command -v "$1" >/dev/null && return
	skip "${0##*/}" "$1 is not installed"
	done_testing
}
