#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rules and interfaces that come and go: a rule for a missing interface loads, drops and counts. No
# rule keeps an interface or a network namespace from going away.
#
#   n0 ---- r ---- n1     n0 sends to n1; ROUTE sends it through r's interface x0 to n2
#           x0 - x1 in n2
. "${0%/*}/../lib/scenario.sh"
topology
n2 ip -batch - <<'END'
address add 10.0.1.2/32 dev lo
address add fd00:0:0:1::2/128 dev lo nodad
END
state_is() { # WORDS COUNTER=N
	[[ " $(_quiet=1 r grep -F "$1" /proc/net/xt_ROUTE) " == *" $2 "* ]]
}
appear() {
	_quiet=1 r ip -batch - <<'END'
link add x0 address 02:00:00:00:09:01 type veth peer name x1 address 02:00:00:00:09:02 netns n2
link set x0 up
address add 10.0.9.1/24 dev x0
address add fd00:0:0:9::1/64 dev x0 nodad
END
	_quiet=1 n2 ip -batch - <<'END'
link set x1 up
address add 10.0.9.2/24 dev x1
address add fd00:0:0:9::2/64 dev x1 nodad
END
}
# Neighbours of an interface that has just appeared may need a second.
arrive() { # DESC: pings are answered
	until_ok "$1" 20 n0 ping -n -c 1 -W 1 10.0.1.2
	until_ok "$1, IPv6" 20 n0 ping -n -c 1 -W 1 fd00:0:0:1::2
}
vanish() { # DESC
	nok "$1" n0 ping -n -c 1 -W 1 10.0.1.2
	nok "$1, IPv6" n0 ping -n -c 1 -W 1 fd00:0:0:1::2
}
packets() { # that went through x0, IPv4
	_quiet=1 r sed -n 's/^ipv4 oif=x0 .* packets=\([0-9]*\).*/\1/p' /proc/net/xt_ROUTE
}

ipt r -t mangle -A PREROUTING -d 10.0.1.2 -j ROUTE --oif x0 --gw 10.0.9.2
ip6t r -t mangle -A PREROUTING -d fd00:0:0:1::2 -j ROUTE --oif x0 --gw fd00:0:0:9::2
vanish 'x0 is missing'
ok 'dropped and counted' state_is 'ipv4 oif=x0' no-interface=1
ok 'dropped and counted, IPv6' state_is 'ipv6 oif=x0' no-interface=1
appear
arrive 'x0 has appeared'
like 'counted' "$(packets)" '^[1-9]'

r ip link set x0 down
vanish 'x0 is down'
r ip -batch - <<'END'
link set x0 up
address replace fd00:0:0:9::1/64 dev x0 nodad
END
arrive 'x0 is up again'

r ip link set x0 down
r ip link set x0 name y0
r ip -batch - <<'END'
link set y0 up
address replace fd00:0:0:9::1/64 dev y0 nodad
END
vanish 'x0 was renamed'
ok 'y0 can be removed' r timeout 10 ip link del y0
vanish 'y0 is gone'
appear
arrive 'a new x0'
ok 'x0 can be removed' r timeout 10 ip link del x0

say 'The same rule twice is one line; a replaced rule keeps the counters.'
before=$(packets)
ipt r -t mangle -A FORWARD -j ROUTE --oif x0 --gw 10.0.9.2
is 'one line' "$(r grep -c '^ipv4 oif=x0' /proc/net/xt_ROUTE)" 1
nok 'only root can read it' r setpriv --reuid 65534 --clear-groups cat /proc/net/xt_ROUTE
ipt r -t mangle -F FORWARD
is 'counters are kept' "$(packets)" "$before"
ipt r -t mangle -F
is 'no line without a rule' "$(r grep -c ipv4 /proc/net/xt_ROUTE)" 0

many() { # N: rules with different gateways
	local i
	echo '*mangle'
	for ((i = 0; i < $1; i++)); do
		echo "-A FORWARD -j ROUTE --gw 10.1$((i / 100)).$((i % 100)).1"
	done
	echo COMMIT
}
many 4096 >"$TMP/most"
many 4097 >"$TMP/many"
nok '4097 next hops are refused' r "iptables-$BACKEND-restore" -w -n "$TMP/many"
like 'with the reason' "$(klog)" 'xt_ROUTE: the namespace has 4096 next hops already'
ok '4096 are accepted' r "iptables-$BACKEND-restore" -w -n "$TMP/most"
is 'and listed' "$(r grep -c ipv4 /proc/net/xt_ROUTE)" 4096
ipt r -t mangle -F

say 'A namespace with rules and packets ends: done_testing waits for that.'
appear
for chain in PREROUTING OUTPUT POSTROUTING; do
	ipt r -t mangle -A "$chain" -d 10.0.1.2 -j ROUTE --oif x0 --continue
	ip6t r -t mangle -A "$chain" -d fd00:0:0:1::2 -j ROUTE --oif x0 --gw fd00:0:0:9::2
done
arrive 'at last'
done_testing
