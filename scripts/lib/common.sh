# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by every script of the tree. Sets POM_TOP (the root of the tree) and POM_CACHE (the
# directory for downloads), and defines info, warn and die, which print to standard error.

POM_TOP=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd -P) || exit
: "${POM_CACHE:=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/patch-o-matic}"
# The kernel's build system cannot read a path with blanks.
if [[ $POM_CACHE == *[[:space:]]* ]]; then
	POM_CACHE=/var/tmp/patch-o-matic-$UID
	mkdir -m 700 "$POM_CACHE" 2>/dev/null
	[[ -d $POM_CACHE && -O $POM_CACHE && ! -L $POM_CACHE ]] ||
		{ echo "$POM_CACHE is not a directory of yours; fix: set POM_CACHE to one" \
		>&2; exit 1; }
fi
export POM_TOP POM_CACHE

POM_PROGRAM=${0##*/}

info() { printf '%s: %s\n' "$POM_PROGRAM" "$*" >&2; }
# The directory of the modules of a kernel. A tree below a path with blanks has it in the cache.
modules_dir() {
	local out=${POM_OUT:-$POM_TOP/build} sum
	if [[ $out == *[[:space:]]* ]]; then
		read -r sum _ < <(sha256sum <<<"$out")
		out=$POM_CACHE/build/${sum:0:16}
	fi
	printf '%s/%s\n' "$out" "$1"
}

# True if the tree is a clone that git can read.
in_git() { [[ -e $POM_TOP/.git ]] && git -C "$POM_TOP" rev-parse -q --verify HEAD >/dev/null 2>&1; }

warn() { printf '%s: warning: %s\n' "$POM_PROGRAM" "$*" >&2; }
die() { printf '%s: error: %s\n' "$POM_PROGRAM" "$*" >&2; exit 1; }
