#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The match finds the reason why conntrack refuses a segment, or tolerates it.
#
#	n0 ---- r ---- n1	r tracks segments that n0 sends for both
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=window.lib
. "${0%/*}/window.lib"
topology
hush

# The server has acknowledged all of 16 kB.
transfer() {
	open_connection
	from_client flags=PA seq=9000 ack=5001 len=100
	from_server flags=A seq=5001 ack=9100
	from_client flags=PA seq=17000 ack=5001 len=100
	from_server flags=A seq=5001 ack=17100
}

# The client has acknowledged 130 kB.
long_answer() {
	open_with win=65535
	from_server flags=PA seq=70000 ack=1001 len=100
	from_client flags=A seq=1001 ack=70100 win=65535
	from_server flags=PA seq=135000 ack=1001 len=100
	from_client flags=A seq=1001 ack=135100 win=65535
}

# Each case: a name, the options that its last segment matches, and whether it is INVALID.
declare -a names options invalid
add() { # NAME OPTIONS INVALID
	names+=("$1") options+=("$2") invalid+=("$3")
	((case++))
}

cases() {
	local under='--reason' over='--ignored' refused=1
	! tolerant || under='--ignored' refused=0

	open_connection
	from_client flags=A seq=90000 ack=5001 len=10
	add 'data far after the window' '--reason seq-over' 1
	open_connection
	from_client flags=A seq=9200 ack=5001 len=10
	tolerant || over='--reason'
	add 'data just after the window' "$over seq-over" $refused
	open_connection
	from_client flags=A seq=1001 ack=5002
	add 'acknowledges what was not sent' '--reason ack-over' 1
	transfer
	from_client flags=PA seq=1001 ack=5001 len=10
	add 'old data' "$under seq-under" $refused
	long_answer
	from_client flags=A seq=1001 ack=5001
	add 'an old acknowledgment' "$under ack-under" $refused
	transfer
	from_client flags=R seq=1001
	add 'an old RST' '--reason rst' 1
	transfer
	from_client flags=R seq=17105
	add 'a RST that is not the next' '--ignored rst' 0
	transfer
	from_server flags=RA seq=90000 ack=17100
	add 'a RST after the window' '--reason seq-over' 1
	open_connection
	from_client flags=SA seq=1000 ack=5001
	add 'SYN+ACK of a client' '--reason state' 1
	open_connection
	from_server flags=S seq=8000
	add 'SYN of a server' '--reason state' 1
	open_connection
	from_client flags=S seq=70000
	add 'SYN in the middle' '--ignored state' 0
	from_client flags=S seq=1000
	from_client flags=A seq=1001 ack=5001
	add 'ACK before an answer' '--reason state' 1
	from_client flags=SF seq=1000
	add 'SYN and FIN' '--reason flags' 1
	from_client flags=P seq=1000 len=5
	add 'no flag' '--reason flags' 1
	from_client flags=S seq=1000 badsum
	add 'a wrong checksum' '--reason checksum' 1
	from_client flags=S seq=1000 cut=14
	add 'half a header' '--reason truncated' 1
	from_client flags=S seq=1000 doff=15
	add 'a header longer than the packet' '--reason truncated' 1
	from_client flags=S seq=1000 doff=4
	add 'a header that is too short' '--reason truncated' 1
	from_client flags=SA seq=1000 ack=1
	add 'SYN+ACK of no connection' '--reason no-connection' 1
	from_client flags=FA seq=1000 ack=1
	add 'FIN of no connection' '--reason no-connection' 1
	from_server flags=R seq=1000
	add 'RST of no connection' '--reason no-connection' 1
}

# The last segment of a case may go either way.
rules_of() { # 4|6
	local i address
	echo '*mangle'
	for ((i = 0; i < ${#names[@]}; i++)); do
		echo ":case$i - [0:0]"
	done
	for ((i = 0; i < ${#names[@]}; i++)); do
		address=$(client $((10 + i)) "$1")
		echo "-A PREROUTING -p tcp -s $address -j case$i"
		echo "-A PREROUTING -p tcp -d $address -j case$i"
		echo "-A case$i -m tcpwindow ${options[i]}"
		echo "-A case$i -m conntrack --ctstate INVALID"
		[[ ${options[i]} != --reason* ]] ||
			echo "-A case$i -m tcpwindow ! ${options[i]}"
	done
	echo COMMIT
}

counts_of() { # 4|6 CASE: MATCHED INVALID [OTHER]
	local ipt=iptables
	(($1 == 4)) || ipt=ip6tables
	r "$ipt-$BACKEND" -t mangle -nvxL "case$2" | awk 'NR > 2 { print $1 }' | xargs
}

for family in 4 6; do
	case=10 names=() options=() invalid=()
	cases
	rules r $family < <(rules_of $family)
	send
	for ((i = 0; i < ${#names[@]}; i++)); do
		want="1 ${invalid[i]}"
		[[ ${options[i]} != --reason* ]] || want+=' 0'
		is "IPv$family: ${names[i]}: ${options[i]}" "$(counts_of $family $i)" "$want"
	done
done

say 'With nf_conntrack_tcp_loose=0, an ACK begins no connection.'
r sysctl -w net.netfilter.nf_conntrack_tcp_loose=0
family=4 case=200
ipt r -t mangle -I PREROUTING -s 10.0.0.200 -p tcp -m tcpwindow --reason no-connection
from_client flags=A seq=1 ack=1
send
until_ok 'one' 20 counter_is r 4 mangle PREROUTING 1 1

say 'A namespace that is liberal.'
r sysctl -w net.netfilter.nf_conntrack_tcp_loose=1 net.netfilter.nf_conntrack_tcp_be_liberal=1
case=201
ipt r -t mangle -I PREROUTING -s 10.0.0.201 -p tcp -m tcpwindow --ignored seq-over
open_connection
from_client flags=A seq=90000 ack=5001 len=10
send
until_ok 'such a segment is ignored' 20 counter_is r 4 mangle PREROUTING 1 1
r sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=0

say 'The connection is in another zone.'
case=202
rules r 4 <<'END'
*raw
-A PREROUTING -p tcp -s 10.0.0.202 -j CT --zone 7
-A PREROUTING -p tcp -d 10.0.0.202 -j CT --zone 7
COMMIT
*mangle
-I PREROUTING 1 -p tcp -s 10.0.0.202 -m tcpwindow --reason ack-over --zone 7
-I PREROUTING 2 -p tcp -s 10.0.0.202 -m tcpwindow --reason unknown --zone 0
COMMIT
END
open_connection
from_client flags=A seq=1001 ack=5002
send
until_ok 'the match finds it in its zone' 20 counter_is r 4 mangle PREROUTING 1 1
is 'and not in zone 0: an ACK could begin a connection' \
	"$(counter r 4 mangle PREROUTING 2)" 1
done_testing
