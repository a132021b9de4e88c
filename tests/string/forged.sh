#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --stream: forged segments do not move the search. In the middle of a connection that splits a
# string over two segments come a SYN, a SYN+ACK, a RST in doubt, data outside of the window and
# data with a wrong checksum; the string is found all the same. IPv4 and IPv6; conntrack as it is,
# and with the checks of windows and checksums switched off.
#
#	n0 -- r (the rules, FORWARD) -- n1	both send segments made by hand, and answer nothing
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=forged.lib
. "${0%/*}/forged.lib"
rules r 46 <<'END'
*filter
-A FORWARD -p tcp --dport 81 -m string --string abcdef --stream
-A FORWARD -p tcp --sport 82 -m string --string abcdef --stream
-A FORWARD -p tcp --dport 83 -m string --string abcdef --stream
-A FORWARD -p tcp --dport 84 -m string --string abcdef --stream
-A FORWARD -p tcp --dport 85 -m string --string abcdef --stream
COMMIT
END
ports=(81 82 83 84 85)

# LINE.. of a direction: `PORT KEY=VALUE..`
from_n0() {
	local line
	for line; do
		echo "s from=$a to=$b sport=$((base + ${line%% *})) dport=${line%% *} ${line#* }"
	done | sends n0
}
from_n1() {
	local line
	for line; do
		echo "s from=$b to=$a sport=${line%% *} dport=$((base + ${line%% *})) ${line#* }"
	done | sends n1
}
round() { # 4|6 WHAT COUNT
	from_n0 "${ports[@]/%/ flags=S seq=999}"
	from_n1 "${ports[@]/%/ flags=SA seq=4999 ack=1000}"
	from_n0 "${ports[@]/%/ flags=A seq=1000 ack=5000}" \
		'81 flags=PA seq=1000 ack=5000 data=..abc' '81 flags=S seq=7000' \
		'81 flags=PA seq=1005 ack=5000 data=def' \
		'83 flags=PA seq=1000 ack=5000 data=..abc' '83 flags=R seq=1006' \
		'83 flags=PA seq=1005 ack=5000 data=def' \
		'84 flags=PA seq=1000 ack=5000 data=..abc' \
		'84 flags=PA seq=9000000 ack=5000 data=xx' \
		'84 flags=PA seq=9900000 ack=5000 data=xx' \
		'84 flags=PA seq=1005 ack=5000 data=def' \
		'85 flags=PA seq=1000 ack=5000 data=..abc' \
		'85 flags=PA seq=1015 ack=5000 data=xx badsum' \
		'85 flags=PA seq=1025 ack=5000 data=xx badsum' \
		'85 flags=PA seq=1005 ack=5000 data=def'
	from_n1 '82 flags=PA seq=5000 ack=1000 data=..abc' '82 flags=SA seq=9000 ack=1000' \
		'82 flags=PA seq=5005 ack=1000 data=def'
	until_ok "IPv$1, $2: SYN, SYN+ACK, RST, data outside of the window, a wrong checksum" 10 \
		counts_are "$1" "$3" "$3" "$3" "$3" "$3"
}
all_rounds 1 2

before=$(status streams_urgent)
is 'no urgent data yet' "$before" 0
a=10.0.0.2 b=10.0.1.2
from_n0 '85 flags=PUA seq=1008 ack=5000 data=x'
urgent() { [[ $(status streams_urgent) == 1 ]]; }
until_ok 'urgent data is counted' 10 urgent

say 'A flood of connections that nobody replies to displaces none that has a reply, and only itself.'
a=10.0.0.2 b=10.0.1.2 base=8000
# The tenth connection of the rules above is still searched, and its other half is to come.
from_n0 '81 flags=S seq=999'
from_n1 '81 flags=SA seq=4999 ack=1000'
from_n0 '81 flags=A seq=1000 ack=5000' '81 flags=PA seq=1000 ack=5000 data=..abc'
before=$(status streams)
echo $((before + 100)) >/sys/module/xt_string/parameters/streams_max
# Conntrack confirms a connection with its first packet; the second one makes an entry. On Linux
# 5.10, a worker allocates it: a part of a faster flood would be refused.
sends n0 --flood 1000 <<<"flood from=$a to=$b dport=81 flags=A seq=1000 data=xyz"
sends n0 --pace 40 --flood 1000 <<<"flood from=$a to=$b dport=81 flags=A seq=1000 data=xyz"
evicted() { (($(status streams_evicted) == 900)); }
until_ok '1000 connections: 900 displace an older one' 20 evicted
is 'there are as many as may be' "$(status streams)" $((before + 100))
is 'and none was refused' "$(status streams_refused)" 0
from_n0 '81 flags=PA seq=1005 ack=5000 data=def'
until_ok 'the connection from before is searched on' 10 counts_are 4 3 2 2 2 2
base=9000
from_n0 '81 flags=S seq=999'
from_n1 '81 flags=SA seq=4999 ack=1000'
from_n0 '81 flags=A seq=1000 ack=5000' '81 flags=PA seq=1000 ack=5000 data=..abc' \
	'81 flags=PA seq=1005 ack=5000 data=def'
until_ok 'so is a new one' 10 counts_are 4 4 2 2 2 2
echo 65536 >/sys/module/xt_string/parameters/streams_max
done_testing
