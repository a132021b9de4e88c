#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Announcements however segments cut them, within the helper's limits; and hostile ones: floods,
# retransmissions with other content, segments out of order. Nothing opens that was not announced,
# and the link continues.
#
#	n0 (bots) -- r (the helper) -- n1 (the other bot)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=eggdrop.lib
. "${0%/*}/eggdrop.lib"
ports() { expects | sed -n 's/.* dport=\([0-9]*\) .*/\1/p' | sort -n | paste -sd ' '; }

topology
ok 'the helper is loaded' egg_load
ipt r -A FORWARD -m conntrack --ctstate NEW
ipt r -A FORWARD -p tcp --sport 3333 -m eggdrop --share accept
talk_serve
talk_open leaf n0 10.0.1.2
egg_offer leaf

say 'Cut at every byte'
line="s us $own +PORT 39\\n"
port=5000
talk_cuts "$line"
before=$(egg_stat expectations)
talk leaf "${cuts[@]}"
is "each of ${#cuts[@]} is recognised" "$(egg_stat expectations)" $((before + ${#cuts[@]}))
is 'and the last one is expected' "$(ports)" 6001
is 'nothing was refused' "$(egg_stat malformed foreign wrong-side)" '0 0 0'

say 'An offer and its acceptance cut at every byte'
n=0
for text in 's| u?\n' 's |u?\n' 's u|?\n' 's u?|\n' 's u?\r|\n' 's| |u|?|\n'; do
	talk_open "o$n" n0 10.0.1.2
	talk "o$n" "${text}ECHO s uy\\n"
	talk "o$n" "s us $own $((6100 + n)) 39\\n"
	like "$text is an offer" "$(ports)" "(^| )$((6100 + n))( |$)"
	n=$((n + 1))
done
for text in 's| uy\n' 's |uy x\n' 's u|y\n' 's uy| a b\n' 's uy|\n'; do
	talk_open "o$n" n0 10.0.1.2
	egg_other "o$n" 's u?\n'
	talk "o$n" "$text"
	egg_other "o$n" "s us 167772418 $((6100 + n)) 39\\n"
	like "$text accepts" "$(ports)" "(^| )$((6100 + n))( |$)"
	n=$((n + 1))
done
r conntrack -F expect >/dev/null 2>&1

say 'A greeting cut by segments'
n0 ip route replace default via 10.0.0.1 advmss 88
talk_first=leaf\\n${egg_greeting/<test>/$(printf '<%050d>' {1..3})} talk_open small n0 10.0.1.2
egg_offer small
egg_send small "$own" 6200
like 'greets' "$(ports)" '(^| )6200( |$)'
n0 ip route replace default via 10.0.0.1
r conntrack -F expect >/dev/null 2>&1

say 'A flood evicts what the same link announced.'
n0 ip addr add 10.0.0.3/24 dev e0
egg_send leaf "$own" 6999
talk_open eve n0 10.0.1.2 10.0.0.3
egg_offer eve
flood=''
for ((port = 7000; port < 7100; port++)); do flood+="s us 167772163 $port 39\\n|"; done
talk eve "$flood"
is 'of 100, 1 is left, and the other link has its own' "$(ports)" '6999 7099'

say 'Segments made by hand'
ipt n0 -A OUTPUT -p tcp --sport 9000:9100 --tcp-flags RST RST -j DROP
begin='leaf|0a|ECHO|20|*hello!|0a|ECHO|20|version|20|1|0a|s|20|u?|0a|ECHO|20|s|20|uy|0a|'
begin_length=$((5 + 13 + 15 + 5 + 10))
first=$((1001 + begin_length))
accepted() { counter r 4 filter FORWARD 2; }
more_accepted() { (($(accepted) > $1)); }
link() { # SPORT: a link whose offer is accepted
	local before
	before=$(accepted)
	shake "$1" && data "$1" 1001 "$begin" && poll 20 more_accepted "$before"
}
send() { echo "s|20|us|20|$1|20|$2|20|39|0a|"; }
r conntrack -F expect >/dev/null 2>&1
ok 'a link' link 9000
data 9000 $first "$(send "$own" 8000)"
like 'its announcement' "$(ports)" '(^| )8000( |$)'
foreign=$(egg_stat foreign)
data 9000 $first "$(send 167772674 8001)"
is 'sent again with a foreign address: refused' "$(egg_stat foreign)" $((foreign + 1))
length=$(printf 's us %s 8000 39\n' "$own" | wc -c)
next=$((first + length))
data 9000 $((next + length)) "$(send "$own" 8003)"
nok 'a segment that comes early is not read' grep -q 8003 <<<"$(ports)"
data 9000 $next "$(send "$own" 8002)"
like 'the one before it is' "$(ports)" '(^| )8002( |$)'
data 9000 $((next + 2 * length)) "$(send "$own" 8004)"
like 'and the one that follows' "$(ports)" '(^| )8004( |$)'
data 9000 $((first + 5)) "$(send "$own" 8005)"
nok 'in the middle of what was sent: not read' grep -q 8005 <<<"$(ports)"
data 9000 1001 "$begin"
data 9000 $((next + 3 * length)) "$(send "$own" 8006)"
like 'an offer that is sent again stays accepted' "$(ports)" '(^| )8006( |$)'
ok 'a second link' link 9001
data 9001 $first "s|20|us|20|$own|20|80"
data 9001 $first "s|20|us|20|$own|20|90"
data 9001 $((first + length - 6)) '07|20|39|0a|'
like 'the second part continues the part that was sent first' "$(ports)" '(^| )8007( |$)'
nok 'and no other' grep -q 9007 <<<"$(ports)"

ok 'a third link' link 9002
segments <<<'forged from=10.0.0.2 to=10.0.1.2 sport=9002 dport=3333 flags=S seq=1005'
data 9002 $first "$(send "$own" 8008)"
like 'a forged SYN does not move the place in the stream' "$(ports)" '(^| )8008( |$)'
ok 'a fourth link' shake 9003
before=$(egg_stat malformed)
data 9003 1018 "$begin$(send "$own" 8009)"
data 9003 1001 'POST|20|/|20|HTTP/1.1|0d0a|'
data 9003 $((1018 + begin_length + length)) "$begin$(send "$own" 8010)"
is 'the first line counts, although it comes late' "$(egg_stat malformed)" $((before + 1))
nok 'nothing opens' grep -qE '80(09|10)' <<<"$(ports)"
ok 'a fifth link' link 9004
before="$(egg_stat expectations not-expected)"
many=''
for ((port = 8020; port < 8040; port++)); do many+=$(send "$own" $port); done
data 9004 $first "$many"
is 'of 20 in one packet, 16 are expected, one by one' "$(egg_stat expectations not-expected)" \
	"$((${before% *} + 16)) $((${before#* } + 4))"

say 'Announcements in two parts under NAT'
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j MASQUERADE
r conntrack -F expect >/dev/null 2>&1
talk_open nat n0 10.0.1.2
egg_offer nat
before=$(egg_stat split)
talk nat 's us 1677|'"72162 8100 39\\n"
is 'it is counted' "$(egg_stat split)" $((before + 1))
talk nat "s us |$own 8101 39\\n"
is 'so is one whose address and port are in the second part' "$(egg_stat split)" $((before + 2))
ok 'nothing opens' expects_are 0
talk nat "s us $own 8102 39\\ns us $own +8103 39\\nECHO |here\\n"
is 'several in one segment, and the link continues' "$(ports)" 8103
ok 'a link by hand' link 9005
before=$(egg_stat announcements)
for i in 0 1 0 1; do
	data 9005 $((first + i * length)) "$(send "$own" $((8110 + i)))"
done
is 'two segments are rewritten again when they are sent again' "$(egg_stat announcements)" \
	$((before + 4))
is 'with the same port' "$(ports)" '8103 8111'

say 'What has gone on unchanged under NAT is not changed when it is sent again'
before=$(accepted)
ok 'a link by hand' shake 9006
data 9006 1001 "${begin%ECHO*}"
first=$((1001 + begin_length - 10))
data 9006 $first "$(send "$own" 8120)"
data 9006 $((first + length)) 'ECHO|20|s|20|uy|0a|'
until_ok 'its offer is accepted' 20 more_accepted "$before"
before=$(egg_stat not-expected)
data 9006 $first "$(send "$own" 8120)"
is 'what came before that opens nothing' "$(egg_stat not-expected)" $((before + 1))
data 9006 $((first + length + 10)) "$(send "$own" 8121)"
is 'what comes after it does' "$(ports)" '8103 8111 8121'
done_testing
