#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Chains of nft call a chain of mangle that has a rule of ROUTE: in NAT, after the hooks of the
# module, and in a network namespace whose packets reach a different one. NFQUEUE holds a packet.
#
#   n0 ---- r ---- n1     n0 sends to n1; ROUTE sends it to n2, which has n1's address, too
#           |
#           n2
. "${0%/*}/../lib/scenario.sh"
[[ $BACKEND == nft ]] || skip_all 'only chains of nft can call those of a table of iptables-nft'
topology
n2 ip address add 10.0.1.2/32 dev lo
ipt n1 -t raw -A PREROUTING -p icmp
ipt n2 -t raw -A PREROUTING -p icmp

program='import ctypes, sys
lib = ctypes.CDLL("libnftables.so.1")
lib.nft_ctx_new.restype = ctypes.c_void_p
ctx = ctypes.c_void_p(lib.nft_ctx_new(0))
sys.exit(lib.nft_run_cmd_from_buffer(ctx, sys.argv[1].encode()) != 0)'
base_chain() { # NS NAME TYPE HOOK PRIORITY: a base chain that calls the chain `called`
	ok "$1: a chain of type $3 in $4" "$1" python3 -c "$program" "
		add chain ip mangle $2 { type $3 hook $4 priority $5; }
		add rule ip mangle $2 jump called"
}
came() { # to n1 and to n2, since the last time
	local ns
	for ns in n1 n2; do
		printf '%s ' "$(counter "$ns" 4 raw PREROUTING 1)"
		_quiet=1 ipt "$ns" -t raw -Z
	done
}

say 'A rule of n0 selects no next hop of r, even if both have the same id.'
ipt r -t mangle -A PREROUTING -d 192.0.2.1 -j ROUTE --gw 10.0.2.2
ipt n0 -t mangle -N called
ipt n0 -t mangle -A called -j ROUTE --oif e0
base_chain n0 late filter postrouting 0
ok 'n0 gets an answer' n0 ping -n -c 1 -W 1 10.0.1.2
is 'of n1' "$(came)" '1 0 '
n0 python3 -c "$program" 'delete table ip mangle'
ipt r -t mangle -F

say 'NAT uses the connection after a chain of NAT has called the rule.'
ipt r -t mangle -N called
ipt r -t mangle -A called -d 10.0.1.2 -j ROUTE --gw 10.0.2.2 --untrack
for hook in prerouting input output postrouting; do
	base_chain r "$hook" nat "$hook" -100
done
ok 'n0 gets answers' n0 ping -n -q -c 3 -i 0.2 -W 1 10.0.1.2
ok 'r gets answers' r ping -n -q -c 3 -i 0.2 -W 1 10.0.1.2
r python3 -c "$program" 'delete table ip mangle'

say 'A packet that waits for a program keeps no interface of r. Else the network namespace that has'
say 'the other end could not end, and behind it no other one.'
holder=''
ipt r -t mangle -A PREROUTING -d 10.0.1.2 -j ROUTE --gw 203.0.113.1
ipt r -t mangle -N called
ipt r -t mangle -A called -p icmp -j NFQUEUE
base_chain r late filter prerouting 0
gone() { ! _quiet=1 r ip link show "$1"; }
for route in 'via 10.0.9.2' 'via 10.0.9.2 mtu 1400' 'via inet6 fe80::2'; do
	namespace first
	namespace second
	r ip -batch - <<END
link add x0 type veth peer name x1 netns first
link add y0 type veth peer name y1 netns second
link set x0 up
address add 10.0.9.1/24 dev x0
END
	first ip link set x1 up
	# shellcheck disable=SC2086 # words
	r ip route add 203.0.113.0/24 $route dev x0
	bg holder r tests/ROUTE/queue-packet
	until_ok "$route: a program is ready" 10 grep -q ready "$TMP/holder.out"
	n0 ping -n -c 1 -W 1 10.0.1.2
	until_ok "$route: it has the packet" 10 grep -q queued "$TMP/holder.out"
	ip netns delete first
	until_ok "$route: the interface is removed with its peer" 5 gone x0
	ip netns delete second
	until_ok "$route: other namespaces end" 5 gone y0
	kill "$holder"
	wait "$holder"
done
done_testing
