#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Real players hear a tone from tests/mms/stub through a router that forwards only connections to
# port 1755 and RELATED packets: vlc over TCP and UDP, ffmpeg and mplayer over TCP where they are
# installed (they need 70 MB of other packages); plain routing, MASQUERADE, SNAT, DNAT and both.
# Over UDP nothing plays without the helper.
#
#	n0 (players) -- r (NAT, filter) -- n1 (server)
#
# deadline: 1200
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=mms.lib
. "${0%/*}/mms.lib"
command -v vlc >/dev/null || skip_all 'vlc is missing'
also() { # HOST PLAYER [TEXT]: it plays, and the server reads that
	command -v "$2" >/dev/null || { skip "$2" "fix: apt-get install $2" && return; }
	ok "$2" plays n0 "$2" "mmst://$1/tone.asf"
	[[ ! ${3-} ]] || is 'it announces another address' "$(last_funnel)" "$3"
}
over_udp() { # HOST; an earlier flow would have the ports of this one
	r conntrack -D -p udp >/dev/null 2>&1
	ok 'vlc over UDP' plays n0 vlc "mmsu://$1/tone.asf"
}

topology
ok 'the helper can be unloaded' helper_unload mms
rules r 46 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 1755 -j ACCEPT
-A FORWARD -o r0 -p udp --dport 7000 -j DROP
COMMIT
END
bg talk_pid n1 perl tests/mms/stub tests/mms/tone.asf --linger=15
poll 20 grep -q ready "$TMP/talk_pid.out"

say 'Without the helper'
nok 'vlc plays nothing over UDP' plays n0 vlc mmsu://10.0.1.2/tone.asf
ok 'r has dropped media' has_counted r 4 filter FORWARD 4
ok 'vlc plays over TCP' plays n0 vlc mmst://10.0.1.2/tone.asf

say 'Plain routing'
ok 'the helper can be loaded' helper_load mms
over_udp 10.0.1.2
is 'it announces its own address' "$(last_funnel)" '\\10.0.0.2\UDP\7000'
is 'one flow was expected' "$(mms_stat announcements expectations)" '1 1'
ok 'vlc over TCP' plays n0 vlc mmst://10.0.1.2/tone.asf
is 'it announces another address' "$(last_funnel)" '\\192.168.0.1\TCP\1242'
also 10.0.1.2 ffmpeg '\\192.168.0.129\TCP\1037'
also 10.0.1.2 mplayer '\\192.168.0.1\TCP\1037'
is 'nothing else was expected' "$(mms_stat expectations)" 1

say 'MASQUERADE; the server knows no way to the player'
n1 ip route del default
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j MASQUERADE
over_udp 10.0.1.2
is 'the server reads the address of the router' "$(last_funnel)" '\\10.0.1.1\UDP\7000'
ok 'vlc over TCP' plays n0 vlc mmst://10.0.1.2/tone.asf
also 10.0.1.2 ffmpeg
also 10.0.1.2 mplayer

say 'SNAT to a longer address'
r ip addr add 203.100.113.201/24 dev r1
n1 ip route add 203.100.113.0/24 dev e0
n1 ip neigh replace 203.100.113.201 lladdr 02:00:00:00:01:01 dev e0
ipt r -t nat -R POSTROUTING 1 -s 10.0.0.0/24 -o r1 -p tcp -j SNAT --to-source 203.100.113.201
over_udp 10.0.1.2
is 'the server reads it' "$(last_funnel)" '\\203.100.113.201\UDP\7000'
ok 'vlc over TCP' plays n0 vlc mmst://10.0.1.2/tone.asf
also 10.0.1.2 ffmpeg
also 10.0.1.2 mplayer

say 'DNAT and SNAT together'
ipt r -t nat -A PREROUTING -i r0 -d 10.0.0.1 -p tcp --dport 1755 -j DNAT --to-destination 10.0.1.2
over_udp 10.0.0.1

say 'DNAT alone'
n1 ip route add default via 10.0.1.1
ipt r -t nat -F POSTROUTING
over_udp 10.0.0.1
ok 'vlc over TCP' plays n0 vlc mmst://10.0.0.1/tone.asf
also 10.0.0.1 ffmpeg
also 10.0.0.1 mplayer
is 'nothing was refused' \
	"$(mms_stat malformed not-expected wrong-side foreign bad-port split)" '0 0 0 0 0 0'
done_testing
