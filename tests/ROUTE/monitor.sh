#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A provider that fails behind its gateway: the gateway answers to ARP and neighbour discovery, and
# forwards nothing. A program outside pings, and writes to /proc/net/xt_ROUTE. Two uplinks of
# ROUTE.lib.
#
# deadline: 600
. "${0%/*}/../lib/scenario.sh"
. "${0%/*}/ROUTE.lib"
uplinks 2
for iptables in ipt ip6t; do
	"$iptables" r -t nat -A POSTROUTING -o r1 -j MASQUERADE
	"$iptables" r -t nat -A POSTROUTING -o r2 -j MASQUERADE
done
ipt r -t mangle -A PREROUTING -i r0 -j ROUTE --gw "${gw4[1]},${gw4[2]}%r2"
ip6t r -t mangle -A PREROUTING -i r0 -j ROUTE --gw "${gw6[1]},${gw6[2]}%r2"

# As an administrator would write it: both providers are asked through their own interface.
cat >"$TMP/monitor" <<'END'
while :; do
	for i in 1 2; do
		if ping -n -q -c 1 -W 1 -I r$i 198.51.100.1; then word=auto; else word=down; fi
		echo "$word 10.0.$i.2" >>/proc/net/xt_ROUTE
		echo "$word fd00:0:0:$i::2" >>/proc/net/xt_ROUTE
	done
	read -rt 0.3 -u 9
done 9<> <(:)
END
r ip route add default via 10.0.2.2 metric 100
bg monitor r bash "$TMP/monitor"

all_answered() { # pings, each a connection
	local i
	for i in 1 2 3 4; do
		n0 ping -n -q -c 1 -W 2 198.51.100.1 || return
		n0 ping -n -q -c 1 -W 2 2001:db8::1 || return
	done
}
say 'Both providers work.'
ok 'all connections work' all_answered
is 'both are used' "$(used 4)/ $(used 6)" 'n1 n2 / n1 n2 '
say 'The second one forwards nothing.'
ipt n2 -A FORWARD -j DROP
ip6t n2 -A FORWARD -j DROP
until_ok 'its gateways are down' 20 state_is "${gw4[2]}" 'down(set)'
until_ok 'its gateways are down, IPv6' 20 state_is "${gw6[2]}" 'down(set)'
like 'they answer to requests' "$(r ip neigh show "${gw4[2]}")" 'REACHABLE|STALE|DELAY|PROBE'
clear_counts
ok 'all connections work' all_answered
is 'through the first one' "$(used 6)" 'n1 '
say 'It forwards again.'
ipt n2 -D FORWARD -j DROP
ip6t n2 -D FORWARD -j DROP
until_ok 'its gateways are up' 20 state_is "${gw4[2]}" up
until_ok 'its gateways are up, IPv6' 20 state_is "${gw6[2]}" up
clear_counts
ok 'all connections work' all_answered
is 'through both' "$(used 6)" 'n1 n2 '
ok 'the monitor ran all the time' kill "${monitor:?}"
done_testing
