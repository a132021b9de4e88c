#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m eggdrop matches lines with which bots share their file of users, and nothing else; both
# families; payload in one piece and in several; lines that begin or end in another segment do not
# match. Exact counts of every rule for every kind of line.
#
#	n0 (lines) -- r (rules in raw PREROUTING) -- n1 (server)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=eggdrop.lib
. "${0%/*}/eggdrop.lib"
# shellcheck source=../lib/match.lib
. "${0%/*}/../lib/match.lib"

# One segment each.
lines=(
	'leaf\n'
	's u?\n'
	'el\ns uy exempts invites\n'
	's un Already sharing.\r\n'
	's us 167772418 5000 39\n'
	's us 1 +5001 39\ns u?\n'
	'S US fd00::1 65535 39\n'
	's us 1 65536 39\n'
	's us  5000 39\n'
	's us 1 5000 3|9\n'
	's feats exempts\n'
	' s u?\n'
	's u?'
	'\n'
)
# What each rule counts: numbers of the segments above, from 1; 10 has two.
begin='-p tcp -m tcp --dport 3333 -m eggdrop'
rule 2 --share offer
rule 1 --share accept
rule 1 --share refuse
rule 3 --share send
rule 6 --share offer,accept,refuse,send
rule 4 --share offer,send
rule 5 ! --share offer
rule 4 ! --share send
rule 1 ! --share offer,accept,send
rule 1 --share offer -m eggdrop --share send
rule 1 --share offer -m eggdrop ! --share offer

topology
talk_serve
for family in 4 6; do
	ok "IPv$family: the rules" load_rules $family
done

# What a program writes is in pages of its own, behind the headers. The line ECHO asks for the
# answer that shows that all has passed.
# shellcheck disable=SC2034 # used by talk.lib
talk_first='' # one of $lines
talk_open four n0 10.0.1.2
ok 'lines over IPv4' talk_lines four
r conntrack -F >/dev/null 2>&1
counts_are 4 'in several pieces'
talk_open six n0 fd00:0:0:1::2
ok 'lines over IPv6' talk_lines six
counts_are 6 'in several pieces'

say 'Segments made by hand, in one piece'
count_from_zero 4
by_hand() {
	local text
	for text in "${lines[@]}"; do
		text=${text// /|20|}
		text=${text//'\r'/|0d|}
		text=${text//'\n'/|0a|}
		text=${text//'||'/}
		echo "s from=10.0.0.2 to=10.0.1.2 sport=9000 dport=3333 flags=A data=$text"
	done
}
lines[9]='s us 1 5000 3'
ok 'lines' eval 'by_hand | n0 tests/lib/segments --barrier 10.0.0.2,10.0.1.2,1'
counts_are 4 'in one piece'
done_testing
