#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the MMS helper opens in a packet filter, exactly: one UDP flow from the server to the port
# that a player announces, at the player's true address; and nothing for anything else.
#
#	n0 (player) -- r (filter: connections to the server, RELATED) -- n1 (server), n2 (others)
#
# deadline: 1200
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=mms.lib
. "${0%/*}/mms.lib"
columns=(announcements expectations malformed wrong-side bad-port split not-expected)
counts() { mms_stat "${columns[@]}"; }
changes() { # WHAT COLUMN[,COLUMN] LINK WORDS: these count one more; nothing opens
	local before wanted=() i
	read -ra before <<<"$(counts)"
	for i in "${!columns[@]}"; do
		[[ ,$2, == *",${columns[i]},"* ]]
		wanted+=($((before[i] + !$?)))
	done
	talk "$3" "$4"
	is "$1: counted: ${2:-nothing}" "$(counts)" "${wanted[*]}"
	ok "$1: nothing opens" expects_are 0
}
refuses() { changes "$@"; }

topology
ok 'the helper is loaded' helper_load mms
for family in ipt ip6t; do
	"$family" r -P FORWARD DROP
	"$family" r -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
	"$family" r -A FORWARD -m conntrack --ctstate RELATED -j ACCEPT
	"$family" r -A FORWARD -i r0 -p tcp --dport 1755 -j ACCEPT
	"$family" r -A FORWARD -o r0
	# No answer of n0: a flow without one lasts as long as the sysctl says.
	"$family" n0 -A INPUT -p udp -j DROP
done
r sysctl -qw net.netfilter.nf_conntrack_udp_timeout=600
talk_serve

say 'Before the server has answered nothing opens.'
talk_first='' talk_open early n0 10.0.1.2
refuses 'in the same segment as the first message' wrong-side early "connect $(udp 10.0.0.2 7000)"
talk_first='' talk_open first n0 10.0.1.2
refuses 'as the first message' malformed first "$(udp 10.0.0.2 7000)"
changes 'the connection is ignored then' '' first "connect answer $(udp 10.0.0.2 7000)"
talk_first='' talk_open web n0 10.0.1.2
refuses 'a browser' malformed web 'hex=504f5354202f20485454502f312e310d0a0d0a'

say 'One flow from the server to the port'
dropped=0
stays_closed() { # WHAT NS COMMAND..: r drops what it sends; the fourth rule has counted
	"$2" "${@:3}"
	dropped=$((dropped + 1))
	until_ok "$1" 20 counter_is r 4 filter FORWARD 4 $dropped
}
stays_closed 'before the announcement r drops a datagram' n1 "$udp_send" --from 1755 10.0.0.2 7000 x
talk_open player n0 10.0.1.2
talk player "$(udp 10.0.0.2 7000)"
like 'the expectation is from the server to the port' "$(expects)" \
	'^[0-9]+ l3proto = 2 proto=17 src=10\.0\.1\.2 dst=10\.0\.0\.2 sport=0 dport=7000 .*mms'
like 'for two minutes' "$(expects)" '^1[012][0-9] '
stays_closed 'another port stays closed' n1 "$udp_send" --from 1755 10.0.0.2 7001 x
stays_closed 'it stays closed for others' n2 "$udp_send" --from 1755 10.0.0.2 7000 x
stays_closed 'TCP stays closed' n1 tests/lib/segments --barrier none \
	<<<'syn from=10.0.1.2 to=10.0.0.2 dport=7000'
n1 "$udp_send" --from 1755 10.0.0.2 7000 x
until_ok 'a datagram of the server comes' 20 counter_is r 4 filter FORWARD 2 1
ok 'the expectation is used up' expects_are 0
n1 "$udp_send" --from 1755 10.0.0.2 7000 x
stays_closed 'a second flow to the port is dropped' n1 "$udp_send" --from 1756 10.0.0.2 7000 x
is 'the first one is one flow' "$(counter r 4 filter FORWARD 2)" 2

