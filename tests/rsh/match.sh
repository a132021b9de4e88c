#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m rsh matches what a client of rsh says first, by port, users and command, and nothing else; both
# families; payload in one piece and in several. Exact counts of every rule for every segment.
#
#	n0 (client) -- r (rules in raw PREROUTING) -- n1 (server)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=rsh.lib
. "${0%/*}/rsh.lib"
# shellcheck source=../lib/match.lib
. "${0%/*}/../lib/match.lib"

# One segment each.
texts=(
	'1022\0root\0bob\0id\0'
	'1020\0'
	'root\0bob\0rcp -t x\0'
	'\0'
	'ann\0eve\0rm -rf /\0'
	'0600\0ann\0eve\0make all\0'
	'1022\0roo'
	'1022\0root\0bo'
	'1022\0root\0bob\0i'
	'1019\0eve\0adm\0'
	'70000\0root\0bob\0id\0'
	'root\0bob\0id'
	'root\0bob\0id\0more'
	'hello\r\n'
)
begin='-p tcp -m tcp --dport 514 -m rsh'
rule 8 --stderr-port 0:65535
rule 6 --stderr-port 1001:1023
rule 2 ! --stderr-port 1001:1023
rule 1 --stderr-port 600
rule 1 --stderr-port 0
rule 4 --user root
rule 3 ! --user root
rule 2 --user ann
rule 3 --remote-user bob
rule 3 ! --remote-user bob
rule 1 --command id
rule 3 ! --command id
rule 1 --command '"rcp -[tf] *"'
rule 3 --command '"*[!l]"'
rule 0 --command '"r"'
rule 1 --stderr-port 1022 --command id
rule 1 --user ann ! --remote-user bob --command '"rm *"'

topology
talk_serve
for family in 4 6; do
	ok "IPv$family: the rules" load_rules $family
done
# What a program writes is in pages of its own, behind the headers.
joined=''
for text in "${texts[@]}"; do joined+="$text|"; done
talk_open four n0 10.0.1.2
ok 'IPv4' talk four "${joined%|}"
counts_are 4 'in several pieces'
talk_open six n0 fd00:0:0:1::2
ok 'IPv6' talk six "${joined%|}"
counts_are 6 'in several pieces'

say 'Segments made by hand, in one piece'
count_from_zero 4
by_hand() {
	local text
	for text in "${texts[@]}"; do
		text=${text// /|20|}
		text=${text//'\r'/|0d|}
		text=${text//'\n'/|0a|}
		text=${text//'\0'/|00|}
		text=${text//'||'/}
		echo "s from=10.0.0.2 to=10.0.1.2 sport=9000 dport=514 flags=A data=$text"
	done
}
ok 'IPv4' eval 'by_hand | n0 tests/lib/segments --barrier 10.0.0.2,10.0.1.2,1'
counts_are 4 'in one piece'
done_testing
