#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules of iptables-nft next to a ruleset of nft: both see packets; nft lists our matches, but does
# not load what it has listed, and `flush ruleset` removes the rules of both.
#
#	r	a namespace without neighbours
# inputs: kernel/* include/* extensions/* patchlets/* tools/* scripts/* Kbuild Makefile runme README.md
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
[[ $BACKEND == nft ]] || skip_all 'nft does not see the rules of iptables-legacy'
namespace r

# The program nft would need more packages: the library is the same. Standard input has commands.
nft_program='import ctypes, sys
lib = ctypes.CDLL("libnftables.so.1")
lib.nft_ctx_new.restype = ctypes.c_void_p
ctx = ctypes.c_void_p(lib.nft_ctx_new(0))
sys.exit(lib.nft_run_cmd_from_buffer(ctx, sys.stdin.read().encode()) != 0)'
nft() { r python3 -c "$nft_program"; }
packet() { r ping -q -c 1 -W 1 127.0.0.1; }

say 'A ruleset of nft, and rules of iptables-nft.'
cat >"$TMP/mine" <<'END'
add table inet mine
flush table inet mine
table inet mine {
	chain in {
		type filter hook input priority 10
		icmp type echo-request counter
	}
}
END
ok 'nft -f of a file with its own table' nft <"$TMP/mine"
ipt r -A INPUT -p icmp -m condition --condition closed -j DROP
ipt r -A INPUT -p icmp -m recent --name seen --set
ok 'both see a packet: it passes' packet
like 'nft has counted it' "$(nft <<<'list table inet mine')" 'counter packets 1 '
is 'so has iptables' "$(counter r 4 filter INPUT 2)" 2
ok 'nft -f of that file again' nft <"$TMP/mine"
is 'the rules of iptables are the same' "$(r iptables-nft-save | grep -c '^-A INPUT')" 2
r sh -c 'echo 1 >/proc/net/nf_condition/closed'
nok 'they work' packet
r sh -c 'echo 0 >/proc/net/nf_condition/closed'

say 'The whole ruleset, saved by nft.'
r iptables-nft-save >"$TMP/iptables"
{ echo 'flush ruleset'; nft <<<'list ruleset'; } >"$TMP/ruleset"
like 'a match of ours is listed by its name' "$(<"$TMP/ruleset")" 'xt match "?condition'
nok 'nft -f of it: refused' nft <"$TMP/ruleset"
is 'and nothing has changed' "$(r iptables-nft-save | grep -c '^-A INPUT')" 2
like 'of both' "$(nft <<<'list ruleset')" 'table inet mine'
ok 'a packet passes' packet

say 'flush ruleset, with which /etc/nftables.conf of Debian begins.'
ok 'nft flush ruleset' nft <<<'flush ruleset'
is 'the rules of iptables are gone, too' "$(r iptables-nft-save | grep -c '^-A INPUT')" 0
ok 'iptables-restore of what iptables-save has written' r iptables-nft-restore "$TMP/iptables"
ok 'nft -f of a file with its own table' nft <"$TMP/mine"
is 'both are back: iptables' "$(r iptables-nft-save | grep -c '^-A INPUT')" 2
like 'both are back: nft' "$(nft <<<'list ruleset')" 'table inet mine'
done_testing
