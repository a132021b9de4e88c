#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Calls through NAT: the callee receives addresses that it can reach, and reaches them; so does the
# caller. MASQUERADE, SNAT, DNAT and both; ports that are taken; segments that cut a message, and
# that are sent again; registrations.
#
#	n0 (caller) -- r (NAT, filter) -- n1 (callee)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=h323.lib
. "${0%/*}/h323.lib"
body=h323-uu-pdu.h323-message-body
olc=multiplexParameters.h2250LogicalChannelParameters
channel=forwardLogicalChannelParameters.$olc
media=$channel.mediaChannel.unicastAddress.iPAddress
ack=h323-uu-pdu.h245Control[].response.openLogicalChannelAck.forwardMultiplexAckParameters
ack+=.h2250LogicalChannelAckParameters

calls() { # TURN HOST
	peer "callee$1" n1 listen 10.0.1.2 1720
	peer "caller$1" n0 connect "$2" 1720
	until_ok 'they are connected' 20 opens "callee$1"
}
seen_port() { # NAME: of the router's address, in what it received last
	local bytes
	bytes=$(grep '^< ' "$TMP/$1.out" | tail -n 1)
	bytes=${bytes##*0a000101}
	echo $((16#${bytes:0:4}))
}

topology
ok 'the helpers are loaded' h323_load
rules r 4 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 1720 -j ACCEPT
-A FORWARD -i r0 -p udp --dport 1719 -j ACCEPT
COMMIT
END
n1 ip route del default

say 'MASQUERADE: a control connection'
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j MASQUERADE
calls 1 10.0.1.2
sends caller1 "$(message call $body.setup.h245Address.ipAddress 10.0.0.2 5000)"
until_ok 'the callee receives the address of the router' 20 \
	received callee1 "$(bytes_of 10.0.1.1 5000)"
peer control0 n0 listen 10.0.0.2 5000
peer control1 n1 connect 10.0.1.1 5000
until_ok 'and reaches the caller' 20 opens control0
sends caller1 "$(message call $body.setup.sourceCallSignalAddress.ipAddress 10.0.0.2 1720)"
until_ok 'where the caller can be called is rewritten' 20 \
	received callee1 "$(bytes_of 10.0.1.1 1720)"

say 'Fast start: audio in both directions'
sends caller1 "$(message call "$body.setup.fastStart[].$channel.mediaControlChannel.unicastAddress.iPAddress" \
	10.0.0.2 6001)"
until_ok 'RTCP of the caller' 20 received callee1 "$(bytes_of 10.0.1.1 6001)"
sends caller1 "$(message call "$body.setup.fastStart[].$media" \
	10.0.0.2 6000)"
until_ok 'RTP of the caller, the port in front of it' 20 \
	received callee1 "$(bytes_of 10.0.1.1 6000)"
sends callee1 "$(message call "$body.connect.fastStart[].$media" \
	10.0.1.2 7000)"
until_ok 'RTP of the callee stays as it is' 20 received caller1 "$(bytes_of 10.0.1.2 7000)"
peer audio0 n0 udp 10.0.0.2 6000 10.0.1.2 7000
peer audio1 n1 udp 10.0.1.2 7000 10.0.1.1 6000
sends audio1 c0ffee01
until_ok 'audio from the callee comes' 20 received audio0 c0ffee01
sends audio0 c0ffee02
until_ok 'and audio from the caller' 20 received audio1 c0ffee02

say 'A pair of ports that a second caller has announced to the same callee'
ends callee1 caller1 audio0 audio1 control0 control1
n0 ip addr add 10.0.0.3/24 dev e0
calls 2 10.0.1.2
peer other n0 connect 10.0.1.2 1720 10.0.0.3
rtcp=$body.setup.fastStart[].$channel.mediaControlChannel.unicastAddress.iPAddress
sends other "$(message call "$rtcp" 10.0.0.3 6001)"
until_ok 'it has its own port' 20 expects_are 1 6001
sends caller2 "$(message call "$rtcp" 10.0.0.2 6001)"
until_ok 'the first caller announces the same' 20 received callee2 0a000101
control=$(seen_port callee2)
ok "its port $control is a different odd one" test $((control % 2)) -eq 1 -a "$control" != 6001
sends caller2 "$(message call "$body.setup.fastStart[].$media" \
	10.0.0.2 6000)"
until_ok 'RTP has the even one in front of it' 20 \
	received callee2 "$(bytes_of 10.0.1.1 $((control - 1)))"

say 'A message in two segments, and one that is cut in an address'
whole=$(message call "$body.setup.fastStart[].$media" \
	10.0.0.2 6010)
at=${whole%%"$(bytes_of 10.0.0.2 6010)"*}
sends caller2 "${whole:0:${#at}}"
until_ok 'the first part comes' 20 received callee2 "${at: -8}"
sends caller2 "${whole:${#at}}"
until_ok 'an address in the second part is rewritten' 20 \
	received callee2 "$(bytes_of 10.0.1.1 6010)"
sends caller2 "${whole:0:${#at}+4}"
until_ok 'the first part comes' 20 received callee2 "${at: -8}0a00"
sends caller2 "${whole:${#at}+4}"
stat_is_split() { [[ $(h323_stat Q.931 split) == 1 ]]; }
until_ok 'one that is cut is counted' 20 stat_is_split
ends callee2 caller2 other

say 'Tunnelling, DNAT and SNAT'
ipt r -t nat -A PREROUTING -i r0 -p tcp -d 10.0.0.1 --dport 1720 -j DNAT --to-destination 10.0.1.2
calls 3 10.0.0.1
sends callee3 "$(message call "$ack.mediaChannel.unicastAddress.iPAddress" 10.0.1.2 7010)"
until_ok 'the caller receives the address that it called' 20 \
	received caller3 "$(bytes_of 10.0.0.1 7010)"
peer audio2 n1 udp 10.0.1.2 7010
peer audio3 n0 udp 10.0.0.2 6020 10.0.0.1 7010
sends audio3 c0ffee03
until_ok 'and reaches the callee' 20 received audio2 c0ffee03
sends caller3 "$(message call $body.setup.destCallSignalAddress.ipAddress 10.0.0.1 1720)"
until_ok 'the callee reads its own address' 20 received callee3 "$(bytes_of 10.0.1.2 1720)"
ends callee3 caller3 audio2 audio3

say 'A registration'
peer gatekeeper n1 udp 10.0.1.2 1719
peer endpoint n0 udp 10.0.0.2 1719 10.0.1.2 1719
sends endpoint "$(message ras 'registrationRequest.callSignalAddress[].ipAddress' 10.0.0.2 1720)"
until_ok 'the gatekeeper receives the address of the router' 20 \
	received gatekeeper "$(bytes_of 10.0.1.1 1720)"
sends gatekeeper "$(message ras 'registrationConfirm.callSignalAddress[].ipAddress' 10.0.1.2 1720)"
until_ok 'it agrees' 20 received endpoint "$(bytes_of 10.0.1.2 1720)"
peer phone n0 listen 10.0.0.2 1720
peer caller4 n1 connect 10.0.1.1 1720
until_ok 'and calls the endpoint' 20 opens phone
done_testing
