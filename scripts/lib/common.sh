# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by every script of the tree. Sets POM_TOP (the root of the tree) and POM_CACHE (the
# directory for downloads), and defines info, warn and die, which print to standard error.

POM_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P) || exit
: "${POM_CACHE:=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/patch-o-matic}"
export POM_TOP POM_CACHE

POM_PROGRAM=${0##*/}

info() { printf '%s: %s\n' "$POM_PROGRAM" "$*" >&2; }
warn() { printf '%s: warning: %s\n' "$POM_PROGRAM" "$*" >&2; }
die() { printf '%s: error: %s\n' "$POM_PROGRAM" "$*" >&2; exit 1; }
