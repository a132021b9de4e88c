#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# TIMEOUT next to a policy of CT --timeout, and to objects of nftables: timeouts and expectations.
# inputs: tests/ip_conntrack-timeouts/policy
#
#	n0 ---- r ---- n1	r tracks what n0 and n1 send by hand
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=timers.lib
. "${0%/*}/timers.lib"
topology
silence
ipt r -A FORWARD -m conntrack --ctstate NEW
r sysctl -w net.ipv4.ip_conntrack_udp_timeouts='901 901'
send() { n0 tests/lib/udp-send --from "$1" 10.0.1.2 80 x; }
nft_program='import ctypes, sys
lib = ctypes.CDLL("libnftables.so.1")
lib.nft_ctx_new.restype = ctypes.c_void_p
ctx = ctypes.c_void_p(lib.nft_ctx_new(0))
sys.exit(lib.nft_run_cmd_from_buffer(ctx, sys.argv[1].encode()) != 0)'
nft() { r python3 -c "$nft_program" "$1"; }

say 'A policy of CT --timeout.'
modprobe nfnetlink_cttimeout
ok 'a policy' r tests/ip_conntrack-timeouts/policy patient 777
ipt r -t raw -A PREROUTING -p udp -j CT --timeout patient
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --set udp=501
send 5000
timer_is 'it wins' 4 udp 5000 777
send 5000
timer_is 'and stays' 4 udp 5000 777
ipt r -t mangle -F PREROUTING
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --set udp=2000 --now
send 5000
timer_is '--now does not change it, either' 4 udp 5000 777
ipt r -t raw -F PREROUTING
ipt r -t mangle -F PREROUTING

say 'A ct timeout of nftables.'
ok 'before the rule' nft 'add table ip x
	add ct timeout ip x t { protocol udp; l3proto ip;
		policy = { unreplied : 778, replied : 779 }; }
	add chain ip x early { type filter hook prerouting priority -190; }
	add chain ip x late { type filter hook forward priority 10; }
	add rule ip x early udp dport 80 ct timeout set "t"'
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --set udp=501
send 5001
timer_is 'it stays' 4 udp 5001 778
ok 'after the rule' nft 'flush chain ip x early
	add rule ip x late udp dport 80 ct timeout set "t"'
send 5002
like 'one of both counts, depending on the kernel' "$(timer 4 udp 5002)" \
	'^(50[01]|49[0-9]|77[0-8]|76[0-9])$'
ipt r -t mangle -F PREROUTING
nft 'flush chain ip x late'

say 'An expectation of nftables, while extensions of the connection would have to move.'
r sysctl -w net.netfilter.nf_conntrack_acct=1
# Linux 5.10 takes the milliseconds for seconds
ok 'an object' nft 'add ct expectation ip x e { protocol tcp; dport 9876; timeout 1ms; size 12;
		l3proto ip; }
	add rule ip x early tcp dport 80 ct expectation set "e"'
expectations() { [[ $(r conntrack -L expect 2>/dev/null | wc -l) == "$1" ]]; }
ipt r -t mangle -A PREROUTING -p tcp -j TIMEOUT --set established=1h
segment n0 4 4000 flags=S seq=1000
until_ok 'the rule meets the connection: the expectation ends' 20 expectations 0
ipt r -t mangle -F PREROUTING
ipt r -t mangle -A PREROUTING -p sctp -j TIMEOUT --set established=1h
segment n0 4 4001 flags=S seq=1000
until_ok 'the hook does: the expectation ends' 20 expectations 0
segment n0 4 4002 flags=S seq=1000
r conntrack -D -p tcp
until_ok 'the connections end' 20 expectations 0
nft 'delete table ip x'
done_testing
