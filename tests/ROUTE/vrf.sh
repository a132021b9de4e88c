#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# VRFs: --oif sends packets into a VRF and out of one. Without it, a gateway is looked up in the
# main table.
#
#   n0 ---- r ---- n1     n0 and r send datagrams to n1. ROUTE sends them to n2.
#           |             r2, later r0, is in the VRF v.
#           n2
. "${0%/*}/../lib/scenario.sh"
topology
r ip link add v type vrf table 100 || skip_all 'the kernel has no VRF'
r ip link set v up
for iptables in ipt ip6t; do
	"$iptables" n2 -t raw -A PREROUTING -p udp --dport 9
done

try() { # 4|6 CHAIN NS OPTIONS WANT [IN]: datagrams that come to n2
	local to=10.0.1.2 gw=10.0.2.2 iptables=ipt
	[[ $1 == 4 ]] || to=fd00:0:0:1::2 gw=fd00:0:0:2::2 iptables=ip6t
	_quiet=1 "$iptables" n2 -t raw -Z
	# shellcheck disable=SC2086 # words
	"$iptables" r -t mangle -A "$2" ${6:+-i $6} -p udp -d "$to" -j ROUTE $4 --gw "$gw"
	"$3" tests/lib/udp-send "$to" 9 x
	until_ok "$what, $2 ${6-} $4: IPv$1" 5 counter_is n2 "$1" raw PREROUTING 1 "$5"
}
dropped() { # 4|6
	_quiet=1 r grep -q "^ipv$1 gw=.* packets=0 .*no-route=1" /proc/net/xt_ROUTE
}
flush() {
	ipt r -t mangle -F
	ip6t r -t mangle -F
}
settle() { # DEVICE N: what it loses when it enters or leaves a VRF
	r ip -batch - <<END
address replace fd00:0:0:$2::1/64 dev $1 nodad
neighbour replace 10.0.$2.2 lladdr 02:00:00:00:0$2:02 dev $1
neighbour replace fd00:0:0:$2::2 lladdr 02:00:00:00:0$2:02 dev $1
END
}

what='into the VRF'
r ip link set r2 master v
settle r2 2
for family in 4 6; do
	for chain in PREROUTING FORWARD POSTROUTING; do
		try $family $chain n0 '--oif r2' 1
		flush
	done
	try $family OUTPUT r '--oif r2' 1
	flush
	try $family PREROUTING n0 '' 0
	ok 'the main table has no route to the gateway' dropped $family
	flush
done

say 'A packet to the VRF passes POSTROUTING twice, and is routed the second time.'
for family in 4 6; do
	iptables=ipt gw=10.0.1.2 to=10.0.2.2
	[[ $family == 4 ]] || iptables=ip6t gw=fd00:0:0:1::2 to=fd00:0:0:2::2
	"$iptables" r -t mangle -A POSTROUTING -o v -j ROUTE --oif r1 --gw "$gw"
	for qdisc in '' pfifo; do
		_quiet=1 r tc qdisc replace dev v root ${qdisc:-noqueue}
		ok "${qdisc:-no} queue, the first time: IPv$family" r ping -n -c 1 -W 1 -I v "$to"
	done
	"$iptables" r -t mangle -R POSTROUTING 1 -o r2 -j ROUTE --oif r1 --gw "$gw"
	nok "the second time: IPv$family" r ping -n -c 1 -W 1 -I v "$to"
	say 'What r sends to itself in the VRF is not routed.'
	for chain in OUTPUT PREROUTING INPUT; do
		"$iptables" r -t mangle -A $chain -j ROUTE --oif r1 --gw "$gw"
		ok "its own address in the VRF, $chain: IPv$family" \
			r ping -n -c 1 -W 1 -I v "${to%2}1"
	done
done
flush

say 'It passes OUTPUT twice, too. The first time, the VRF has marked it as untracked.'
for family in 4 6; do
	iptables=ipt gw=10.0.1.2 to=10.0.2.2
	[[ $family == 4 ]] || iptables=ip6t gw=fd00:0:0:1::2 to=fd00:0:0:2::2
	"$iptables" r -t mangle -A OUTPUT -d "$to" -j ROUTE --oif r1 --gw "$gw"
	"$iptables" r -t nat -A POSTROUTING -o r1 -j MASQUERADE
	"$iptables" n1 -t raw -A PREROUTING -s "${gw%2}1" -d "$to"
	for qdisc in '' pfifo; do
		_quiet=1 r tc qdisc replace dev v root ${qdisc:-noqueue}
		_quiet=1 "$iptables" n1 -t raw -Z
		r ping -n -c 1 -W 1 -I v "$to"
		until_ok "${qdisc:-no} queue, NAT translates it: IPv$family" 5 \
			counter_is n1 $family raw PREROUTING 1 1
	done
done
flush
r ip link set r2 nomaster
settle r2 2

say 'The table of the VRF has a route to n1, which a router needs to reach FORWARD.'
what='out of the VRF'
r ip link set r0 master v
settle r0 0
r ip route add 10.0.1.0/24 dev r1 table 100
r ip -6 route add fd00:0:0:1::/64 dev r1 table 100
for family in 4 6; do
	for in in r0 v; do
		for options in '' '--oif r2'; do
			try $family PREROUTING n0 "$options" 1 $in
			flush
		done
	done
	try $family FORWARD n0 '--oif r2' 1
	flush
	try $family POSTROUTING n0 '--oif r2' 1
	flush
done
done_testing
