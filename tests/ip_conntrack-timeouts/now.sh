#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# --now sets the timer only where conntrack has set it, or where it gets shorter.
#
#	n0 ---- r ---- n1	r tracks what n0 and n1 send by hand
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=timers.lib
. "${0%/*}/timers.lib"
topology
silence
ipt r -A FORWARD -m conntrack --ctstate NEW
r sysctl -w net.ipv4.ip_conntrack_tcp_timeouts='300 1500 1200 1300 1004 1005 600 1007 1008 1009'
left() { # PORT
	local left
	read -r left _ < <(timer 4 tcp "$1")
	printf '%s\n' "${left-0}"
}
at_most() { # PORT SECONDS
	local left
	left=$(left "$1")
	((left > 0 && left <= $2)) || { echo "$left seconds" && return 1; }
}

say 'Connections from before the first rule have no place for timeouts.'
segment n0 4 4000 flags=S seq=1000
established 4 4001
until_ok 'a second passes' 20 at_most 4000 1198
rules r 4 <<'END'
*mangle
-A PREROUTING -p tcp -j TIMEOUT --set syn_sent=2200,established=2500,close=2600,unacknowledged=2700 --now
COMMIT
END
segment n0 4 4000 flags=S seq=1000
ok 'a SYN that is sent again sets no timer' at_most 4000 1198
# a packet that needs long from conntrack to the rule does not get the longer time
longer() {
	segment n0 4 4001 flags=A seq=1001 ack=5001
	(($(left 4001) > 2490))
}
until_ok 'a packet that sets the timer gets a longer one' 20 longer
segment n0 4 4001 flags=S seq=9000
timer_is 'a SYN in between' 4 tcp 4001 2500 ESTABLISHED

say 'A list with a shorter time.'
rules r 4 <<'END'
*mangle
-F PREROUTING
-A PREROUTING -p tcp -j TIMEOUT --set syn_sent=220,established=250 --now
COMMIT
END
segment n0 4 4001 flags=A seq=1001 ack=5001
timer_is 'a packet' 4 tcp 4001 250 ESTABLISHED

say 'Connections with a place.'
segment n0 4 4002 flags=S seq=1000
timer_is 'a new connection' 4 tcp 4002 220 SYN_SENT
until_ok 'a second passes' 20 at_most 4002 218
segment n0 4 4002 flags=S seq=1000
ok 'a SYN that is sent again sets no timer' at_most 4002 218

say 'A RST that is in the window, but not at its start.'
rules r 4 <<'END'
*mangle
-F PREROUTING
-A PREROUTING -p tcp -j TIMEOUT --set established=2500 --now
COMMIT
END
established 4 4003
timer_is 'before' 4 tcp 4003 2500 ESTABLISHED
segment n0 4 4003 flags=R seq=1011
# 5.10 uses CLOSE, later kernels UNACKNOWLEDGED
ok 'the connection has the timer that the kernel chooses' at_most 4003 600
done_testing