say 'The address of the text does not matter; the true one is used.'
for address in 192.168.0.129 10.0.2.2 10.0.1.2 nobody fd00::2; do
	talk player "$(udp $address 7002)"
	like "$address" "$(expects)" ' dst=10\.0\.0\.2 sport=0 dport=7002 '
	ok 'it replaces the last one' expects_are 1
done
for port in 1024 65535 01755; do
	talk player "$(udp 10.0.0.2 $port)"
	like "port $port" "$(expects)" " dport=${port#0} "
done
until_ok 'the server has read what the player wrote' 20 reads '\\10.0.0.2\UDP\01755'
r conntrack -F expect >/dev/null 2>&1

say 'Media over TCP needs no second connection, and ends the wait for another.'
talk player "$(udp 10.0.0.2 7005)"
ok 'UDP is expected' expects_are 1
changes 'TCP' announcements player 'funnel=\\192.168.0.1\TCP\1037'
changes 'a privileged port of TCP' announcements player 'funnel=\\192.168.0.1\TCP\80'

say 'Refused'
for port in 0 22 1023 00080; do
	refuses "port $port" bad-port player "$(udp 10.0.0.2 $port)"
done
for port in 65536 99999 -7000 007000 0x1b58 7000x ''; do
	refuses "port '$port'" malformed player "$(udp 10.0.0.2 "$port")"
done
refuses 'no address' malformed player 'funnel=\\\UDP\7000'
refuses 'one backslash' malformed player 'funnel=\10.0.0.2\UDP\7000'
refuses 'another protocol' malformed player 'funnel=\\10.0.0.2\HTTP\7000'
refuses 'no text' malformed player 'funnel='
wrong=$(mms_stat wrong-side)
talk player 'open=announce'
wrong_side() { [[ $(mms_stat wrong-side) == "$((wrong + 1))" ]]; }
until_ok 'the server announces: wrong-side' 20 wrong_side
ok 'nothing opens' expects_are 0
talk player "$(udp 10.0.0.2 7003)"
like 'the conversation continues, and is helped' "$(expects)" ' dport=7003 '
r conntrack -F expect >/dev/null 2>&1
bad=01000000cefa0bb0%s0000004d4d532005000000%024d000000000200030000000000000000000000000000000000
# shellcheck disable=SC2059 # a format
bad_length="hex=$(printf "$bad" 28 0)"
refuses '20 messages without a length' malformed player \
	"$(for ((i = 0; i < 20; i++)); do echo "$bad_length"; done | paste -sd ' ')"
changes 'the connection is ignored then' '' player "$(udp 10.0.0.2 7000)"
talk_open length n0 10.0.1.2
# shellcheck disable=SC2059 # a format
refuses 'a packet whose lengths differ' malformed length "hex=$(printf "$bad" 30 0)"
changes 'the connection is ignored then' '' length "$(udp 10.0.0.2 7000)"

say 'A connection that conntrack has not seen from its beginning'
talk_open middle n0 10.0.1.2
r conntrack -F >/dev/null 2>&1
ipt r -I FORWARD -p tcp -j ACCEPT
changes 'picked up' '' middle "$(udp 10.0.0.2 7000)"
ipt r -D FORWARD 1

say 'IPv6'
talk_open six n0 fd00:0:0:1::2
talk six "$(udp fd00::2 7000)"
like 'the expectation' "$(expects)" \
	' proto=17 src=fd00:.*:0002 dst=fd00:.*:0002 sport=0 dport=7000 '
n1 "$udp_send" --from 1755 fd00::2 7000 x
until_ok 'a datagram of the server comes' 20 counter_is r 6 filter FORWARD 2 1
refuses 'port 80' bad-port six "$(udp fd00::2 80)"

say 'By a rule'
ok 'the switch is off' r sysctl -qw net.netfilter.nf_autohelper=0
talk_open none n0 10.0.1.2
changes 'a connection without the helper' '' none "$(udp 10.0.0.2 7000)"
ipt r -t raw -A PREROUTING -i r0 -p tcp --dport 1755 -j CT --helper mms
talk_open ruled n0 10.0.1.2
talk ruled "$(udp 10.0.0.2 7004)"
like 'CT --helper' "$(expects)" ' dport=7004 '
done_testing
