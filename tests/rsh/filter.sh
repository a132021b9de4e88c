#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the rsh helper opens in a packet filter, exactly: one connection of the server, from a
# reserved port, to the port that a client announces with its first bytes, and nothing else.
#
#	n0 (client) -- r (filter: connections to the server, RELATED) -- n1 (server), n2
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=rsh.lib
. "${0%/*}/rsh.lib"
export talk_abort=1 # a client connects again from the same port
columns=(announcements expectations malformed wrong-side bad-port split not-expected)
counts() { helper_stats rsh "${columns[@]}"; }
connections=0
says() { # FROM TEXT: a connection of its own begins with it; the server has read it
	connections=$((connections + 1))
	talk_open "c$connections" n0 "${server-10.0.1.2}" "$1"
	talk "c$connections" "$2"
	kill "$(eval echo "\$talker_c$connections")"
}
refuses() { # WHAT COLUMN FROM TEXT
	local before wanted=() i
	read -ra before <<<"$(counts)"
	for i in "${!columns[@]}"; do
		[[ ${columns[i]} == "$2" ]]
		wanted+=($((before[i] + !$?)))
	done
	says "$3" "$4"
	is "$1: $2" "$(counts)" "${wanted[*]}"
	ok "$1: nothing opens" expects_are 0
}
ignores() { # WHAT FROM TEXT
	local before
	before=$(counts)
	says "$2" "$3"
	is "$1: nothing is counted" "$(counts)" "$before"
	ok "$1: nothing opens" expects_are 0
}
opens() { # WHAT FROM TEXT
	local before
	before=$(helper_stats rsh expectations)
	says "$2" "$3"
	is "$1: is expected" "$(helper_stats rsh expectations)" $((before + 1))
	r conntrack -F expect >/dev/null 2>&1
}

topology
ok 'the helper is loaded' helper_load rsh
for family in ipt ip6t; do
	"$family" r -P FORWARD DROP
	"$family" r -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
	"$family" r -A FORWARD -m conntrack --ctstate RELATED -j ACCEPT
	"$family" r -A FORWARD -i r0 -p tcp -m multiport --dports 1,514 -j ACCEPT
	"$family" r -A FORWARD -o r0 -p tcp
done
talk_serve

say 'One connection to the port, from the server and a reserved port'
announced=0 dropped=0
announces() { # a port of its own, into $port
	port=$((600 + announced)) announced=$((announced + 1))
	talk_open "a$announced" n0 10.0.1.2 "10.0.0.2:$((1023 - announced))"
	talk_send "a$announced" "$port\\0root\\0"
	poll 10 expects_are 1 "$port"
}
syn() { # FROM SPORT TO DPORT
	echo "syn$2x$4 from=$1 to=$3 sport=$2 dport=$4"
}
# An expectation lasts for five seconds: what does not use it up must be over by then.
keeps() { # NS FROM SPORTS: SYNs from them do not use it up
	local _ sport
	for _ in 1 2 3; do
		announces || return
		for sport in $3; do syn "$2" "$sport" 10.0.0.2 "$port"; done |
			"$1" tests/lib/segments --barrier none || return
		dropped=$((dropped + $(wc -w <<<"$3")))
		poll 20 counter_is r 4 filter FORWARD 4 "$dropped" || return
		! expects_are 1 "$port" || return 0
	done
	return 1
}
uses() {
	local _
	for _ in 1 2 3; do
		announces || return
		{
			syn 10.0.1.2 800 10.0.0.2 $((port + 1))
			syn 10.0.1.2 1023 10.0.0.2 "$port"
			syn 10.0.1.2 801 10.0.0.2 "$port"
		} | n1 tests/lib/segments --barrier none || return
		poll 5 counter_is r 4 filter FORWARD 2 1 &&
			poll 20 counter_is r 4 filter FORWARD 4 "$((dropped += 2))" && return
		dropped=$((dropped + 1))
	done
	return 1
}
ok 'ports that are not reserved stay closed' keeps n1 10.0.1.2 '1024 2000 65535'
ok 'another host stays closed' keeps n2 10.0.2.2 '514 800 1023'
ok 'the server opens it once, and no other port' uses
ok 'it is used up' expects_are 0 "$port"
like 'how it was expected' "$(announces && expects)" \
	'^[0-9]+ l3proto = 2 proto=6 src=10\.0\.1\.2 dst=10\.0\.0\.2 sport=0 dport=6.. .*rsh'
r conntrack -F expect >/dev/null 2>&1

say 'Refused'
client=10.0.0.2:800
refuses 'port 511' bad-port $client '511\0'
refuses 'port 1024' bad-port $client '1024\0'
refuses 'port 65536' malformed $client '65536\0'
refuses 'a signed port' malformed $client '+900\0'
refuses 'a browser' malformed $client 'POST / HTTP/1.1\r\n\r\n900\0root\0'
refuses 'a browser, in pieces' malformed $client 'POST |900\0root\0'
refuses 'a client at port 1024' wrong-side 10.0.0.2:1024 '900\0'
refuses 'a client at port 511' wrong-side 10.0.0.2:511 '900\0'
refuses 'the server' wrong-side $client '\0|ECHO 900\0\r\n'

say 'No announcements'
ignores 'port 0' $client '0\0root\0bob\0id\0'
ignores 'no port' $client '\0root\0bob\0id\0'
ignores 'later bytes' $client '\0|900\0|root\0|900\0'
refuses 'a port without its end' malformed $client '900|'

