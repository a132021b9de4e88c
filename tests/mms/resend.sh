#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Announcements that NAT would make longer, and that arrive after a later segment: they keep their
# length, because that one has passed with the sequence numbers of the player.
#
#	n0 (players) -- r (the helper, NAT) -- n1 (server)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=mms.lib
. "${0%/*}/mms.lib"
seen() { # SPORT: the segments behind the first as the server receives them, SEQ:LEN
	sed -n "s/^$1 \([0-9]*\) \([0-9]*\) .*/\1:\2/p" "$TMP/arrivals.out" | tail -n +2 |
		paste -sd ' '
}
are_seen() { # SPORT WANT
	local got
	got=$(seen "$1")
	[[ $got == "$2" ]] || { echo "wanted $2, got $got" && return 1; }
}

topology
ok 'the helper is loaded' helper_load mms
r ip addr add 203.100.113.201/24 dev r1
n1 ip route add 203.100.113.0/24 dev e0
n1 ip neigh replace 203.100.113.201 lladdr 02:00:00:00:01:01 dev e0
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -p tcp -j SNAT --to-source 203.100.113.201
talk_serve
bg arrivals n1 perl tests/lib/arrivals e0 1755
ok 'segments are watched' poll 20 grep -qx ready "$TMP/arrivals.out"
hands
first=$((1001 + $(mms_length connect)))
funnel=$(mms_bytes "$(udp 10.0.0.2 7000)") length=$(mms_length "$(udp 10.0.0.2 7000)")
pong=$(mms_bytes pong) small=$(mms_length pong)

say 'In order'
ok 'a player' hand 9000
data 9000 $first "$funnel"
data 9000 $first "$funnel"
data 9000 $((first + length)) "$pong"
grown=$((length + 16))
until_ok 'an announcement is longer, also when it is sent again' 20 are_seen 9000 \
	"$first:$grown $first:$grown $((first + grown)):$small"
like 'and expected' "$(expects)" ' dport=7000 '
r conntrack -F expect >/dev/null 2>&1

say 'Behind a segment that has come early'
ok 'a player' hand 9001
before=$(mms_stat split)
data 9001 $((first + length)) "$pong"
want="$((first + length)):$small $first:$length"
data 9001 $first "$funnel"
until_ok 'an announcement keeps its length' 20 are_seen 9001 "$want"
is 'is counted' "$(mms_stat split)" $((before + 1))
data 9001 $first "$funnel"
until_ok 'keeps it when it is sent again' 20 are_seen 9001 "$want $first:$length"
nok 'and opens nothing' grep -q ' dport=7000 ' <<<"$(expects)"
ok 'a player' hand 9002
data 9002 $((first + small + length)) "$pong"
data 9002 $first "$pong"
data 9002 $((first + small)) "$funnel"
until_ok 'one in the second segment of the gap keeps its length, too' 20 are_seen 9002 \
	"$((first + small + length)):$small $first:$small $((first + small)):$length"
hands_end
done_testing
