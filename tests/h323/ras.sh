#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# An endpoint and a stub of a gatekeeper: discovery, registration and how long it lasts, admission,
# location, info requests, unregistration. Calls pass only where the gatekeeper names their address,
# or after a registration. In a packet filter, then through MASQUERADE, DNAT and both.
#
#	n0 (endpoint) -- r (filter: RAS of n0, RELATED; NAT) -- n1 (gatekeeper), n2 (third party)
#
# deadline: 900
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=h323.lib
. "${0%/*}/h323.lib"
parameters=/sys/module/nf_conntrack_h323/parameters
times=0

# ras WHAT ADDRESS PORT: a message of RAS with this address
ras() {
	local -A field=(
		[grq]=gatekeeperRequest.rasAddress [gcf]=gatekeeperConfirm.rasAddress
		[rrq]='registrationRequest.callSignalAddress[]'
		[rrq-ras]='registrationRequest.rasAddress[]'
		[rcf]='registrationConfirm.callSignalAddress[]'
		[urq]='unregistrationRequest.callSignalAddress[]'
		[ucf]=unregistrationConfirm.assignedGatekeeper.rasAddress
		[arq]=admissionRequest.srcCallSignalAddress
		[acf]=admissionConfirm.destCallSignalAddress
		[lrq]=locationRequest.replyAddress [lcf]=locationConfirm.callSignalAddress
		[lcf-ras]=locationConfirm.rasAddress [irq]=infoRequest.replyAddress
		[irr]='infoRequestResponse.callSignalAddress[]')
	message ras "${field[$1]}.ipAddress" "$2" "$3"
}
# lasts SECONDS: a confirmation with the addition timeToLive, of 256 seconds at most
lasts() {
	local rcf
	rcf=$(ras rcf 10.0.1.2 1720)
	printf '12%s02800200%02x' "${rcf#10}" $(($1 - 1))
}
# The same request with the addition keepAlive, and without an address for calls.
lightweight() {
	local rrq
	rrq=$(ras rrq-ras 10.0.0.2 1719)
	printf '0e%s0a080180' "${rrq#0c}"
}
begins() { # HOST: the address that the endpoint knows the gatekeeper by
	rm -f "$TMP"/{gatekeeper,endpoint}.in
	peer gatekeeper n1 udp 10.0.1.2 1719
	peer endpoint n0 udp 10.0.0.2 1719 "$1" 1719
}
asks() { says endpoint gatekeeper "$(ras "$@")"; }
answers() { says gatekeeper endpoint "$(ras "$@")"; }
# asks_as WHAT PORT SEEN-PORT: the gatekeeper receives the address of the router
asks_as() {
	sends endpoint "$(ras "$1" 10.0.0.2 "$2")"
	poll 20 received gatekeeper "$(ras "$1" 10.0.1.1 "$3")"
}
# answers_as WHAT PORT: the endpoint receives the address that it knows the gatekeeper by
answers_as() {
	sends gatekeeper "$(ras "$1" 10.0.1.2 "$2")"
	poll 20 received endpoint "$(ras "$1" 10.0.0.1 "$2")"
}
# calls CALLEE ADDRESS CALLER HOST PORT: a connection passes
calls() {
	local callee=callee$((++times)) caller=caller$times
	peer "$callee" "$1" listen "$2" "$5"
	peer "$caller" "$3" connect "$4" "$5"
	until_ok "$3 calls $4 port $5" 20 opens "$callee"
	kill "${!caller}" "${!callee}"
}
no_call() { # NS HOST PORT
	nok "$1 does not reach $2 port $3" "$1" timeout 2 "$BASH" -c ": </dev/tcp/$2/$3"
}
helper_is() { # PORT NAME: of the connections to that port
	like "it has the helper $2" "$(r conntrack -L 2>&1 | grep "dport=$1 ")" "helper=$2\b"
}
left() { # how many seconds the address of the endpoint is open yet
	expects 1720 | awk '/ dst=10\.0\.0\.2 / { print $1 }'
}
is_left() { # FROM TO
	local seconds
	seconds=$(left)
	((seconds >= $1 && seconds <= $2)) || { echo "$seconds seconds are left" && return 1; }
}

topology
ok 'the helpers are loaded' h323_load
ipt r -P FORWARD DROP
ipt r -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
ipt r -A FORWARD -i r0 -p udp --dport 1719 -j ACCEPT
begins 10.0.1.2

say 'Discovery'
ok 'an endpoint looks for a gatekeeper' asks grq 10.0.0.2 1719
ok 'which names a different port' answers gcf 10.0.1.2 1729
peer gatekeeper2 n1 udp 10.0.1.2 1729
peer endpoint2 n0 udp 10.0.0.2 1759 10.0.1.2 1729
ok 'the endpoint reaches it' says endpoint2 gatekeeper2 "$(ras grq 10.0.0.2 1719)"
helper_is 1729 RAS
ok 'and one of a third party' answers gcf 10.0.2.2 1739
peer gatekeeper3 n2 udp 10.0.2.2 1739
peer endpoint3 n0 udp 10.0.0.2 1769 10.0.2.2 1739
ok 'which the endpoint reaches, too' says endpoint3 gatekeeper3 "$(ras grq 10.0.0.2 1719)"
kill "${endpoint2:?}" "${endpoint3:?}"

