#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the match finds in accepted segments: retransmissions, scales and windows.
#
#	n0 ---- r ---- n1	r tracks segments that n0 sends for both
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=window.lib
. "${0%/*}/window.lib"
topology
hush

say 'Rules for each address, so that each counts the segments of one case.'
for family in 4 6; do
	rules r $family <<END
*mangle
-A PREROUTING -p tcp -s $(client 10 $family) -m tcpwindow --retransmission
-A PREROUTING -p tcp -s $(client 10 $family) -m tcpwindow ! --retransmission
-A PREROUTING -p tcp -s $(client 11 $family) -m tcpwindow --scale 7
-A PREROUTING -p tcp -s $(client 11 $family) -m tcpwindow ! --scale 7
-A PREROUTING -p tcp -d $(client 11 $family) -m tcpwindow --scale 2:3
-A PREROUTING -p tcp -s $(client 12 $family) -m tcpwindow --scale 0
-A PREROUTING -p tcp -s $(client 11 $family) -m tcpwindow --window 128
-A PREROUTING -p tcp -s $(client 11 $family) -m tcpwindow --window 12800
-A PREROUTING -p tcp -s $(client 11 $family) -m tcpwindow ! --window 100:12800
-A PREROUTING -p tcp -s $(client 11 $family) -m tcpwindow --scale 7 --window 0:99
-A PREROUTING -p tcp -s $(client 13 $family) -m tcpwindow --scale 0:14
COMMIT
END
done

for family in 4 6; do
	case=10
	open_connection
	from_client flags=PA seq=1001 ack=5001 len=10
	from_client flags=PA seq=1001 ack=5001 len=10 # repeats the last
	from_client flags=PA seq=1011 ack=5001 len=10
	from_client flags=PA seq=1001 ack=5001 len=5
	from_client flags=PA seq=1001 ack=5001 len=30 # and new data
	from_server flags=A seq=5001 ack=1031
	from_client flags=A seq=1031 ack=5001
	from_client flags=PA seq=1021 ack=5002 len=10 # invalid
	from_client flags=PA seq=1021 ack=5001 len=10 win=99 # acknowledged

	case=11
	from_client flags=S seq=1000 win=128 opts=ws:7
	from_server flags=SA seq=5000 ack=1001 opts=ws:3
	from_client flags=A seq=1001 ack=5001 win=100
	from_client flags=A seq=1001 ack=5001 win=0

	case=12
	from_client flags=S seq=1000 opts=ws:7
	from_server flags=SA seq=5000 ack=1001 # cannot scale
	from_client flags=A seq=1001 ack=5001

	case=13
	from_client flags=SF seq=1000 # invalid
	from_client flags=S seq=1000
	send
	packets $family
	is "IPv$family: retransmissions" "${count[0]}" 3
	is "IPv$family: other segments" "${count[1]}" 6
	is "IPv$family: a scale of 7, from the SYN on" "${count[2]}" 3
	is "IPv$family: no other scale" "${count[3]}" 0
	is "IPv$family: the scale of the server" "${count[4]}" 1
	is "IPv$family: a scale that the server refuses counts until then" "${count[5]}" 1
	is "IPv$family: the window of a SYN is not scaled" "${count[6]}" 1
	is "IPv$family: 100 << 7" "${count[7]}" 1
	is "IPv$family: a window of 0 is outside of 100 to 12800" "${count[8]}" 1
	is "IPv$family: two options must both match" "${count[9]}" 1
	is "IPv$family: an invalid segment has no scale" "${count[10]}" 1
done
done_testing
