#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# SYNPROXY changes the sequence numbers of a connection. Its segments are not taken for such as are
# outside of the window, and the targets do not break it.
# inputs: tests/tcp-window-tracking/transfer
#
#	n0 ---- r ---- n1	r answers SYNs for n1
. "${0%/*}/../lib/scenario.sh"
topology

# SYNPROXY gets the ACK of a handshake that conntrack did not see, because it is INVALID.
r sysctl -w net.netfilter.nf_conntrack_tcp_loose=0
rules r 4 <<'END'
*raw
-A PREROUTING -i r0 -p tcp --syn -j CT --notrack
COMMIT
*mangle
-A PREROUTING -p tcp -m tcpwindow --reason no-connection
-A PREROUTING -p tcp -m tcpwindow --reason window,malformed
-A PREROUTING -p tcp -m tcpwindow --ignored window
COMMIT
*filter
-A FORWARD -i r0 -p tcp -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460
-A FORWARD -m conntrack --ctstate INVALID -j DROP
COMMIT
END

transfer() { # PORT: a megabyte from n0 to n1
	: >"$TMP/go"
	bg receiver n1 tests/tcp-window-tracking/transfer "$1" serve
	poll 20 grep -q ready "$TMP/receiver.out"
	bg sender n0 tests/tcp-window-tracking/transfer "$1" 10.0.1.2 "$TMP/go" 1000000
	poll 60 grep -q '^1000001 bytes$' "$TMP/receiver.out"
}

ok 'a transfer' transfer 5001
ok 'the ACK of the handshake had no connection' \
	test "$(counter r 4 mangle PREROUTING 1)" -ge 1
is 'no other segment was refused' "$(counter r 4 mangle PREROUTING 2)" 0
is 'or tolerated' "$(counter r 4 mangle PREROUTING 3)" 0

port=0
for option in --accept --be-liberal --no-window --strict; do
	ipt r -t mangle -I PREROUTING -p tcp -j TCPWINDOW $option
	ok "a transfer with $option" transfer $((++port + 5001))
	ipt r -t mangle -D PREROUTING -p tcp -j TCPWINDOW $option
done
done_testing
