#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --stream: what is split over TCP segments is found, and the connection stops there. Real
# downloads, in segments of 1460 and of 88 bytes, and of 88 bytes in another order; a string and a
# set; IPv4 and IPv6.
#
#	n0 (curl) -- r (the rules, FORWARD) -- n1 (web server)
#
# The mark is longer than a segment of 88 bytes, so no segment holds all of it.
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
stringset=$PWD/build/tools/stringset
topology

mark=$(printf 'this-is-the-mark-%.0s' {1..10})
mkdir "$TMP/www"
{ seq 700 && printf '%s' "$mark" && seq 700; } >"$TMP/www/marked"
{ printf '\x7fELF\2\1\1' && seq 700; } >"$TMP/www/program"
seq 1000 >"$TMP/www/text"
bg server n1 busybox httpd -f -p 80 -h "$TMP/www"
serves() { [[ $(n1 ss -tlnH "sport = :80") ]]; }
until_ok 'n1 serves' 10 serves
# One segment is one packet.
n1 ip link set e0 gso_max_segs 1

small_segments() {
	n0 ip route replace default via 10.0.0.1 advmss 88
	n0 ip -6 route replace default via fd00::1 advmss 88
}
gets() { # FILE HOST: the whole of it
	rm -f "$TMP/got"
	n0 curl -gsf -m 10 --noproxy '*' -o "$TMP/got" "http://$2/$1" &&
		cmp "$TMP/got" "$TMP/www/$1"
}
sent_again() { # N: n1 has, so many segments
	local field
	while read -ra field; do
		[[ ${field[0]} == Tcp: ]] && retransmitted=${field[12]} # of the second such line
	done < <(n1 cat /proc/net/snmp)
	((retransmitted >= $1))
}
# What the rule drops is sent again, and dropped again: when that has been seen, the client still
# waits.
stopped() { # FILE HOST WHAT: it does not come, and not all of WHAT
	local client='' family=4
	[[ $2 != *:* ]] || family=6
	rm -f "$TMP/got"
	sent_again 1000000
	bg client n0 curl -gsf -m 60 --noproxy '*' -o "$TMP/got" "http://$2/$1"
	poll 15 sent_again $((retransmitted + 2)) || return
	has_counted r "$family" filter FORWARD 1 || return
	kill "$client"
	wait "$client"
	(($? == 143)) && ! grep -qaF "$3" "$TMP/got"
}
elf=$'\x7fELF'

small_segments
say 'Packet by packet, the mark is not found in small segments.'
ipt r -A FORWARD -i r1 -p tcp --sport 80 -m string --string "$mark" -j DROP
ok 'it passes' gets marked 10.0.1.2
ipt r -F FORWARD

say 'Through the stream it is.'
ipt r -A FORWARD -i r1 -p tcp --sport 80 -m string --string "$mark" --stream -j DROP
ip6t r -A FORWARD -i r1 -p tcp --sport 80 -m string --string "${mark^^}" --icase --stream -j DROP
ok 'a text passes' gets text 10.0.1.2
ok 'what is marked does not' stopped marked 10.0.1.2 "$mark"
ok 'IPv6: a text passes' gets text '[fd00:0:0:1::2]'
ok 'IPv6: what is marked does not' stopped marked '[fd00:0:0:1::2]' "$mark"
# Those that were stopped end by a reset, sooner or later.
like 'the connections are known' "$(r cat /proc/net/nf_string/status)" 'streams [234]'
ipt r -F FORWARD
ip6t r -F FORWARD
forgotten() { [[ $(_quiet=1 r cat /proc/net/nf_string/status) == *$'\nstreams 0\n'* ]]; }
until_ok 'without the rules they are not' 10 forgotten

say 'A set does the same.'
printf '%s\n' 'something else' "$mark" '|7F|ELF' >"$TMP/set"
ok 'it is loaded' r "$stringset" load marks "$TMP/set"
ipt r -A FORWARD -i r1 -p tcp --sport 80 -m string --set marks --stream -j DROP
ok 'a text passes' gets text 10.0.1.2
ok 'what is marked does not' stopped marked 10.0.1.2 "$mark"
is 'it was found once' "$(r "$stringset" list --json | jq -c '[.[].patterns[].hits]')" '[0,1,0]'

say 'In another order'
n1 tc qdisc add dev e0 root netem delay 20ms reorder 50% gap 2
ok 'a text passes' gets text 10.0.1.2
ok 'an executable does not' stopped program 10.0.1.2 "$elf"
n1 tc qdisc del dev e0 root
n0 ip route replace default via 10.0.0.1
ok 'nor in large segments' stopped program 10.0.1.2 "$elf"

say 'Connections beyond the limit are searched packet by packet.'
echo 0 >/sys/module/xt_string/parameters/streams_max
ok 'an executable does not pass' stopped program 10.0.1.2 "$elf"
like 'that is counted' "$(r cat /proc/net/nf_string/status)" 'streams_refused [1-9]'
echo 65536 >/sys/module/xt_string/parameters/streams_max
ipt r -F FORWARD
ok 'without rules it passes' gets program 10.0.1.2
done_testing