say 'Pieces'
opens 'in one piece' $client '900\0root\0bob\0id\0'
opens 'after one byte' $client '9|00\0'
opens 'before the end' $client '900|\0'
opens 'all bytes' $client '1|0|2|3|\0|r'
opens 'with zeros' $client '00900\0'

say 'Segments made by hand'
ipt n0 -A OUTPUT -p tcp -m multiport --sports 512:515,701:799 --tcp-flags RST RST -j DROP
segments() { n0 tests/lib/segments --barrier 10.0.0.2,10.0.1.2,1; }
hand() { # SPORT SEQ TEXT..: a conversation, each TEXT after its SEQ
	echo "syn from=10.0.0.2 to=10.0.1.2 sport=$1 dport=514 seq=1000"
	echo 'ack as=syn flags=A seq=1001 ack=syn.seq+1'
	local i
	for ((i = 2; i < $#; i += 2)); do
		echo "data$i as=syn flags=PA seq=${*:i:1} ack=syn.seq+1 data=${*:i+1:1}"
	done
}
by_hand() { hand "$@" | segments; }
before=$(helper_stats rsh expectations)
by_hand 701 1001 '900|00|'
by_hand 702 1006 'root|00|' 1001 '0901|00|'
is 'also when bytes behind it come earlier' "$(helper_stats rsh expectations)" $((before + 2))
by_hand 703 1001 '902|00|' 1001 '903|00|'
is 'sent again with a different port: counted' "$(helper_stats rsh expectations)" $((before + 4))
ok 'it has replaced the first' expects_are 0 902
by_hand 704 1001 '|00|ECHO|20|x|0a|' 1001 '904|00|'
by_hand 705 1002 '905|00|'
by_hand 706 1001 'x' 1001 '906|00|'
by_hand 707 1005 '7|00|' 1001 '90'
is 'nothing after an answer, elsewhere, after other bytes, in the wrong order' \
	"$(helper_stats rsh expectations)" $((before + 4))
r conntrack -F expect >/dev/null 2>&1

say 'A connection that conntrack has not seen from its beginning'
before=$(counts)
talk_open middle n0 10.0.1.2 10.0.0.2:810
r conntrack -F >/dev/null 2>&1
ipt r -I FORWARD -p tcp -j ACCEPT
talk middle '900\0'
is 'nothing is counted' "$(counts)" "$before"
ok 'nothing opens' expects_are 0
ipt r -D FORWARD 1

say 'IPv6'
server=fd00:0:0:1::2
opens 'a port' '[fd00::2]:800' '900\0'
refuses 'port 80' bad-port '[fd00::2]:800' '80\0'
refuses 'a client at port 1024' wrong-side '[fd00::2]:1024' '900\0'
unset server

say 'NAT'
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -p tcp --dport 514 -j MASQUERADE
opens 'a port' $client '900\0'
refuses 'one in two segments' split $client '9|00\0'
n0 ip addr add 10.0.0.3/24 dev e0
ipt n1 -t raw -A PREROUTING -p tcp --dport 514 -m rsh --stderr-port 1000
ipt n1 -t raw -A PREROUTING -p tcp --dport 514 -m rsh --stderr-port 512:999
before="$(helper_stats rsh expectations not-expected split)"
ok 'only ports of four digits' helper_load rsh range=1000
{
	hand 711 1001 '1000|00|root|00|'
	hand 711 1001 '1000|00|root|00|' | sed 's/10\.0\.0\.2/10.0.0.3/'
} | segments
ok 'two clients with the same port: one keeps it' counter_is n1 4 raw PREROUTING 1 1
ok 'one gets another, as long' counter_is n1 4 raw PREROUTING 2 1
r conntrack -F expect >/dev/null 2>&1
ok 'four ports' helper_load rsh range=515
{
	for port in 512 513 514 515; do hand $port 1001 '515|00|'; done
	hand 512 1001 '515|00|' | sed 's/10\.0\.0\.2/10.0.0.3/'
} | segments
is 'of five, one has no port' "$(helper_stats rsh expectations not-expected)" '4 1'
r conntrack -F expect >/dev/null 2>&1
for range in 511 32768 -1 many; do
	helper_unload rsh
	nok "range=$range is refused" modprobe nf_conntrack_rsh "range=$range"
done
ok 'the ports of NetWorker' helper_load rsh ports=514,7937 range=9936
opens 'a port of it' 10.0.0.2:8000 '9936\0'
refuses 'one more' bad-port 10.0.0.2:8000 '9937\0'
refuses 'a reserved port for an unprivileged client' bad-port 10.0.0.2:8000 '873\0'
opens 'a port of it for a reserved one' $client '9936\0'
refuses 'a client above' wrong-side 10.0.0.2:9937 '8000\0'
ok 'the helper is as it was' helper_load rsh

say 'By a rule'
ok 'the switch is off' r sysctl -qw net.netfilter.nf_autohelper=0
before=$(helper_stats rsh announcements)
says $client '900\0'
is 'a connection without the helper' "$(helper_stats rsh announcements)" "$before"
ipt r -t raw -A PREROUTING -i r0 -p tcp --dport 514 -j CT --helper rsh
opens 'CT --helper' $client '900\0'
done_testing
