#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --tee: n2 gets a copy, n1 the packet itself. The examples of 2002 work as they were written.
#
#   n0 ---- r ---- n1
#           |
#           n2
. "${0%/*}/../lib/scenario.sh"
topology
for ns in n1 n2; do
	ipt "$ns" -t raw -A PREROUTING -d 10.0.1.2 -p icmp
	ip6t "$ns" -t raw -A PREROUTING -d fd00:0:0:1::2 -p icmpv6 --icmpv6-type echo-request
done
both() { # 4|6
	echo "$(counter n1 "$1" raw PREROUTING 1) $(counter n2 "$1" raw PREROUTING 1)"
}
zero() {
	local ns
	for ns in n1 n2; do
		_quiet=1 ipt "$ns" -t raw -Z
		_quiet=1 ip6t "$ns" -t raw -Z
	done
}

for chain in PREROUTING FORWARD POSTROUTING; do
	for options in '' '--oif r2'; do
		ipt r -t mangle -F
		ip6t r -t mangle -F
		# shellcheck disable=SC2086 # words
		ipt r -t mangle -A "$chain" -d 10.0.1.2 -j ROUTE --tee --gw 10.0.2.2 $options
		# shellcheck disable=SC2086 # words
		ip6t r -t mangle -A "$chain" -d fd00:0:0:1::2 \
			-j ROUTE --tee --gw fd00:0:0:2::2 $options
		zero
		ok "$chain $options: ping" n0 ping -n -c 1 -W 1 10.0.1.2
		ok "$chain $options: ping, IPv6" n0 ping -n -c 1 -W 1 fd00:0:0:1::2
		is "$chain $options: packet and copy" "$(both 4) / $(both 6)" '1 1 / 1 1'
	done
done
ipt r -t mangle -F
ip6t r -t mangle -F
ipt r -t mangle -A PREROUTING -d 10.0.1.2 -j ROUTE --tee --oif nowhere
zero
ok 'a missing interface does not stop the packet' n0 ping -n -c 1 -W 1 10.0.1.2
is 'no copy' "$(both 4)" '1 0'
like 'it is counted' "$(r cat /proc/net/xt_ROUTE)" 'oif=nowhere .*no-interface=1'

say 'The copy passes a chain of OUTPUT before the packet returns from a chain of PREROUTING.'
ipt r -t mangle -F
ipt r -t mangle -N outer
ipt r -t mangle -N inner
ipt r -t mangle -N other
ipt r -t mangle -A PREROUTING -d 10.0.1.2 -j outer
ipt r -t mangle -A PREROUTING -d 10.0.1.2
ipt r -t mangle -A outer -j inner
ipt r -t mangle -A outer
ipt r -t mangle -A inner -j ROUTE --tee --gw 10.0.2.2
ipt r -t mangle -A OUTPUT -d 10.0.1.2 -j other
ipt r -t mangle -A other
zero
ok 'ping' n0 ping -n -c 1 -W 1 10.0.1.2
is 'packet and copy' "$(both 4)" '1 1'
is 'the packet returned to each chain' \
	"$(counter r 4 mangle outer 2) $(counter r 4 mangle PREROUTING 2)" '1 1'
is 'the copy passed one chain' "$(counter r 4 mangle other 1)" 1

say 'TTL or hop limit is used up: no copy, whose TTL would be 0.'
zero
for packet in 10.0.1.2 fd00:0:0:1::2; do
	n0 ping -n -c 1 -W 1 -t 1 "$packet"
done
is 'no copy' "$(both 4) / $(both 6)" '0 0 / 0 0'
like 'it is counted' "$(r cat /proc/net/xt_ROUTE)" 'ipv4 gw=10.0.2.2 .*no-hops=1'
for chain in outer inner other; do
	ipt r -t mangle -F "$chain"
done

say 'The examples of the help text of 2002.'
ipt r -t mangle -F
ipt r -A POSTROUTING -t mangle -p icmp -j ROUTE --iface r2
n2 ip address add 10.0.1.2/32 dev lo
zero
ok 'icmp leaves by r2' r ping -n -c 1 -W 2 10.0.1.2
is 'n2 got it' "$(both 4)" '0 1'
ipt r -t mangle -F
ipt r -A PREROUTING -t mangle -p tcp --dport 80 -j ROUTE --iface r2
ipt r -A PREROUTING -t mangle -p tcp --dport 22 -j ROUTE --to 10.0.2.2
for port in 80 22; do
	ipt n2 -t raw -A PREROUTING -p tcp --dport "$port"
	# Nothing listens: n2 refuses the connection.
	nok "port $port" n0 curl -sS -m 2 "http://10.0.1.2:$port/"
done
like 'port 80 and 22 came to n2' \
	"$(counter n2 4 raw PREROUTING 2) $(counter n2 4 raw PREROUTING 3)" '^[1-9]+ [1-9]+$'
done_testing
