#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Connections when rules are added and deleted; --now, --cap, --expire; the match.
#
#	n0 ---- r ---- n1	r tracks what n0 and n1 send by hand
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=timers.lib
. "${0%/*}/timers.lib"
topology
silence
ipt r -A FORWARD -m conntrack --ctstate NEW
ip6t r -A FORWARD -m conntrack --ctstate NEW
r sysctl -w net.ipv4.ip_conntrack_tcp_timeouts='300 1001 1002 1003 1004 1005 1006 1007 1008 1009'
r sysctl -w net.ipv4.ip_conntrack_udp_timeouts='901 901'
send() { n0 tests/lib/udp-send --from "$1" 10.0.1.2 80 x; }

say 'A connection from before the first rule has no place for timeouts.'
send 5000
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --set udp=501
send 5000
timer_is '--set does nothing to it' 4 udp 5000 901
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --set udp=502 --now
send 5000
timer_is '--now does' 4 udp 5000 502
ipt r -t mangle -F PREROUTING
send 5000
timer_is 'without the rule' 4 udp 5000 901

say 'A rule for later packets.'
ipt r -t mangle -A PREROUTING -p tcp --dport 1 -j TIMEOUT --set udp=503
send 5001
timer_is 'a new connection that meets no rule' 4 udp 5001 901
ipt r -t mangle -A PREROUTING -p udp -m conntrack ! --ctstate NEW -j TIMEOUT \
	--set udp=505,udp_stream=505
n1 tests/lib/udp-send --from 80 10.0.0.2 5001 x
timer_is 'the packet that meets it' 4 udp 5001 901
send 5001
timer_is 'the next one' 4 udp 5001 505

say 'Another rule is edited.'
ipt r -t mangle -F PREROUTING
ipt r -t mangle -A PREROUTING -p udp -m conntrack --ctstate NEW -j TIMEOUT \
	--set udp=506,udp_stream=506
send 5002
timer_is 'a connection has its timeouts' 4 udp 5002 506
# its rule sees no packet that belongs to a known connection
n1 tests/lib/udp-send --from 80 10.0.0.2 5002 x
timer_is 'it keeps them' 4 udp 5002 506
for i in 1 2 3; do
	ipt r -t mangle -A PREROUTING -p udp --dport "$i"
done
ipt r -t mangle -D PREROUTING -p udp --dport 1
rules=$(r "iptables-$BACKEND-save" -t mangle)
r "iptables-$BACKEND-restore" <<<"$rules"
r "iptables-$BACKEND-restore" <<<"$rules"
n1 tests/lib/udp-send --from 80 10.0.0.2 5002 x
timer_is 'also when all rules were made again' 4 udp 5002 506

say 'Its rule is deleted.'
ipt r -t mangle -F PREROUTING
reverted() {
	n1 tests/lib/udp-send --from 80 10.0.0.2 5002 x
	[[ $(timer 4 udp 5002) =~ ^(90[01]|89[0-9])$ ]]
}
until_ok 'the namespace'\''s timeout counts again' 5 reverted
r sysctl -w net.ipv4.ip_conntrack_udp_timeouts='801 801'
reverted() {
	n1 tests/lib/udp-send --from 80 10.0.0.2 5002 x
	[[ $(timer 4 udp 5002) =~ ^(80[01]|79[0-9])$ ]]
}
until_ok 'and a new value of it, too' 20 reverted
r sysctl -w net.ipv4.ip_conntrack_udp_timeouts='901 901'

say '--cap and --expire.'
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --cap 7m
send 5000
timer_is '--cap' 4 udp 5000 420
send 5003
timer_is '--cap, a new connection' 4 udp 5003 420
ipt r -t mangle -F PREROUTING
ipt r -t mangle -A PREROUTING -p udp -j TIMEOUT --cap 1h
send 5000
timer_is 'a cap above the timer' 4 udp 5000 901
ipt r -t mangle -F PREROUTING
if r "iptables-$BACKEND" -t security -S; then
	ipt r -t security -A FORWARD -p udp -j TIMEOUT --cap 8m
	send 5000
	timer_is '--cap in the table security' 4 udp 5000 480
	ipt r -t security -F FORWARD
else
	skip '--cap in the table security' 'this kernel does not have it for iptables-legacy'
fi
ipt r -t mangle -A PREROUTING -p udp --sport 5000 -j TIMEOUT --expire
send 5000
is '--expire' "$(timer 4 udp 5000)" ''
send 5003
timer_is 'others stay' 4 udp 5003 901

say 'The match.'
ipt r -t mangle -F PREROUTING
rules r 4 <<'END'
*mangle
-A PREROUTING -p udp --dport 80 -m timeout --left 890:
-A PREROUTING -p udp --dport 80 -m timeout --left 0:889
-A PREROUTING -p udp --dport 80 -m timeout ! --left 890:
-A PREROUTING -p udp --dport 80 -m timeout --assured
-A PREROUTING -p udp --dport 80 -m timeout ! --assured
-A PREROUTING -p udp --dport 80 -m timeout ! --left 0:1 ! --assured
COMMIT
END
send 5004
hits() { for i in 1 2 3 4 5 6; do counter r 4 mangle PREROUTING "$i"; done | xargs; }
is 'a new connection' "$(hits)" '1 0 0 0 1 1'
done_testing
