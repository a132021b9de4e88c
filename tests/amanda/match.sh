#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m amanda counts exactly the packets that it should: types and services, inverted and together,
# IPv4 and IPv6, linear packets and not; and nothing that is no Amanda packet, or not all of one.
#
#	n0 -- r (the rules, raw PREROUTING) -- n1
#
# shellcheck source=../lib/scenario.sh
. "$(dirname "$0")/../lib/scenario.sh"
# shellcheck source=amanda.lib
. "$(dirname "$0")/amanda.lib"

head='Amanda 2.6 %s HANDLE 000-0 SEQ 1\\x0a'
of() { printf "$head%s" "$1" "${2-}"; } # TYPE [BODY]: a packet
security='SECURITY USER backup\x0a'
packets=("$(of REQ)" "$(of REP)" "$(of PREP)" "$(of ACK)" "$(of NAK 'ERROR no\x0a')"
	"$(of REQ "${security}SERVICE noop\x0aOPTIONS x\x0a")"
	"$(of REQ "${security}SERVICE restore\x0a")" "$(of REQ 'SERVICE noop\x0a')"
	"$(of REQ "${security}SERVICE sendsizes\x0a")"
	"$(of REQ "${security}SERVICE noop")" "$(of REP 'CONNECT DATA 5000\x0a')"
	'' hello "$(of REQS)" "$(of REP 'CONNECT DATA 65536\x0a')" "$(of REP 'CONNECT \x0a')"
	'Amanda 2.6 REQ HANDLE 000-0 SEQ 1' 'Amanda 2.6 REQ HANDLE  SEQ 1\x0a' 'A*1400')

# What is counted of them, and by which options.
wants=(
	'11'
	'6 --packet req'
	'2 --packet rep'
	'1 --packet prep'
	'1 --packet ack'
	'1 --packet nak'
	'5 ! --packet req'
	'10 ! --packet nak'
	'2 --service noop'
	'3 --service noop,restore'
	'2 ! --service noop'
	'1 ! --service noop,restore'
	'2 --packet req,nak --service noop'
	'2 ! --packet ack ! --service noop'
)

topology
for family in ipt ip6t; do
	for want in "${wants[@]}"; do
		read -ra words <<<"$want"
		"$family" r -t raw -A PREROUTING -i r0 -p udp --dport 6969 -m amanda "${words[@]:1}"
	done
	"$family" r -t raw -A PREROUTING -i r0
done
all_counted() { counter_is r "$1" raw PREROUTING $((${#wants[@]} + 1)) "$2"; } # 4|6 PACKETS
counts_are() { # 4|6
	local i
	for i in "${!wants[@]}"; do
		is "IPv$1: ${wants[i]#* }" "$(counter r "$1" raw PREROUTING $((i + 1)))" \
			"${wants[i]%% *}"
	done
}
for pieces in 0 10; do
	ipt r -t raw -Z
	ip6t r -t raw -Z
	n0 "$udp_send" --pieces "$pieces" 10.0.1.2 6969 "${packets[@]}"
	n0 "$udp_send" --pieces "$pieces" fd00:0:0:1::2 6969 "${packets[@]}"
	until_ok "IPv4, $pieces bytes apart: they arrive" 20 all_counted 4 ${#packets[@]}
	counts_are 4
	until_ok "IPv6, $pieces bytes apart: they arrive" 20 all_counted 6 ${#packets[@]}
	counts_are 6
done

say 'Packets that are not whole'
ipt r -t raw -Z
n0 "$udp_send" --source 10.0.0.2 --from 6969 --short 1 10.0.1.2 6969 "${packets[5]}"
n0 "$udp_send" --source 10.0.0.2 --from 6969 --fragments 16 --first 10.0.1.2 6969 "${packets[5]}"
until_ok 'they arrive' 20 all_counted 4 2
is 'no rule counts them' "$(counter r 4 raw PREROUTING 1)" 0
done_testing
