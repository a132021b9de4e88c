#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The target makes connection tracking liberal or strict with one connection, and gives refused
# segments back.
#
#	n0 ---- r ---- n1	r tracks segments that n0 sends for both
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=window.lib
. "${0%/*}/window.lib"
topology
hush
r sysctl -w net.netfilter.nf_conntrack_tcp_timeout_close=1000

for family in 4 6; do
	rules r $family <<END
*mangle
-A PREROUTING -p tcp -s $(client 11 $family) -j TCPWINDOW --be-liberal
-A PREROUTING -p tcp -d $(client 11 $family) -j TCPWINDOW --be-liberal
-A PREROUTING -p tcp -s $(client 12 $family) -j TCPWINDOW --no-window
-A PREROUTING -p tcp -d $(client 12 $family) -j TCPWINDOW --no-window
-A PREROUTING -p tcp -s $(client 13 $family) -j TCPWINDOW --accept
-A PREROUTING -p tcp -s $(client 15 $family) -j TCPWINDOW --strict
COMMIT
*filter
-A FORWARD -p tcp -s $(client 10 $family) -m conntrack --ctstate INVALID
-A FORWARD -p tcp -s $(client 11 $family) -m conntrack --ctstate INVALID
-A FORWARD -p tcp -s $(client 12 $family) -m conntrack --ctstate INVALID
-A FORWARD -p tcp -s $(client 13 $family) -m conntrack --ctstate INVALID
-A FORWARD -p tcp -s $(client 13 $family) -m conntrack --ctstate ESTABLISHED
-A FORWARD -p tcp -s $(client 14 $family) -m conntrack --ctstate INVALID
-A FORWARD -p tcp -s $(client 15 $family) -m conntrack --ctstate INVALID
COMMIT
END
done

forwarded() { # 4|6: into ${count[@]}
	local ipt=iptables
	(($1 == 4)) || ipt=ip6tables
	mapfile -t count < <(r "$ipt-$BACKEND" -nvxL FORWARD | awk 'NR > 2 { print $1 }')
}
state() { # CASE 4|6: of its connection
	r conntrack -L -f "ipv$2" -p tcp -s "$(client "$1" "$2")" 2>/dev/null |
		sed -n 's/^tcp *6 [0-9]* \([A-Z_0-9]*\) .*/\1/p'
}

for family in 4 6; do
	for case in 10 11 12 13; do
		open_connection
		from_client flags=PA seq=9000 ack=5001 len=100
		from_server flags=A seq=5001 ack=9100
		from_client flags=PA seq=90000 ack=5001 len=10
		from_client flags=R seq=1001
	done
	# a connection that is picked up in the middle is liberal, unless a rule says otherwise
	for case in 14 15; do
		from_client flags=A seq=1001 ack=5001
		from_server flags=A seq=5001 ack=1001
		from_client flags=PA seq=90000 ack=5001 len=10
	done
	send
	forwarded $family
	is "IPv$family: without a rule, both are refused" "${count[0]}" 2
	is "IPv$family: --be-liberal: the RST is refused" "${count[1]}" 1
	is "IPv$family: --be-liberal: the connection is open" "$(state 11 $family)" ESTABLISHED
	is "IPv$family: --no-window: none is refused" "${count[2]}" 0
	is "IPv$family: --no-window: the RST closes" "$(state 12 $family)" CLOSE
	is "IPv$family: --accept: none is INVALID" "${count[3]}" 0
	is "IPv$family: --accept: they are ESTABLISHED" "${count[4]}" 4
	is "IPv$family: --accept: and change nothing" "$(state 13 $family)" ESTABLISHED
	is "IPv$family: picked up: not refused" "${count[5]}" 0
	is "IPv$family: picked up, --strict: refused" "${count[6]}" 1
done

say 'A setting is of one connection: the rule is deleted.'
family=4 case=11
r iptables-"$BACKEND" -t mangle -F PREROUTING
from_client flags=PA seq=90000 ack=5001 len=10
send
forwarded 4
is 'the connection stays liberal' "${count[1]}" 1
case=16
ipt r -I FORWARD -p tcp -s 10.0.0.16 -m conntrack --ctstate INVALID
open_connection
from_client flags=PA seq=90000 ack=5001 len=10
send
until_ok 'a new one is not' 20 counter_is r 4 filter FORWARD 1 1

say 'A helper does not see a segment that was refused.'
case=18
rules r 4 <<'END'
*raw
-A PREROUTING -p tcp --dport 21 -j CT --helper ftp
COMMIT
*mangle
-A PREROUTING -p tcp -s 10.0.0.18 -j TCPWINDOW --accept
COMMIT
*filter
-I FORWARD -p tcp -s 10.0.0.18 -m conntrack --ctstate INVALID
COMMIT
END
from_client dport=21 flags=S seq=1000
from_server sport=21 flags=SA seq=5000 ack=1001
from_client dport=21 flags=A seq=1001 ack=5001
from_client dport=21 flags=PA seq=90000 ack=5001 len=10
send
until_ok '--accept leaves it INVALID' 20 counter_is r 4 filter FORWARD 1 1

say 'An ICMP error does not change the connection that it quotes.'
case=17
ipt r -t mangle -A PREROUTING -s 10.0.1.7 -j TCPWINDOW --be-liberal
ipt r -I FORWARD -p tcp -s 10.0.0.17 -m conntrack --ctstate INVALID
ipt r -I FORWARD -s 10.0.1.7 -p icmp -m conntrack --ctstate RELATED
open_connection
send
n1 tests/lib/raw-send --error 10.0.1.7 10.0.0.17 10.0.0.17 4000 10.0.1.2 80
until_ok 'the error is related' 20 counter_is r 4 filter FORWARD 1 1
from_client flags=PA seq=90000 ack=5001 len=10
send
until_ok 'the connection is strict' 20 counter_is r 4 filter FORWARD 2 1
done_testing
