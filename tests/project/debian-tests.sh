#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The test of the Debian packages (debian/tests, for autopkgtest) passes with what runme installed.
#
#	r	a namespace without neighbours
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme debian/tests/*
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
namespace r
# iptables and its friends are those of the backend under test.
mkdir "$TMP/bin"
for program in iptables ip6tables iptables-save; do
	ln -s "$(command -v "${program/tables/tables-$BACKEND}")" "$TMP/bin/$program"
done
tools=$PWD/build/tools
! command -v xtrecent >/dev/null || tools=

mapfile -t names < <(sed -n 's/^Tests: //p' debian/tests/control)
for name in "${names[@]}"; do
	out=$(r env "PATH=$TMP/bin:$PATH${tools:+:$tools}" "debian/tests/$name" 2>&1) status=$?
	say "$out"
	is "debian/tests/$name: exit status" "$status" 0
	is "debian/tests/$name: nothing failed" "$(grep -c '^failed' <<<"$out")" 0
	ok "debian/tests/$name: its last check passed" grep -q '^passed: no rule' <<<"$out"
done
done_testing
