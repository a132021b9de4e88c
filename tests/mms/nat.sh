#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Announcements under NAT: the server reads an address and port that reach the player, whether the
# text becomes longer or shorter, and both sides continue; a port that is taken; several packets in
# a segment; packets that are sent again.
#
#	n0 (players) -- r (NAT, filter) -- n1 (server, which knows no way to n0)
#
# deadline: 1200
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=mms.lib
. "${0%/*}/mms.lib"

topology
ok 'the helper is loaded' helper_load mms
ok 'and brings its NAT half along' test -d /sys/module/nf_nat_mms
for family in ipt ip6t; do
	"$family" r -P FORWARD DROP
	"$family" r -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
	"$family" r -A FORWARD -i r0 -p tcp -m multiport --dports 1,1755 -j ACCEPT
done
n1 ip route del default
n1 ip -6 route del default
r ip addr add 203.100.113.201/24 dev r1
n1 ip route add 203.100.113.0/24 dev e0
r ip -6 addr add fd00:0:0:1:1111:2222:3333:4444/64 dev r1 nodad
n1 ip neigh replace 203.100.113.201 lladdr 02:00:00:00:01:01 dev e0
n1 ip neigh replace fd00:0:0:1:1111:2222:3333:4444 lladdr 02:00:00:00:01:01 dev e0
talk_serve

players=0
announce() { # WHAT SERVER WORDS WANT: a player says that; the server reads WANT
	players=$((players + 1))
	talk_open "p$players" n0 "$2"
	talk "p$players" "$3"
	until_ok "$1: the server reads $4" 20 reads "$4"
}
arrives() { # FAMILY ADDRESS [PORT]: a datagram of the server to there reaches n0
	ipt n0 -F INPUT
	ip6t n0 -F INPUT
	ipt n0 -A INPUT -p udp --dport 7000
	ip6t n0 -A INPUT -p udp --dport 7000
	n1 "$udp_send" --from $((4000 + players)) "$2" "${3-7000}" x
	until_ok "a datagram to $2 arrives" 20 counter_is n0 "$1" filter INPUT 1 1
}
opened() { (($(grep -cx 'open tone.asf' "$TMP/talk_pid.out") == $1)); }
continues() { # the last player asks for the file twice after that, and the server answers
	local before
	before=$(grep -cx 'open tone.asf' "$TMP/talk_pid.out")
	talk "p$players" 'open=tone.asf answer' 'pong open=tone.asf answer'
	until_ok 'the conversation continues' 20 opened $((before + 2))
}

say 'MASQUERADE'
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j MASQUERADE
announce 'as long' 10.0.1.2 "$(udp 10.0.0.2 7000)" '\\10.0.1.1\UDP\7000'
arrives 4 10.0.1.1
continues
announce 'shorter' 10.0.1.2 "$(udp 192.168.100.129 7001)" '\\10.0.1.1\UDP\7001'
continues
announce 'in lower case, with a wrong address' 10.0.1.2 'funnel=\\somebody\udp\7002' \
	'\\10.0.1.1\UDP\7002'
announce 'TCP is left alone' 10.0.1.2 'funnel=\\192.168.0.129\TCP\1037' '\\192.168.0.129\TCP\1037'
continues
r conntrack -F expect >/dev/null 2>&1

say 'SNAT to a longer address'
long='\\203.100.113.201\UDP'
ipt r -t nat -R POSTROUTING 1 -s 10.0.0.0/24 -o r1 -p tcp -j SNAT --to-source 203.100.113.201
announce 'longer by 16 bytes' 10.0.1.2 "$(udp 10.0.0.2 7000)" "$long\\7000"
arrives 4 203.100.113.201
continues
announce 'between packets' 10.0.1.2 "pong $(udp 10.0.0.2 7003) pong" "$long\\7003"
continues
announce 'between messages' 10.0.1.2 "pong+$(udp 10.0.0.2 7004)+pong" "$long\\7004"
continues
announce 'two packets of one segment' 10.0.1.2 "$(udp 10.0.0.2 7008) $(udp 10.0.0.2 7009)" \
	"$long\\7009"
ok 'the first one, too' reads "$long\\7008" "$long\\7009"
continues
announce 'several times' 10.0.1.2 "$(udp 10.0.0.2 7010)" "$long\\7010"
for port in 7011 7012 7013; do talk "p$players" "$(udp 10.0.0.2 $port)"; done
until_ok 'each' 20 reads "$long"\\701{1..3}
continues
before=$(mms_stat not-expected)
announce 'no space in front' 10.0.1.2 "connect+connect+$(udp 10.0.0.2 7014)" '\\10.0.0.2\UDP\7014'
is 'is counted' "$(mms_stat not-expected)" $((before + 1))
nok 'and opens nothing' grep -q 'dport=7014 ' <<<"$(expects)"
continues
before=$(mms_stat split)
announce 'in two segments' 10.0.1.2 "@60 $(udp 10.0.0.2 7015)" '\\10.0.0.2\UDP\7015'
is 'is counted' "$(mms_stat split)" $((before + 1))
nok 'and opens nothing' grep -q 'dport=7015 ' <<<"$(expects)"
continues

