#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What the H.323 helpers open in a packet filter, exactly: ports that a speaker announces for
# itself, and nothing for anything else; messages however segments cut them; registrations.
#
#	n0 (caller, endpoint) -- r (filter: new calls of n0, RELATED) -- n1 (callee, gatekeeper)
#
# deadline: 900
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=h323.lib
. "${0%/*}/h323.lib"
body=h323-uu-pdu.h323-message-body
olc=multiplexParameters.h2250LogicalChannelParameters
media=$body.setup.fastStart[].forwardLogicalChannelParameters.$olc.mediaChannel.unicastAddress.iPAddress
ports() { expects | sed -n 's/.* dport=\([0-9]*\) .*/\1/p' | sort -n | paste -sd ' '; }
ports_are() {
	local got
	got=$(ports)
	[[ $got == "$1" ]] || { echo "wanted '$1', got '$got'" && return 1; }
}

topology
ok 'the helpers are loaded' h323_load
ipt r -P FORWARD DROP
ipt r -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
ipt r -A FORWARD -i r0 -p tcp --dport 1720 -j ACCEPT
ipt r -A FORWARD -i r0 -p udp --dport 1719 -j ACCEPT

say 'A call announces its control connection'
peer callee n1 listen 10.0.1.2 1720
peer caller n0 connect 10.0.1.2 1720
until_ok 'they are connected' 20 opens callee
setup=$(message call $body.setup.h245Address.ipAddress 10.0.0.2 5000)
ok 'a setup with an address' says caller callee "$setup"
like 'it is expected from the callee' "$(expects)" \
	'proto=6 src=10\.0\.1\.2 dst=10\.0\.0\.2 sport=0 dport=5000 '
peer control0 n0 listen 10.0.0.2 5000
peer control1 n1 connect 10.0.0.2 5000
until_ok 'the callee connects' 20 opens control0
ok 'the expectation is used up' expects_are 0
is 'the connection has a helper of its own' "$(r conntrack -L -p tcp --dport 5000 2>&1 |
	grep -o 'helper=[^ ]*')" helper=H.245

say 'The control connection announces media'
open=request.openLogicalChannel.forwardLogicalChannelParameters.$olc
ack=response.openLogicalChannelAck.forwardMultiplexAckParameters.h2250LogicalChannelAckParameters
rtcp=$(message control $open.mediaControlChannel.unicastAddress.iPAddress 10.0.0.2 5003)
ok 'the caller opens a channel' says control0 control1 "$rtcp"
ok 'RTCP of the caller' ports_are 5003
rtp=$(message control $ack.mediaChannel.unicastAddress.iPAddress 10.0.1.2 6002)
ok 'the callee accepts it' says control1 control0 "$rtp"
ok 'RTP of the callee' ports_are '5003 6002'
peer media1 n1 udp 10.0.1.2 6002
peer media0 n0 udp 10.0.0.2 5002 10.0.1.2 6002
sends media0 c0ffee01
until_ok 'RTP comes' 20 received media1 c0ffee01
ok 'and the expectation is used up' ports_are 5003

say 'T.120 has several connections to one port'
stack=separateStack.networkAddress.localAreaAddress.unicastAddress.iPAddress
ok 'the caller announces it' says control0 control1 \
	"$(message control request.openLogicalChannel.$stack 10.0.0.2 1503)"
like 'it is expected from the callee' "$(expects 1503)" \
	'proto=6 src=10\.0\.1\.2 dst=10\.0\.0\.2 .*PERMANENT'
peer whiteboard n0 listen 10.0.0.2 1503
for turn in 1 2; do
	ok "connection $turn" n1 timeout 20 "$BASH" -c ': </dev/tcp/10.0.0.2/1503'
done

say 'Addresses of others open nothing'
foreign=$(message control $ack.mediaChannel.unicastAddress.iPAddress 10.0.2.2 6004)
ok 'a third host' says control1 control0 "$foreign"
ok 'is not expected' ports_are '1503 5003'
is 'and counted' "$(h323_stat H.245 foreign)" 1
low=$(message control $ack.mediaChannel.unicastAddress.iPAddress 10.0.1.2 1023)
ok 'a privileged port' says control1 control0 "$low"
ok 'is not expected' ports_are '1503 5003'
is 'and counted' "$(h323_stat H.245 bad-port)" 1

