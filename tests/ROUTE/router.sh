#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# ROUTE behaves as a router: TTL, errors, validation of sources. What is not routed.
#
#   n0 ---- r ---- n1     the default path from n0 to n1
#           |
#           n2            where ROUTE sends packets; has n1's addresses, too
. "${0%/*}/../lib/scenario.sh"
topology
n2 ip -batch - <<'END'
address add 10.0.1.2/32 dev lo
address add fd00:0:0:1::2/128 dev lo nodad
END

# The line of /proc/net/xt_ROUTE with these words.
state() { _quiet=1 r grep -F "$1" /proc/net/xt_ROUTE; }
state_is() { # WORDS COUNTER=N
	[[ " $(state "$1") " == *" $2 "* ]]
}

routes() { # CHAIN
	ipt r -t mangle -F
	ip6t r -t mangle -F
	ipt r -t mangle -A "$1" -d 10.0.1.2 -j ROUTE --gw 10.0.2.2
	ip6t r -t mangle -A "$1" -d fd00:0:0:1::2 -j ROUTE --gw fd00:0:0:2::2
}
ipt n2 -t raw -A PREROUTING -p icmp -m ttl --ttl-eq 9
ip6t n2 -t raw -A PREROUTING -p icmpv6 -m hl --hl-eq 9
for chain in PREROUTING FORWARD POSTROUTING; do
	routes "$chain"
	_quiet=1 ipt n2 -t raw -Z
	_quiet=1 ip6t n2 -t raw -Z
	ok "$chain: ping" n0 ping -n -c 1 -W 1 -t 10 10.0.1.2
	ok "$chain: ping, IPv6" n0 ping -n -c 1 -W 1 -t 10 fd00:0:0:1::2
	is "$chain: one hop" "$(counter n2 4 raw PREROUTING 1) $(counter n2 6 raw PREROUTING 1)" \
		'1 1'
	like "$chain: time exceeded" "$(n0 ping -n -c 1 -W 1 -t 1 10.0.1.2)" 'Time to live exceeded'
	like "$chain: time exceeded, IPv6" "$(n0 ping -n -c 1 -W 1 -t 1 fd00:0:0:1::2)" \
		'Hop limit'
done

say 'The gateway does not answer.'
ipt r -t mangle -F
ip6t r -t mangle -F
ipt r -t mangle -A PREROUTING -d 10.0.1.2 -j ROUTE --gw 10.0.2.77
ip6t r -t mangle -A PREROUTING -d fd00:0:0:1::2 -j ROUTE --gw fd00:0:0:2::77
like 'host unreachable' "$(n0 ping -n -c 1 -W 5 10.0.1.2)" 'Destination Host Unreachable'
like 'address unreachable, IPv6' "$(n0 ping -n -c 1 -W 5 fd00:0:0:1::2)" 'Address unreachable'

say 'No route to the gateway.'
ipt r -t mangle -F
ipt r -t mangle -A PREROUTING -d 10.0.1.2 -j ROUTE --gw 192.0.2.1
nok 'the packet is dropped' n0 ping -n -c 1 -W 1 10.0.1.2
ok 'and counted' state_is gw=192.0.2.1 no-route=1

say 'Forwarding is off, or the source is not valid.'
routes PREROUTING
r sysctl -qw net.ipv4.conf.r0.forwarding=0
nok 'forwarding is off' n0 ping -n -c 1 -W 1 10.0.1.2
r sysctl -qw net.ipv4.conf.r0.forwarding=1
r sysctl -qw net.ipv4.conf.r0.rp_filter=1
n0 ip address add 10.0.1.77/32 dev lo
nok 'a source of a different link' n0 ping -n -c 1 -W 1 -I 10.0.1.77 10.0.1.2
ok 'a valid source' n0 ping -n -c 1 -W 1 10.0.1.2
ok 'the two were counted' state_is gw=10.0.2.2 no-route=2
ipt r -t mangle -A PREROUTING -d 10.0.1.255 -j ROUTE --gw 10.0.2.2
nok 'broadcast on a different link' n0 ping -n -b -c 1 -W 1 10.0.1.255
ok 'it was counted' state_is gw=10.0.2.2 no-route=3

say 'A destination that r cannot reach, through an interface where it is on the link.'
n2 ip address add 192.0.2.1/32 dev lo
ipt r -t mangle -A PREROUTING -d 192.0.2.1 -j ROUTE --oif r2
n0 sysctl -qw net.ipv4.conf.e0.rp_filter=0
ok 'n2 answers for it' n0 ping -n -c 1 -W 2 192.0.2.1
ok 'packets were counted' state_is oif=r2 packets=1
n0 ip address add 203.0.113.7/32 dev lo
nok 'a source to which no route leads' n0 ping -n -c 1 -W 1 -I 203.0.113.7 192.0.2.1
ok 'it was refused' state_is oif=r2 no-route=1

say 'Not routed: what r sends to itself, broadcast, multicast, neighbour discovery.'
ipt r -t mangle -F
ip6t r -t mangle -F
for chain in PREROUTING INPUT OUTPUT POSTROUTING; do
	ipt r -t mangle -A "$chain" -j ROUTE --gw 10.0.2.77
	ip6t r -t mangle -A "$chain" -j ROUTE --gw fd00:0:0:2::77
done
ok 'loopback' r ping -n -c 1 -W 1 127.0.0.1
ok 'its own address' r ping -n -c 1 -W 1 10.0.0.1
ok 'loopback, IPv6' r ping -n -c 1 -W 1 ::1
ok 'its own address, IPv6' r ping -n -c 1 -W 1 fd00::1
n0 ip -6 neighbour del fd00::1 dev e0
nok 'a ping does not pass' n0 ping -n -c 1 -W 1 fd00::1
like 'but the neighbour is found' "$(n0 ip -6 neighbour show fd00::1)" '02:00:00:00:00:01'
done_testing
