#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Two uplinks with MASQUERADE: web connections use the second one, everything else the first.
# ROUTE.lib has the topology.
#
# deadline: 900
. "${0%/*}/../lib/scenario.sh"
. "${0%/*}/ROUTE.lib"
uplinks 2 static
for iptables in ipt ip6t; do
	"$iptables" r -t nat -A POSTROUTING -o r1 -j MASQUERADE
	"$iptables" r -t nat -A POSTROUTING -o r2 -j MASQUERADE
	# IPv6 reassembles fragments after INPUT, unless conntrack does so before.
	"$iptables" s -A INPUT -p udp --dport 9 -m length --length 60000:60100 \
		-m conntrack --ctstate NEW
done

serve_file
fetch() { # URL: from n0, or from r itself; the whole file
	"$from" curl -sS -m 60 -o "$TMP/got" "$1" && cmp "$TMP/got" "$TMP/www/file"
}

web() { # DESC UPLINKS
	clear_counts
	ok "$1: 10 MB" fetch http://198.51.100.1/file
	ok "$1: 10 MB, IPv6" fetch 'http://[2001:db8::1]:8080/file'
	is "$1: packets took" "$(used 4)/ $(used 6)" "$2/ $2"
}
others() { # DESC UPLINKS
	clear_counts
	ok "$1: ping with 60 kB" "$from" ping -n -c 1 -W 2 -s 60000 198.51.100.1
	# The first one may get the error packet too big, whose MTU n0 then uses.
	until_ok "$1: ping with 60 kB, IPv6" 10 "$from" ping -n -c 1 -W 2 -s 60000 2001:db8::1
	_quiet=1 ipt s -Z
	_quiet=1 ip6t s -Z
	"$from" tests/lib/udp-send 198.51.100.1 9 'x*60000'
	"$from" tests/lib/udp-send 2001:db8::1 9 'x*60000'
	until_ok "$1: 60 kB of UDP" 5 counter_is s 4 filter INPUT 1 1
	until_ok "$1: 60 kB of UDP, IPv6" 5 counter_is s 6 filter INPUT 1 1
	is "$1: packets took" "$(used 4)/ $(used 6)" "$2/ $2"
}

from=n0
web 'without ROUTE' 'n1 '
for iptables in ipt ip6t; do
	gw=10.0.2.2
	[[ $iptables == ipt ]] || gw=fd00:0:0:2::2
	"$iptables" r -t mangle -A PREROUTING -i r0 -p tcp -m multiport --dports 80,8080 \
		-j ROUTE --gw "$gw"
	"$iptables" r -t mangle -A OUTPUT -p tcp -m multiport --dports 80,8080 \
		-j ROUTE --oif r2 --gw "$gw"
done
web 'from n0' 'n2 '
others 'from n0' 'n1 '
from=r
web 'from r' 'n2 '
others 'from r' 'n1 '

say 'The second uplink has a smaller MTU.'
r ip link set r2 mtu 1300
n2 ip link set e0 mtu 1300
from=n0
web 'MTU 1300, from n0' 'n2 '
from=r
web 'MTU 1300, from r' 'n2 '
for iptables in ipt ip6t; do
	gw=10.0.2.2
	[[ $iptables == ipt ]] || gw=fd00:0:0:2::2
	for chain in PREROUTING OUTPUT; do
		"$iptables" r -t mangle -F "$chain"
	done
	"$iptables" r -t mangle -A FORWARD -i r0 -j ROUTE --gw "$gw"
	"$iptables" r -t mangle -A OUTPUT ! -o r0 -j ROUTE --gw "$gw"
done
from=n0
web 'MTU 1300, FORWARD' 'n2 '
others 'MTU 1300, FORWARD' 'n2 '
like 'the MTU is reported' "$(n0 ping -n -c 1 -W 2 -s 1400 -M "do" 198.51.100.1)" 'mtu ?= ?1300'
from=r
others 'MTU 1300, OUTPUT' 'n2 '

say 'The gateway is behind a different one, by a route with an MTU, or by an IPv6 address.'
ipt r -t mangle -F
ipt r -t mangle -A PREROUTING -i r0 -j ROUTE --gw 192.0.2.1
from=n0
r ip route add 192.0.2.1 via 10.0.2.2 mtu 1200
others 'a route with an MTU' 'n2 '
for time in first second; do
	like "the MTU of the route is reported, the $time time" \
		"$(n0 ping -n -c 1 -W 2 -s 1250 -M "do" 198.51.100.1)" 'mtu ?= ?1200'
	n0 ip route flush cache
done
r ip route replace 192.0.2.1 via inet6 fd00:0:0:2::2 dev r2
others 'an IPv6 gateway' 'n2 '
done_testing
