#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeouts by rule for GRE, SCTP and protocols without a tracker.
#
#	n0 ---- r ---- n1	r tracks what n0 and n1 send by hand
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=timers.lib
. "${0%/*}/timers.lib"
topology
ipt r -A FORWARD -m conntrack --ctstate NEW
# what n0 and n1 would answer ends here
for ns in n0 n1; do
	ipt $ns -t raw -A PREROUTING ! -p icmp -j DROP
done
# the packets of SCTP have no checksum
r sysctl -w net.netfilter.nf_conntrack_checksum=0 net.netfilter.nf_conntrack_gre_timeout=1200 \
	net.netfilter.nf_conntrack_gre_timeout_stream=1300
send() { n0 tests/lib/raw-send 10.0.0.2 10.0.1.2 "$@"; }
answer() { n1 tests/lib/raw-send 10.0.1.2 10.0.0.2 "$@"; }
seconds() { # PROTOCOL: what the connection has left
	r conntrack -L 2>/dev/null | awk -v protocol="$1" '$2 == protocol { print $3 }'
}
left_is() { # DESC PROTOCOL SECONDS
	local left
	left=$(seconds "$2")
	if [[ $left ]] && ((left <= $3 && left >= $3 - 2 * ${POM_PATIENCE:-1})); then
		left=$3
	fi
	is "$1" "${left:-none}" "$3"
}
gre=0000080045000000

say 'GRE.'
rules r 4 <<'END'
*mangle
-A PREROUTING -p 47 -j TIMEOUT --set gre=1700,gre_stream=1800
COMMIT
END
send 47 "$gre"
left_is 'one direction' 47 1700
answer 47 "$gre"
send 47 "$gre"
left_is 'both' 47 1800

say 'Its rule is replaced by one with fewer states.'
rules r 4 <<'END'
*mangle
-F PREROUTING
-A PREROUTING -p 47 -j TIMEOUT --set gre=1900
COMMIT
END
send 47 "$gre"
send 47 "$gre"
left_is 'the other state has the time of the namespace' 47 1300
rules r 4 <<'END'
*mangle
-F PREROUTING
-A PREROUTING -p 47 -j TIMEOUT --set gre_stream=2000
COMMIT
END
send 47 "$gre"
send 47 "$gre"
left_is 'a third rule' 47 2000

say 'Its rule is deleted.'
ipt r -t mangle -F PREROUTING
reverted() {
	send 47 "$gre"
	[[ $(seconds 47) =~ ^1(300|29[0-9])$ ]]
}
until_ok 'the time of the namespace counts again' 20 reverted
r conntrack -D -p gre

say '--now for a connection without a place.'
send 47 "$gre"
ipt r -t mangle -A PREROUTING -p 47 -j TIMEOUT --set gre=2100,gre_stream=2200 --now
# a packet that needs long from conntrack to the rule does not get the longer time
longer() {
	send 47 "$gre"
	(($(seconds 47) > 2090))
}
until_ok 'GRE' 20 longer
ipt r -t mangle -F PREROUTING

say 'SCTP.'
rules r 4 <<'END'
*mangle
-A PREROUTING -p 132 -j TIMEOUT --set sctp_closed=2300,sctp_cookie_wait=2400,sctp_cookie_echoed=2500,sctp_established=2600,sctp_shutdown_sent=2700,sctp_shutdown_recd=2800,sctp_shutdown_ack_sent=2900,sctp_heartbeat_sent=3000
COMMIT
END
# [answer] PORT TAG CHUNK: a chunk from or to that port of n0, without a checksum
chunk() {
	if [[ $1 == answer ]]; then
		answer 132 "$(printf '0050%04x%08x00000000%s' "$2" "$3" "$4")"
	else
		send 132 "$(printf '%04x0050%08x00000000%s' "$1" "$2" "$3")"
	fi
}
sctp_is() { # STATE PORT SECONDS
	local got left state
	got=$(r conntrack -L -p sctp --orig-port-src "$2" 2>/dev/null)
	read -r _ _ left state _ <<<"$got"
	is "SCTP: the state" "${state-}" "$1"
	((${left:-0} > $3 - 50 && ${left:-0} <= $3)) && left=$3
	is "$1: the timer" "${left:-none}" "$3"
}
associate() { # PORT
	chunk "$1" 0 010000140000000100002710000100010000000a
	sctp_is CLOSED "$1" 2300
	chunk answer "$1" 1 020000140000000200002710000100010000000b
	sctp_is COOKIE_WAIT "$1" 2400
	chunk "$1" 2 0a00000801020304
	sctp_is COOKIE_ECHOED "$1" 2500
	chunk answer "$1" 1 0b000004
	sctp_is ESTABLISHED "$1" 2600
}
associate 5000
chunk 5000 2 0700000800000001
sctp_is SHUTDOWN_SENT 5000 2700
chunk answer 5000 1 08000004
sctp_is SHUTDOWN_ACK_SENT 5000 2900
chunk 5000 2 0e000004
sctp_is CLOSED 5000 2300
associate 5001
chunk answer 5001 1 0700000800000001
sctp_is SHUTDOWN_RECD 5001 2800
chunk 5002 3 04000004
sctp_is HEARTBEAT_SENT 5002 3000

say 'A protocol without a tracker.'
rules r 4 <<'END'
*mangle
-F PREROUTING
-A PREROUTING -j TIMEOUT --set generic=2600
COMMIT
END
send 253 00
left_is 'protocol 253' 253 2600
done_testing