say 'A call that the callee forwards'
forwarded=$(message call $body.facility.alternativeAddress.ipAddress 10.0.2.2 1730)
ok 'it gives a different reason first' says callee caller "$forwarded"
ok 'and nothing opens' expects_are 0 1730
ok 'then the reason callForwarded' says callee caller "${forwarded%00}20"
like 'the caller is expected at the third host' "$(expects 1730)" \
	'proto=6 src=10\.0\.0\.2 dst=10\.0\.2\.2 '
peer third n2 listen 10.0.2.2 1730
peer caller5 n0 connect 10.0.2.2 1730
until_ok 'and reaches it' 20 opens third
near=$(message call $body.facility.alternativeAddress.ipAddress 10.0.0.9 1731)
ok 'to a host on the side of the caller' says callee caller "${near%00}20"
ok 'nothing opens: they meet without r' expects_are 0 1731
echo 0 >/sys/module/nf_conntrack_h323/parameters/callforward_filter
sends callee "${near%00}20"
until_ok 'with callforward_filter=0 it is expected' 20 expects_are 1 1731
echo 1 >/sys/module/nf_conntrack_h323/parameters/callforward_filter

say 'Messages however segments cut them'
ends callee caller control0 control1 media0 media1 third caller5 whiteboard
peer callee2 n1 listen 10.0.1.2 1720
peer caller2 n0 connect 10.0.1.2 1720
until_ok 'they are connected' 20 opens callee2
cut_at() { # BYTE PORT
	local whole
	whole=$(message call "$media" 10.0.0.2 "$2")
	sends caller2 "${whole:0:$1*2}"
	poll 20 received callee2 "${whole:$1*2-4:4}" || return
	sends caller2 "${whole:$1*2}"
	poll 20 received callee2 "${whole: -4}"
}
whole=$(message call "$media" 10.0.0.2 7000)
want=()
for ((at = 2; at < ${#whole} / 2 - 2; at += 3)); do
	cut_at $at $((7000 + at)) || echo "not received, cut at $at"
	want+=($((7000 + at)))
done
until_ok 'each opens its port, up to the limit' 20 ports_are "${want[*]: -16}"
is 'none was refused' "$(h323_stat Q.931 malformed split not-expected)" '0 0 0'
two=$(message call "$media" 10.0.0.2 7200)$(message call "$media" 10.0.0.2 7202)
ok 'two messages in a segment' says caller2 callee2 "$two"
ok 'open two ports' ports_are "${want[*]: -14} 7200 7202"

say 'A connection that does not begin with H.323'
ends callee2 caller2
peer callee3 n1 listen 10.0.1.2 1720
peer caller3 n0 connect 10.0.1.2 1720
until_ok 'they are connected' 20 opens callee3
ok 'it begins like one of HTTP' says caller3 callee3 504f5354202f20485454502f312e310d0a
ok 'then a setup' says caller3 callee3 "$setup"
ok 'opens nothing' expects_are 0
is 'and the connection was counted' "$(h323_stat Q.931 malformed)" 1

say 'A registration'
peer gatekeeper n1 udp 10.0.1.2 1719
peer endpoint n0 udp 10.0.0.2 1719 10.0.1.2 1719
rrq=$(message ras 'registrationRequest.callSignalAddress[].ipAddress' 10.0.0.2 1720)
rcf=$(message ras 'registrationConfirm.callSignalAddress[].ipAddress' 10.0.1.2 1720)
ok 'an endpoint asks' says endpoint gatekeeper "$rrq"
like 'its address is reserved' "$(expects 1720)" 'INACTIVE'
ok 'the gatekeeper agrees' says gatekeeper endpoint "$rcf"
active() { [[ $(expects 1720) == *dst=10.0.0.2* && $(expects 1720) != *INACTIVE* ]]; }
ok 'the address is open' active
ucf=$(message ras unregistrationConfirm.assignedGatekeeper.rasAddress.ipAddress 10.0.1.2 1719)
ok 'the registration ends' says gatekeeper endpoint "$ucf"
ok 'and nothing is open' expects_are 0

say 'gkrouted_only=0: any host may call a registered endpoint'
echo 0 >/sys/module/nf_conntrack_h323/parameters/gkrouted_only
ok 'an endpoint asks' says endpoint gatekeeper "${rrq/06b8/06b9}"
ok 'the gatekeeper agrees' says gatekeeper endpoint "${rcf}00"
like 'the address is open to all' "$(expects 1721)" 'src=0\.0\.0\.0 dst=10\.0\.0\.2 '
echo 1 >/sys/module/nf_conntrack_h323/parameters/gkrouted_only
done_testing
