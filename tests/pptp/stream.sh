#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Messages however segments cut them; many in one segment; segments that come again; and bytes that
# are no PPTP.
#
#	n0 (client) -- r (filter, NAT) -- n1 (server)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=pptp.lib
. "${0%/*}/pptp.lib"

topology
gre_rules
ok 'the helper is loaded' pptp_load
peer pac n1 listen 1
peer pns n0 connect 100

say 'Without NAT'
says 'a control connection' pns 'opened 1' open 1 10.0.1.2
n=0
for size in 1 2 3 5 7 11 13 15 17 100; do
	says "segments of $size bytes" pns "cut $size" cut "$size"
	n=$((n + 1))
	says 'a call' pns 'called 1' out 1
	is 'is tracked' "$(gre_count)" "$n"
done
says 'a call of a PAC' pns 'called 1' in 1
is 'is tracked' "$(gre_count)" 11
says 'whole messages' pns 'cut 0' cut 0
says 'all pass' pns 'echoed 11 of 11' gre
says 'in one segment' pns 'join 1' join 1
says 'many calls' pns 'called 8' out 8
says 'pass' pns 'echoed 19 of 19' gre
is 'nothing was refused' "$(pptp_stat malformed not-expected wrong-side split)" '0 0 0 0'
tell pns stop 0
until_ok 'all end' 20 gre_are 0

say 'With NAT: an id that a second client has, too'
n0 ip addr add 10.0.0.3/24 dev e0
n1 ip route del default
ipt r -t nat -A POSTROUTING -o r1 -j MASQUERADE
peer clients n0 connect 0
says 'two clients' clients 'opened 2' open 2 10.0.1.2 10.0.0.2+
says 'in segments of 18 bytes' clients 'cut 18' cut 18
says 'a call of each' clients 'called 2' out 1
says 'and of a PAC' clients 'called 2' in 1
says 'pass' clients 'echoed 4 of 4' gre
says 'in one segment' clients 'cut 0' cut 0
says 'in one segment' clients 'join 1' join 1
says 'many calls' clients 'called 12' out 6
says 'pass' clients 'echoed 16 of 16' gre
tell pac links 2 0 200
linked() { tell clients linked && [[ $said == "linked $1" ]]; }
until_ok 'the client knows the id of each of 200 messages in one segment' 20 linked 200
is 'nothing was refused' "$(pptp_stat malformed not-expected wrong-side split)" '0 0 0 0'

say 'A segment overtakes the one before, which comes several times; segments are merged.'
ipt n0 -A OUTPUT -p tcp --sport 9000 --tcp-flags RST RST -j DROP
# The server's kernel ignores what comes again.
rules n1 4 <<-END
	*filter
	-A INPUT -p tcp --sport 9000 -m pptp --message out-call-request --call-id 0
	-A INPUT -p tcp --sport 9000 -m pptp --message out-call-request ! --call-id 0
	COMMIT
END
for message in start-reply echo-reply; do
	ipt r -t mangle -A FORWARD -p tcp --dport 9000 -m pptp --message $message
done
sport=9000
segment() { # FLAGS SEQ [DATA]; the answer to the barrier proves that r has seen it
	local line="x from=10.0.0.2 to=10.0.1.2 sport=$sport dport=1723 flags=$1 seq=$2 ack=$ack"
	n0 tests/lib/segments --barrier 10.0.0.2,10.0.1.2,1 <<<"$line${3:+ data=$3}"
}
opens() { # [DATA [COMMAND]]: data of the SYN; before the ACK, COMMAND gets the server's number
	local answer
	ack=0
	answer=$(segment S 1000 "${1-}")
	[[ $answer =~ seq=([0-9]+)\ ack=1001 ]] || { echo "no answer: $answer" && return 1; }
	ack=$((BASH_REMATCH[1] + 1))
	"${2-true}" "${BASH_REMATCH[1]}"
	segment A 1001
}
begins() { opens "$@" && segment PA 1001 "|$(pptp_hex 0 0 start)|"; }
seen() { (($(counter r 4 mangle FORWARD "$1") > 0)); }
# The server has answered a call and an echo. It sends nothing more without an acknowledgement.
answered() {
	until_ok 'the server answers' 20 seen 2
	ack=$((ack + 32 + 20))
}
echo="|$(pptp_hex 0 0 echo)|"
first="|$(pptp_hex 0 0 out)|"
ok 'a control connection' begins
until_ok 'the server agrees' 20 seen 1
ack=$((ack + 156))
segment PA 1325 "$echo"
ok 'nothing is expected' expects_are 0
segment PA 1157 "$first"
until_ok 'the request that comes late opens a call' 20 expects_are 2
segment PA 1157 "$first"
segment PA 1157 "$first"
ok 'copies of it end nothing' expects_are 2
is 'all have the id that the server knows' \
	"$(counter n1 4 filter INPUT 1) $(counter n1 4 filter INPUT 2)" '0 3'
answered
segment PA 1509 "$echo"
ipt r -t mangle -Z FORWARD
segment PA 1341 "|$(pptp_hex 1 0 out)|$echo"
until_ok 'a request that comes late, with what follows, opens a call' 20 expects_are 4
answered
segment PA 1509 "$echo|$(pptp_hex 2 0 out)|"
until_ok 'one behind a copy opens a call' 20 expects_are 6
segment R 1693
until_ok 'RST ends them' 20 expects_are 0
is 'nothing was refused' "$(pptp_stat malformed not-expected wrong-side split)" '0 0 0 0'

say 'Connections whose beginning the helper cannot know'
ipt n0 -A OUTPUT -p tcp --sport 9001:9009 --tcp-flags RST RST -j DROP
sport=9001
ok 'a SYN with data, which the server does not take' begins '|00|'
segment PA 1157 "$first"
ok 'opens nothing' expects_are 0
again() { # SEQ: the SYN/ACK, which acknowledges 100 bytes more
	n1 tests/lib/segments --barrier 10.0.1.2,10.0.1.1,1 \
		<<<"x from=10.0.1.2 to=10.0.1.1 sport=1723 dport=$sport flags=SA seq=$1 ack=1101"
}
sport=9002
ok 'a server that names a later beginning' opens '' again
segment PA 1001 "|$(printf '50%.0s' {1..100})|"
segment PA 1101 "|$(pptp_hex 0 0 start)|"
segment PA 1257 "$first"
ok 'opens nothing' expects_are 0

say 'No PPTP'
before=$(pptp_stat malformed)
peer eve n0 connect 50
says 'a control connection' eve 'opened 1' open 1 10.0.1.2
says 'a call' eve 'called 1' out 1
says 'passes' eve 'echoed 1 of 1' gre
calls=$(gre_count)
says 'bytes without the cookie' eve sent send 0 00100001deadbeef000500000000
until_ok 'are counted' 20 stat_is pptp malformed $((before + 1))
until_ok 'and end its call' 20 gre_are $((calls - 1))
says 'those of others pass' clients 'echoed 16 of 16' gre
done_testing
