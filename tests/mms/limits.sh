#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Announcements however segments cut them, among other messages, within the helper's limits; and
# hostile ones: floods, retransmissions with other content, segments out of order, file names that
# look like messages. Nothing opens that was not announced, and the conversation continues.
#
#	n0 (players) -- r (the helper) -- n1 (server)
#
# deadline: 1200
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=mms.lib
. "${0%/*}/mms.lib"
ports() { expects | sed -n 's/.* dport=\([0-9]*\) .*/\1/p' | sort -n | paste -sd ' '; }
opens() { # WHAT PORT WORDS: the player announces the port
	talk player "$3"
	like "$1" " $(ports) " " $2 "
}

topology
ok 'the helper is loaded' helper_load mms
ipt r -A FORWARD -m conntrack --ctstate NEW
talk_serve

say 'Cut at every byte'
talk_open player n0 10.0.1.2
length=$(mms_length "$(udp 10.0.0.2 5000)")
lines=()
for ((i = 1; i < length; i++)); do lines+=("@$i $(udp 10.0.0.2 $((5000 + i)))"); done
before=$(mms_stat expectations)
talk player "${lines[@]}"
is "each of ${#lines[@]} is recognised" "$(mms_stat expectations)" $((before + ${#lines[@]}))
is 'the last one is expected' "$(ports)" $((5000 + length - 1))
opens 'each byte alone' 6001 "$(seq -f '@%.0f' -s ' ' $((length - 1))) $(udp 10.0.0.2 6001)"
is 'nothing was refused' "$(mms_stat malformed wrong-side bad-port split not-expected)" '0 0 0 0 0'

say 'A first message, and its answer, cut by segments'
talk_first='@1 @7 @20 @33 @70 connect answer' talk_open cut n0 10.0.1.2
talk cut "$(udp 10.0.0.2 6002)"
like 'the client' " $(ports) " ' 6002 '
n0 ip route replace default via 10.0.0.1 advmss 88
talk_open small n0 10.0.1.2
n0 ip route replace default via 10.0.0.1
talk small "$(udp 10.0.0.2 6003)"
like 'the server' " $(ports) " ' 6003 '

say 'Among others'
opens 'the second packet of a segment' 6101 "pong $(udp 10.0.0.2 6101)"
opens 'the first of two' 6102 "$(udp 10.0.0.2 6102) pong"
opens 'between two, the second one cut' 6103 "@-9 pong $(udp 10.0.0.2 6103) pong"
opens 'the second message of a packet' 6104 "pong+$(udp 10.0.0.2 6104)+pong"
opens 'behind a long packet' 6105 "logging=1490 $(udp 10.0.0.2 6105)"
opens 'behind one in pieces' 6106 "@3 @40 @41 @600 @1500 logging=1490 $(udp 10.0.0.2 6106)"
opens 'behind one in segments of its own' 6107 "@700 @1000 @1530 @1540 logging=1490 $(udp 1 6107)"
talk player 'logging=8100'
opens 'behind the longest' 6108 "@2000 @8000 logging=8100 $(udp 10.0.0.2 6108)"
r conntrack -F expect >/dev/null 2>&1
talk player "$(udp 10.0.0.2 6109) $(udp 10.0.0.2 6110)"
is 'the second of two takes the place of the first' "$(ports)" 6110
before=$(mms_stat malformed)
talk player "$(udp 10.0.0.2 6111)+$(udp 10.0.0.2 6112)"
is 'two in one packet: one counts' "$(ports) $(mms_stat malformed)" "6111 $((before + 1))"
talk player "logging=490+$(udp 10.0.0.2 6113)"
nok 'behind another message in a packet that is too long: not read' grep -q 6113 <<<"$(ports)"
before="$(mms_stat announcements not-expected)"
talk player "$(for ((i = 0; i < 20; i++)); do printf '%s ' "$(udp 10.0.0.2 $((6200 + i)))"; done)"
is 'of 20 in one segment, 16 count' "$(mms_stat announcements not-expected)" \
	"$((${before% *} + 16)) $((${before#* } + 4))"
opens 'the conversation continues' 6300 "$(udp 10.0.0.2 6300)"

say 'What only looks like a packet'
fake=$(perl tests/mms/player hex "$(udp 10.0.0.2 6400)")
before=$(mms_stat announcements)
size=$((${#fake} / 2))
# A packet of a file name or a log, in which a segment begins with the bytes of an announcement.
head=$(printf '01000000cefa0bb0%02x0000004d4d5320%02x000000%024d%02x00000032000300' \
	$((24 + size)) $(((24 + size) / 8)) 0 $((1 + size / 8)))
talk player "@40 hex=$head$fake"
is 'in one packet' "$(mms_stat announcements)" "$before"
long=$(printf '01000000cefa0bb0%02x%02x00004d4d5320%02x000000%024d%02x00000032000300' \
	$(((24 + 600 + size) % 256)) $(((24 + 600 + size) / 256)) $(((24 + 600 + size) / 8)) 0 \
	$(((8 + 600 + size) / 8)))
talk player "@640 hex=$long$(printf '%01200d' 0)$fake"
is 'in one that is too long to be read' "$(mms_stat announcements)" "$before"
opens 'the next one is one' 6401 "$(udp 10.0.0.2 6401)"

say 'A flood evicts what the same player announced.'
n0 ip addr add 10.0.0.3/24 dev e0
r conntrack -F expect >/dev/null 2>&1
talk player "$(udp 10.0.0.2 6999)"
talk_open eve n0 10.0.1.2 10.0.0.3
flood=()
for ((i = 0; i < 100; i += 10)); do
	flood+=("$(for ((j = 7000 + i; j < 7010 + i; j++)); do printf '%s ' "$(udp x $j)"; done)")
done
talk eve "${flood[@]}"
is 'of 100, 1 is left, and the other player has its own' "$(ports)" '6999 7099'
r conntrack -F expect >/dev/null 2>&1

say 'Segments made by hand'
hands
first=$((1001 + $(mms_length connect)))
is_open() { like "$1" " $(ports) " " $2 "; }
ok 'a player' hand 9000
data 9000 $first "$(mms_bytes "$(udp x 8000)")"
is_open 'its announcement' 8000
data 9000 $first "$(mms_bytes "$(udp x 8001)")"
nok 'sent again with another port: not read' grep -q 8001 <<<"$(ports)"
is_open 'the first one stays' 8000
length=$(mms_length "$(udp x 8000)")
next=$((first + length))
before=$(mms_stat malformed)
data 9000 $((next + length)) "$(mms_bytes "$(udp x 8003)")"
nok 'a segment that comes early is not read' grep -q 8003 <<<"$(ports)"
data 9000 $((next + 2 * length)) "$(mms_bytes "$(udp x 8003)")"
is 'the gap is counted once' "$(mms_stat malformed)" $((before + 1))
data 9000 $next "$(mms_bytes "$(udp x 8002)")"
is_open 'the one before it is' 8002
data 9000 $((next + length)) "$(mms_bytes "$(udp x 8004)")"
is_open 'and the one that follows' 8004
data 9000 $first "$(mms_bytes "$(udp x 8000)")"
nok 'the first one is sent again: the server has a later one' grep -q 8000 <<<"$(ports)"
is_open 'which stays' 8004
data 9000 $((first + 5)) "$(mms_bytes "$(udp x 8005)")"
nok 'in the middle of what was sent: not read' grep -q 8005 <<<"$(ports)"
ok 'a second player' hand 9001
whole=$(mms_bytes "$(udp x 8006)")
other=$(mms_bytes "$(udp x 9006)")
data 9001 $first "${whole:0:101}|"
data 9001 $first "${other:0:101}|"
data 9001 $((first + 50)) "|${whole:101}"
is_open 'the second part continues the part that was sent first' 8006
ok 'a third player' hand 9002
segments <<<'forged from=10.0.0.2 to=10.0.1.2 sport=9002 dport=1755 flags=S seq=1005'
data 9002 $first "$(mms_bytes "$(udp x 8007)")"
is_open 'a forged SYN does not move the place in the stream' 8007
hands_end
done_testing
