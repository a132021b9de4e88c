#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Connections that are picked up in the middle: the match finds them, and after a number of packets
# the target, or the classic sysctl, starts to check them.
# inputs: tests/tcp-window-tracking/transfer
#
#	n0 ---- r ---- n1	r tracks segments that n0 sends for both
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=window.lib
. "${0%/*}/window.lib"
topology
hush

# N packets in each direction, of a transfer whose windows have a scale of 14.
pick_up() {
	local i
	for ((i = 0; i < $1; i++)); do
		from_client flags=PA seq=$((1001 + 500 * i)) ack=5001 len=500
		from_server flags=A seq=5001 ack=$((1501 + 500 * i)) win=60000
	done
	next=$((1001 + 500 * $1))
}

for family in 4 6; do
	rules r $family <<END
*mangle
-A PREROUTING -p tcp -s $(client 11 $family) -j TCPWINDOW --loose 3
-A PREROUTING -p tcp -d $(client 11 $family) -j TCPWINDOW --loose 3
-A PREROUTING -p tcp -s $(client 10 $family) -m conntrack --ctstate INVALID
-A PREROUTING -p tcp -s $(client 11 $family) -m conntrack --ctstate INVALID
-A PREROUTING -p tcp -s $(client 12 $family) -m tcpwindow --picked-up
-A PREROUTING -p tcp -s $(client 12 $family) -m tcpwindow ! --picked-up
-A PREROUTING -p tcp -s $(client 13 $family) -m tcpwindow --picked-up
-A PREROUTING -p tcp -s $(client 13 $family) -m tcpwindow ! --picked-up
-A PREROUTING -p tcp -s $(client 14 $family) -m conntrack --ctstate INVALID
COMMIT
END
done

for family in 4 6; do
	for case in 10 11; do
		pick_up 6
		# in a window of 60000 << 14, and far outside of it
		from_client flags=PA seq=$((next + 500000000)) ack=5001 len=10
		from_client flags=PA seq=$((next + 2000000000)) ack=5001 len=10
		from_client flags=A seq=$next ack=900000000
	done
	case=12
	pick_up 2
	case=13
	open_connection
	send
	packets $family
	is "IPv$family: without a rule, all pass for ever" "${count[2]}" 0
	is "IPv$family: --loose 3: checked with a scale of 14" "${count[3]}" 2
	is "IPv$family: --picked-up" "${count[4]}" 2
	is "IPv$family: ! --picked-up" "${count[5]}" 0
	is "IPv$family: a connection from its beginning" "${count[6]} ${count[7]}" '0 2'
done

say 'The classic sysctl does so for the namespace.'
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_loose=3
family=4 case=14
pick_up 6
from_client flags=PA seq=$((next + 2000000000)) ack=5001 len=10
send
packets 4
is 'checked' "${count[8]}" 1
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_loose=1
ipt r -t mangle -I PREROUTING -p tcp -s 10.0.0.15 -m conntrack --ctstate INVALID
case=15
pick_up 6
from_client flags=PA seq=$((next + 2000000000)) ack=5001 len=10
send
is 'with 1, it is not' "$(counter r 4 mangle PREROUTING 1)" 0

say 'Ten megabytes of a real transfer, picked up in the middle.'
r iptables-"$BACKEND" -t mangle -F PREROUTING
ipt r -A FORWARD -m conntrack --ctstate INVALID -j DROP
n0 iptables-"$BACKEND" -F INPUT
n1 iptables-"$BACKEND" -F INPUT
r sysctl -w net.ipv4.netfilter.ip_ct_tcp_loose=3
for scale in 0 7 14; do
	# the kernel chooses the scale that the largest buffer needs
	n1 sysctl -w net.ipv4.tcp_window_scaling=$((scale > 0)) \
		net.ipv4.tcp_rmem="4096 131072 $((65535 << scale))"
	port=$((5000 + scale))
	bg receiver n1 tests/tcp-window-tracking/transfer $port serve
	poll 20 grep -q ready "$TMP/receiver.out"
	bg sender n0 tests/tcp-window-tracking/transfer $port 10.0.1.2 "$TMP/go$scale" 10000000
	poll 20 eval "r conntrack -L -p tcp --dport $port 2>/dev/null | grep -q ASSURED"
	((scale == 0)) || like "scale $scale: the receiver has it" \
		"$(n1 ss -tin "sport = :$port")" "wscale:[0-9]+,$scale"
	r conntrack -D -p tcp --dport $port
	: >"$TMP/go$scale"
	until_ok "scale $scale: all arrives" 120 grep -q '^10000001 bytes$' "$TMP/receiver.out"
done
done_testing