say 'A port that another player has announced'
n0 ip addr add 10.0.0.3/24 dev e0
r conntrack -F expect >/dev/null 2>&1
talk_open other n0 10.0.1.2 10.0.0.3
talk other "$(udp 10.0.0.3 7000)"
players=$((players + 1))
talk_open "p$players" n0 10.0.1.2
talk "p$players" "$(udp 10.0.0.2 7000)"
another() {
	port=$(last_funnel)
	[[ $port =~ ^"$long\\"([1-9][0-9]{3})$ ]] && port=${BASH_REMATCH[1]} &&
		((port != 7000))
}
until_ok 'the second one has another, of as many digits' 20 another
arrives 4 203.100.113.201 "$port"
continues

say 'Segments made by hand'
hands
first=$((1001 + $(mms_length connect)))
text=$(mms_bytes "$(udp 10.0.0.2 7020)") length=$(mms_length "$(udp 10.0.0.2 7020)")
pong=$(mms_bytes pong "$(udp 10.0.0.2 7021)") next=$((first + length))
ipt n1 -t raw -A PREROUTING -p tcp --sport 9000 -m mms --transport udp
ok 'a player' hand 9000
before=$(last_funnel)
data 9000 $first "$text"
for _ in 1 2; do data 9000 $first "$text"; done
data 9000 $next "$pong"
data 9000 $next "$pong"
data 9000 $first "$text"
until_ok 'six segments pass, each with an announcement' 20 counter_is n1 4 raw PREROUTING 1 6
like 'the last one is expected' "$(expects)" ' dport=7021 '
until_ok 'the server reads each announcement once' 20 reads "$before" "$long"\\702{0,1}

say 'What is sent again is changed again, or again not.'
sizes() { # SPORT BYTES: n1 counts its segments of that size first, then its announcements
	ipt n1 -t raw -F PREROUTING
	ipt n1 -t raw -A PREROUTING -p tcp --sport "$1" -m length --length $((40 + $2))
	ipt n1 -t raw -A PREROUTING -p tcp --sport "$1" -m mms --transport udp
}
words=(connect "$(udp 10.0.0.2 7022)")
text=$(mms_bytes "${words[@]}") length=$(mms_length "${words[@]}")
sizes 9001 "$length"
ok 'a player that announces before the server has answered' hand 9001 "$text"
data 9001 1001 "$text"
until_ok 'it is not changed later on, either' 20 counter_is n1 4 raw PREROUTING 1 2
nok 'and opens nothing' grep -q 'dport=7022 ' <<<"$(expects)"
data 9001 $((1001 + length)) "$(mms_bytes "$(udp 10.0.0.2 7023)")"
until_ok 'the server reads what follows' 20 reads '\\10.0.0.2\UDP\7022' "$long\\7023"
words=("$(udp 10.0.0.2 7024)")
text=$(mms_bytes "${words[@]}") length=$(mms_length "${words[@]}")
sizes 9002 "$length"
ok 'another player' hand 9002
data 9002 $first "$text"
until_ok 'its announcement is changed' 20 reads "$long\\7024"
# A packet of 9 KiB: the helper gives the connection up, and the server waits for the rest.
data 9002 $((first + length)) '|01000000cefa0bb0002400004d4d532080040000|'
r conntrack -F expect >/dev/null 2>&1
data 9002 $first "$text"
until_ok 'again on a connection that is not helped any more' 20 counter_is n1 4 raw PREROUTING 2 2
ok 'with the same length' counter_is n1 4 raw PREROUTING 1 0
nok 'and opens nothing' grep -q 'dport=7024 ' <<<"$(expects)"
hands_end

say 'DNAT'
n1 ip route add default via 10.0.1.1
ipt r -t nat -F POSTROUTING
ipt r -t nat -A PREROUTING -i r0 -p tcp -d 10.0.0.1 --dport 1755 -j DNAT --to-destination 10.0.1.2
announce 'alone' 10.0.0.1 "$(udp 10.0.0.2 7000)" '\\10.0.0.2\UDP\7000'
arrives 4 10.0.0.2
continues
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j MASQUERADE
announce 'with MASQUERADE' 10.0.0.1 "$(udp 10.0.0.2 7000)" '\\10.0.1.1\UDP\7000'
arrives 4 10.0.1.1
continues

say 'IPv6'
ip6t r -t nat -A POSTROUTING -s fd00::/64 -o r1 -j SNAT \
	--to-source fd00:0:0:1:1111:2222:3333:4444
announce 'longer' fd00:0:0:1::2 "$(udp fd00::2 7000)" '\\fd00::1:1111:2222:3333:4444\UDP\7000'
arrives 6 fd00:0:0:1:1111:2222:3333:4444
continues
done_testing
