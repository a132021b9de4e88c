#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# On a 64-bit kernel, a 32-bit iptables loads rules into our modules and lists them as they were
# written: with its stock extensions, and with ours.
#
#	n0 -- r (the rules, and a UDP server)
#
# deadline: 900
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme tests/containers tests/lib/guest/rules
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=../lib/firewall.lib
. "${0%/*}/../lib/firewall.lib"
# shellcheck source=../lib/container.lib
. "${0%/*}/../lib/container.lib"
name=bookworm-i386
ours=build/i686-linux-gnu/extensions
topology
receive r 7777 7778 7779 9999
container "$name" || done_testing
inside iptables --version >/dev/null 2>&1 || skip_all 'this kernel runs no 32-bit programs'
# Kernels of Debian from 6.12 on: CONFIG_NETFILTER_XTABLES_COMPAT is not set.
[[ $(inside iptables -S 2>&1) != *'Invalid argument'* ]] ||
	skip_all 'this kernel takes no rules from a 32-bit iptables-legacy'
try_stock_rules "$name"

say 'Our extensions, built for i386, and the rules of extensions/*.t.'
mkdir "$_root/run/xtables" "$TMP/bin"
cp "$ours"/*.so "$_root/run/xtables/"
for program in {iptables,ip6tables}-"$BACKEND"{,-save,-restore}; do
	cat >"$TMP/bin/$program" <<-END
		#!/bin/sh
		export XTABLES_LIBDIR=/run/xtables:/usr/lib/i386-linux-gnu/xtables
		exec chroot "$_root" "/usr/sbin/$program" "\$@"
	END
	chmod +x "$TMP/bin/$program"
done
for table in raw nat security; do
	_quiet=1 r "iptables-$BACKEND" -t "$table" -S >/dev/null
	_quiet=1 r "ip6tables-$BACKEND" -t "$table" -S >/dev/null
done
for cases in extensions/*.t; do
	[[ -e $_root/run/xtables/$(basename "$cases" .t).so ]] || continue
	namespace x
	_quiet=1 PATH=$TMP/bin:$PATH x tests/lib/guest/rules --load "$BACKEND" "$cases" \
		>"$TMP/said" 2>&1
	status=$?
	((status == 0)) || grep -A12 '^not ok' "$TMP/said"
	is "$cases: $(grep -c '^ok' "$TMP/said") rules" "$status" 0
	ip netns delete x
done
done_testing
