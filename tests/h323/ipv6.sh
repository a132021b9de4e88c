#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Calls and registrations over IPv6: what opens in a packet filter, and MASQUERADE.
#
#	n0 (caller, endpoint) -- r (filter: calls of n0, RELATED; NAT) -- n1 (callee, gatekeeper)
#
# deadline: 600
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=h323.lib
. "${0%/*}/h323.lib"
h245=h323-uu-pdu.h323-message-body.setup.h245Address.ip6Address
channel=request.openLogicalChannel.forwardLogicalChannelParameters.multiplexParameters
channel+=.h2250LogicalChannelParameters.mediaControlChannel.unicastAddress.iP6Address
ack=response.openLogicalChannelAck.forwardMultiplexAckParameters.h2250LogicalChannelAckParameters
ack+=.mediaChannel.unicastAddress.iP6Address
n0=fd00::2 n1=fd00:0:0:1::2 outside=fd00:0:0:1::1

topology
ok 'the helpers are loaded' h323_load
rules r 6 <<END
*filter
:FORWARD DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -p icmpv6 -j ACCEPT
-A FORWARD -i r0 -p tcp --dport 1720 -j ACCEPT
-A FORWARD -i r0 -p udp --dport 1719 -j ACCEPT
COMMIT
END

say 'A call, its control connection, and media'
peer callee n1 listen $n1 1720
peer caller n0 connect $n1 1720
until_ok 'they are connected' 20 opens callee
ok 'a setup with an address' says caller callee "$(message call $h245 $n0 5000)"
peer control0 n0 listen $n0 5000
peer control1 n1 connect $n0 5000
until_ok 'the callee connects' 20 opens control0
is 'the connection has a helper of its own' "$(r conntrack -L -f ipv6 -p tcp --dport 5000 2>&1 |
	grep -o 'helper=[^ ]*')" helper=H.245
ok 'the caller opens a channel' says control0 control1 "$(message control $channel $n0 5003)"
ok 'RTCP is expected' expects_are 1 5003
ok 'the callee accepts it' says control1 control0 "$(message control $ack $n1 6002)"
peer media1 n1 udp $n1 6002
peer media0 n0 udp $n0 5002 $n1 6002
sends media0 c0ffee01
until_ok 'RTP comes' 20 received media1 c0ffee01
ok 'an address of IPv4' says control1 control0 "$(message control "${ack/iP6/iP}" 10.0.1.2 6004)"
ok 'opens nothing' expects_are 0 6004

say 'MASQUERADE'
ends callee caller control0 control1 media0 media1
ip6t r -t nat -A POSTROUTING -s fd00::/64 -o r1 -j MASQUERADE
peer callee2 n1 listen $n1 1720
peer caller2 n0 connect $n1 1720
until_ok 'they are connected' 20 opens callee2
sends caller2 "$(message call $h245 $n0 5000)"
until_ok 'the callee receives the address of the router' 20 \
	received callee2 "$(bytes_of $outside 5000)"
peer control2 n0 listen $n0 5000
peer control3 n1 connect $outside 5000
until_ok 'and reaches the caller' 20 opens control2

say 'A registration'
peer gatekeeper n1 udp $n1 1719
peer endpoint n0 udp $n0 1719 $n1 1719
sends endpoint "$(message ras 'registrationRequest.callSignalAddress[].ip6Address' $n0 1720)"
until_ok 'the gatekeeper receives the address of the router' 20 \
	received gatekeeper "$(bytes_of $outside 1720)"
sends gatekeeper "$(message ras 'registrationConfirm.callSignalAddress[].ip6Address' $n1 1720)"
until_ok 'it agrees' 20 received endpoint "$(bytes_of $n1 1720)"
peer phone n0 listen $n0 1720
peer caller3 n1 connect $outside 1720
until_ok 'and calls the endpoint' 20 opens phone
done_testing
