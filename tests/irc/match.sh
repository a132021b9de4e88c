#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# -m irc matches lines of IRC by command, request of DCC and file name, and nothing else; both
# families; payload in one piece and in several; lines that begin or end in another segment do not
# match. Exact counts of every rule for every kind of line.
#
#	n0 (lines) -- r (rules in raw PREROUTING) -- n1 (server)
#
# shellcheck source=../lib/scenario.sh
. "${0%/*}/../lib/scenario.sh"
# shellcheck source=irc.lib
. "${0%/*}/irc.lib"
# shellcheck source=../lib/match.lib
. "${0%/*}/../lib/match.lib"

# One segment each.
lines=(
	'NICK ann\r\n'
	'JOIN #c\r\nPRIVMSG #c :hello\r\n'
	':a!b@c 001 ann :Welcome\r\n'
	'PRIVMSG bob :\1DCC CHAT chat 1 5000\1\r\n'
	'PRIVMSG bob :\1DCC SEND notes.txt 1 5000 9\1\r\n'
	'PRIVMSG bob :\1DCC SEND "two words.exe" 1 5000 9\1\r\n'
	'@t :a!b@c privmsg bob :\1DCC TSEND game.exe fd00::1 0 9 7\1\n'
	'PRIVMSG bob :\1DCC RESUME game.exe 5000 9\1\r\n'
	'PRIVMSG bob :\1DCC SEND notes.txt 1 70000 9\1\r\n'
	'PRIVMSG bob :hello|\r\n'
	'PRIVMSG bob :\1DCC SEND cut.exe 1 5000 9\1'
	'\r\n'
)
# What each rule counts: numbers of the segments above, from 1; 10 has two.
begin='-p tcp -m tcp --dport 6667 -m irc'
rule 5 --dcc chat,send,schat,tsend,move,resume,accept
rule 1 --dcc chat
rule 4 ! --dcc chat
rule 2 --dcc send
rule 1 ! --dcc send,tsend,resume
rule 3 --filename '"*.exe"'
rule 1 ! --filename '"*.exe"'
rule 1 --filename '"two words.exe"'
rule 0 --filename '"words"'
rule 1 --filename '"notes.[!a]xt"'
rule 1 --dcc send --filename '"*.exe"'
rule 1 --dcc send ! --filename '"*.exe"'
rule 2 ! --dcc send --filename '"*.exe"'
rule 1 --command join
rule 1 --command nick
rule 7 --command privmsg
rule 3 ! --command privmsg
rule 2 ! --command privmsg,nick
rule 0 --command notice
rule 1 --command join -m irc --command privmsg

topology
talk_serve
for family in 4 6; do
	ok "IPv$family: the rules" load_rules $family
done

# What a program writes is in pages of its own, behind the headers. The line ECHO asks for the
# answer that shows that all has passed.
talk_first='' # one of $lines
talk_open four n0 10.0.1.2
ok 'lines over IPv4' talk_lines four
r conntrack -F >/dev/null 2>&1
wants[16]=$((wants[16] + 1)) wants[17]=$((wants[17] + 1)) # the line ECHO
counts_are 4 'in several pieces'
talk_open six n0 fd00:0:0:1::2
ok 'lines over IPv6' talk_lines six
counts_are 6 'in several pieces'

say 'Segments made by hand, in one piece'
wants[16]=$((wants[16] - 1)) wants[17]=$((wants[17] - 1))
count_from_zero 4
by_hand() {
	local text
	for text in "${lines[@]}"; do
		text=${text// /|20|}
		text=${text//'\r'/|0d|}
		text=${text//'\n'/|0a|}
		text=${text//'\1'/|01|}
		text=${text//'||'/}
		echo "s from=10.0.0.2 to=10.0.1.2 sport=9000 dport=6667 flags=A data=$text"
	done
}
lines[9]='PRIVMSG bob :hello'
ok 'lines' eval 'by_hand | n0 tests/lib/segments --barrier 10.0.0.2,10.0.1.2,1'
counts_are 4 'in one piece'
done_testing
