#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m mms matches messages by name and by the transport that they announce, and nothing else; both
# families; payload in one piece and in several. Exact counts of every rule for every segment.
#
#	n0 (player) -- r (rules in raw PREROUTING) -- n1 (server)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=mms.lib
. "${0%/*}/mms.lib"
# shellcheck source=../lib/match.lib
. "${0%/*}/../lib/match.lib"

# One segment each.
lines=(
	'connect'
	"$(udp 10.0.0.2 7000)"
	'funnel=\\192.168.0.1\TCP\1037'
	"pong $(udp 10.0.0.2 7000)"
	'connect+open=tone.asf'
	'funnel=\\10.0.0.2\UDP\70000'
	'logging=600'
	'hex=01000000cefa0bb0200000004d4d532004000000000000000000000000000000020000007f00030000000000'\
'00000000'
	'hex=504f5354202f20485454502f312e310d0a0d0a00000000000000000000000000000000000000000000'
	'hex=0100000000'
)
begin='-p tcp -m tcp --dport 1755 -m mms'
rule 8
rule 2 --message connect
rule 4 --message connectFunnel
rule 5 ! --message connectFunnel
rule 1 --message openFile
rule 1 --message pong
rule 1 --message logging
rule 1 --message other
rule 3 --message pong,connect
rule 0 --message reportConnectedEX
rule 2 --transport udp
rule 1 --transport tcp
rule 3 --transport udp,tcp
rule 1 ! --transport udp
rule 2 ! --transport tcp
rule 2 --message connect,connectFunnel --transport udp
rule 2 ! --message connect --transport udp
rule 1 --message pong -m mms --message connectFunnel

topology
talk_serve
for family in 4 6; do
	ok "IPv$family: the rules" load_rules $family
done
# What a program writes is in pages of its own, behind the headers.
# shellcheck disable=SC2034 # used by talk.lib
talk_first=''
talk_open four n0 10.0.1.2
ok 'IPv4' talk four "${lines[@]:0:8}"
talk_open four9 n0 10.0.1.2
ok 'no MMS' talk four9 "${lines[8]}"
talk_open four10 n0 10.0.1.2
ok 'the beginning of a packet' talk four10 "${lines[9]}"
counts_are 4 'in several pieces'
talk_open six n0 fd00:0:0:1::2
ok 'IPv6' talk six "${lines[@]:0:8}"
counts_are 6 'in several pieces'

say 'Segments made by hand, in one piece'
count_from_zero 4
by_hand() {
	local line
	for line in "${lines[@]}"; do
		# shellcheck disable=SC2086 # words
		echo "s from=10.0.0.2 to=10.0.1.2 sport=9000 dport=1755 flags=A data=$(mms_bytes $line)"
	done
}
ok 'IPv4' eval 'by_hand | n0 tests/lib/segments --barrier 10.0.0.2,10.0.1.2,1'
counts_are 4 'in one piece'
done_testing