say 'Registration'
ok 'an answer to no request' answers rcf 10.0.1.2 1720
is 'is counted' "$(h323_stat RAS wrong-side)" 1
ok 'the endpoint registers' asks rrq 10.0.0.2 1720
no_call n1 10.0.0.2 1720
ok 'the gatekeeper agrees' answers rcf 10.0.1.2 1720
ok 'for 300 seconds where no time is named' is_left 280 300
calls n0 10.0.0.2 n1 10.0.0.2 1720
no_call n2 10.0.0.2 1720
ok 'it registers again' asks rrq 10.0.0.2 1720
ok 'for 100 seconds' says gatekeeper endpoint "$(lasts 100)"
ok 'which count' is_left 80 100
ok 'a lightweight registration' says endpoint gatekeeper "$(lightweight)"
ok 'for 250 seconds' says gatekeeper endpoint "$(lasts 250)"
ok 'which count for the address of the first one' is_left 230 250
echo 200 >$parameters/default_rrq_ttl
ok 'the endpoint registers' asks rrq 10.0.0.2 1720
ok 'the gatekeeper agrees' answers rcf 10.0.1.2 1720
ok 'for default_rrq_ttl' is_left 180 200
echo 300 >$parameters/default_rrq_ttl

say 'Unregistration'
ok 'the endpoint asks' asks urq 10.0.0.2 1720
ok 'the gatekeeper agrees' answers ucf 10.0.1.2 1719
no_call n1 10.0.0.2 1720
ok 'nothing is expected' expects_are 0 1720

say 'gkrouted_only=0: a third party may call'
echo 0 >$parameters/gkrouted_only
ok 'the endpoint registers' asks rrq 10.0.0.2 1721
ok 'the gatekeeper agrees' answers rcf 10.0.1.2 1720
calls n0 10.0.0.2 n2 10.0.0.2 1721
echo 1 >$parameters/gkrouted_only

say 'Admission'
no_call n0 10.0.1.2 1722
ok 'the endpoint asks for a call' asks arq 10.0.0.2 1720
ok 'which the gatekeeper routes' answers acf 10.0.1.2 1722
calls n1 10.0.1.2 n0 10.0.1.2 1722
helper_is 1722 'Q\.931'
no_call n0 10.0.2.2 1723
ok 'the endpoint asks again' asks arq 10.0.0.2 1720
ok 'and is to call a third party' answers acf 10.0.2.2 1723
calls n2 10.0.2.2 n0 10.0.2.2 1723
ok 'an endpoint that confirms to itself' asks acf 10.0.2.2 1724
ok 'opens nothing' expects_are 0 1724

say 'Location'
ok 'the endpoint asks' asks lrq 10.0.0.2 1719
ok 'where a third party takes calls' answers lcf 10.0.2.2 1725
calls n2 10.0.2.2 n0 10.0.2.2 1725
ok 'and where it takes RAS' answers lcf-ras 10.0.2.2 1726
like 'which is expected' "$(expects 1726)" 'proto=17 src=10\.0\.0\.2 dst=10\.0\.2\.2 '

say 'Info requests open nothing'
before=$(expects | wc -l)
ok 'the gatekeeper asks' answers irq 10.0.1.2 1727
ok 'the endpoint answers' asks irr 10.0.0.2 1728
is 'and nothing more is expected' "$(expects | wc -l)" "$before"
is 'nothing was malformed' "$(h323_stat RAS malformed)" 0

say 'MASQUERADE: the addresses of the endpoint'
ends endpoint gatekeeper
n1 ip route del default
ipt r -t nat -A POSTROUTING -s 10.0.0.0/24 -o r1 -j MASQUERADE
begins 10.0.1.2
ok 'in a discovery' asks_as grq 1719 1719
ok 'in a registration' asks_as rrq 1720 1720
ok 'the gatekeeper agrees' answers rcf 10.0.1.2 1720
calls n0 10.0.0.2 n1 10.0.1.1 1720
ok 'in an admission' asks_as arq 1720 1720
ok 'in an answer to an info request' asks_as irr 1720 1720
ok 'in a location' asks_as lrq 1719 1719
ok 'in an unregistration' asks_as urq 1720 1720

say 'DNAT and MASQUERADE: the addresses of the gatekeeper'
ends endpoint gatekeeper
ipt r -t nat -A PREROUTING -i r0 -d 10.0.0.1 -p udp --dport 1719 -j DNAT --to-destination 10.0.1.2
begins 10.0.0.1
ok 'a registration' asks_as rrq 1720 1720
ok 'in its confirmation' answers_as rcf 1720
calls n0 10.0.0.2 n1 10.0.1.1 1720
ok 'in an admission' answers_as acf 1722
calls n1 10.0.1.2 n0 10.0.0.1 1722
ok 'in a location' answers_as lcf 1723
calls n1 10.0.1.2 n0 10.0.0.1 1723
ok 'in an info request' answers_as irq 1719

say 'DNAT alone'
ends endpoint gatekeeper
ipt r -t nat -F POSTROUTING
n1 ip route add default via 10.0.1.1
begins 10.0.0.1
ok 'an endpoint registers' asks rrq 10.0.0.2 1720
ok 'a confirmation' answers_as rcf 1720
calls n0 10.0.0.2 n1 10.0.0.2 1720
ok 'an admission' answers_as acf 1722
calls n1 10.0.1.2 n0 10.0.0.1 1722
is 'nothing was malformed, foreign or split' "$(h323_stat RAS malformed foreign split)" '0 0 0'
done_testing
