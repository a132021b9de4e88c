#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m amanda counts exactly the packets that it should: types and services, inverted and together,
# IPv4 and IPv6, linear packets and not; and nothing that is no Amanda packet, or not all of one.
#
#	n0 -- r (the rules, raw PREROUTING) -- n1
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=amanda.lib
. "${0%/*}/amanda.lib"
# shellcheck source=../lib/match.lib
. "${0%/*}/../lib/match.lib"

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

begin='-p udp --dport 6969 -m amanda'
rule 11
rule 6 --packet req
rule 2 --packet rep
rule 1 --packet prep
rule 1 --packet ack
rule 1 --packet nak
rule 5 ! --packet req
rule 10 ! --packet nak
rule 2 --service noop
rule 3 --service noop,restore
rule 2 ! --service noop
rule 1 ! --service noop,restore
rule 2 --packet req,nak --service noop
rule 2 ! --packet ack ! --service noop

topology
for family in 4 6; do
	ok "IPv$family: the rules" load_rules $family
done
for pieces in 0 10; do
	count_from_zero 4
	count_from_zero 6
	n0 "$udp_send" --pieces "$pieces" 10.0.1.2 6969 "${packets[@]}"
	n0 "$udp_send" --pieces "$pieces" fd00:0:0:1::2 6969 "${packets[@]}"
	counts_are 4 "$pieces bytes apart"
	counts_are 6 "$pieces bytes apart"
done

say 'Packets that are not whole'
# One more rule, for what arrives at all: later fragments have no ports.
ipt r -t raw -A PREROUTING -i r0
count_from_zero 4
n0 "$udp_send" --source 10.0.0.2 --from 6969 --short 1 10.0.1.2 6969 "${packets[5]}"
n0 "$udp_send" --source 10.0.0.2 --from 6969 --fragments 16 --first 10.0.1.2 6969 "${packets[5]}"
until_ok 'they arrive' 20 counter_is r 4 raw PREROUTING $((${#rules[@]} + 1)) 2
is 'no rule counts them' "$(counts 4 | sed '$d' | sort -u)" 0
done_testing
