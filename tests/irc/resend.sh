#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Lines that NAT makes longer by a byte, and that are sent again: with other segment boundaries, or
# after later segments have passed. What the server receives has no gap, and no byte twice.
#
#	n0 (clients) -- r (the helper, NAT) -- n1 (server)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=irc.lib
. "${0%/*}/irc.lib"
own=167772162    # 10.0.0.2
outer=3412357577 # 203.100.113.201
ports() { expects | sed -n 's/.* dport=\([0-9]*\) .*/\1/p' | sort -n | paste -sd ' '; }
dcc() { echo "PRIVMSG|20|bob|20|:|01|DCC|20|$1|010d0a|"; }
chat() { dcc "CHAT|20|chat|20|$own|20|$1"; }
first=1011 # behind NICK
length=45  # of a chat with a port of 4 digits
plain='PRIVMSG|20|bob|20|:hello|0d0a|'
converse() { # SPORT
	shake "$1" && data "$1" 1001 'NICK|20|ann|0d0a|'
}
seen() { # SPORT: the segments behind NICK as the server receives them, SEQ:LEN
	sed -n "s/^$1 \([0-9]*\) \([0-9]*\) .*/\1:\2/p" "$TMP/arrivals.out" | tail -n +2 |
		paste -sd ' '
}
are_seen() { # SPORT WANT
	local got
	got=$(seen "$1")
	[[ $got == "$2" ]] || { echo "wanted $2, got $got" && return 1; }
}

topology
ok 'the helper is loaded' irc_load
r ip addr add 203.100.113.201/24 dev r1
n1 ip route add 203.100.113.0/24 dev e0
n1 ip neigh replace 203.100.113.201 lladdr 02:00:00:00:01:01 dev e0
ipt r -A FORWARD -m conntrack --ctstate NEW
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -p tcp -j SNAT --to-source 203.100.113.201
ipt n0 -A OUTPUT -p tcp --sport 9000:9100 --tcp-flags RST RST -j DROP
talk_serve
bg arrivals n1 perl tests/lib/arrivals e0 6667
ok 'segments are watched' poll 20 grep -qx ready "$TMP/arrivals.out"

say 'With other segment boundaries'
ok 'a conversation' converse 9000
data 9000 $first "$plain$(chat 8000)"
data 9000 $((first + 20)) "$(chat 8000)"
data 9000 $((first + 20 + length)) "$plain"
until_ok 'the line that is sent again has the same place, and so has what follows' 20 \
	are_seen 9000 '1011:66 1031:46 1077:20'
data 9000 $((first + 40 + length)) "$(chat 8001)"
data 9000 $((first + 40 + 2 * length)) "$plain"
until_ok 'the next line makes what follows it later by one more byte' 20 \
	are_seen 9000 '1011:66 1031:46 1077:20 1097:46 1143:20'
is 'both are expected' "$(ports)" '8000 8001'
is 'as the server reads' "$(grep -c "DCC CHAT chat $outer 800[01]" "$TMP/arrivals.out")" 3

# A line that fills a gap was perhaps seen, perhaps not.
refused() {
	local split declined
	read -r split declined <<<"$(irc_stat split not-expected)"
	echo $((split + declined))
}
say 'After later segments'
ok 'a conversation' converse 9001
before=$(refused)
data 9001 $((first + length)) "$(chat 8003)"
data 9001 $first "$(chat 8002)"
data 9001 $((first + 2 * length)) "$plain"
until_ok 'what fills a gap keeps its length' 20 are_seen 9001 '1056:45 1011:45 1101:20'
is 'is counted' "$(refused)" $((before + 1))
data 9001 $first "$(chat 8002)"
until_ok 'keeps it once more' 20 are_seen 9001 '1056:45 1011:45 1101:20 1011:45'
nok 'and opens nothing' grep -qE '800[23]' <<<"$(ports)"
data 9001 $((first + 2 * length + 20)) "$(chat 8004)"
data 9001 $((first + 3 * length + 20)) "$plain"
until_ok 'the next line is changed' 20 \
	are_seen 9001 '1056:45 1011:45 1101:20 1011:45 1121:46 1167:20'
like 'and expected' "$(ports)" '(^| )8004( |$)'

say 'After two later segments, behind a line that was changed'
ok 'a conversation' converse 9005
before=$(refused)
data 9005 $first "$(chat 8007)"
data 9005 $((first + 2 * length)) "$plain"
data 9005 $((first + 2 * length + 20)) "$plain"
data 9005 $((first + length)) "$(chat 8008)"
until_ok 'what fills the gap keeps its length' 20 are_seen 9005 '1011:46 1102:20 1122:20 1057:45'
is 'is counted' "$(refused)" $((before + 1))
nok 'and opens nothing' grep -q 8008 <<<"$(ports)"

say 'In front of a new line, in one segment'
ok 'a conversation' converse 9004
before=$(irc_stat split)
data 9004 $first "$(chat 8005)"
data 9004 $first "$(chat 8005)$(chat 8006)"
data 9004 $((first + 2 * length)) "$plain"
until_ok 'the one that is sent again is changed, the new one is not' 20 \
	are_seen 9004 '1011:46 1011:91 1102:20'
is 'which is counted' "$(irc_stat split)" $((before + 1))
nok 'and opens nothing' grep -q 8006 <<<"$(ports)"

say 'A port keeps its number of digits'
other=167772163 # 10.0.0.3
n0 ip addr add 10.0.0.3/24 dev e0
talk_open eve n0 10.0.1.2 10.0.0.3
for port in 8011 8012 8013 20011 20012 20013; do
	talk eve "PRIVMSG bob :\\1DCC CHAT chat $other $port\\1\\r\\n"
done
is 'six ports are taken' "$(ports | grep -oE '\b(8|20)01[1-3]\b' | wc -l)" 6
ok 'a conversation' converse 9002
many='' taken=$(ports)
for port in 8011 8012 8013 20011 20012 20013; do many+=$(chat $port); done
data 9002 $first "$many"
others() { # DIGITS: of the ports that are expected besides, those with so many
	ports | tr ' ' '\n' | grep -vxE "${taken// /|}" | grep -cxE "[0-9]{$1}"
}
is 'three of 4 digits, and three of 5, take their place' "$(others 4) $(others 5)" '3 3'

say 'An ACCEPT of a passive transfer'
ok 'a conversation' converse 9003
data 9003 $first "$(dcc 'ACCEPT|20|f|20|0|20|10|20|7')$(chat 8020)"
like 'leaves the line behind it to NAT' "$(ports)" '(^| )8020( |$)'
done_testing
