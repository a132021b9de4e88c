#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --iif: packets enter again on a different interface. A loop ends.
#
#   n0 ---- r ---- n1     n0 sends to n1; r receives the packets again on d0, a dummy interface
. "${0%/*}/../lib/scenario.sh"
topology
r ip link add d0 type dummy
r ip link set d0 up
state_is() { # WORDS COUNTER=N
	[[ " $(_quiet=1 r grep -F "$1" /proc/net/xt_ROUTE) " == *" $2 "* ]]
}
for ttl in 8 7; do
	ipt n1 -t raw -A PREROUTING -p icmp -m ttl --ttl-eq $ttl
	ip6t n1 -t raw -A PREROUTING -p icmpv6 -m hl --hl-eq $ttl
done

for chain in PREROUTING FORWARD; do
	for iptables in ipt ip6t; do
		to=10.0.1.2
		[[ $iptables == ipt ]] || to=fd00:0:0:1::2
		"$iptables" r -t mangle -F
		"$iptables" r -t raw -F
		"$iptables" r -t filter -F
		"$iptables" r -t raw -A PREROUTING -i d0 -d "$to"
		"$iptables" r -t filter -A FORWARD -i d0 -d "$to" -m conntrack --ctstate NEW
		"$iptables" r -t mangle -A "$chain" -i r0 -d "$to" -j ROUTE --iif d0
		"$iptables" n1 -t raw -Z
	done
	ok "$chain: ping" n0 ping -n -c 1 -W 1 -t 10 10.0.1.2
	ok "$chain: ping, IPv6" n0 ping -n -c 1 -W 1 -t 10 fd00:0:0:1::2
	for family in 4 6; do
		is "$chain: it was received on d0, IPv$family" \
			"$(counter r "$family" raw PREROUTING 1)" 1
		is "$chain: as a new connection, IPv$family" \
			"$(counter r "$family" filter FORWARD 1)" 1
		# Each time that r forwards it is a hop, and --iif is one.
		is "$chain: hops, IPv$family" "$(counter n1 "$family" raw PREROUTING 1) \
$(counter n1 "$family" raw PREROUTING 2)" "$([[ $chain == PREROUTING ]] && echo 1 0 || echo 0 1)"
	done
done

say 'Its own traffic, and the INPUT chain, as a local packet from outside.'
ipt r -t mangle -F
ipt r -t mangle -A INPUT -i r0 -p icmp -j ROUTE --iif d0
ok 'INPUT: r answers' n0 ping -n -c 1 -W 1 10.0.0.1

say 'A packet for the re-injected interface is captured with a header of Ethernet.'
ipt r -t mangle -F
ipt r -t mangle -A PREROUTING -i r0 -d 10.0.1.2 -j ROUTE --iif d0
bg dump r tcpdump -ntel --immediate-mode -i d0 -c 1 icmp
until_ok 'tcpdump listens' 10 grep -q listening "$TMP/dump.out"
ok 'ping' n0 ping -n -c 1 -W 1 10.0.1.2
captured() { grep -q 'IPv4.* 10.0.0.2 > 10.0.1.2: ICMP echo request' "$TMP/dump.out"; }
until_ok 'tcpdump shows it' 10 captured

say 'A missing interface.'
ipt r -t mangle -A PREROUTING -i r0 -d 10.0.2.2 -j ROUTE --iif nowhere
nok 'the packet is dropped' n0 ping -n -c 1 -W 1 10.0.2.2
ok 'and counted' state_is iif=nowhere no-interface=1

say 'TTL or hop limit is used up: counted, but not logged.'
ip6t r -t mangle -F
ip6t r -t mangle -A PREROUTING -i r0 -d fd00:0:0:1::2 -j ROUTE --iif d0
like 'TTL 1' "$(n0 ping -n -c 1 -W 1 -t 1 10.0.1.2)" 'Time to live exceeded'
like 'hop limit 1' "$(n0 ping -n -c 1 -W 1 -t 1 fd00:0:0:1::2)" 'Hop limit'
is 'counted for both' "$(r grep -c no-hops=1 /proc/net/xt_ROUTE)" 2
is 'not logged' "$(klog | grep -c 'xt_ROUTE')" 0

say 'Two rules send packets to each other.'
r ip link add d1 type dummy
r ip link set d1 up
for iptables in ipt ip6t; do
	"$iptables" r -t mangle -F
	"$iptables" r -t mangle -A PREROUTING -i d0 -j ROUTE --iif d1
	"$iptables" r -t mangle -A PREROUTING -i d1 -j ROUTE --iif d0
done
ipt r -t mangle -A PREROUTING -i r0 -d 10.0.1.2 -j ROUTE --iif d0
ip6t r -t mangle -A PREROUTING -i r0 -d fd00:0:0:1::2 -j ROUTE --iif d0
nok 'a ping ends' n0 ping -n -c 1 -W 1 -t 10 10.0.1.2
nok 'a ping ends, IPv6' n0 ping -n -c 1 -W 1 -t 10 fd00:0:0:1::2
is 'one hop for each round' "$(r grep -c no-hops=1 /proc/net/xt_ROUTE)" 2
like 'the kernel logs it' "$(klog)" 'xt_ROUTE: --iif d.: rules send packets round in a circle'
done_testing
