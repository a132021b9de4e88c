#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Two uplinks with MASQUERADE: web connections use the second one, everything else the first.
#
#                 ,-- n1 --.
#   n0 ---- r ---<          >--- s     s has 198.51.100.1 and 2001:db8::1; r's default route is n1
#                 `-- n2 --'
. "${0%/*}/../lib/scenario.sh"
topology
namespace s

for i in 1 2; do
	_quiet=1 s ip link add "s$i" type veth peer name u0 netns "n$i"
	_quiet=1 s ip -batch - <<END
link set s$i up
address add 10.1.$i.1/24 dev s$i
address add fd01:0:0:$i::1/64 dev s$i nodad
route add 10.0.$i.0/24 via 10.1.$i.2
route add fd00:0:0:$i::/64 via fd01:0:0:$i::2
END
	_quiet=1 _in "n$i" ip -batch - <<END
link set u0 up
address add 10.1.$i.2/24 dev u0
address add fd01:0:0:$i::2/64 dev u0 nodad
route add 198.51.100.1 via 10.1.$i.1
route add 2001:db8::1 via fd01:0:0:$i::1
END
	_quiet=1 _in "n$i" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	for iptables in ipt ip6t; do
		_quiet=1 "$iptables" "n$i" -A FORWARD -i e0
	done
done
s ip address add 198.51.100.1/32 dev lo
s ip address add 2001:db8::1/128 dev lo nodad
r ip route add default via 10.0.1.2
r ip route add default via fd00:0:0:1::2
for iptables in ipt ip6t; do
	"$iptables" r -t nat -A POSTROUTING -o r1 -j MASQUERADE
	"$iptables" r -t nat -A POSTROUTING -o r2 -j MASQUERADE
	# IPv6 reassembles fragments after INPUT, unless conntrack does so before.
	"$iptables" s -A INPUT -p udp --dport 9 -m length --length 60000:60100 \
		-m conntrack --ctstate NEW
done

mkdir "$TMP/www"
head -c 10000000 /dev/urandom >"$TMP/www/file"
bg server s busybox httpd -f -p 80 -h "$TMP/www"
bg server_six s busybox httpd -f -p '[::]:8080' -h "$TMP/www"
until_ok 'the server answers' 10 n0 curl -sf -r 0-9 -o /dev/null http://198.51.100.1/file
until_ok 'the server answers, IPv6' 10 \
	n0 curl -sf -r 0-9 -o /dev/null 'http://[2001:db8::1]:8080/file'

clear() {
	local ns
	for ns in n1 n2; do
		_quiet=1 ipt "$ns" -Z
		_quiet=1 ip6t "$ns" -Z
	done
}
used() { # 4|6: the uplinks that forwarded packets from r
	local got='' i
	for i in 1 2; do
		[[ $(counter "n$i" "$1" filter FORWARD 1) == 0 ]] || got+="n$i "
	done
	echo "$got"
}
fetch() { # URL: from n0, or from r itself; the whole file
	"$from" curl -sS -m 60 -o "$TMP/got" "$1" && cmp "$TMP/got" "$TMP/www/file"
}

web() { # DESC UPLINKS
	clear
	ok "$1: 10 MB" fetch http://198.51.100.1/file
	ok "$1: 10 MB, IPv6" fetch 'http://[2001:db8::1]:8080/file'
	is "$1: packets took" "$(used 4)/ $(used 6)" "$2/ $2"
}
others() { # DESC UPLINKS
	clear
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
