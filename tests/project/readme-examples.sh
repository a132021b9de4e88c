#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The examples of the README work literally.
#
#	r	a namespace without neighbours, for the examples; other scenarios test what the
#		rules do
#
# Each line is a command of its own and must succeed; the rules that it adds must be there
# afterwards.
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme README.md doc/*.md
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
namespace r

# iptables in an example is that of the backend under test.
mkdir "$TMP/bin"
for program in iptables ip6tables; do
	ln -s "$(command -v "$program-$BACKEND")" "$TMP/bin/$program"
done

PATH=$TMP/bin:$PATH
mapfile -t examples < <(scripts/readme --examples)
ok 'the README has examples' test "${#examples[@]}" -ge 5
wanted=0
for example in "${examples[@]}"; do
	ok "$example" r bash -c "$example"
	[[ $example == 'iptables -A '* ]] && wanted=$((wanted + 1))
done
is 'the rules are there' "$(r "iptables-$BACKEND-save" -t filter | grep -c '^-A')" "$wanted"
is 'the switch is off again' "$(r cat /proc/net/nf_condition/closed)" 0
done_testing
