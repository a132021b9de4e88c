#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The Debian packages in a clean system of bookworm, from their build to their purge.
# inputs: debian/* packaging/* Makefile Kbuild kernel/* include/* extensions/* tools/* patchlets/* scripts/* doc/*.mk doc/*.8 doc/make-help tests/*.mk tests/roots tests/project/packaging/clean-root.lib runme NEWS
# copies: *
# shellcheck source=clean-root.lib
. "${0%/*}/clean-root.lib"
# All patchlets are in clean-trixie.t.
clean_root bookworm 6.1 condition recent string CONNMARK ctnetlink
