#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Announcements however segments cut them, within the helper's limits; and hostile ones: floods,
# retransmissions with other content, segments out of order. Nothing opens that was not announced,
# and the conversation continues.
#
#	n0 (clients) -- r (the helper) -- n1 (server)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=irc.lib
. "${0%/*}/irc.lib"
own=167772162 # 10.0.0.2
ports() { expects | sed -n 's/.* dport=\([0-9]*\) .*/\1/p' | sort -n | paste -sd ' '; }

topology
ok 'the helper is loaded' irc_load
ipt r -A FORWARD -m conntrack --ctstate NEW
talk_serve
talk_open ann n0 10.0.1.2

say 'Cut at every byte'
line="PRIVMSG bob :\\1DCC SEND \"two words\" $own PORT 1234\\1\\r\\n"
port=5000
talk_cuts "$line"
before=$(irc_stat expectations)
talk ann "${cuts[@]}"
is "each of ${#cuts[@]} is recognised" "$(irc_stat expectations)" $((before + ${#cuts[@]}))
is 'and the last ones are expected' "$(ports)" "$(seq -s ' ' $((port - 6)) $((port - 1))) 6000 6001"
is 'nothing was refused' "$(irc_stat malformed foreign)" '0 0'

say 'A flood evicts what the same connection announced'
n0 ip addr add 10.0.0.3/24 dev e0
talk_open eve n0 10.0.1.2 10.0.0.3
flood=''
for ((port = 7000; port < 7100; port++)); do
	flood+="PRIVMSG bob :\\1DCC CHAT chat 167772163 $port\\1\\r\\n|"
done
talk eve "$flood"
is 'of 100, 8 are left, and the other connection has its own' \
	"$(ports | wc -w) $(ports | cut -d ' ' -f 9-)" \
	'16 7092 7093 7094 7095 7096 7097 7098 7099'

say 'Segments made by hand'
ipt n0 -A OUTPUT -p tcp --sport 9000:9100 --tcp-flags RST RST -j DROP
first=1011 # behind NICK
converse() { # SPORT: a conversation
	shake "$1" && data "$1" 1001 'NICK|20|ann|0d0a|'
}
chat() { echo "PRIVMSG|20|bob|20|:|01|DCC|20|CHAT|20|chat|20|$1|20|$2|010d0a|"; }
r conntrack -F expect >/dev/null 2>&1
ok 'a conversation' converse 9000
data 9000 $first "$(chat $own 8000)"
like 'its announcement' "$(ports)" '(^| )8000( |$)'
foreign=$(irc_stat foreign)
data 9000 $first "$(chat 167772674 8001)"
is 'sent again with a foreign address: refused' "$(irc_stat foreign)" $((foreign + 1))
length=$(printf 'PRIVMSG bob :.DCC CHAT chat %s 8000.\r\n' "$own" | wc -c)
next=$((first + length))
data 9000 $((next + length)) "$(chat $own 8003)"
nok 'a segment that comes early is not read' grep -q 8003 <<<"$(ports)"
data 9000 $next "$(chat $own 8002)"
like 'the one before it is' "$(ports)" '(^| )8002( |$)'
data 9000 $((next + 2 * length)) "$(chat $own 8004)"
like 'and the one that follows' "$(ports)" '(^| )8004( |$)'
data 9000 $((first + 5)) "$(chat $own 8005)"
nok 'in the middle of what was sent: not read' grep -q 8005 <<<"$(ports)"
ok 'a second conversation' converse 9001
data 9001 $first "PRIVMSG|20|bob|20|:|01|DCC|20|CHAT|20|chat|20|$own|20|80"
data 9001 $first "PRIVMSG|20|bob|20|:|01|DCC|20|CHAT|20|chat|20|$own|20|90"
data 9001 $((first + length - 5)) '06|010d0a|'
like 'the second part continues the first that was sent' "$(ports)" '(^| )8006( |$)'
nok 'and no other' grep -q 9006 <<<"$(ports)"

ok 'a third conversation' converse 9002
segments <<<'forged from=10.0.0.2 to=10.0.1.2 sport=9002 dport=6667 flags=S seq=1005'
data 9002 $first "$(chat $own 8007)"
like 'a forged SYN does not move the place in the stream' "$(ports)" '(^| )8007( |$)'
ok 'a fourth conversation' shake 9003
before=$(irc_stat malformed)
data 9003 1018 "NICK|20|ann|0d0a|$(chat $own 8008)"
data 9003 $((1028 + length)) "NICK|20|ann|0d0a|$(chat $own 8009)"
data 9003 1001 'POST|20|/|20|HTTP/1.1|0d0a|'
data 9003 $((1038 + 2 * length)) "NICK|20|ann|0d0a|$(chat $own 8010)"
is 'the first line counts, although it comes late' "$(irc_stat malformed)" $((before + 1))
nok 'nothing opens' grep -qE '80(08|09|10)' <<<"$(ports)"
ok 'a fifth conversation' converse 9004
before="$(irc_stat expectations not-expected)"
many=''
for ((port = 8020; port < 8040; port++)); do many+=$(chat $own $port); done
data 9004 $first "$many"
is 'of 20 in one packet, 16 are expected' "$(irc_stat expectations not-expected)" \
	"$((${before% *} + 16)) $((${before#* } + 4))"

say 'Announcements in two parts under NAT'
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j MASQUERADE
talk_open nat n0 10.0.1.2
before=$(irc_stat split)
talk nat "PRIVMSG bob :\\1DCC CHAT chat 1677|72162 8100\\1\\r\\n"
is 'it is counted' "$(irc_stat split)" $((before + 1))
nok 'nothing opens' grep -q 8100 <<<"$(ports)"
talk nat "PRIVMSG bob :\\1DCC CHAT chat |$own 8101\\1\\r\\n"
is 'so is one whose address and port are in the second part' "$(irc_stat split)" $((before + 2))
nok 'nothing opens, either' grep -q 8101 <<<"$(ports)"
chat="PRIVMSG bob :\\1DCC CHAT chat $own 8102\\1\\r\\n"
talk nat "${chat}PRIVMSG bob :\\1DCC SEND f $own 8103 1\\1\\r\\nECHO |here\\r\\n"
like 'several in one segment, and the conversation continues' "$(ports)" '8102 8103'
ok 'a conversation by hand' converse 9005
before=$(irc_stat announcements)
for i in 0 1 2 0 1 2; do
	data 9005 $((first + i * length)) "$(chat $own $((8110 + i)))"
done
is 'three segments are rewritten again when they are sent again' "$(irc_stat announcements)" \
	$((before + 6))
like 'with the same ports' "$(ports)" '8110 8111 8112'

say 'What has gone on unchanged under NAT is not changed when it is sent again'
ok 'a conversation by hand' converse 9006
begin="PRIVMSG|20|bob|20|:|01|DCC|20|CHAT|20|chat|20|$own|20|81"
before=$(irc_stat split not-expected)
data 9006 $first "$begin"
data 9006 $((first + length - 5)) '20|010d0a|'
data 9006 $first "$(chat $own 8120)"
is 'a line in two parts, and then in one' "$(irc_stat split not-expected)" \
	"$((${before% *} + 1)) $((${before#* } + 1))"
data 9006 $((first + length)) "$begin"
data 9006 $((first + length)) "$(chat $own 8121)"
is 'the beginning of a line, and then the whole line' "$(irc_stat split)" $((${before% *} + 2))
ok 'the NAT half is unloaded' modprobe -r nf_nat_irc
data 9006 $((first + 2 * length)) "$(chat $own 8122)"
ok 'and loaded' modprobe nf_nat_irc
data 9006 $((first + 2 * length)) "$(chat $own 8122)"
nok 'nothing opens' grep -qE '812[0-2]' <<<"$(ports)"
data 9006 $((first + 3 * length)) "$(chat $own 8123)"
like 'what follows opens' "$(ports)" '8123$'
before=$(irc_stat announcements not-expected)
data 9006 $((first + 2 * length)) "$(chat $own 8122)$(chat $own 8123)"
is 'of both in one segment, the second is rewritten again' \
	"$(irc_stat announcements not-expected)" "$((${before% *} + 1)) $((${before#* } + 1))"

say 'The limits are parameters'
limits=(0 256 -1 many)
for value in "${limits[@]}"; do
	irc_unload
	nok "max_dcc_channels=$value is refused" modprobe nf_conntrack_irc "max_dcc_channels=$value"
done
nok 'dcc_timeout=0 is refused' modprobe nf_conntrack_irc dcc_timeout=0
nok 'dcc_timeout=86401 is refused' modprobe nf_conntrack_irc dcc_timeout=86401
ok 'two connections, 70 seconds' irc_load max_dcc_channels=2 dcc_timeout=70
talk_open few n0 10.0.1.2
dcc few "CHAT chat $own 8200"
dcc few "CHAT chat $own 8201"
dcc few "CHAT chat $own 8202"
is 'two are left' "$(ports)" '8201 8202'
like 'for 70 seconds' "$(expects | tail -n 1)" '^(6[0-9]|70) '
ok 'as it was' irc_load
done_testing
